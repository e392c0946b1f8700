"""Count what a run says: by rule, by account, by key; what is new, what is mended, and what nobody can know."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from harness.report.audit.reading import AuditRun

# Of these the share that carries a key says nothing: they are about the bill, the number of tags or their origin.
_NOT_OF_A_TAG = ("lineage-cut", "key-not-activated", "not-on-bill", "tag-count", "tag-count-near")


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


@dataclass(frozen=True, slots=True)
class Trend:
    """Compare a run with the one before. `unseen` were there, and may be still: what shows them could not be read."""

    new: int
    remaining: int
    fixed: int
    unseen: int
    fixed_by_rule: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Hold on how many resources a mandatory key is right, wrong, missing or unknown; None where nobody counted."""

    key: str
    covered: int | None
    wrong: int
    missing: int
    unknown: int

    @property
    def share(self) -> float | None:
        """Return the part that is right, of all on which the key is mandatory."""
        whole = (self.covered or 0) + self.wrong + self.missing + self.unknown
        return self.covered / whole if self.covered is not None and whole else None


def totals_of(run: AuditRun) -> Totals:
    """Return the headline figures of a run. Raises: duckdb.Error."""
    (row,) = run.rows("""
        WITH dear AS (SELECT arn, MAX(cost) AS cost FROM findings WHERE verdict = 'fail' GROUP BY arn)
        SELECT (SELECT COUNT(*) FROM resources), COUNT(*), COUNT(*) FILTER (verdict = 'fail'),
            COUNT(*) FILTER (verdict = 'unknown'), COUNT(*) FILTER (is_new), COUNT(DISTINCT arn),
            (SELECT SUM(cost) FROM dear) FROM findings""")
    return Totals(*row)


def verdicts_of(run: AuditRun) -> list[object]:
    """Return the verdicts that findings have. Raises: duckdb.Error."""
    return [verdict for (verdict,) in run.rows("SELECT DISTINCT verdict FROM findings")]


def trend_of(run: AuditRun) -> Trend | None:
    """Return the comparison with the run before, None where there is none. Raises: duckdb.Error.

    A finding is mended only where the run looked again: not after an interruption, nor where a source was not read.
    """
    if not run.has_previous:
        return None
    ((new, remaining),) = run.rows("""
        SELECT COUNT(*) FILTER (NOT known), COUNT(*) FILTER (known)
        FROM (SELECT fingerprint IN (SELECT fingerprint FROM previous) AS known FROM findings)""")
    gaps = run.file.gaps
    gone = run.rows(
        """
        SELECT p.rule, COUNT(*) FILTER (NOT blind), COUNT(*) FILTER (blind) FROM (
            SELECT rule, $1::BOOLEAN OR EXISTS (
                SELECT 1 FROM (SELECT UNNEST($2::VARCHAR[]) AS account, UNNEST($3::VARCHAR[]) AS region) g
                WHERE g.account IN ('', previous.account) AND g.region IN ('', previous.region)) AS blind
            FROM previous WHERE fingerprint NOT IN (SELECT fingerprint FROM findings)) p
        GROUP BY p.rule ORDER BY 2 DESC, 1""",
        run.file.state != "finished",
        [gap.account for gap in gaps],
        [gap.region for gap in gaps],
    )
    fixed = {rule: count for rule, count, _ in gone if count}
    unseen = sum(count for *_, count in gone)
    return Trend(new, remaining, sum(fixed.values()), unseen, fixed)


def coverage_of(run: AuditRun) -> tuple[Coverage, ...]:
    """Return the coverage of each mandatory key, weakest first. Raises: duckdb.Error.

    A resource counts once for each key: missing before wrong before unknown. Without `mandatory` of run.json the keys
    are those of findings of a missing tag, and what is right is not known.
    """
    mandatory = run.file.mandatory
    found = run.rows(
        """
        WITH judged AS (
            SELECT key, arn, BOOL_OR(rule = 'missing-key') AS missing, BOOL_OR(verdict = 'fail') AS wrong
            FROM findings WHERE key <> '' AND rule NOT IN (SELECT UNNEST($1::VARCHAR[])) GROUP BY key, arn)
        SELECT key, COUNT(*) FILTER (missing), COUNT(*) FILTER (wrong AND NOT missing),
            COUNT(*) FILTER (NOT wrong AND NOT missing) FROM judged GROUP BY key""",
        list(_NOT_OF_A_TAG),
    )
    counts = {key: (missing, wrong, unknown) for key, missing, wrong, unknown in found}
    keys: Mapping[str, int | None] = mandatory or {key: None for key, (missing, *_) in counts.items() if missing}
    ((unread,),) = run.rows("SELECT COUNT(DISTINCT arn) FROM findings WHERE rule = 'tags-unread'")
    made = []
    for key, asked in keys.items():
        missing, wrong, unknown = counts.get(key, (0, 0, 0))
        unknown += unread if asked is None else max(0, min(unread, asked - missing - wrong - unknown))
        covered = None if asked is None else max(0, asked - missing - wrong - unknown)
        made.append(Coverage(key, covered, wrong, missing, unknown))
    return tuple(sorted(made, key=lambda one: (one.share is not None, one.share or 0, one.key)))
