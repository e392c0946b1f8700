"""A TagOption that something else offers is found before terraform would fail to delete it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.errors import TagrailError
from harness.operations.addresses import ASSOCIATION, TAG_OPTION, indexed
from harness.operations.session import Session
from harness.operations.tag_options import refuse_used, tag_options, used_elsewhere
from harness.terraform import Terraform

DEV, PROD = (indexed(TAG_OPTION, f"env${value}") for value in ("dev", "prod"))
OURS = indexed(ASSOCIATION, "port-ours/env$dev")
HELD = (OURS, DEV, PROD, "module.governance.module.budget.aws_sns_topic.this[0]")
STATE = {
    DEV: {"id": "tag-dev"},
    PROD: {"id": "tag-prod"},
    OURS: {"tag_option_id": "tag-dev", "resource_id": "port-ours"},
}


@pytest.fixture
def terraform(tmp_path: Path) -> Terraform:
    """Something that answers as terraform does of a state that holds STATE."""
    rows = [{"address": address, "values": values} for address, values in STATE.items()]
    shown = json.dumps({"values": {"root_module": {"resources": rows}}})
    binary = tmp_path / "terraform"
    binary.write_text(f"#!{sys.executable}\nprint({shown!r})\n")
    binary.chmod(0o755)
    return Terraform(binary, tmp_path)


def answering(associations: dict[str, list[str]]) -> Callable[[str, bytes], tuple[int, bytes]]:
    """Return the answers of a Service Catalog with these associations by id; one without an entry does not exist."""

    def answer(operation: str, body: bytes) -> tuple[int, bytes]:
        assert operation == "ListResourcesForTagOption"
        option = json.loads(body)["TagOptionId"]
        if option not in associations:
            return 400, json.dumps({"__type": "ResourceNotFoundException", "Message": "no"}).encode()
        return 200, json.dumps({"ResourceDetails": [{"Id": each} for each in associations[option]]}).encode()

    return answer


def test_what_the_state_associates_does_not_count(
    aws_session: Session, terraform: Terraform, serve_aws: Callable[[Any], None]
) -> None:
    serve_aws(answering({"tag-dev": ["port-ours"], "tag-prod": ["prod-b", "port-a"]}))
    assert tag_options(HELD) == [DEV, PROD]
    assert used_elsewhere(aws_session, terraform, [DEV, PROD]) == {PROD: ("port-a", "prod-b")}


def test_one_that_is_gone_already_is_in_nobodys_use(
    aws_session: Session, terraform: Terraform, serve_aws: Callable[[Any], None]
) -> None:
    serve_aws(answering({"tag-dev": []}))
    assert used_elsewhere(aws_session, terraform, [DEV, PROD]) == {}


def test_a_plan_that_would_delete_one_in_use_is_refused_with_its_repair(
    aws_session: Session, terraform: Terraform, serve_aws: Callable[[Any], None]
) -> None:
    serve_aws(answering({"tag-dev": ["port-ours", "port-a"], "tag-prod": []}))
    with pytest.raises(TagrailError) as refused:
        refuse_used(aws_session, terraform, HELD)
    rule = "must be associated with nothing else, since AWS deletes no TagOption in use; got port-a"
    repair = "Do name its value under tag_option.retired in env.yaml, or end the association"
    assert str(refused.value) == f"{DEV}: {rule}. {repair}"


def test_what_cannot_be_told_is_refused_too(
    aws_session: Session, terraform: Terraform, serve_aws: Callable[[Any], None]
) -> None:
    serve_aws(lambda *_: (400, b'{"__type": "AccessDeniedException", "Message": "no"}'))
    with pytest.raises(TagrailError, match=r"Do add servicecatalog:ListResourcesForTagOption to the caller"):
        refuse_used(aws_session, terraform, HELD)


def test_without_one_to_delete_nothing_is_asked(aws_session: Session, terraform: Terraform) -> None:
    refuse_used(aws_session, terraform, HELD[-1:])
