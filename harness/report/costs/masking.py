"""Mask personal data and secrets in every text of a cost report, before it becomes a page that people pass on."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from harness.costs.model import Report
from harness.personal_data import masked, may_be_personal, personal_parts

_WORD = re.compile(r"[^\s'\"`<>()\[\]{},;|]+")
_EDGES = ".:!?"


def mask_reports(reports: Sequence[Report], allowed: frozenset[str]) -> tuple[Report, ...]:
    """Return the reports with all personal data masked but what is `allowed`, the values that the dictionary allows.

    A value is masked the same way wherever it stands, and two values never alike: rows that are apart stay apart.

    Raises: nothing.
    """
    mask = _Mask(allowed)
    return tuple(mask.report(report) for report in reports)


class _Mask:
    """Remember what each value was masked as."""

    def __init__(self, allowed: frozenset[str]) -> None:
        self._allowed = allowed
        self._shown: dict[str, str] = {}
        self._taken: dict[str, int] = {}

    def report(self, report: Report) -> Report:
        """Return the report masked; numbers, and the rows of the cube, are no texts."""
        bare = msgspec.structs.replace(report, cube=msgspec.structs.replace(report.cube, rows=()))
        made = msgspec.convert(
            self._of(msgspec.to_builtins(bare, builtin_types=(Decimal,))), Report, builtin_types=(Decimal,)
        )
        return msgspec.structs.replace(made, cube=msgspec.structs.replace(made.cube, rows=report.cube.rows))

    def _of(self, held: object) -> object:
        if isinstance(held, str):
            return self.text(held)
        if isinstance(held, dict):
            return {self._of(name): self._of(value) for name, value in held.items()}
        return [self._of(value) for value in held] if isinstance(held, list | tuple) else held

    def text(self, text: str) -> str:
        """Return a text with its personal parts masked."""
        if text in self._allowed or not may_be_personal(text):
            return text
        for parts in (_parts_of_words, _parts_of_several_words):
            found = dict.fromkeys(part for part in parts(text) if part not in self._allowed)
            for part in sorted(found, key=len, reverse=True):  # the longest first: another may be inside of it
                text = text.replace(part, self._name(part))
        return text

    def _name(self, part: str) -> str:
        if part not in self._shown:
            name = masked(part)
            self._taken[name] = number = self._taken.get(name, 0) + 1
            self._shown[part] = name if number == 1 else f"{name} no. {number}"
        return self._shown[part]


def _parts_of_words(text: str) -> Iterable[str]:
    """Yield what is personal in single words: "jane@example.com:" in a sentence is no path of a host."""
    return (part for word in _WORD.findall(text) for part in personal_parts(word.strip(_EDGES)))


def _parts_of_several_words(text: str) -> Iterable[str]:
    """Yield what only several words make: numbers that are written in groups."""
    return (part for part in personal_parts(text) if " " in part)
