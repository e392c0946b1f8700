"""What billing refuses is repaired by what it said, and a running backfill is found on any page of the history."""

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from harness.errors import TagrailError
from harness.operations.backfill import backfill
from harness.operations.session import Session

NOW = datetime.datetime(2026, 7, 10, tzinfo=datetime.UTC)
OLD = {"BackfillStatus": "SUCCEEDED", "RequestedAt": "2026-01-01T00:00:00Z"}
RUNNING = {"BackfillStatus": "PROCESSING", "RequestedAt": "2026-07-09T00:00:00Z"}


@dataclass
class Billing:
    """Answer the history page by page, and a start with an error."""

    pages: list[list[dict[str, str]]] = field(default_factory=lambda: [[]])
    error: str = ""

    def answer(self, operation: str, body: bytes) -> tuple[int, bytes]:
        status, content = self.content(operation, json.loads(body))
        return status, json.dumps(content).encode()

    def content(self, operation: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if operation == "ListCostAllocationTagBackfillHistory":
            number = int(request.get("NextToken", 0))
            following = {"NextToken": str(number + 1)} if number + 1 < len(self.pages) else {}
            return 200, {"BackfillRequests": self.pages[number], **following}
        return 400, {"__type": self.error, "Message": "no"}


@pytest.fixture
def billing(serve_aws: Callable[[Any], None]) -> Billing:
    fake = Billing()
    serve_aws(fake.answer)
    return fake


def refusal(session: Session) -> str:
    with pytest.raises(TagrailError) as refused:
        backfill(session, "2026-06", lambda _: True, NOW)
    return str(refused.value)


@pytest.mark.parametrize(
    ("code", "repair"),
    [
        ("BackfillLimitExceededException", "Do wait for the end of the one before"),
        ("LimitExceededException", "Do try again in a few minutes"),
        ("ThrottlingException", "Do try again in a few minutes"),
        ("AccessDeniedException", "Do add ce:StartCostAllocationTagBackfill to the caller's permissions"),
        ("ExpiredTokenException", "Do log in again"),
        ("UnrecognizedClientException", "Do use keys that exist"),
        ("ValidationException", "Do try again, or look at the status of the service"),
    ],
)
def test_each_refusal_has_its_own_repair(aws_session: Session, billing: Billing, code: str, repair: str) -> None:
    billing.error = code
    assert refusal(aws_session).startswith(f"backfill: must be accepted by billing; got {code}: no. {repair}")


def test_a_running_backfill_is_found_on_a_later_page(aws_session: Session, billing: Billing) -> None:
    billing.pages = [[OLD], [OLD], [RUNNING]]
    assert refusal(aws_session) == "backfill: must be the only one; one from 2026-07-09 00:00 runs. Do wait for its end"
