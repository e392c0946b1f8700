"""Count what a run says as a whole, and say what it proves: what was not seen is unknown, and never passes."""

from dataclasses import dataclass
from decimal import Decimal

from harness.audit.run import Coverage, Run
from harness.finding import Verdict
from harness.report.audit.reading import AuditRun


@dataclass(frozen=True, slots=True)
class Totals:
    """Hold the headline figures.

    `looked_at` are resources; `spend` is the cost of those with a finding that fails, None where no cost is known.
    """

    looked_at: int
    findings: int
    fail: int
    unknown: int
    new: int
    with_findings: int
    spend: Decimal | None

    def verdict(self, record: Run) -> Verdict:
        """Return the verdict of the run that the figures are of. Raises: nothing."""
        if self.fail:
            return "fail"
        seen = record.state == "finished" and record.accounts and not record.gaps and not record.counts.get("unheard")
        return "pass" if seen and not self.unknown else "unknown"


def totals_of(run: AuditRun) -> Totals:
    """Return the headline figures of a run. Raises: duckdb.Error."""
    (row,) = run.rows("""
        WITH dear AS (SELECT arn, MAX(cost) AS cost FROM findings WHERE verdict = 'fail' GROUP BY arn)
        SELECT (SELECT COUNT(*) FROM resources), COUNT(*), COUNT(*) FILTER (verdict = 'fail'),
            COUNT(*) FILTER (verdict = 'unknown'), COUNT(*) FILTER (is_new), COUNT(DISTINCT arn),
            (SELECT SUM(cost) FROM dear) FROM findings""")
    return Totals(*row)


def share_of(one: Coverage) -> float | None:
    """Return which part of the resources on which a key is mandatory has it right, None where there are none.

    >>> share_of(Coverage("owner", covered=3, missing=1)), share_of(Coverage("owner"))
    (0.75, None)
    """
    whole = one.covered + one.wrong + one.missing
    return one.covered / whole if whole else None


def weakest_first(record: Run) -> tuple[Coverage, ...]:
    """Return the coverage of each mandatory key. Raises: nothing."""

    def weakness(one: Coverage) -> tuple[float, str]:
        share = share_of(one)
        return (2.0 if share is None else share), one.key

    return tuple(sorted(record.coverage, key=weakness))


def account_names(record: Run) -> dict[str, str]:
    """Return id -> name of the accounts that have one. Raises: nothing."""
    return {account.id: account.name for account in record.accounts if account.name}
