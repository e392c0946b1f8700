"""Who made a resource is read from CloudTrail; whose it is then says a file of the organisation's own."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.errors import InputError
from harness.operations.repair_creators import find_creators
from harness.repair.audit_folder import AuditFolder
from harness.repair.creators import Creator, Owners, creator_of, creator_proofs, load_owners
from harness.repair.pace import Paces
from tests.unit.repair.world import DEV, ENV, HOME, OWNER, PROD, error, finding, pace, queue, resource

ROLE = f"arn:aws:iam::{DEV}:role/ml-trainer"


def record(name: str = "CreateQueue", time: str = "2026-11-01T00:00:00Z", **more: Any) -> dict[str, Any]:
    identity = {"type": "AssumedRole", "arn": "arn:aws:sts::1:x", "sessionContext": {"sessionIssuer": {"arn": ROLE}}}
    usual = {"eventName": name, "eventTime": time, "eventSource": "sqs.amazonaws.com", "userIdentity": identity}
    return {**usual, **more}


def test_the_first_call_that_made_it_counts_and_a_role_stands_for_its_sessions() -> None:
    found = creator_of([record(time="2026-11-02T00:00:00Z", userIdentity={"arn": "x"}), record()], "sqs")
    assert found == Creator(ROLE, "CreateQueue", "2026-11-01T00:00:00Z")


@pytest.mark.parametrize(
    "other",
    [
        {"name": "DeleteQueue"},
        {"eventSource": "iam.amazonaws.com"},
        {"errorCode": "AccessDenied"},
        {"userIdentity": {"type": "AWSService", "invokedBy": "x.amazonaws.com"}},
        {"userIdentity": {"type": "Root"}},
    ],
)
def test_what_made_nothing_or_by_nobody_shows_no_creator(other: dict[str, Any]) -> None:
    assert creator_of([record(**other)], "sqs") is None


def test_the_first_pattern_that_fits_gives_the_value() -> None:
    owners = Owners(version=1, owners={OWNER: {"*:role/ml-*": "ml", "*": "platform"}, ENV: {"*:role/web": "prod"}})
    found = creator_proofs(owners, Creator(ROLE, "CreateQueue", "t"))
    assert {key: (one.value, one.kind) for key, one in found.items()} == {OWNER: ("ml", "creator")}


def test_a_file_of_owners_names_keys_of_the_dictionary(tmp_path: Path) -> None:
    file = tmp_path / "owners.yaml"
    file.write_text(f"version: 1\nowners:\n  {OWNER}:\n    '*': ml\n  ownr:\n    '*': ml\nmore: 1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r'owners.yaml:7: more: must be one of owners, version; got "more"'):
        load_owners(file, [OWNER])
    file.write_text("version: 1\nowners:\n  ownr:\n    '*': ml\n", encoding="utf-8")
    with pytest.raises(InputError, match='must be a key of the dictionary; got "ownr"'):
        load_owners(file, [OWNER])


class Trail:
    """Stand where accounts are entered: events by resource name, on pages of one; production does not answer."""

    def __init__(self, events: dict[str, list[dict[str, Any]]]) -> None:
        self._events, self.asked = events, list[str]()
        self._paces = Paces(pace)

    def enter(self, _: str) -> str:
        return ""

    def client(self, place: Any) -> Any:
        self._account = place.account
        return self

    def paces(self, _: str) -> Paces:
        return self._paces

    def lookup_events(self, LookupAttributes: list[dict[str, str]], NextToken: str = "0") -> Any:  # noqa: N803
        name = LookupAttributes[0]["AttributeValue"]
        self.asked.append(name)
        if name == "closed":
            raise error("AccessDeniedException", "LookupEvents")
        events, at = self._events.get(name, []), int(NextToken)
        more = {"NextToken": str(at + 1)} if at + 1 < len(events) else {}
        return {"Events": [{"CloudTrailEvent": json.dumps(one)} for one in events[at : at + 1]], **more}


def test_cloudtrail_is_asked_once_a_resource_and_an_account_that_refuses_proves_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    a, b, closed = resource(queue("a"), {}), resource(queue("b"), {}), resource(queue("closed", PROD), {})
    trail = Trail({"a": [record("SetQueueAttributes"), record()]})
    found = [finding(one, "missing-key", key) for one in (a, b, closed) for key in (OWNER, ENV)]
    read = AuditFolder(tuple(found), {one.arn: one for one in (a, b, closed)})
    owners = Owners(version=1, owners={OWNER: {"*:role/ml-*": "ml"}})
    proofs = find_creators(owners, trail, read)  # type: ignore[arg-type]
    assert {place: proofs[place][0].value for place in proofs} == {(a.arn, OWNER): "ml"}
    assert sorted(trail.asked) == sorted(["a", "a", "b", b.arn, "closed"])
    assert f"creators in account {PROD}, {HOME}: could not be read: AccessDeniedException" in capsys.readouterr().err
