"""Hold an effective tag policy with its provenance: who gave each value, and what was ignored and why.

docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html: a key without
`tag_value` may have any value, one with an empty list none at all (example 2). AWS does not say whether a list whose
last value was removed stays empty or goes; here it stays, the stricter reading.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from harness.policy.attachment import Operation, Origin, Path
from harness.policy.tag_policy import ELEMENTS

TAG_KEY = "tag_key"


@dataclass(frozen=True, slots=True)
class Element:
    """Hold one element's values in their order, each with the origin that gave it, and what changed it last.

    `tag_key` has exactly one value; any other element may have been emptied.
    """

    values: Mapping[str, Origin]
    operator: str
    changed_by: Origin


@dataclass(frozen=True, slots=True)
class Ignored:
    """Hold an operator that had no effect.

    `limit`: the child limits of `cause`, higher up, forbid it. `attached later`: `cause`, at the same node, was
    attached before and assigns other values.
    """

    operation: Operation
    origin: Origin
    reason: Literal["limit", "attached later"]
    cause: Origin


@dataclass(frozen=True, slots=True)
class EffectivePolicy:
    """Hold what a node's policies and those above it add up to.

    `keys` is policy key (lower case) -> element name -> element. `limits` is what policies below may not do:
    path -> operator -> the first origin that forbids it.
    """

    keys: Mapping[str, Mapping[str, Element]] = field(default_factory=dict)
    limits: Mapping[Path, Mapping[str, Origin]] = field(default_factory=dict)
    ignored: tuple[Ignored, ...] = ()

    def limit_on(self, operation: Operation) -> Origin | None:
        """Return the origin that forbids an operation below this node, the widest of its limits first; None if none."""
        for path in ((), (operation.key,), (operation.key, operation.element)) if self.limits else ():
            if origin := self.limits.get(path, {}).get(operation.operator):
                return origin
        return None

    def document(self) -> dict[str, Any]:
        """Return the operator-free policy `{"tags": {policy key: {element: value}}}`, as AWS shows it.

        A key without `tag_key` gets its policy key; an element that lost all its values is there as `[]`.
        """
        return {"tags": {key: dict(_entry(key, elements)) for key, elements in self.keys.items()}}


def tag_key(key: str, elements: Mapping[str, Element]) -> str:
    """Return the spelling that an effective policy wants of a policy key: lower case where no policy gives one."""
    return next(iter(elements[TAG_KEY].values)) if TAG_KEY in elements else key


def _entry(key: str, elements: Mapping[str, Element]) -> Iterator[tuple[str, str | list[str]]]:
    yield TAG_KEY, tag_key(key, elements)
    for name in ELEMENTS:
        if name != TAG_KEY and name in elements:
            yield name, list(elements[name].values)


def render_provenance(policy: EffectivePolicy, only: str | None = None) -> tuple[str, ...]:
    """Return lines that tell a reader who gave each value of an account's policy, and what was ignored and why.

    Keys and values are sorted, the values of an element from one origin on one line; `only` names one key.
    Raises: nothing.
    """
    lines: list[str] = []
    shown = {*policy.keys, *(found.operation.key for found in policy.ignored)}
    if only is not None:
        shown &= {only.lower()}
    for key in sorted(shown & policy.keys.keys()):
        elements = policy.keys[key]
        lines.append(tag_key(key, elements))
        for name in ELEMENTS:
            lines += [f"  {name}: {text}" for text in _element_lines(name, elements.get(name), key)]
        lines += [f"  ignored: {text}" for text in _ignored_lines(policy, key)]
    for key in sorted(shown - policy.keys.keys()):
        lines.append(f"{key}: not in the effective policy")
        lines += [f"  ignored: {text}" for text in _ignored_lines(policy, key)]
    return tuple(lines) or (f"no tag policy says anything of {only or 'a key'} here",)


def _element_lines(name: str, element: Element | None, key: str) -> Iterator[str]:
    if element is None and name == TAG_KEY:
        yield f"{key}, lower case, since no policy spells it"
    elif element is None and name == "tag_value":
        yield "any, since no policy lists values"
    elif element is not None and not element.values:
        meaning = "no value is allowed" if name == "tag_value" else "none"
        yield f"{meaning}, by {element.operator} of {element.changed_by}"
    elif element is not None:
        by_origin: dict[Origin, list[str]] = {}
        for value, origin in sorted(element.values.items()):
            by_origin.setdefault(origin, []).append(f'"{value}"')
        for origin, values in by_origin.items():
            yield f"{', '.join(values)} from {origin}"


def _ignored_lines(policy: EffectivePolicy, key: str) -> Iterator[str]:
    for found in policy.ignored:
        operation = found.operation
        if operation.key != key:
            continue
        values = ", ".join(f'"{value}"' for value in operation.values) or "no value"
        text = f"{operation.operator} of {values} in {operation.element} by {found.origin}"
        if found.reason == "limit":
            yield f"{text}; {found.cause} does not allow {operation.operator} below it"
        else:
            yield f"{text}; {found.cause} was attached first and assigns other values"
