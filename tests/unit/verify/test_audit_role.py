"""Roles of audit and repair that could not be read, or that nobody asks for; accounts that no StackSet reaches."""

import dataclasses

import pytest

from harness.environment import AuditRole
from harness.organization import Organization
from harness.state import State, Unreadable
from harness.verify import verify
from tests.unit.verify.broken_audit_role import AUDIT, STACK_SET, changed, changed_stack_set, live_roles
from tests.unit.verify.live import APPLY, TODAY, faults, loaded, right_state

DENIED = Unreadable("no", "AccessDenied")


def test_without_a_section_nothing_is_looked_at() -> None:
    dictionary, environment = loaded()
    bare = environment.model_copy(update={"audit_role": None})
    state = dataclasses.replace(right_state(), audit_roles=DENIED)
    assert "audit role" not in {each.plane for each in verify(dictionary, bare, state, APPLY, TODAY)}


@pytest.mark.parametrize(
    ("state", "subject", "permission"),
    [
        (changed(right_state(), roles={**live_roles(right_state()).roles, AUDIT: DENIED}), AUDIT, "iam:GetRole"),
        (changed(right_state(), stack_set=DENIED), STACK_SET, "cloudformation:DescribeStackSet"),
        (changed_stack_set(right_state(), instances=DENIED), f"{STACK_SET}: accounts", "ListStackInstances"),
    ],
)
def test_a_part_that_cannot_be_read_is_unknown(state: State, subject: str, permission: str) -> None:
    (finding,) = faults(state)
    assert (finding.plane, finding.subject, finding.verdict) == ("audit role", subject, "unknown")
    assert permission in finding.repair


def test_units_are_unknown_without_the_organisation_and_roles_are_not() -> None:
    state = dataclasses.replace(right_state(), organization=DENIED)
    found = [each for each in verify(*loaded(), state, APPLY, TODAY) if each.plane == "audit role"]
    assert [each.subject for each in found if each.verdict == "unknown"] == ["ids of root"]
    assert f"{AUDIT}: trust" in [each.subject for each in found if each.verdict == "pass"]


def test_a_unit_that_is_gone_is_named_and_the_others_are_compared() -> None:
    dictionary, environment = loaded()
    assert environment.audit_role
    section = environment.audit_role.model_copy(update={"organizational_units": ("Sandbox", "Gone")})
    held = changed_stack_set(right_state(), organizational_unit_ids=("ou-tgrl-sandbox0",))
    asked = environment.model_copy(update={"audit_role": section})
    found = [each for each in verify(dictionary, asked, held, APPLY, TODAY) if each.plane == "audit role"]
    assert [(each.subject, each.repair) for each in found if each.verdict != "pass"] == [
        ("Gone", "Do correct the path")
    ]


def test_only_active_accounts_below_the_units_but_for_the_payer_need_a_stack() -> None:
    state = right_state()
    assert isinstance(state.organization, Organization)
    known = {account.id: account for account in state.organization.accounts}
    (finding,) = [each for each in verify(*loaded(), state, APPLY, TODAY) if each.subject == f"{STACK_SET}: accounts"]
    active = [each for each in known.values() if each.status == "ACTIVE"]
    assert (finding.verdict, finding.held) == ("pass", f"{len(active) - 1} accounts")
    assert len(active) < len(known)


def test_who_asks_for_no_stack_set_needs_none() -> None:
    dictionary, environment = loaded()
    bare = environment.model_copy(update={"audit_role": AuditRole()})
    found = verify(dictionary, bare, changed(right_state(), stack_set=None), APPLY, TODAY)
    assert not [each for each in found if each.subject.startswith("StackSet")]
