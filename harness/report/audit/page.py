"""Render a run of an audit as one page of HTML that loads nothing (harness/report/page.py)."""

from collections.abc import Iterator, Sequence

from harness.finding import Finding
from harness.report.audit.encoding import data_pieces
from harness.report.audit.reading import AuditRun
from harness.report.audit.tables import MOST_FINDINGS, number_texts
from harness.report.masking import Mask
from harness.report.page import STYLE, page_chunks

PAGE_STYLE = (*STYLE, "audit/web/style/audit.css", "audit/web/style/grid.css")
PROGRAM = (
    "web/app/columns.js",
    "web/app/money.js",
    *(f"audit/web/app/{name}.js" for name in ("data", "state")),
    *(f"web/app/{name}.js" for name in ("address", "elements", "download", "table", "stripes", "filters", "shell")),
    *(f"audit/web/app/{name}.js" for name in ("narrowing", "ranks", "rows", "chains", "details")),
    *(f"audit/web/app/views/{name}.js" for name in ("overview", "findings", "lineage", "sources")),
    "audit/web/app/main.js",
)


def page_pieces(run: AuditRun, static: Sequence[Finding], mask: Mask, most: int = MOST_FINDINGS) -> Iterator[str]:
    """Yield the page of a run; of more findings than `most` it has the dearest, and says so. Raises: duckdb.Error."""
    number_texts(run, most)
    yield from page_chunks(f"Audit of {run.record.environment}", PAGE_STYLE, PROGRAM, data_pieces(run, static, mask))
