"""Mask personal data and secrets in every text of a cost report, before it becomes a page that people pass on."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from harness.costs.model import Report
from harness.report.masking import Mask


def mask_reports(reports: Sequence[Report], allowed: frozenset[str]) -> tuple[Report, ...]:
    """Return the reports with all personal data masked but what is `allowed`, the values that the dictionary allows.

    Raises: nothing.
    """
    mask = Mask(allowed)
    return tuple(_report(mask, report) for report in reports)


def _report(mask: Mask, report: Report) -> Report:
    """Return the report masked; numbers, and the rows of the cube, are no texts."""
    bare = msgspec.structs.replace(report, cube=msgspec.structs.replace(report.cube, rows=()))
    texts = _masked(mask, msgspec.to_builtins(bare, builtin_types=(Decimal,)))
    made = msgspec.convert(texts, Report, builtin_types=(Decimal,))
    return msgspec.structs.replace(made, cube=msgspec.structs.replace(made.cube, rows=report.cube.rows))


def _masked(mask: Mask, held: object) -> object:
    if isinstance(held, str):
        return mask.text(held)
    if isinstance(held, dict):
        return {_masked(mask, name): _masked(mask, value) for name, value in held.items()}
    return [_masked(mask, value) for value in held] if isinstance(held, list | tuple) else held
