"""Render the cost report as one page of HTML that loads nothing (harness/report/page.py)."""

from collections.abc import Sequence

import msgspec

from harness.costs.model import Report
from harness.report.costs.encoding import dearest, encode
from harness.report.costs.masking import mask_reports
from harness.report.page import STYLE, data_element, page_chunks

PROGRAM = (
    "costs/web/app/data.js",
    "web/app/columns.js",
    "web/app/money.js",
    "costs/web/app/cube.js",
    "costs/web/app/state.js",
    "web/app/address.js",
    "web/app/elements.js",
    "web/app/download.js",
    "web/app/table.js",
    "web/app/stripes.js",
    "web/app/filters.js",
    "web/app/shell.js",
    *(f"costs/web/app/{name}.js" for name in ("bars", "lines", "narrowing", "slices")),
    *(
        f"costs/web/app/views/{name}.js"
        for name in (
            "overview",
            "breakdown",
            "drill",
            "coverage",
            "faults",
            "sharing",
            "budgets",
            "values",
            "sources",
        )
    ),
    "costs/web/app/main.js",
)


def _shortened(report: Report) -> Report:
    """Return a report without the groups that a page would not show, which may be very many."""
    if report.grouping is None:
        return report
    return msgspec.structs.replace(report, grouping=dearest(report.grouping))


def render_page(reports: Sequence[Report], allowed: frozenset[str] = frozenset()) -> str:
    """Return the page of the reports, one for each currency, with personal data masked but for `allowed` values.

    Raises: ValueError without a report.
    """
    if not reports:
        raise ValueError("reports: must have a report of at least one currency; got none. Do name a bill with costs")
    shown = mask_reports([_shortened(report) for report in reports], allowed)
    data = data_element("report-data", [encode(report) for report in shown])
    return "".join(page_chunks(shown[0].title, STYLE, PROGRAM, (data,)))
