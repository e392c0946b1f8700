"""Refuse a unit that the organization does not have, as far as the project's files tell its units."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from harness.dictionary import Dictionary
from harness.environment import Environment
from harness.errors import TagrailError
from harness.organization import ancestors
from harness.plan_check.nearest import nearest_first
from harness.spelling import nearest

_SNAPSHOT: Final = "snapshot.yaml"
_SHOWN: Final = 10


def refuse_unknown_unit(unit: str, dictionary: Dictionary, settings: Environment | None, file: Path | None) -> None:
    """Refuse a unit that is not there; `file` is the environment's.

    The seed or snapshot beside it has all units, and any other is refused. Dictionary and environment name those alone
    for which something of its own holds: a unit that is nearly one of these is refused, any other accepted.
    Raises: TagrailError naming the nearest unit.
    """
    every = frozenset(_organization(settings, file)) if settings and file else frozenset()
    if every:
        if unit not in every:
            rule = f"must be a unit of the organization in {_files(settings, file)}"
            hint = nearest(unit, every) or f" It has {_listed(sorted(every))}."
            raise TagrailError(f'--unit: {rule}; got "{unit}".{hint} Do correct it')
        return
    some = frozenset(path for one in _named(dictionary, settings) for path in (one, *ancestors(one)))
    for path in (unit, *ancestors(unit)) if unit not in some else ():
        meant = next((one for one in nearest_first(path, some) if _letters(one) != _letters(path)), "")
        if path not in some and meant:
            rule = "must be a unit as the dictionary or env.yaml spell it"
            raise TagrailError(f'--unit: {rule}; got "{unit}", and they have "{meant}". Do correct one of the two')


def _listed(paths: list[str]) -> str:
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return ", ".join(paths[:_SHOWN]) + more


def _letters(path: str) -> str:
    """Return a path without its digits: units that are numbered are no slips of each other."""
    return re.sub("[0-9]", "", path)


def _named(dictionary: Dictionary, settings: Environment | None) -> Iterator[str]:
    for tag in dictionary.tags.values():
        yield from tag.values_by_ou
    if settings:
        yield from settings.tag_policy.organizational_units
        yield from settings.guardrail.organizational_units


def _beside(settings: Environment | None, file: Path | None) -> list[Path]:
    """Return the files beside an environment's that hold its organization."""
    if settings is None or file is None:
        return []
    names = [_SNAPSHOT, *([settings.emulator.seed] if settings.emulator else [])]
    return [path for path in (file.parent / name for name in names) if path.is_file()]


def _files(settings: Environment | None, file: Path | None) -> str:
    return " or ".join(str(path) for path in _beside(settings, file))


def _organization(settings: Environment, file: Path) -> Iterator[str]:
    """Yield the paths of all units; nothing of a file that has another form, which other commands tell of."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in _beside(settings, file):
        try:
            held = yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506 (a safe loader)
        except (OSError, yaml.YAMLError):
            continue
        organization = held.get("organization") if isinstance(held, dict) else None
        units = organization.get("organizational_units") if isinstance(organization, dict) else None
        for unit in units if isinstance(units, list) else ():
            if isinstance(unit, dict) and isinstance(unit.get("path"), str):
                yield unit["path"]
