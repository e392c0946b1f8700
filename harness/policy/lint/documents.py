"""Rules on whole documents: what AWS refuses, what is no input, and what a template left unfilled."""

import re
from collections.abc import Iterator

from harness.policy.lint import pages
from harness.policy.lint.model import EVERY, STATEMENTS, Given, Lint, LintedPolicy, Rule, listed

_PLACEHOLDER = re.compile(r"\$\{[A-Za-z0-9_.-]+\}|<[A-Za-z][A-Za-z0-9 _-]*>|\{\{[^}]*\}\}")


def _malformed(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for fault in policy.faults:
        place, _colon, message = fault.partition(": ")
        rule, _point, repair = message.rpartition(". Do ")
        yield Lint("" if place == "document" else place, rule or message, f"Do {repair}" if rule else "Do correct it")


def _placeholders(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    found = list(dict.fromkeys(_PLACEHOLDER.findall(policy.text)))
    if found:
        why = (
            f"{listed(found)} are no policy variables of AWS: sent like this they match nothing, or only this very text"
        )
        yield Lint("", why, "Do fill them in before the policy is sent")


RULES = (
    Rule(
        "malformed-policy",
        "error",
        EVERY,
        "AWS takes the document",
        pages.GRAMMAR,
        _malformed,
    ),
    Rule(
        "unfilled-placeholder",
        "warning",
        STATEMENTS,
        "a template is filled in",
        pages.VARIABLES,
        _placeholders,
    ),
)
