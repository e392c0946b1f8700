"""A unit or account that env.yaml names and that is gone fails in its plane; the rest is still looked at."""

import dataclasses
from collections.abc import Callable

import pytest

from harness.documents import policy_targets, render_tag_policies
from harness.environment import facts_of
from harness.finding import Finding
from harness.organization import Account, Organization
from harness.state import LivePolicy, State
from harness.verify import verify
from tests.unit.verify.broken_audit_role import with_stack
from tests.unit.verify.live import APPLY, TODAY, effective, loaded, right_state, with_policies

PLANES = {
    "tag policy",
    "effective policy",
    "guardrail",
    "Config rule",
    "Config recorder",
    "TagOption",
    "cost allocation",
    "cost category",
    "anomaly detection",
    "budget",
    "cost export",
    "audit role",
    "alert channel",
}


def organization_of(state: State) -> Organization:
    assert isinstance(state.organization, Organization)
    return state.organization


def without_account(state: State, name: str) -> State:
    whole = organization_of(state)
    left = tuple(account for account in whole.accounts if account.name != name)
    return with_organization(state, dataclasses.replace(whole, accounts=left))


def renamed_unit(state: State, old: str, new: str) -> State:
    whole = organization_of(state)
    units = {path.replace(old, new): identity for path, identity in whole.units.items()}
    accounts = tuple(Account(a.id, a.name, a.unit.replace(old, new), a.status) for a in whole.accounts)
    return with_organization(state, dataclasses.replace(whole, units=units, accounts=accounts))


def with_organization(state: State, organization: Organization) -> State:
    assert isinstance(state.policies, tuple)
    held = effective(organization, state.policies)
    return dataclasses.replace(state, organization=organization, effective=held)


def failing(state: State) -> list[Finding]:
    findings = verify(*loaded(), state, APPLY, TODAY)
    assert {finding.plane for finding in findings} == PLANES
    for plane in PLANES:
        assert any(one.verdict == "pass" or one.follows_from for one in findings if one.plane == plane), plane
    assert all(finding.repair for finding in findings if finding.verdict != "pass")
    return [finding for finding in findings if finding.verdict != "pass" and not finding.follows_from]


@pytest.mark.parametrize(
    ("change", "plane", "name"),
    [
        (lambda state: without_account(state, "ml-lab"), "tag policy", "ml-lab"),
        (lambda state: without_account(state, "old-crm"), "Config rule", "old-crm"),
        (lambda state: without_account(state, "ml-prod"), "budget", "ml-prod"),
        (lambda state: renamed_unit(state, "Sandbox", "Playground"), "tag policy", "Sandbox"),
        (lambda state: renamed_unit(state, "Workloads/Prod", "Workloads/Production"), "tag policy", "Workloads/Prod"),
    ],
    ids=["target account", "excluded account", "account of a budget", "target unit", "nested target unit"],
)
def test_what_is_gone_is_the_one_fault_of_its_plane(change: Callable[[State], State], plane: str, name: str) -> None:
    (finding,) = failing(change(right_state()))
    assert (finding.plane, finding.where, finding.subject, finding.verdict) == (plane, "env.yaml", name, "fail")
    assert f'"{name}": must exist in organisation o-tagraillocal' in finding.held
    assert finding.repair in ("Do correct the name", "Do correct the path")


def test_accounts_of_a_renamed_unit_follow_from_it() -> None:
    findings = verify(*loaded(), renamed_unit(right_state(), "Workloads/Prod", "Workloads/Live"), APPLY, TODAY)
    following = [finding for finding in findings if finding.follows_from]
    assert {finding.follows_from for finding in following} == {"Workloads/Prod"}
    assert {finding.where.split(" ")[0] for finding in following} == {"ml-prod", "retail-prod"}


def test_a_name_that_two_accounts_share_fails_too() -> None:
    state = right_state()
    whole = organization_of(state)
    twin = Account("999999999999", "ml-lab", "")
    state = with_stack(state, twin.id)
    (finding,) = failing(with_organization(state, dataclasses.replace(whole, accounts=(*whole.accounts, twin))))
    assert finding.repair == "Do write the id instead"
    assert "999999999999 share the name" in finding.held


def test_a_policy_of_a_unit_that_begins_with_the_name_of_one_that_is_gone_is_still_there() -> None:
    dictionary, environment = loaded()
    units = {**environment.tag_policy.organizational_units, "Sandbox-East": "enforce"}
    policy = environment.tag_policy.model_copy(update={"organizational_units": units})
    wanted = environment.model_copy(update={"tag_policy": policy})
    state = right_state()
    whole = organization_of(state)
    renamed = {path: identity for path, identity in whole.units.items() if path != "Sandbox"}
    east = dataclasses.replace(whole, units={**renamed, "Sandbox-East": "ou-east"})
    targets = policy_targets(dictionary, wanted, whole)
    name, document = next(
        (name, document)
        for name, document in render_tag_policies(dictionary, wanted.name, targets, facts_of(wanted).limits).items()
        if document.target == "Sandbox-East"
    )
    assert isinstance(state.policies, tuple)
    live = LivePolicy("p-9", name, document.content, frozenset({"ou-east"}))
    found = verify(
        dictionary, wanted, with_policies(with_organization(state, east), [*state.policies, live]), APPLY, TODAY
    )
    assert {finding.subject for finding in found if finding.verdict == "fail" and not finding.follows_from} == {
        "Sandbox"
    }
    assert [finding.verdict for finding in found if finding.subject == name] == ["pass"]
