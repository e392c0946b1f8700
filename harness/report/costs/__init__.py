"""Write the cost report: for the terminal, as JSON, as tables for BI, and as one page of HTML."""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from harness.costs.model import Report

CostForm = Literal["text", "json", "html"]
FORMS: Final[tuple[CostForm, ...]] = ("text", "json", "html")


def render(reports: Sequence[Report], form: CostForm, allowed: frozenset[str] = frozenset()) -> str:
    """Return the reports, one of each currency, in a form.

    `allowed` are the values that the page may show though they look like personal data. Raises: nothing.
    """
    if form == "json":
        return msgspec.json.format(_ENCODER.encode({"reports": tuple(reports)}), indent=2).decode() + "\n"
    if form == "html":
        from harness.report.costs.page import render_page  # noqa: PLC0415 (reads the page's parts)

        return render_page(reports, allowed)
    from harness.report.costs.text import render_text  # noqa: PLC0415 (loads rich)

    return "\n".join(render_text(report) for report in reports)


_ENCODER = msgspec.json.Encoder(decimal_format="number")
