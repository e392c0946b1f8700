"""Write the cost report: for the terminal, as JSON, and as tables for BI."""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from harness.costs.model import Report

CostForm = Literal["text", "json"]
FORMS: Final[tuple[CostForm, ...]] = ("text", "json")


def render(reports: Sequence[Report], form: CostForm) -> str:
    """Return the reports, one of each currency, in a form. Raises: nothing."""
    if form == "json":
        return msgspec.json.format(_ENCODER.encode({"reports": tuple(reports)}), indent=2).decode() + "\n"
    from harness.report.costs.text import render_text  # noqa: PLC0415 (loads rich)

    return "\n".join(render_text(report) for report in reports)


_ENCODER = msgspec.json.Encoder(decimal_format="number")
