"""An organisation for tests of the scan: boto3's own clients, whose calls a function answers."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import EndpointConnectionError

from harness.audit.scan import Wanted
from harness.organization import Account, Organization

PAYER, MEMBER, OTHER = "111111111111", "222222222222", "333333333333"
HOME, FURTHER = "eu-central-1", "us-east-1"
Answer = Mapping[str, Any] | str | Exception  # what AWS answers, an error's code, or what is raised


@cache
def _session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="k", aws_secret_access_key="s")


def queue(account: str, region: str, name: str = "q") -> str:
    return f"arn:aws:sqs:{region}:{account}:{name}"


def organization(*further: Account) -> Organization:
    accounts = (Account(PAYER, "payer", ""), Account(MEMBER, "member", "Workloads"), *further)
    return Organization("o-1", "r-1", PAYER, frozenset(), {"Workloads": "ou-1"}, accounts)


class World:
    """Answer calls: each account has one queue a region that is tagged; `faults` come first.

    `faults` maps (account, region, operation) to an answer, "" standing for any. `calls` counts them. `on_call` hears
    of each call before it is answered.
    """

    def __init__(self, faults: Mapping[tuple[str, str, str], Answer] | None = None) -> None:
        self.faults = dict(faults or {})
        self.calls: Counter[tuple[str, str, str]] = Counter()
        self.on_call: Callable[[str, str, str], object] = lambda *_: None

    def client(
        self, service: str, region: str, *, config: Config | None = None, credentials: Credentials | None = None
    ) -> Any:
        account = credentials.access_key if credentials else PAYER
        client = _session().client(service, region_name=region, config=config)

        def answer(model: Any, **_: Any) -> tuple[Any, dict[str, Any]]:
            found = self.answer(account, region, model.name)
            if isinstance(found, Exception):
                raise found
            if isinstance(found, str):
                return SimpleNamespace(status_code=400), {"Error": {"Code": found, "Message": "no"}}
            return SimpleNamespace(status_code=200), dict(found)

        client.meta.events.register("before-call", answer)
        return client

    def answer(self, account: str, region: str, operation: str) -> Answer:
        self.calls[account, region, operation] += 1
        self.on_call(account, region, operation)
        for place in ((account, region, operation), (account, "", operation), ("", "", operation)):
            if place in self.faults:
                return self.faults[place]
        found = getattr(self, f"_{operation}", None)
        return found(account, region) if found else {}

    def enter(self, account: str) -> Credentials:
        found = self.answer(account, "", "AssumeRole")
        if isinstance(found, Exception):
            raise found
        return Credentials(account, "s", "t")

    def wanted(self, *regions: str, **further: Any) -> Wanted:
        return Wanted(PAYER, "aws", HOME, regions, (HOME,), self.enter, at_once=2, **further)

    def _DescribeRegions(self, *_: str) -> Answer:  # noqa: N802 (AWS's names)
        return {"Regions": [{"RegionName": FURTHER}, {"RegionName": HOME}]}

    def _ListTagsForResource(self, *_: str) -> Answer:  # noqa: N802
        return {"Tags": [{"Key": "owner", "Value": "a"}]}

    def _GetResources(self, account: str, region: str) -> Answer:  # noqa: N802
        tags = [{"Key": "owner", "Value": "ä" * 256}]
        return {"ResourceTagMappingList": [{"ResourceARN": queue(account, region), "Tags": tags}]}

    def _DescribeConfigurationAggregators(self, *_: str) -> Answer:  # noqa: N802
        return {"ConfigurationAggregators": []}

    def _ListViews(self, *_: str) -> Answer:  # noqa: N802
        return {"Views": []}

    def _SelectResourceConfig(self, *_: str) -> Answer:  # noqa: N802
        return {"Results": []}


def unreachable() -> Exception:
    return EndpointConnectionError(endpoint_url="https://nowhere")
