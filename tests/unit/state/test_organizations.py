"""An organisation as it is read: level by level, several nodes at once, and with every policy of whatever name."""

import dataclasses
import json
import threading
import time
from typing import Any

import pytest

from harness.organization import Account, Organization
from harness.state import UNASKED, Part, Scope, Unreadable, read_organization, read_state
from harness.state.organizations import read_policies
from tests.unit.state.aws import aws_client, error

UNITS = {"r-1": {"ou-a": "A", "ou-b": "B"}, "ou-a": {"ou-aa": "A"}, "ou-b": {f"ou-b{n}": f"B{n}" for n in range(20)}}
MEMBERS = {"r-1": "100000000000", "ou-aa": "100000000001", "ou-b7": "100000000002"}
POLICIES = {"p-1": "any-tags-root-1", "p-2": "other"}


class Aws:
    """Answer for one organisation; `most` is how many requests there were at once."""

    def __init__(self, *, pause: float = 0.0) -> None:
        self.asked: list[str] = []
        self.pause, self.now, self.most, self._lock = pause, 0, 0, threading.Lock()

    def client(self, service: str, region: str) -> Any:
        return aws_client(service, self.answer, region)

    def answer(self, operation: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with self._lock:
            self.asked.append(operation)
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self.pause)
        with self._lock:
            self.now -= 1
        parent, policy = request.get("ParentId", ""), request.get("PolicyId", "")
        answers: dict[str, dict[str, Any]] = {
            "DescribeOrganization": {"Organization": {"Id": "o-1", "MasterAccountId": "100000000000"}},
            "ListRoots": {"Roots": [{"Id": "r-1", "PolicyTypes": [{"Type": "TAG_POLICY", "Status": "ENABLED"}]}]},
            "ListOrganizationalUnitsForParent": {
                "OrganizationalUnits": [{"Id": unit, "Name": name} for unit, name in UNITS.get(parent, {}).items()]
            },
            "ListAccountsForParent": {
                "Accounts": [{"Id": MEMBERS[parent], "Name": parent, "Status": "ACTIVE"}] if parent in MEMBERS else []
            },
            "ListPolicies": {"Policies": [{"Id": found, "Name": name} for found, name in POLICIES.items()]},
            "DescribePolicy": {"Policy": {"Content": json.dumps({"tags": {policy: {}}})}},
            "ListTargetsForPolicy": {"Targets": [{"TargetId": "r-1"}]},
            "DescribeEffectivePolicy": {"EffectivePolicy": {"PolicyContent": '{"tags":{}}'}},
        }
        return (200, answers[operation]) if operation in answers else error("AccessDeniedException")


def test_the_tree_has_paths_at_every_depth() -> None:
    found = read_organization(Aws().client("organizations", "eu-central-1"))
    assert found.units == {"A": "ou-a", "B": "ou-b", "A/A": "ou-aa"} | {f"B/B{n}": f"ou-b{n}" for n in range(20)}
    assert found.accounts == (
        Account("100000000000", "r-1", ""),
        Account("100000000001", "ou-aa", "A/A"),
        Account("100000000002", "ou-b7", "B/B7"),
    )


def test_nodes_of_one_level_are_read_at_once_and_never_more_than_eight() -> None:
    aws = Aws(pause=0.02)
    read_organization(aws.client("organizations", "eu-central-1"))
    assert 2 <= aws.most <= 8


def test_a_node_that_cannot_be_read_makes_the_organisation_unreadable() -> None:
    class Closed(Aws):
        def answer(self, operation: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
            closed = operation == "ListAccountsForParent" and request["ParentId"] == "ou-b7"
            return error("AccessDeniedException") if closed else super().answer(operation, request)

    state = read_state(Closed(), scope())
    assert isinstance(state.organization, Unreadable)
    assert state.organization.reason == "ListAccountsForParent: AccessDeniedException: no"
    assert (state.effective, len(state.policies)) == ({}, 1)  # type: ignore[arg-type]


def test_every_policy_is_read_with_its_targets() -> None:
    found = read_policies(Aws().client("organizations", "eu-central-1"), "TAG_POLICY")
    assert [(policy.id, policy.name, policy.content, policy.targets) for policy in found] == [
        ("p-1", "any-tags-root-1", {"tags": {"p-1": {}}}, {"r-1"}),
        ("p-2", "other", {"tags": {"p-2": {}}}, {"r-1"}),
    ]


def scope() -> Scope:
    topic = "arn:aws:sns:eu-central-1:100000000000:any-budget-alerts"
    return Scope("any", "100000000000", ("eu-central-1",), organization_rules=True, topic_arn=topic)


def test_policies_are_told_apart_by_name() -> None:
    state = read_state(Aws(), scope())
    assert not isinstance(state.policies, Unreadable)
    assert [policy.name for policy in state.policies] == ["any-tags-root-1"]
    assert [policy.name for policy in state.foreign_policies] == ["other"]


def test_progress_has_one_line_for_each_part() -> None:
    lines: list[str] = []
    read_state(Aws(), scope(), progress=lines.append)
    assert lines == [
        "read accounts of the organisation: 3",
        "read tag policies: 2",
        "read service control policies: 0",
        "read effective policies: 3",
        "read regions of AWS Config: 1, of which 1 unreadable",
        "read cost allocation tags: ListCostAllocationTags: AccessDeniedException: no",
        "read budgets: DescribeBudgets: AccessDeniedException: no",
        "read topic of budget alerts: GetTopicAttributes: AuthorizationError: no",
    ]


def test_a_scope_without_effective_policies_reads_neither_them_nor_foreign_policies() -> None:
    aws, lines = Aws(), list[str]()
    narrow = dataclasses.replace(scope(), parts=frozenset({"tag policies"}))
    state = read_state(aws, narrow, progress=lines.append)
    assert lines == ["read accounts of the organisation: 3", "read tag policies: 1"]
    assert [policy.name for policy in state.policies] == ["any-tags-root-1"]  # type: ignore[union-attr]
    assert state.foreign_policies == ()
    assert {*aws.asked} & {"DescribeEffectivePolicy", "DescribeBudgets", "ListCostAllocationTags"} == set()
    assert aws.asked.count("DescribePolicy") == 1


def test_what_was_not_asked_for_is_unreadable_and_so_passes_no_check() -> None:
    state = read_state(Aws(), dataclasses.replace(scope(), parts=frozenset[Part]()))
    unread = [state.policies, *state.effective.values(), *state.regions.values(), state.cost_tags, state.budgets]
    unread.append(state.alerts)
    assert len(state.effective) == 3
    assert [part.code for part in unread if isinstance(part, Unreadable)] == [UNASKED] * len(unread)


@pytest.mark.parametrize("known", [True, False])
def test_an_organisation_that_was_read_before_is_not_read_again(known: bool) -> None:  # noqa: FBT001 (a case)
    before = Organization("o-1", "r-1", "100000000000", frozenset(), {}, (Account("100000000009", "x", ""),))
    aws = Aws()
    state = read_state(aws, scope(), before if known else None)
    assert ("ListRoots" in aws.asked) is not known
    assert (state.organization is before) is known
    assert list(state.effective) == (["100000000009"] if known else sorted(MEMBERS.values()))
