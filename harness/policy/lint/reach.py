"""Say which actions and resources a statement reaches, and which condition keys a request has there."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from harness.policy.actions import Action, expand, find_action, is_key, known_services
from harness.policy.lint.tag_conditions import REQUEST_TAG, TAG_KEYS, head, tells_of_request_tags, when_absent
from harness.policy.resource_types import ResourceUse, arn_pattern, arn_templates, condition_keys_of_type
from harness.policy.statement import Statement
from harness.policy.truth import Truth

EVERYTHING = frozenset({"*", "*:*"})

# Services that share resources of AWS's own, in whose ARNs the account is empty
# (docs.aws.amazon.com/systems-manager/latest/userguide/security_iam_service-with-iam.html).
_SHARED = frozenset({"ssm"})
# Judged on arn:aws:s3:::* (docs.aws.amazon.com/AmazonS3/latest/userguide/walkthrough1.html, step 4).
_WHOLE = frozenset({"s3:ListAllMyBuckets"})


@dataclass(frozen=True, slots=True)
class Named:
    """Hold a pattern of an Action element and the actions that it covers, none for `*`, which covers all."""

    pattern: str
    actions: tuple[Action, ...]

    @property
    def is_exact(self) -> bool:
        """Tell whether the pattern names one action."""
        return not set(self.pattern) & set("*?")


@cache
def named(pattern: str) -> Named:
    """Return what a pattern covers. Raises: nothing; an action that IAM does not know covers none."""
    if pattern in EVERYTHING:
        return Named(pattern, ())
    ids = expand(pattern) if set(pattern) & set("*?") else (pattern,)
    return Named(pattern, tuple(action for name in ids if (action := find_action(name))))


def covered(statement: Statement) -> tuple[Named, ...]:
    """Return what each pattern of Action covers; nothing for NotAction. Raises: nothing."""
    return tuple(named(pattern) for pattern in statement.actions)


def covers_everything(statement: Statement) -> bool:
    """Tell whether a statement is about all actions, or all but some. Raises: nothing."""
    return bool(statement.not_actions) or any(pattern in EVERYTHING for pattern in statement.actions)


def actions_in(statement: Statement) -> Iterator[Action]:
    """Yield the actions that the Action element covers, none for `*` and NotAction. Raises: nothing."""
    for each in covered(statement):
        yield from each.actions


def creates(action: Action) -> bool:
    """Tell whether an action makes something that its request tags. Raises: nothing."""
    return "Tagging" not in action.access and action.tags_on_create


@cache
def global_keys() -> frozenset[str]:
    """Return the condition keys of no single service, in lower case, tag keys left out. Raises: nothing."""
    text = (files("harness") / "data" / "global-condition-keys.yaml").read_text(encoding="utf-8")
    return frozenset(key.lower() for key in yaml.safe_load(text)["keys"])


def is_judged_by_action(key: str) -> bool:
    """Tell whether it depends on the action if a request has a condition key: a service's own, or one of tags.

    Keys of identity providers, such as `token.actions.githubusercontent.com:sub`, do not. Raises: nothing.
    """
    found = head(key)
    if found in (REQUEST_TAG, TAG_KEYS, "aws:resourcetag"):
        return True
    return found not in global_keys() and found.partition(":")[0] in known_services()


def has_key(action: Action, use: ResourceUse | None, key: str) -> bool:
    """Tell whether a request of an action may have a condition key where it touches `use` (None: any of its types).

    Raises: nothing.
    """
    if not is_judged_by_action(key):
        return True
    uses = action.resources if use is None else (use,)
    found = set(action.condition_keys)
    for each in uses:
        found |= each.condition_keys
        if head(key) not in (REQUEST_TAG, TAG_KEYS):  # a type's own list has them for whichever action takes tags
            found |= condition_keys_of_type(action.service, each.type)
    return head(key) in {head(known) for known in found} or any(
        is_key(known, key) for known in found if set(known) & set("<$")
    )


def may_apply(statement: Statement, action: Action, use: ResourceUse | None) -> bool:
    """Tell whether the conditions that are not about the request's tags can hold for an action on a resource.

    Raises: nothing.
    """
    return all(
        has_key(action, use, entry.key) or when_absent(entry) is not Truth.NO
        for entry in statement.condition
        if not tells_of_request_tags(entry)
    )


def reaches(statement: Statement, use: ResourceUse) -> bool:
    """Tell whether some resource of a type is among those of a statement, by Resource or NotResource.

    Raises: nothing.
    """
    if statement.not_resources:
        return not any(overlap(pattern, use.arn) for pattern in statement.not_resources)
    return not statement.resources or any(overlap(pattern, use.arn) for pattern in statement.resources)


def overlap(pattern: str, template: str) -> bool:
    """Tell whether an ARN can match a Resource pattern and a template with `${Variables}` alike.

    >>> vpc = "arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}"
    >>> overlap("arn:aws:ec2:*:*:*/*", vpc), overlap("arn:aws:ec2:*:*:subnet/*", vpc)
    (True, False)

    A policy variable may be anything. Raises: nothing; a resource without an ARN is only in `*`.
    """
    return pattern == "*" or any(_overlap(pattern, each) for each in arn_templates(template))


def _overlap(pattern: str, template: str) -> bool:
    held = arn_pattern(template).replace("*", "?*").split(":", 5)  # a variable is never empty
    wanted = arn_pattern(pattern).split(":", 5)
    if len(held) < 6:
        return False
    if held[2] in _SHARED and wanted[4:5] == [""]:
        held[4] = ""
    wanted += ["*"] * (6 - len(wanted))
    return all(_meet(one, other) for one, other in zip(wanted, held, strict=True))


def is_about_all(action: Action, pattern: str) -> bool:
    """Tell whether a pattern is the whole of a service, by which an action without resources is judged.

    >>> is_about_all(find_action("s3:ListAllMyBuckets"), "arn:aws:s3:::*")
    True

    Raises: nothing.
    """
    return action.id in _WHOLE and pattern.split(":", 2)[2:] == ["s3:::*"]


@cache
def _meet(one: str, other: str) -> bool:
    """Tell whether some text matches both patterns of `*` and `?`."""
    reached = {(0, 0)}
    waiting = [(0, 0)]
    while waiting:
        left, right = waiting.pop()
        for step in _steps(one, other, left, right):
            if step not in reached:
                reached.add(step)
                waiting.append(step)
    return (len(one), len(other)) in reached


def _steps(one: str, other: str, left: int, right: int) -> Iterator[tuple[int, int]]:
    mine, theirs = one[left : left + 1], other[right : right + 1]
    if mine == "*":
        yield left + 1, right
    if theirs == "*":
        yield left, right + 1
    if mine and theirs and (mine == theirs or "?" in (mine, theirs) or "*" in (mine, theirs)):
        yield left + (mine != "*"), right + (theirs != "*")
