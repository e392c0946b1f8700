"""Say of Cost Explorer's answers how much carries a mandatory key: what carries none is unknown, not missing."""

from decimal import Decimal
from typing import Final

import msgspec

from harness.costs.breakdowns import Scope
from harness.costs.coverage import VERDICTS, coverage
from harness.costs.ledger import Ledger
from harness.costs.model import Costs, KeyCoverage, Verdict
from harness.plan_check.requirements import KeyRule

_UNTAGGED: Final = "Cost Explorer does not tell which usage without a tag could carry one"


def unknown_coverage(rule: KeyRule, scope: Scope, total: Costs) -> KeyCoverage:
    """Return the coverage of a key that Cost Explorer does not tell of. Raises: nothing."""
    nothing: dict[Verdict, Decimal] = dict.fromkeys(VERDICTS, Decimal(0))
    note = "Cost Explorer tells of keys that are active for cost allocation alone"
    amounts: dict[Verdict, Decimal] = {**nothing, "unknown": total.effective}
    return KeyCoverage(rule.key, amounts, None, None, (None,) * len(scope.months), note)


def coverage_of(ledger: Ledger, rule: KeyRule, scope: Scope) -> KeyCoverage:
    """Return a key's coverage: what carries it is known, and so its share of all; of what is taggable nobody knows.

    Raises: nothing.
    """
    (row,) = coverage(ledger, scope, frozenset({rule.key}))
    if not ledger.keys[0].found_as:
        note = "carries no value anywhere: not active for cost allocation, or never used"
        nobody = (None,) * len(scope.months)
        return msgspec.structs.replace(row, share=None, taggable_share=None, months=nobody, note=note)
    whole = sum(row.amounts.values(), Decimal(0))
    share = float(row.amounts["covered"] / whole) if whole > 0 else None
    rows = ledger.rows(
        "SELECT Month, SUM(CASE WHEN f0 = '' THEN EffectiveCost ELSE 0 END), SUM(EffectiveCost) FROM facts GROUP BY 1"
    )
    shares = {month: float(covered / all_of_it) for month, covered, all_of_it in rows if all_of_it > 0}
    months = tuple(shares.get(month) for month in scope.months)
    note = _UNTAGGED if row.amounts["unknown"] else row.note
    return msgspec.structs.replace(row, share=share, months=months, note=note)
