"""Hold tag policies at the nodes where they are attached, read once into the operators that they use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.policy.tag_policy import CONTROL, OPERATORS, TagPolicyError, check_tag_policy

# (): the whole policy; (key,): all of a key; (key, element).
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """Hold one use of an operator; `key` is the policy key in lower case, `values` one text for `tag_key`."""

    key: str
    element: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChildLimit:
    """Hold the operators that a policy forbids to those attached below its node, for a path and all in it."""

    path: Path
    forbidden: frozenset[str]


@dataclass(frozen=True, slots=True)
class AttachedPolicy:
    """Hold one tag policy, read; policies are the same when id and name are."""

    id: str
    name: str
    document: Mapping[str, Any] = field(compare=False, repr=False)
    operations: tuple[Operation, ...] = field(init=False, compare=False, repr=False)
    limits: tuple[ChildLimit, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Read the document.

        Raises: TagPolicyError naming the policy and every fault of the document.
        """
        try:
            check_tag_policy(self.document)
        except TagPolicyError as error:
            place = f"{self}: " if self.id or self.name else ""
            raise TagPolicyError(f"{place}{problem}" for problem in error.problems) from error
        object.__setattr__(self, "operations", tuple(_operations(self.document["tags"])))
        object.__setattr__(self, "limits", tuple(_limits(self.document["tags"])))

    def __str__(self) -> str:
        """Return the policy's name and id for a reader."""
        return f'policy "{self.name}" ({self.id})' if self.id not in ("", self.name) else f'policy "{self.name}"'


@dataclass(frozen=True, slots=True)
class Node:
    """Hold a root, organizational unit or account, and its own tag policies in the order of attachment."""

    id: str
    name: str
    policies: tuple[AttachedPolicy, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        """Return the node's name and id for a reader."""
        return f"{self.name} ({self.id})"


@dataclass(frozen=True, slots=True)
class Origin:
    """Name the policy that says something, and the node where it is attached."""

    policy: AttachedPolicy
    node: Node

    def __str__(self) -> str:
        """Return both for a reader."""
        return f"{self.policy} at {self.node}"


def _operations(tags: Mapping[str, Any]) -> Iterator[Operation]:
    for key, entry in tags.items():
        if key == CONTROL:
            continue
        for element, operators in entry.items():
            if element == CONTROL:
                continue
            for operator, value in operators.items():
                if operator != CONTROL:
                    values = (value,) if isinstance(value, str) else tuple(dict.fromkeys(value))
                    yield Operation(key.lower(), element, operator, values)


def _limits(tags: Mapping[str, Any]) -> Iterator[ChildLimit]:
    for key, entry in tags.items():
        if key == CONTROL:
            yield ChildLimit((), _forbidden(entry))
            continue
        for element, operators in entry.items():
            if element == CONTROL:
                yield ChildLimit((key.lower(),), _forbidden(operators))
            elif CONTROL in operators:
                yield ChildLimit((key.lower(), element), _forbidden(operators[CONTROL]))


def _forbidden(names: list[str]) -> frozenset[str]:
    return frozenset() if "@@all" in names else OPERATORS - frozenset(names)
