"""Judge an action on a resource by the statements of policies.

docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html: every node from the root
to the account must allow the action, and a Deny at any of them denies it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from harness.policy.conditions import Context, like, matches
from harness.policy.statement import listed


@dataclass(frozen=True, slots=True)
class Policy:
    """Hold a policy's id, name and statements."""

    id: str
    name: str
    statements: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Say that a call is denied: by a Deny statement of `policy`, or (None) because a node allows nothing."""

    policy: Policy | None
    sid: str = ""


def judge(nodes: Sequence[Sequence[Policy]], action: str, arn: str, context: Context) -> Decision | None:
    """Return why the policies of the nodes, root first, deny an action on a resource; None when they allow it.

    Raises: UnknownConditionError when a condition cannot be judged.
    """
    for policies in nodes:
        for policy in policies:
            for statement in policy.statements:
                if statement["Effect"] == "Deny" and _applies(statement, action, arn, context):
                    return Decision(policy, str(statement.get("Sid", "")))
    for policies in nodes:
        allowed = (s for policy in policies for s in policy.statements if s["Effect"] == "Allow")
        if not any(_applies(statement, action, arn, context) for statement in allowed):
            return Decision(None)
    return None


def _applies(statement: Mapping[str, Any], action: str, arn: str, context: Context) -> bool:
    return (
        covers(statement, "Action", action)
        and covers(statement, "Resource", arn)
        and matches(statement.get("Condition") or {}, context)
    )


def covers(statement: Mapping[str, Any], member: Literal["Action", "Resource"], text: str) -> bool:
    """Tell whether Action or NotAction (Resource or NotResource) covers a text; neither covers everything.

    Actions compare without case, ARNs with it.
    """
    folded = str.lower if member == "Action" else str
    for name, expected in ((f"Not{member}", False), (member, True)):
        if name in statement:
            return any(like(folded(pattern), folded(text)) for pattern in listed(statement[name])) == expected
    return True
