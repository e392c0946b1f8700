"""Find guardrail statements that IAM policies lose: those that deny by the tags of a request or a resource.

What the instances of one resource say together is compared, since modules/tag-guardrail packs statements into several.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.plan_check.model import UNKNOWN
from harness.plan_check.weakening.control_policies import gap_weakenings
from harness.plan_check.weakening.model import Change, Weakening, collection, weakening
from harness.plan_check.weakening.statements import covers_statement, find_gap, plain
from harness.policy.json_text import PolicyError
from harness.policy.statement import Statement, parse_policy

MANAGED = "aws_iam_policy"
_INLINE = ("aws_iam_role_policy", "aws_iam_group_policy", "aws_iam_user_policy")
_ATTACHMENTS = (
    "aws_iam_policy_attachment",
    "aws_iam_role_policy_attachment",
    "aws_iam_group_policy_attachment",
    "aws_iam_user_policy_attachment",
)
_BOUND = ("aws_iam_role", "aws_iam_user")
TYPES = frozenset({MANAGED, *_INLINE, *_ATTACHMENTS, *_BOUND})

# How modules/audit-role describes the policies of its roles; AWS replaces a policy to change its description.
_OF_ROLES = "tagrail: what "
_TAG_KEYS = ("aws:requesttag/", "aws:resourcetag/", "aws:tagkeys")


def identity_weakenings(by_type: Mapping[str, Sequence[Change]]) -> Iterator[Weakening]:
    """Yield what the guardrails in IAM policies lose. Raises: nothing."""
    policies = [change for kind in (MANAGED, *_INLINE) for change in by_type.get(kind, ())]
    guarded = [change for change in policies if _may_guard(change.held("policy")) and not _is_of_repair(change)]
    after = {change.address: _after(change) for change in policies}
    anywhere = [statement for found in after.values() for statement in found or ()]
    by_holder: dict[tuple[Any, ...], list[Statement]] = {}
    for change in policies:
        by_holder.setdefault(_holder(change), []).extend(after[change.address] or ())
    for change in guarded:
        if change.stays():
            continue
        beside = by_holder[_holder(change)]
        yield from _lost(change, beside, anywhere, is_unknown=after[change.address] is None)
    arns = {
        change.held("arn"): change for change in guarded if change.type == MANAGED and _denials(change.held("policy"))
    }
    yield from _detached(by_type, arns)


def _lost(
    change: Change, beside: Sequence[Statement], anywhere: Sequence[Statement], *, is_unknown: bool
) -> Iterator[Weakening]:
    denials = _denials(change.held("policy"))
    if is_unknown or denials is None:
        why = "its policy is known only after apply" if is_unknown else "its policy cannot be read"
        what = f"the guardrail in {change.address} changes"
        yield weakening(change, "policy-weakened", what, path="policy", because=why)
        return
    for statement in denials:
        if gap := find_gap(plain(statement), beside):
            elsewhere = any(covers_statement(other, plain(statement)) for other in anywhere)
            why = "another policy of the plan says the same, and whom it binds is not known" if elsewhere else ""
            yield from gap_weakenings(change, change.address, [(statement, gap)], why)


def _detached(by_type: Mapping[str, Sequence[Change]], arns: Mapping[Any, Change]) -> Iterator[Weakening]:
    """Yield attachments of guardrails that go, and boundaries that are guardrails and go."""
    kept = {
        (change.type, _whom(change.after), change.will("policy_arn"))
        for kind in _ATTACHMENTS
        for change in by_type.get(kind, ())
        if change.is_there()
    }
    for kind in _ATTACHMENTS:
        for change in by_type.get(kind, ()):
            arn = change.held("policy_arn")
            policy = arns.get(arn)
            if policy is None or change.stays() or (kind, _whom(change.before), arn) in kept:
                continue
            unknown = change.is_there() and change.will("policy_arn") is UNKNOWN
            what = f"guardrail {policy.held('name')} is detached from {_whom(change.before)}"
            yield weakening(
                change,
                "policy-weakened",
                what,
                path="policy_arn",
                wanted=(str(arn),),
                because="the policy that is attached is known only after apply" if unknown else "",
            )
    for change in (each for kind in _BOUND for each in by_type.get(kind, ())):
        held, will = change.held("permissions_boundary"), change.will("permissions_boundary")
        if held in arns and change.is_there() and will != held:
            what = f"guardrail {arns[held].held('name')} is the boundary of {change.held('name')} no more"
            because = "the boundary is known only after apply" if will is UNKNOWN else ""
            path = "permissions_boundary"
            yield weakening(change, "policy-weakened", what, path=path, wanted=(str(held),), because=because)


def _holder(change: Change) -> tuple[Any, ...]:
    """Return what policies that bind the same principals share: their resource, or the principal itself."""
    if change.type == MANAGED:
        return (collection(change.address),)
    values = change.before or change.after or {}
    return (change.type, str(values.get("role") or values.get("group") or values.get("user") or change.address))


def _whom(values: Mapping[str, Any] | None) -> str:
    found = values or {}
    names = [found.get(name) for name in ("role", "group", "user", "roles", "groups", "users")]
    return ", ".join(str(name) for name in names if name)


def _may_guard(text: Any) -> bool:
    return isinstance(text, str) and "Deny" in text and any(key in text.lower() for key in _TAG_KEYS)


def _is_of_repair(change: Change) -> bool:
    """Tell whether a policy is one of modules/audit-role: it binds its own roles alone, and grows with the keys."""
    return str(change.held("description")).startswith(_OF_ROLES)


def _after(change: Change) -> list[Statement] | None:
    """Return the guardrail statements after, as `plain` writes them; None where they are not known."""
    if not change.is_there():
        return []
    text = change.will("policy")
    denials = None if text is UNKNOWN else _denials(text)
    return None if denials is None else [plain(each) for each in denials]


def _denials(text: Any) -> list[Statement] | None:
    """Return the statements that deny by tags; None where the text is no policy."""
    if not _may_guard(text):
        return [] if _is_json(text) else None
    try:
        statements = parse_policy(text, "identity").statements
    except PolicyError:
        return None
    return [each for each in statements if each.effect == "Deny" and _is_about_tags(each)]


def _is_json(text: Any) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (TypeError, ValueError, RecursionError):
        return False


def _is_about_tags(statement: Statement) -> bool:
    return any(entry.key.lower().startswith(_TAG_KEYS) for entry in statement.condition)
