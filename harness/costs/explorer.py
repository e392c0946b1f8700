"""Ask Cost Explorer: each request is billed, so they are counted, bounded, and their answers kept for the day.

docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html; a page of an answer is 0.01 USD:
aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing, November 2026.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from harness.costs.model import Costs
from harness.errors import TagrailError
from harness.targets.refusals import kind_of_word, repair_of, said, word_of

MOST_REQUESTS: Final = 200
METRICS: Final = ("UnblendedCost", "NetAmortizedCost", "AmortizedCost")
_USD_EACH: Final = Decimal("0.01")
_TRIES: Final = 6
_FIRST_WAIT: Final = 1.0  # seconds; doubled
_OPERATIONS: Final = {
    "GetCostAndUsage": ("get_cost_and_usage", "NextPageToken"),
    "GetCostForecast": ("get_cost_forecast", ""),
    "ListCostCategoryDefinitions": ("list_cost_category_definitions", "NextToken"),
}


class Request(NamedTuple):
    """Hold an operation and its arguments."""

    operation: str
    arguments: Mapping[str, Any]


class Memory(NamedTuple):
    """Say where answers are kept, None for nowhere: `identity` is the account, `day` today."""

    folder: Path | None
    identity: str
    day: str
    fresh: bool = False


class Amount(NamedTuple):
    """Hold the costs of one month or day and group; `keys` are the values that it is grouped by."""

    start: str
    keys: tuple[str, ...]
    costs: Costs
    unit: str


class NotToldError(TagrailError):
    """Say that Cost Explorer does not answer this question, while it answers others."""


def usage(granularity: str, start: str, end: str, groups: Sequence[tuple[str, str]], only: Any = None) -> Request:
    """Return a request for costs, grouped by up to two (type, key). Raises: nothing."""
    asked: dict[str, Any] = {"TimePeriod": {"Start": start, "End": end}, "Granularity": granularity}
    asked["Metrics"] = list(METRICS)
    if groups:
        asked["GroupBy"] = [{"Type": kind, "Key": key} for kind, key in groups]
    if only:
        asked["Filter"] = only
    return Request("GetCostAndUsage", asked)


def forecast(granularity: str, start: str, end: str, only: Any = None) -> Request:
    """Return a request for what days or months to come will cost. Raises: nothing."""
    asked: dict[str, Any] = {"TimePeriod": {"Start": start, "End": end}, "Granularity": granularity}
    asked |= {"Metric": "UNBLENDED_COST", "PredictionIntervalLevel": 80}
    if only:
        asked["Filter"] = only
    return Request("GetCostForecast", asked)


class Explorer:
    """Send requests to Cost Explorer, `most` at most."""

    def __init__(
        self,
        client: Any,
        memory: Memory,
        most: int,
        say: Callable[[str], None],
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take boto3's client; `say` tells what goes on, `wait` sleeps."""
        self._client = client
        self._memory = memory
        self._most = most
        self._say = say
        self._wait = wait
        self.sent = 0

    def announce(self, requests: Iterable[Request]) -> None:
        """Say how many requests are to be sent, and what they cost.

        Raises: TagrailError, before any is sent, if they are more than may be.
        """
        asked = list(requests)
        count = sum(self._kept(one, "") is None for one in asked)
        if self.sent + count > self._most:
            raise self._too_many(self.sent + count)
        price = f"{count} requests of 0.01 USD each, {count * _USD_EACH} USD, and as much for each further page"
        self._say(f"Cost Explorer: {price}; {len(asked) - count} answers of today are kept")

    def amounts(self, request: Request) -> tuple[list[Amount], dict[str, str]]:
        """Return the costs that a request is about, and the names of accounts that came along, by id.

        Raises: NotToldError for what Cost Explorer does not know; TagrailError when it may not be asked or fails.
        """
        found: list[Amount] = []
        names: dict[str, str] = {}
        for page in self.pages(request):
            for result in page["ResultsByTime"]:
                groups = result.get("Groups") or [{"Keys": [], "Metrics": result.get("Total", {})}]
                found += (_amount(result["TimePeriod"]["Start"], group) for group in groups if group["Metrics"])
            for value in page.get("DimensionValueAttributes", ()):
                if name := value.get("Attributes", {}).get("description"):
                    names[value["Value"]] = name
        return found, names

    def pages(self, request: Request) -> Iterator[dict[str, Any]]:
        """Yield the pages of an answer. Raises: as `amounts`."""
        token = ""
        while True:
            page = self._page(request, token)
            yield page
            token = page.get(_OPERATIONS[request.operation][1], "")
            if not token:
                return

    def _page(self, request: Request, token: str) -> dict[str, Any]:
        kept = self._kept(request, token)
        if kept is not None:
            return kept
        if self.sent >= self._most:
            raise self._too_many(self.sent + 1)
        method, field = _OPERATIONS[request.operation]
        asked = {**request.arguments, field: token} if token else dict(request.arguments)
        page = self._send(request.operation, method, asked)
        page.pop("ResponseMetadata", None)
        if file := self._file(request, token):
            file.parent.mkdir(parents=True, exist_ok=True)
            partial = file.with_suffix(".part")
            partial.write_text(json.dumps(page, default=str), encoding="utf-8")
            partial.replace(file)
        return page

    def _send(self, operation: str, method: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Send one request; what is throttled is sent again after a pause that doubles."""
        action = f"ce:{operation}"
        for number in range(_TRIES):
            self.sent += 1
            try:
                return dict(getattr(self._client, method)(**asked))
            except (ClientError, BotoCoreError) as error:
                kind = kind_of_word(word_of(error))
                text = f"Cost Explorer: must answer {action}; got {said(error).rstrip('.')}"
                if kind == "refused":
                    raise NotToldError(f"{text}. Do report it, if AWS's own console does answer") from error
                if kind != "throttled" or number == _TRIES - 1 or self.sent >= self._most:
                    raise TagrailError(f"{text}. {repair_of(error, action)}") from error
                self._wait(_FIRST_WAIT * 2**number)
        raise AssertionError(operation)

    def _too_many(self, count: int) -> TagrailError:
        rule = f"Cost Explorer: must need {self._most} requests at most, which are billed; got {count}"
        return TagrailError(f"{rule}, {count * _USD_EACH} USD. Do pass --most-requests {count} if that is wanted")

    def _file(self, request: Request, token: str) -> Path | None:
        if self._memory.folder is None:
            return None
        told = json.dumps([self._memory.identity, request.operation, request.arguments, token], sort_keys=True)
        name = f"{self._memory.day}-{hashlib.sha256(told.encode()).hexdigest()[:32]}.json"
        return self._memory.folder / name

    def _kept(self, request: Request, token: str) -> dict[str, Any] | None:
        file = self._file(request, token)
        if file is None or self._memory.fresh or not file.exists():
            return None
        found: dict[str, Any] = json.loads(file.read_bytes())
        return found


def _amount(start: str, group: Mapping[str, Any]) -> Amount:
    metrics = group["Metrics"]
    amounts = (Decimal(str(metrics[name]["Amount"])) for name in METRICS)
    return Amount(start, tuple(group["Keys"]), Costs(*amounts), str(metrics[METRICS[0]].get("Unit", "")))
