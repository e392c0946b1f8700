"""Find fatal and likely mistakes in policies, each with a repair and the page that says so; pure, without AWS.

A rule is a pure function of one policy and of all that are given with it; RULES holds them, in the order of reading.
"""

from collections.abc import Iterator

from harness.policy.lint import (
    coverage,
    documents,
    elements,
    names,
    operators,
    several_keys,
    sizes,
    tag_keys,
    tag_types,
    tagging,
    together,
    untagged,
)
from harness.policy.lint.lines import line_of
from harness.policy.lint.model import (
    EVERY,
    STATEMENTS,
    TAGS,
    Given,
    Hit,
    Lint,
    LintedPolicy,
    PolicyKind,
    Rule,
    Severity,
)
from harness.policy.lint.reading import UnreadablePolicyError, kind_of, read_policy

__all__ = [
    "RULES",
    "Given",
    "Hit",
    "Lint",
    "LintedPolicy",
    "PolicyKind",
    "Rule",
    "Severity",
    "UnreadablePolicyError",
    "kind_of",
    "line_of",
    "lint",
    "read_policy",
    "rules_table",
]

RULES: tuple[Rule, ...] = (
    *documents.RULES,
    *several_keys.RULES,
    *untagged.RULES,
    *names.RULES,
    *operators.RULES,
    *coverage.RULES,
    *tagging.RULES,
    *elements.RULES,
    *sizes.RULES,
    *tag_types.RULES,
    *tag_keys.RULES,
    *together.RULES,
)

_MALFORMED = "malformed-policy"
_ORDER: tuple[Severity, ...] = ("error", "warning", "info")


def lint(given: Given) -> Iterator[Hit]:
    """Yield what the rules find, policy by policy, errors first, then by line. Raises: nothing.

    What a rule of its own says is not repeated as a fault of the document.
    """
    for policy in given.policies:
        hits = [
            Hit(policy, rule, found)
            for rule in RULES
            if policy.kind in rule.kinds
            for found in rule.find(policy, given)
        ]
        said = [hit.lint.path for hit in hits if hit.rule.severity == "error" and hit.rule.id != _MALFORMED]
        kept = (hit for hit in hits if hit.rule.id != _MALFORMED or not _is_said(hit.lint.path, said))
        yield from sorted(kept, key=lambda hit: (_ORDER.index(hit.rule.severity), hit.policy.line(hit.lint.path)))


def _is_said(path: str, said: list[str]) -> bool:
    return any(place == path or (path and place.startswith((f"{path}.", f"{path}["))) for place in said)


def _kinds(rule: Rule) -> str:
    groups = {STATEMENTS: "all with statements", TAGS: "tag, effective", EVERY: "all"}
    return groups.get(rule.kinds) or ", ".join(sorted(rule.kinds))


def rules_table() -> str:
    """Return the rules as a Markdown table. Raises: nothing."""
    rows = ["| rule | severity | kinds | what must hold |", "|---|---|---|---|"]
    rows += [f"| [`{rule.id}`]({rule.page}) | {rule.severity} | {_kinds(rule)} | {rule.says} |" for rule in RULES]
    return "\n".join(rows) + "\n"
