"""Render the cost report as one page of HTML that loads nothing: style, program and figures are inside of it.

The parts lie in harness/report/costs/web, plain files without a build step. The page's content security policy allows
its own style and program by their hashes and forbids everything else, connections of any kind included.
"""

import base64
import hashlib
import html
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec

from harness.costs.model import Report
from harness.report.costs.encoding import dearest, encode
from harness.report.costs.masking import mask_reports

# In the order in which they build on each other.
PROGRAM = (
    "data.js",
    "money.js",
    "cube.js",
    "state.js",
    "elements.js",
    "download.js",
    "table.js",
    "bars.js",
    "lines.js",
    "filters.js",
    "slices.js",
    "views/overview.js",
    "views/breakdown.js",
    "views/drill.js",
    "views/coverage.js",
    "views/faults.js",
    "views/sharing.js",
    "views/budgets.js",
    "views/values.js",
    "views/sources.js",
    "main.js",
)
STYLE = ("colours.css", "page.css", "parts.css", "tables.css", "charts.css", "media.css")
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


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
    style = "".join(_part(f"style/{name}") for name in STYLE)
    program = f"(() => {{\n'use strict';\n{''.join(_part(f'app/{name}') for name in PROGRAM)}}})();\n"
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(program)}'",
            f"style-src '{_hash(style)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    parts = {
        "title": html.escape(shown[0].title),
        "policy": html.escape(policy, quote=False).replace('"', "&quot;"),
        "style": style,
        "data": data_block(shown),
        "program": program,
    }
    page = _part("page.html")
    before, *pieces = page.split("{{")
    return before + "".join(parts[name] + rest for name, _, rest in (piece.partition("}}") for piece in pieces))


def data_block(reports: Sequence[Report]) -> str:
    """Return reports as JSON that may stand in a script element: nothing in it can end or change the element.

    Raises: nothing.
    """
    text = msgspec.json.encode([encode(report) for report in reports]).decode()
    for sign, escaped in _UNSAFE.items():
        text = text.replace(sign, escaped)
    return text


def _part(name: str) -> str:
    place: Traversable = files("harness.report.costs") / "web"
    return place.joinpath(*name.split("/")).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
