"""Tell whether Deny statements deny all that another one does, however they are cut and packed, and what is lost.

A statement is cut into cells of one action, one resource and one value for each condition; each has to be covered by
one statement as a whole. What several only cover together counts as lost.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, product
from typing import NamedTuple

from harness.plan_check.weakening.conditions import Difference, difference, implies, is_about_principals, splittable
from harness.plan_check.weakening.globs import arn_covers, arn_overlaps, covers, overlaps
from harness.policy.actions import expand
from harness.policy.statement import ConditionEntry, Statement

_MOST_CELLS = 20000


class Gap(NamedTuple):
    """Say what of a statement is not denied any more, and why."""

    difference: Difference
    actions: tuple[str, ...]


def plain(statement: Statement) -> Statement:
    """Return a statement without its name, in one order, so that equal ones are equal. Raises: nothing."""
    return replace(
        statement,
        sid="",
        actions=tuple(sorted({name.lower() for name in statement.actions})),
        not_actions=tuple(sorted({name.lower() for name in statement.not_actions})),
        resources=tuple(sorted({*statement.resources})) or (() if statement.not_resources else ("*",)),
        condition=tuple(sorted(entry._replace(values=tuple(sorted({*entry.values}))) for entry in statement.condition)),
    )


def covers_statement(wide: Statement, narrow: Statement) -> bool:
    """Tell whether a statement applies wherever another one does; both as `plain` writes them. Raises: nothing."""
    return (
        _covers_actions(wide, narrow)
        and _covers_resources(wide, narrow)
        and (wide.principals, wide.not_principals) == (narrow.principals, narrow.not_principals)
        and all(any(implies(own, entry) for own in narrow.condition) for entry in wide.condition)
    )


def find_gap(statement: Statement, others: Sequence[Statement]) -> Gap | None:
    """Return what of a statement none of the others covers; None where all of it is covered.

    All are as `plain` writes them. Raises: nothing.
    """
    if any(covers_statement(other, statement) for other in others):
        return None
    near = [other for other in others if _is_near(other, statement)]
    cells = list(islice(_cells(statement), _MOST_CELLS + 1))
    if len(cells) > _MOST_CELLS:
        return Gap(Difference("policy-weakened", "unknown", "it has too many parts to compare"), statement.actions)
    lost = [cell for cell in cells if not _is_covered(cell, near)]
    if not lost:
        return None
    return _explained(lost, near)


def _explained(lost: Sequence[Statement], near: Sequence[Statement]) -> Gap:
    """Return the differences of the lost cells: those that are sure before those that cannot be judged."""
    found: dict[Difference, list[str]] = {}
    known: dict[tuple[tuple[ConditionEntry, ...], int], list[Difference]] = {}
    for cell in lost:
        for each in _differences(cell, near, known):
            found.setdefault(each, []).extend(cell.actions)
    sure = [each for each in found if each.verdict == "fail"] or list(found)
    best = max(sure, key=lambda each: (len(set(found[each])), each.rule == "exemption-widened"))
    return Gap(best, tuple(dict.fromkeys(found[best])))


def _differences(
    cell: Statement, near: Sequence[Statement], known: dict[tuple[tuple[ConditionEntry, ...], int], list[Difference]]
) -> list[Difference]:
    """Return in which way the statement that comes nearest to a cell denies less; `known` are those by conditions."""
    candidates = []
    for index, other in enumerate(near):
        conditions = known.get((cell.condition, index))
        if conditions is None:
            conditions = [found for entry in other.condition if (found := difference(cell.condition, entry))]
            known[cell.condition, index] = conditions
        candidates.append([*_element_differences(other, cell), *conditions])
    nearest = min(candidates, key=lambda parts: (len(parts), [part.verdict != "unknown" for part in parts]), default=[])
    return nearest or [Difference("policy-weakened", "fail", "it is denied no more")]


def _element_differences(other: Statement, cell: Statement) -> list[Difference]:
    found = []
    if not _covers_actions(other, cell):
        mixed = bool(other.not_actions) != bool(cell.not_actions)
        found.append(Difference("policy-weakened", "unknown" if mixed else "fail", "it names fewer actions"))
    if not _covers_resources(other, cell):
        mixed = bool(other.not_resources) != bool(cell.not_resources)
        found.append(Difference("policy-weakened", "unknown" if mixed else "fail", "it names fewer resources"))
    return found


def _is_covered(cell: Statement, near: Sequence[Statement]) -> bool:
    if any(covers_statement(other, cell) for other in near):
        return True
    if len(cell.actions) != 1 or "*" not in cell.actions[0]:
        return False
    # A pattern of actions that others write out: every action that it stands for has to be covered.
    names = [name.lower() for name in expand(cell.actions[0])] if ":" in cell.actions[0] else []
    singles = (replace(cell, actions=(name,)) for name in names)
    return bool(names) and all(any(covers_statement(other, one) for other in near) for one in singles)


def _is_near(other: Statement, statement: Statement) -> bool:
    """Tell whether a statement is about the same: some action, some resource, and a key of the conditions in common."""
    if not (_overlaps_actions(other, statement) and _overlaps_resources(other, statement)):
        return False
    own, wanted = (_keys(each.condition) for each in (other, statement))
    return not own or not wanted or bool(own & wanted)


def _keys(condition: Iterable[ConditionEntry]) -> frozenset[str]:
    return frozenset(entry.key.lower() for entry in condition if not is_about_principals(entry.key))


def _cells(statement: Statement) -> Iterator[Statement]:
    actions: list[tuple[str, ...]] = [(name,) for name in statement.actions] or [()]
    resources: list[tuple[str, ...]] = [(name,) for name in statement.resources] or [()]
    conditions = [
        [entry._replace(values=(value,)) for value in entry.values] if splittable(entry) else [entry]
        for entry in statement.condition
    ]
    for action, resource, condition in product(actions, resources, product(*conditions)):
        yield replace(statement, actions=action, resources=resource, condition=tuple(condition))


def _covers_actions(wide: Statement, narrow: Statement) -> bool:
    if wide.not_actions and narrow.not_actions:
        return all(any(covers(own, name) for own in narrow.not_actions) for name in wide.not_actions)
    if wide.not_actions:
        return not any(overlaps(name, own) for name in wide.not_actions for own in narrow.actions)
    if narrow.not_actions:
        return "*" in wide.actions
    return all(own in wide.actions or any(covers(name, own) for name in wide.actions) for own in narrow.actions)


def _covers_resources(wide: Statement, narrow: Statement) -> bool:
    if wide.not_resources and narrow.not_resources:
        return all(any(arn_covers(own, name) for own in narrow.not_resources) for name in wide.not_resources)
    if wide.not_resources:
        return not any(arn_overlaps(name, own) for name in wide.not_resources for own in narrow.resources)
    if narrow.not_resources:
        return "*" in wide.resources
    return all(any(arn_covers(name, own) for name in wide.resources) for own in narrow.resources)


def _overlaps_actions(one: Statement, two: Statement) -> bool:
    return not (one.actions and two.actions) or any(overlaps(a, b) for a in one.actions for b in two.actions)


def _overlaps_resources(one: Statement, two: Statement) -> bool:
    return not (one.resources and two.resources) or any(
        arn_overlaps(a, b) for a in one.resources for b in two.resources
    )
