"""The shipped dictionary in two accounts, and a fake AWS: tags in memory that fail, throttle and die on purpose."""

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from harness.audit.model import AuditFinding, AuditResource
from harness.dictionary import load_dictionary
from harness.organization import Account, Organization
from harness.plan_check.compiling import compile_requirements
from harness.plan_check.keys import Keys
from harness.repair.applying import Accounts, Place, Repair
from harness.repair.checking import value_fault
from harness.repair.journal import Journal
from harness.repair.model import Change
from harness.repair.pace import Pace
from harness.repair.planning import plan_changes
from harness.repair.proofs import ProofsByKey, Surroundings
from harness.repair.tag_api import TagApi, make_api

ROOT = Path(__file__).resolve().parents[3]
PAYER, DEV, PROD = "111111111111", "222222222222", "333333333333"
HOME = "eu-central-1"
ENV, OWNER, CENTER = "anycompany:workload:environment", "anycompany:finance:owner", "anycompany:finance:cost-center"
CLASS = "anycompany:security:data-classification"

UNITS = {PAYER: "root", DEV: "Workloads/Test", PROD: "Workloads/Prod"}
ORGANIZATION = Organization(
    "o-1",
    "r-1",
    PAYER,
    frozenset(),
    {"Workloads": "ou-1", "Workloads/Test": "ou-2", "Workloads/Prod": "ou-3"},
    (Account(PAYER, "payer", ""), Account(DEV, "dev", "Workloads/Test"), Account(PROD, "prod", "Workloads/Prod")),
)


@functools.cache
def keys_of(account: str) -> Keys:
    return Keys(compile_requirements(load_dictionary(ROOT / "envs" / "tags.yaml"), None, UNITS.get(account, "root")))


def allowed_in(account: str) -> Callable[[str, str], bool]:
    return lambda key, value: key in keys_of(account).rules and value_fault(keys_of(account), key, value) is None


def queue(name: str, account: str = DEV, region: str = HOME) -> str:
    return f"arn:aws:sqs:{region}:{account}:{name}"


def resource(arn: str, tags: Mapping[str, str] | None, **more: Any) -> AuditResource:
    parts = arn.split(":")
    given = {
        "account": parts[4] or DEV,
        "region": parts[3] or "global",
        "type": "AWS::SQS::Queue",
        "name": "",
        "created": "",
    }
    return AuditResource(arn=arn, tags=tags, sources=("tagging",), **{**given, **more})


def finding(one: AuditResource, rule: str, key: str, **more: Any) -> AuditFinding:
    return AuditFinding(
        "f", rule, more.pop("verdict", "fail"), one.arn, one.account, one.region, one.type, "", key, **more
    )


def planned(
    resources: Sequence[AuditResource], findings: Sequence[AuditFinding], found: ProofsByKey | None = None
) -> list[Change]:
    by_arn = {one.arn: one for one in resources}
    return plan_changes(findings, by_arn, Surroundings(by_arn, found), keys_of, 50)[0]


def error(code: str, operation: str = "TagResources") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "told so"}}, operation)  # type: ignore[typeddict-item]


class Killed(BaseException):
    """Stand for kill -9 where one process plays all: nothing of ours catches it."""


class FakeAws:
    """Hold tags by ARN. `on_call` is asked before and after each call that writes, and may raise."""

    def __init__(self, tags: Mapping[str, Mapping[str, str]]) -> None:
        self.tags = {arn: dict(each) for arn, each in tags.items()}
        self.calls: list[tuple[str, tuple[str, ...], Any]] = []
        self.in_vain: list[tuple[str, str]] = []  # what was written though it was so already
        self.on_call: Callable[[str], None] = lambda _: None
        self.denied: dict[str, dict[str, Any]] = {}  # FailedResourcesMap by ARN
        self.closed: dict[str, str] = {}
        self.shown: Mapping[str, Mapping[str, str]] = self.tags  # what reads show

    def client(self, place: Place) -> Any:
        assert place.service == "resourcegroupstaggingapi"
        return FakeTagging(self, place)

    def accounts(self) -> Accounts:
        def api(place: Place) -> TagApi:
            return make_api(place.service, self.client(place), pace())

        return Accounts(lambda account: self.closed.get(account, ""), api)

    def repair(self, journal: Journal) -> Repair:
        return Repair(self.accounts(), journal, allowed_in, 50)


class FakeTagging:
    """The tagging API of an account and region."""

    def __init__(self, aws: FakeAws, place: Place) -> None:
        self._aws, self._place = aws, place

    def get_resources(self, ResourceARNList: list[str]) -> Any:  # noqa: N803 (AWS's names)
        assert len(ResourceARNList) <= 100
        self._aws.on_call("read")
        known = [arn for arn in ResourceARNList if self._aws.shown.get(arn)]
        listed = {arn: [{"Key": key, "Value": value} for key, value in self._aws.shown[arn].items()] for arn in known}
        return {"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": tags} for arn, tags in listed.items()]}

    def tag_resources(self, ResourceARNList: list[str], Tags: dict[str, str]) -> Any:  # noqa: N803
        def tag(arn: str) -> None:
            held = self._aws.tags[arn]
            self._aws.in_vain += ((arn, key) for key, value in Tags.items() if held.get(key) == value)
            held |= Tags
            assert len([key for key in held if not key.startswith("aws:")]) <= 50

        return self._write("tag", ResourceARNList, Tags, tag)

    def untag_resources(self, ResourceARNList: list[str], TagKeys: list[str]) -> Any:  # noqa: N803
        def untag(arn: str) -> None:
            for key in TagKeys:
                if self._aws.tags[arn].pop(key, None) is None:
                    self._aws.in_vain.append((arn, key))

        return self._write("untag", ResourceARNList, tuple(TagKeys), untag)

    def _write(self, verb: str, arns: list[str], what: Any, change: Callable[[str], None]) -> Any:
        assert len(arns) <= 20
        assert len(what) <= 50
        assert {arn.split(":")[3] for arn in arns} <= {self._place.region, ""}
        self._aws.on_call(f"before {verb}")
        failed = {arn: self._aws.denied[arn] for arn in arns if arn in self._aws.denied}
        failed |= {arn: {"StatusCode": 400, "ErrorCode": "NotFound"} for arn in arns if arn not in self._aws.tags}
        for arn in arns:
            if arn not in failed:
                change(arn)
        self._aws.calls.append((verb, tuple(arns), what))
        self._aws.on_call(f"after {verb}")
        return {"FailedResourcesMap": failed}


def pace(rate: float = 5.0) -> Pace:
    return Pace(rate, clock=lambda: 0.0, sleep=lambda _: None, chance=lambda: 1.0)
