"""Judge tags by an effective tag policy: the capitals of keys, the values, and where a wrong tag is denied.

docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies-enforcement.html: values and the
capitals of keys are enforced; a resource that gets none of the policy's keys is never denied. What values mean:
docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

_EVERYTHING = frozenset({"*", "allsupported"})


@dataclass(frozen=True, slots=True)
class Violation:
    """Name a tag that a policy does not want, and what it wants: the right spelling, or the allowed values."""

    key: str
    value: str
    rule: Literal["spelling", "value"]
    wanted: tuple[str, ...]


def violations(policy: Mapping[str, Any], tags: Mapping[str, str]) -> tuple[Violation, ...]:
    """Return what an operator-free policy does not want of a resource's tags, sorted by key, enforced or not.

    Tags whose keys the policy does not name, in any case, are not judged. Raises: nothing.
    """
    entries = _entries(policy)
    return tuple(found for key in sorted(tags) for found in _of_tag(entries, key, tags[key]))


def violated_key(
    policy: Mapping[str, Any], service: str, type_names: Collection[str], tags: Mapping[str, str]
) -> str | None:
    """Return the first key, sorted, that an operator-free policy denies on a resource; None if it may be tagged so.

    `type_names` are all names of the resource's type, as `plain` writes them. Raises: nothing.
    """
    entries = _entries(policy)
    for found in violations(policy, tags):
        if is_enforced(entries[found.key.lower()], service, type_names):
            return found.key
    return None


def is_enforced(entry: Mapping[str, Any], service: str, type_names: Collection[str]) -> bool:
    """Tell whether an entry of an effective policy denies wrong tags on a type of a service. Raises: nothing."""
    return any(names_type(name, service, type_names) for name in entry.get("enforced_for", ()))


def is_enforced_somewhere(entry: Mapping[str, Any], service: str) -> bool:
    """Tell whether an entry of an effective policy denies wrong tags on some type of a service. Raises: nothing."""
    return any(name.lower().partition(":")[0] == service for name in entry.get("enforced_for", ()))


def names_type(name: str, service: str, type_names: Collection[str]) -> bool:
    """Tell whether `service:type`, `service:*` or `service:ALL_SUPPORTED` names a type of a service.

    >>> names_type("ec2:spot-instances-request", "ec2", {"spotinstancesrequest"}), names_type("ec2:*", "rds", {"db"})
    (True, False)
    """
    named, _, kind = name.lower().partition(":")
    return named == service and (plain(kind) in _EVERYTHING or plain(kind) in type_names)


def allows_value(entry: Mapping[str, Any], value: str) -> bool:
    """Tell whether an entry of an effective policy allows a value: any without `tag_value`, none if that is empty.

    >>> allows_value({}, "x"), allows_value({"tag_value": []}, "x"), allows_value({"tag_value": ["x*"]}, "x-1")
    (True, False, True)
    """
    return "tag_value" not in entry or any(value_matches(pattern, value) for pattern in entry["tag_value"])


def value_matches(pattern: str, value: str) -> bool:
    """Tell whether a value of a tag policy, with one `*` for any text at most, allows a tag's value; case counts.

    >>> value_matches("Sales-*", "Sales-5045"), value_matches("dev", "Dev"), value_matches("a*a", "a")
    (True, False, False)
    """
    start, star, end = pattern.partition("*")
    if not star:
        return value == pattern
    return len(value) >= len(start) + len(end) and value.startswith(start) and value.endswith(end)


def covers(pattern: str, other: str) -> bool:
    """Tell whether a value of a tag policy allows all that another one allows.

    >>> covers("a*", "ab*"), covers("a*", "a"), covers("ab*", "a*"), covers("a", "a*")
    (True, True, False, False)
    """
    start, narrow, end = other.partition("*")
    if not narrow:
        return value_matches(pattern, other)
    wide_start, wide, wide_end = pattern.partition("*")
    return bool(wide) and start.startswith(wide_start) and end.endswith(wide_end)


def type_names(kind: str, template: str) -> frozenset[str]:
    """Return the names that a tag policy may use for a type: IAM's, and the words that are fixed in its ARN.

    >>> sorted(type_names("filter", "arn:aws:guardduty:eu-west-1:1:detector/${DetectorId}/filter/${FilterName}"))
    ['detector/filter', 'filter']

    Raises: nothing.
    """
    resource = template.split(":", 5)[-1] if template.startswith("arn:") else ""
    fixed = "/".join(part for part in re.split(r"[/:]", resource) if part and not set(part) & set("$*"))
    return frozenset(plain(name) for name in (kind, kind.split("/", maxsplit=1)[0], fixed) if name)


def plain(name: str) -> str:
    """Return a resource type's name without case and hyphens, in which sources differ."""
    return name.replace("-", "").replace("_", "").lower()


def _entries(policy: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    return {key.lower(): entry for key, entry in policy.get("tags", {}).items()}


def _of_tag(entries: Mapping[str, Mapping[str, Any]], key: str, value: str) -> Iterator[Violation]:
    entry = entries.get(key.lower())
    if entry is None:
        return
    spelling = entry.get("tag_key", key.lower())
    if key != spelling:
        yield Violation(key, value, "spelling", (spelling,))
    if not allows_value(entry, value):
        yield Violation(key, value, "value", tuple(entry["tag_value"]))
