"""Say how much of the cost carries each mandatory key with an allowed value, what cannot, and what is wrong."""

from collections.abc import Iterator
from decimal import Decimal

from harness.costs.breakdowns import Scope
from harness.costs.ledger import Ledger, LedgerKey
from harness.costs.model import KeyCoverage, Untaggable, Variant, Verdict

VERDICTS: tuple[Verdict, ...] = ("covered", "wrong", "missing", "untaggable", "unknown")


def verdict_case(key: LedgerKey) -> str:
    """Return SQL that judges one key of a row of `facts`.

    A tag that is there and right covers even what cannot be tagged itself: tags of accounts reach taxes too.
    """
    return (
        f"CASE WHEN NOT HasTags THEN 'unknown' WHEN {key.fault} = '' THEN 'covered' "
        f"WHEN {key.fault} IS NOT NULL THEN 'wrong' WHEN Reason IS NOT NULL THEN 'untaggable' ELSE 'missing' END"
    )


def coverage(ledger: Ledger, scope: Scope, mandatory: frozenset[str]) -> Iterator[KeyCoverage]:
    """Yield the coverage of each mandatory key, in the dictionary's order."""
    for key in ledger.keys:
        if key.key in mandatory:
            yield _coverage(ledger, scope, key)


def _coverage(ledger: Ledger, scope: Scope, key: LedgerKey) -> KeyCoverage:
    rows = ledger.rows(
        f"SELECT Month, {verdict_case(key)} AS verdict, SUM(EffectiveCost) FROM facts WHERE {scope.where} GROUP BY ALL"
    )
    amounts: dict[Verdict, Decimal] = dict.fromkeys(VERDICTS, Decimal(0))
    by_month: dict[str, dict[str, Decimal]] = {month: {} for month in scope.months}
    for month, verdict, cost in rows:
        amounts[verdict] += cost
        by_month[month][verdict] = cost
    all_of_it = sum(amounts.values(), Decimal(0))
    taggable = all_of_it - amounts["untaggable"]
    note = "" if key.found_as else "is nowhere in this bill: not activated for cost allocation, or never used"
    if not ledger.has_tags:
        note = "the export has no tags for some or all charges"
    months = tuple(
        _share(held.get("covered", Decimal(0)), sum(held.values(), Decimal(0))) for held in by_month.values()
    )
    is_known = amounts["unknown"] == 0
    return KeyCoverage(
        key.key,
        amounts,
        _share(amounts["covered"], all_of_it) if is_known else None,
        _share(amounts["covered"], taggable) if is_known else None,
        months if is_known else (None,) * len(months),
        note,
    )


def _share(part: Decimal, whole: Decimal) -> float | None:
    return float(part / whole) if whole > 0 else None


def untaggable(ledger: Ledger, scope: Scope) -> tuple[Untaggable, ...]:
    """Return the costs that cannot carry tags of a resource, by reason, dearest first."""
    rows = ledger.rows(
        f"SELECT Reason, SUM(EffectiveCost) FROM facts WHERE Reason IS NOT NULL AND {scope.where} "
        "GROUP BY ALL ORDER BY ABS(SUM(EffectiveCost)) DESC, Reason"
    )
    return tuple(Untaggable(*row) for row in rows)


def variants(ledger: Ledger, scope: Scope) -> Iterator[Variant]:
    """Yield the values that are written in more than one way, with the cost of each spelling, dearest first."""
    for key in ledger.keys:
        rows = ledger.rows(
            f"SELECT {key.value}, {key.written}, SUM(EffectiveCost) FROM facts WHERE {key.value} IS NOT NULL "
            f"AND {scope.where} AND {key.value} IN (SELECT {key.value} FROM facts WHERE {scope.where} "
            f"GROUP BY 1 HAVING COUNT(DISTINCT {key.written}) > 1) GROUP BY ALL ORDER BY 3 DESC, 2"
        )
        found: dict[str, dict[str, Decimal]] = {}
        for value, written, cost in rows:
            found.setdefault(value, {})[written] = cost
        for value, spellings in found.items():
            yield Variant(key.key, value, sum(spellings.values(), Decimal(0)), spellings)
