"""Find roles, policies and the StackSet of audit and repair that an interrupted apply left behind.

What is attached, and stacks of accounts, is made again over what is there.
"""

from collections.abc import Iterator

from harness.documents import render_audit_role, stack_set_name
from harness.environment import audit_role_name, facts_of, repair_role_name
from harness.operations.addresses import AUDIT_ROLE, indexed
from harness.operations.orphan import Orphan
from harness.operations.session import Session
from harness.state import LiveRole, LiveStackSet, State, Unreadable


def find_role_orphans(session: Session, state: State) -> Iterator[Orphan]:
    """Yield what is live under the names of `audit_role`. Raises: nothing."""
    live, environment = state.audit_roles, session.environment
    if live is None or isinstance(live, Unreadable):
        return
    home = environment.regions.home
    keys = {audit_role_name(environment): "audit", repair_role_name(environment): "repair"}
    for name, role in live.roles.items():
        if isinstance(role, LiveRole):
            yield Orphan(indexed(f"{AUDIT_ROLE}.aws_iam_role.this", keys[name]), name, "role", name, home)
    labels = policy_labels(session)
    for arn in () if isinstance(live.policy_arns, Unreadable) else sorted(live.policy_arns):
        name = arn.rpartition("/")[2]
        yield Orphan(indexed(f"{AUDIT_ROLE}.aws_iam_policy.this", labels[name]), arn, "role policy", name, home)
    if isinstance(live.stack_set, LiveStackSet):
        name = stack_set_name(environment)
        yield Orphan(
            indexed(f"{AUDIT_ROLE}.aws_cloudformation_stack_set.this", "members"), name, "StackSet", name, home
        )


def policy_labels(session: Session) -> dict[str, str]:
    """Return name -> label of the policies of the payer's roles, none without `audit_role`. Raises: nothing."""
    limit = facts_of(session.environment).limits["iam_policy_document_characters"]
    documents = render_audit_role(session.dictionary, session.environment, str, limit)
    owners = (audit_role_name(session.environment), repair_role_name(session.environment))
    names = documents.policies if documents else {}
    found = {}
    for name in names:
        owner = max((owner for owner in owners if owner and name.startswith(f"{owner}-")), key=len)
        found[name] = name.removeprefix(f"{owner}-")
    return found
