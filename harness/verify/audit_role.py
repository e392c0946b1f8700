"""Compare the roles that audit and repair, and the StackSet of other accounts, with what the environment implies."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from harness.dictionary import Dictionary
from harness.documents import AuditRoleDocuments, RoleDocument, render_audit_role, target_id
from harness.environment import AuditRole, Environment, facts_of
from harness.finding import Finding
from harness.organization import ROOT, Organization
from harness.packing import canonical_json, digest
from harness.state import LiveRole, LiveStackSet, State, Unreadable
from harness.verify.names import gone
from harness.verify.resource_policy import statement_findings
from harness.verify.unreadable import ORGANIZATIONS, unknown

AUDIT_ROLE = "audit role"
_WHERE = "payer"
_READ_ROLES = "iam:GetRole, iam:ListAttachedRolePolicies, iam:ListRolePolicies, iam:GetPolicy and iam:GetPolicyVersion"
_READ_STACKS = "cloudformation:DescribeStackSet and cloudformation:ListStackInstances"
_RIGHT = "as rendered"
_CURRENT = "CURRENT"


def audit_role_findings(
    dictionary: Dictionary, environment: Environment, state: State, apply: str
) -> Iterator[Finding]:
    """Yield a finding for each fault of a role or of the StackSet, or that it has none; none without `audit_role`.

    Raises: nothing.
    """
    section = environment.audit_role
    if section is None:
        return
    live, organization = state.audit_roles, state.organization
    if live is None or isinstance(live, Unreadable):
        part = live if isinstance(live, Unreadable) else Unreadable("nothing asked for it")
        yield unknown(AUDIT_ROLE, _WHERE, "all", part, _READ_ROLES)
        return
    find = str if isinstance(organization, Unreadable) else partial(target_id, organization=organization)
    units = gone(AUDIT_ROLE, section.organizational_units, find)
    yield from units.values()
    kept = tuple(path for path in section.organizational_units if path not in units)
    section = section.model_copy(update={"organizational_units": kept})
    limit = facts_of(environment).limits["iam_policy_document_characters"]
    wanted = render_audit_role(dictionary, environment.model_copy(update={"audit_role": section}), find, limit)
    if wanted is None:
        return
    for name, role in wanted.roles.items():
        yield from _role(name, role, wanted, live.roles.get(name), apply)
    if isinstance(organization, Unreadable):
        if wanted.stack_set:
            yield unknown(AUDIT_ROLE, "organisation", f"ids of {', '.join(kept)}", organization, ORGANIZATIONS)
        return
    yield from _stack_set(wanted, live.stack_set, _members(section, organization), apply)


def _role(
    name: str, wanted: RoleDocument, documents: AuditRoleDocuments, held: LiveRole | Unreadable | None, apply: str
) -> Iterator[Finding]:
    if isinstance(held, Unreadable):
        yield unknown(AUDIT_ROLE, _WHERE, name, held, _READ_ROLES)
        return
    if held is None:
        must = f"policies {', '.join(wanted.policies)}"
        yield Finding(AUDIT_ROLE, _WHERE, name, "fail", "no such role", must, f"Do run {apply}")
        return
    yield from _policy(f"{name}: trust", wanted.trust, held.trust, apply)
    for policy in wanted.policies:
        content = held.policies.get(policy)
        if content is None:
            subject = f"{name}: {policy}"
            yield Finding(AUDIT_ROLE, _WHERE, subject, "fail", "not attached", "attached", f"Do run {apply}")
        else:
            yield from _policy(f"{name}: {policy}", documents.policies[policy], content, apply)
    for foreign in sorted({*held.policies, *held.inline} - {*wanted.policies}):
        kind = "inline" if foreign in held.inline else "attached"
        yield Finding(AUDIT_ROLE, _WHERE, f"{name}: {foreign}", "fail", kind, "no such policy", f"Do run {apply}")


def _policy(what: str, wanted: Mapping[str, Any], held: Mapping[str, Any], apply: str) -> Iterator[Finding]:
    """Yield a finding for each statement that differs, or one that none does."""
    found = [*statement_findings(AUDIT_ROLE, what, wanted, held, _WHERE, apply)]
    faults = [each for each in found if each.verdict != "pass"]
    yield from faults or [Finding(AUDIT_ROLE, _WHERE, what, "pass", _RIGHT, _RIGHT)]


def _members(section: AuditRole, organization: Organization) -> tuple[str, ...]:
    """Return the active accounts below the units, but for the payer, which no StackSet of the organisation reaches."""
    units = section.organizational_units
    return tuple(
        account.id
        for account in organization.accounts
        if account.status == "ACTIVE"
        and account.id != organization.management_account_id
        and any(path == ROOT or f"{account.unit}/".startswith(f"{path}/") for path in units)
    )


def _stack_set(
    documents: AuditRoleDocuments, held: LiveStackSet | Unreadable | None, members: Sequence[str], apply: str
) -> Iterator[Finding]:
    wanted = documents.stack_set
    if wanted is None:
        return
    subject = f"StackSet {wanted.name}"
    if isinstance(held, Unreadable):
        yield unknown(AUDIT_ROLE, _WHERE, subject, held, _READ_STACKS)
        return
    if held is None:
        must = f"roles in {len(members)} accounts"
        yield Finding(AUDIT_ROLE, _WHERE, subject, "fail", "no such StackSet", must, f"Do run {apply}")
        return
    # A template is too long to show; its digest tells one from another.
    facts = {
        "template": (_digest(held.template), _digest(documents.template)),
        "permissions": (held.permission_model, "SERVICE_MANAGED"),
        "new accounts": (
            _deployment(deploys=held.deploys_by_itself, retains=held.retains),
            _deployment(deploys=True, retains=False),
        ),
        "units": (", ".join(held.organizational_unit_ids), ", ".join(wanted.organizational_unit_ids)),
    }
    faults = {name: (has, must) for name, (has, must) in facts.items() if has != must}
    for name, (has, must) in faults.items():
        yield Finding(AUDIT_ROLE, _WHERE, f"{subject}: {name}", "fail", has or "none", must, f"Do run {apply}")
    if not faults:
        yield Finding(AUDIT_ROLE, _WHERE, subject, "pass", _RIGHT, _RIGHT)
    yield from _instances(subject, held.instances, members)


def _instances(subject: str, held: Mapping[str, str] | Unreadable, members: Sequence[str]) -> Iterator[Finding]:
    if isinstance(held, Unreadable):
        yield unknown(AUDIT_ROLE, _WHERE, f"{subject}: accounts", held, _READ_STACKS)
        return
    states = {account: held.get(account, "no stack") for account in members}
    faults = {account: status for account, status in states.items() if not status.startswith(_CURRENT)}
    for account, status in faults.items():
        repair = "Do look at the StackSet's operations in the console, and repeat the one that failed"
        yield Finding(AUDIT_ROLE, account, subject, "fail", status, _CURRENT, repair)
    if not faults:
        accounts = f"{len(members)} accounts"
        yield Finding(AUDIT_ROLE, _WHERE, f"{subject}: accounts", "pass", accounts, accounts)


def _deployment(*, deploys: bool, retains: bool) -> str:
    return f"{'get' if deploys else 'do not get'} the roles, and {'keep' if retains else 'lose'} them on leaving"


def _digest(template: Mapping[str, Any]) -> str:
    return f"digest {digest(canonical_json(template), 12)}"
