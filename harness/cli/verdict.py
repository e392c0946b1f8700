"""Print findings and turn them into an exit code."""

from harness.finding import Finding, worst
from harness.report import Format, print_report


def report(title: str, findings: tuple[Finding, ...], form: Format) -> int:
    """Print the findings and return 0 when all pass, else 1. Raises: OSError when stdout cannot be written."""
    print_report(title, findings, form)
    return 0 if worst(findings) == "pass" else 1
