"""Rules on what AWS counts: characters of a document, and policies at one node."""

from collections.abc import Iterator, Mapping

from harness.policy.lint import pages
from harness.policy.lint.model import CONTROL as CONTROL_KINDS
from harness.policy.lint.model import Given, Lint, LintedPolicy, PolicyKind, Rule
from harness.policy.statement import policy_size

_SIZES: Mapping[PolicyKind, str] = {
    "scp": "control_policy_document_characters",
    "rcp": "resource_control_policy_document_characters",
    "identity": "iam_role_inline_policy_characters",
    "tag": "tag_policy_document_characters",
}
_COUNTS: Mapping[PolicyKind, str] = {
    "scp": "control_policies_per_target",
    "rcp": "resource_control_policies_per_target",
    "tag": "tag_policies_per_target",
}
_NAMES: Mapping[PolicyKind, str] = {
    "scp": "service control policies",
    "rcp": "resource control policies",
    "tag": "tag policies",
}


def counted(policy: LintedPolicy) -> int:
    """Return how many characters AWS counts: in an organisation's policies white space too. Raises: nothing."""
    if policy.kind == "tag" or policy.kind == "effective":  # noqa: PLR1714 (mypy narrows this form alone)
        return len(policy.text)
    return policy_size(policy.text, policy.kind)


def minified(policy: LintedPolicy) -> int:
    """Return how many characters are left without white space. Raises: nothing."""
    return policy_size(policy.text, "identity")


def _too_large(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    limit = given.limits[_SIZES[policy.kind]]
    if counted(policy) > limit:
        repair = "Do split it, one policy for some of the keys"
        if minified(policy) <= limit:
            repair = f"Do remove the white space, which leaves {minified(policy)} (jq -c, jsonencode)"
        yield Lint("", f"it has {counted(policy)} characters of {limit}", repair)


def _above_older(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    older, limit = given.limits["control_policy_document_characters_before"], given.limits[_SIZES["scp"]]
    if older < counted(policy) <= limit:
        why = f"it has {counted(policy)} characters: the limit was {older} until 2026-05-15, and tools may check that"
        yield Lint("", why, f"Do split it where a tool refuses it; AWS takes {limit}")


def _above_managed(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    managed = given.limits["iam_policy_document_characters"]
    if managed < counted(policy) <= given.limits[_SIZES["identity"]]:
        why = f"it has {counted(policy)} characters without white space; a managed policy has {managed} at most"
        yield Lint("", why, "Do split it in two managed policies, or keep it inline in a role")


def _white_space(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    saved = counted(policy) - minified(policy)
    if saved and counted(policy) > given.limits[_SIZES[policy.kind]] // 2:
        why = f"AWS counts white space of what CLI, SDK or Terraform send: {saved} of {counted(policy)} characters"
        yield Lint("", why, f"Do send it minified (jq -c, jsonencode), which leaves {minified(policy)}")


def _too_many(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    same = [each for each in given.policies if each.kind == policy.kind]
    limit = given.limits[_COUNTS[policy.kind]]
    if given.same_target and len(same) > limit and policy is same[limit]:
        why = f"{len(same)} {_NAMES[policy.kind]} are given for one node, which takes {limit}"
        yield Lint("", why, "Do merge some of them, or attach them at another level")


def _nothing_allowed(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    same = [each for each in given.policies if each.kind == "scp"]
    allowing = any(placed.statement.effect == "Allow" for each in same for placed in each.statements)
    if given.same_target and policy is same[0] and not allowing:
        why = "none of the policies given allows anything: with these alone at a node, everything is denied there"
        yield Lint("", why, "Do keep FullAWSAccess attached beside them")


RULES = (
    Rule(
        "document-too-large",
        "error",
        frozenset(_SIZES),
        "a document keeps within AWS's limit for its kind",
        pages.LIMITS,
        _too_large,
    ),
    Rule(
        "larger-than-the-older-limit",
        "info",
        frozenset({"scp"}),
        "a service control policy keeps within the limit that held until 2026-05-15",
        pages.RAISED_LIMITS,
        _above_older,
    ),
    Rule(
        "larger-than-a-managed-policy",
        "warning",
        frozenset({"identity"}),
        "an IAM policy keeps within the limit of a managed one",
        pages.IAM_LIMITS,
        _above_managed,
    ),
    Rule(
        "white-space-counts",
        "info",
        CONTROL_KINDS | {"tag"},
        "a policy of an organisation that fills half of AWS's limit has no white space",
        pages.LIMITS,
        _white_space,
    ),
    Rule(
        "too-many-at-one-target",
        "error",
        frozenset(_COUNTS),
        "a node has no more policies of a kind than AWS attaches (--same-target)",
        pages.LIMITS,
        _too_many,
    ),
    Rule(
        "nothing-allowed-at-target",
        "info",
        frozenset({"scp"}),
        "one of a node's policies allows something (--same-target)",
        pages.CONTROL_EVALUATION,
        _nothing_allowed,
    ),
)
