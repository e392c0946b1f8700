"""Rules on tag policies that are attached to one node."""

from collections.abc import Iterator
from typing import Literal

from harness.policy.attachment import AttachedPolicy
from harness.policy.conflicts import AttachmentConflict, attachment_conflicts
from harness.policy.lint import pages
from harness.policy.lint.model import Given, Lint, LintedPolicy, Rule


def _order(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    for conflict, path in _conflicts(policy, given, "assign"):
        why = f"{conflict.first.name} assigns something else here: of two at one node the first that was attached wins"
        yield Lint(path, why, "Do assign it in one of the two")


def _open(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    for conflict, path in _conflicts(policy, given, "mixed"):
        why = f"{conflict.first.name} assigns, appends or removes the same: AWS does not say which of them comes first"
        yield Lint(path, why, "Do say all of this element in one of the two, or attach them at different levels")


def _conflicts(
    policy: LintedPolicy, given: Given, kind: Literal["assign", "mixed"]
) -> Iterator[tuple[AttachmentConflict, str]]:
    """Yield the conflicts in which a policy is the later of the two, with their path in it."""
    if not given.same_target or policy.faults:
        return
    sound = [each for each in given.policies if each.kind == "tag" and not each.faults]
    attached = [AttachedPolicy(str(index), each.name, each.value) for index, each in enumerate(sound)]
    for conflict in attachment_conflicts(attached):
        if conflict.kind == kind and sound[int(conflict.second.id)] is policy:
            key = next(key for key in policy.value["tags"] if key.lower() == conflict.key)
            yield conflict, f'tags["{key}"].{conflict.element}'


RULES = (
    Rule(
        "attachment-order-decides",
        "warning",
        frozenset({"tag"}),
        "policies at one node assign an element alike (--same-target)",
        pages.INHERITANCE,
        _order,
    ),
    Rule(
        "attachment-effect-open",
        "warning",
        frozenset({"tag"}),
        "policies at one node do not both assign and change an element (--same-target)",
        pages.INHERITANCE,
        _open,
    ),
)
