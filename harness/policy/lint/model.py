"""What a lint rule is, what it is given, and what it says."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from harness.policy.json_text import member
from harness.policy.lint.lines import line_of
from harness.policy.statement import ConditionEntry, Statement

Severity = Literal["error", "warning", "info"]
PolicyKind = Literal["scp", "rcp", "identity", "resource", "tag", "effective"]

CONTROL: frozenset[PolicyKind] = frozenset({"scp", "rcp"})
STATEMENTS: frozenset[PolicyKind] = frozenset({"scp", "rcp", "identity", "resource"})
PRINCIPALS: frozenset[PolicyKind] = frozenset({"scp", "identity"})
TAGS: frozenset[PolicyKind] = frozenset({"tag", "effective"})
EVERY: frozenset[PolicyKind] = STATEMENTS | TAGS


class Placed(NamedTuple):
    """Hold a statement and its path, such as `Statement[2]`."""

    path: str
    statement: Statement


@dataclass(frozen=True, slots=True)
class LintedPolicy:
    """Hold one policy, read: `value` is its JSON, `faults` what AWS would refuse (`path: must ...`).

    `statements` are those without a fault. An effective policy's values stand under `@@assign` in `value`.
    `first_line` is where `text` begins in its file; `folded`: the file has all of it on that line.
    `told`: its kind was given, and is not a guess by its content.
    """

    name: str
    kind: PolicyKind
    text: str = field(repr=False)
    value: Any = field(repr=False)
    faults: tuple[str, ...] = ()
    statements: tuple[Placed, ...] = ()
    first_line: int = 1
    folded: bool = False
    told: bool = False

    def line(self, path: str) -> int:
        """Return the line of the file on which a path of the policy stands. Raises: nothing."""
        return self.first_line + (0 if self.folded else line_of(self.text, path) - 1)


@dataclass(frozen=True, slots=True)
class Given:
    """Hold all policies of one run, AWS's limits by id, and whether the policies are attached to one node."""

    policies: tuple[LintedPolicy, ...]
    limits: Mapping[str, int]
    same_target: bool = False

    def beside(self, policy: LintedPolicy) -> tuple[Statement, ...]:
        """Return a policy's statements, with those of all others at one node: what it lacks, another may say."""
        together = self.policies if self.same_target else (policy,)
        return tuple(placed.statement for each in together for placed in each.statements)


class Lint(NamedTuple):
    """State one fault: the path of the offender, why it is one, and the repair, which begins with `Do`."""

    path: str
    why: str
    repair: str


Find = Callable[[LintedPolicy, Given], Iterable[Lint]]


@dataclass(frozen=True, slots=True)
class Rule:
    """Hold a rule: `says` what must hold, in a few words, and `page` the address that it rests on."""

    id: str
    severity: Severity
    kinds: frozenset[PolicyKind]
    says: str
    page: str
    find: Find


class Hit(NamedTuple):
    """Hold what a rule found in a policy."""

    policy: LintedPolicy
    rule: Rule
    lint: Lint


def entry_path(path: str, entry: ConditionEntry) -> str:
    """Return the path of a condition of the statement at `path`. Raises: nothing."""
    return member(member(f"{path}.Condition", entry.operator), entry.key)


def listed(names: Iterable[str], most: int = 5) -> str:
    """Return names for a reader, each once: the first few, then how many more there are.

    >>> listed(["b", "a", "a"]), listed("abcdefg")
    ('b, a', 'a, b, c, d, e and 2 more')
    """
    found = list(dict.fromkeys(names))
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more


def quoted(names: Iterable[str]) -> str:
    """Return names as the content of a JSON list, each once.

    >>> print(quoted(["a", "b"]))
    "a", "b"
    """
    return ", ".join(f'"{name}"' for name in dict.fromkeys(names))
