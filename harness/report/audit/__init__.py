"""Write a run of an audit: for the terminal, as JSON, CSV, JUnit XML and SARIF, and as one page of HTML."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TextIO, get_args

from harness.finding import Finding
from harness.report.masking import Mask

if TYPE_CHECKING:
    from harness.report.audit.reading import AuditRun

AuditForm = Literal["text", "json", "csv", "csv-all", "junit", "sarif", "sarif-all", "html"]
FORMS: Final[tuple[AuditForm, ...]] = get_args(AuditForm)

Pieces = Callable[["AuditRun", Sequence[Finding], Mask], Iterator[str]]


def write_report(
    run: Path,
    form: AuditForm,
    file: TextIO,
    *,
    static: Sequence[Finding] = (),
    allowed: frozenset[str] = frozenset(),
) -> None:
    """Write a run's folder in a form, in pieces, so that memory does not grow with the findings.

    `static` are findings of the audit of code, of which text and page tell; checkov writes them in the other forms.
    `allowed` are values that may be shown though they look like personal data, since the dictionary has them; all
    others are masked.

    Raises: InputError for a folder that is no run's; OSError when the file cannot be written.
    """
    from harness.report.audit.reading import open_run  # noqa: PLC0415 (loads DuckDB)

    with open_run(run) as held:
        file.writelines(_pieces()[form](held, static, Mask(allowed)))


def _pieces() -> Mapping[AuditForm, Pieces]:
    from harness.report.audit import listing, machine, page, text  # noqa: PLC0415 (each loads what it alone needs)

    return {
        "text": text.text_pieces,
        "json": machine.json_pieces,
        "csv": listing.csv_pieces,
        "csv-all": listing.csv_all_pieces,
        "junit": machine.junit_pieces,
        "sarif": machine.sarif_pieces,
        "sarif-all": machine.sarif_all_pieces,
        "html": page.page_pieces,
    }
