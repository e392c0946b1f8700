"""Print the matrix of keys and planes."""

from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.explain import PLANES, Cell
from harness.finding import Finding

_STYLES = {"enforced": "green", "active": "green", "offered": "green", "watched": "green", "reported": "yellow"}


def print_diagnosis(console: Console, findings: Sequence[Finding]) -> None:
    """Print what was found of each thing that is needed, and how to get what was not. Raises: OSError as print does."""
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("needed", "found", "verdict"):
        table.add_column(column)
    for finding in findings:
        style = "green" if finding.verdict == "pass" else "bold red"
        table.add_row(escape(finding.subject), escape(finding.held), f"[{style}]{finding.verdict}[/]")
    console.print(table, soft_wrap=False)
    for finding in findings:
        if finding.repair:
            console.print(f"{finding.subject}: {finding.repair}", markup=False)


def print_explanation(console: Console, rows: Mapping[str, Mapping[str, Cell]], *, detailed: bool) -> None:
    """Print a table of keys and planes, or for one key the reason of each cell. Raises: OSError as print does."""
    if detailed:
        for key, cells in rows.items():
            console.print(f"[bold]{escape(key)}[/]")
            for plane, cell in cells.items():
                console.print(f"  {plane:<16} {cell.word:<9} {escape(cell.detail)}")
        return
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("key")
    for plane in PLANES:
        table.add_column(plane)
    for key, cells in rows.items():
        words = (f"[{_STYLES.get(cell.word, 'dim')}]{cell.word}[/]" for cell in cells.values())
        table.add_row(escape(key), *words)
    console.print(table, soft_wrap=False)
    console.print("tagrail explain KEY gives the reasons of one key")
