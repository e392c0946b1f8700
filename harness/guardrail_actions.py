"""Read modules/tag-guardrail/actions.yaml: the actions that guardrails can guard, shared with the Terraform module."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ACTIONS_FILE = Path(__file__).parent / "data" / "guardrail-actions.yaml"  # in a checkout a link, installed a copy


@dataclass(frozen=True, slots=True)
class Scope:
    """Hold actions that share a statement, and the resources that carry the tags of their requests (ARN patterns)."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guarded:
    """Hold what is guarded: create actions as a whole or by resource, and actions that set or remove tags."""

    whole: tuple[str, ...]
    narrow: tuple[Scope, ...]
    sets: tuple[str, ...]
    removes: tuple[str, ...]


@cache
def _rows() -> Mapping[str, Any]:
    rows: Mapping[str, Any] = yaml.safe_load(ACTIONS_FILE.read_text(encoding="utf-8"))
    return rows


def group_names() -> tuple[str, ...]:
    """Return the names of the groups, sorted. Raises: OSError when the installation lacks it."""
    return tuple(sorted(_rows()["groups"]))


def known_actions() -> frozenset[str]:
    """Return every create action of every group. Raises: OSError when the installation lacks it."""
    return frozenset(name for row in _rows()["groups"].values() for name in _creates(row))


def left_out(groups: Iterable[str]) -> Mapping[str, str]:
    """Return action -> why guardrails leave it out, of these groups. Raises: KeyError for an unknown group."""
    return {name: why for group in groups for name, why in _rows()["groups"][group]["left_out"].items()}


def exempt_principals() -> tuple[str, ...]:
    """Return the ARN patterns of roles that no guardrail binds. Raises: OSError when there is no actions.yaml."""
    return tuple(_rows()["exempt_principals"])


def guarded(
    groups: Sequence[str], without: Iterable[str] = (), further: Mapping[str, Sequence[str]] | None = None
) -> Guarded:
    """Return what these groups guard, less the actions `without`, and `further` ones by the resources that carry tags.

    No two groups have a service in common, so the first lists of all share a statement, the second ones, and so on.
    Raises: KeyError for an unknown group.
    """
    dropped = frozenset(without)
    rows = [_rows()["groups"][group] for group in sorted(groups)]
    added = {action: tuple(sorted(resources)) for action, resources in (further or {}).items()}
    whole = [name for row in rows for name in row["whole"]] + [name for name, arns in added.items() if arns == ("*",)]
    narrow = [_narrow(rows, index, dropped) for index in range(max((len(row["narrow"]) for row in rows), default=0))]
    own = [Scope((name,), arns) for name, arns in sorted(added.items()) if arns != ("*",)]
    return Guarded(
        whole=tuple(sorted(set(whole) - dropped)),
        narrow=tuple(scope for scope in [*narrow, *own] if scope.actions),
        sets=tuple(sorted({name for row in rows for name in row["set"]})),
        removes=tuple(sorted({name for row in rows for name in row["remove"]})),
    )


def _narrow(rows: Sequence[Mapping[str, Any]], index: int, dropped: frozenset[str]) -> Scope:
    scopes = [row["narrow"][index] for row in rows if len(row["narrow"]) > index]
    kept = [scope for scope in scopes if set(scope["actions"]) - dropped]
    return Scope(
        tuple(sorted({name for scope in kept for name in scope["actions"]} - dropped)),
        tuple(sorted({arn for scope in kept for arn in scope["resources"]})),
    )


def _creates(row: Mapping[str, Any]) -> list[str]:
    return [*row["whole"], *(name for scope in row["narrow"] for name in scope["actions"])]
