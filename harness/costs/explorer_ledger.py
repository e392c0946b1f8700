"""Lay what Cost Explorer answers as a ledger, so that the report's own queries break it down."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from harness.costs.amounts import MONEY
from harness.costs.charges import COSTS, REASONS
from harness.costs.explorer import Amount
from harness.costs.ledger import Ledger, LedgerKey
from harness.costs.meanings import value_meanings
from harness.plan_check.requirements import KeyRule, Requirements

_COLUMNS: Final = (
    *(
        "BillingCurrency",
        "BillingAccountId",
        "SubAccountId",
        "ServiceName",
        "RegionId",
        "ChargeCategory",
        "x_UsageType",
    ),
    *("x_ServiceCode", "x_RecordType", "Category", "Reason", "k0", "f0", "w0", "HasTags"),
)
_NO_REGION: Final = "NoRegion"
# Charge types as Cost Explorer writes them, less spaces:
# docs.aws.amazon.com/cost-management/latest/userguide/ce-filtering.html
_CATEGORIES: Final = {
    "Usage": ("Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "SavingsPlanNegation"),
    "Purchase": ("Fee", "Recurring", "RIFee", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee", "Support", "Upfront"),
    "Tax": ("Tax",),
    "Credit": ("Credit", "Refund"),
}
_CATEGORY_OF: Final = {name.lower(): category for category, names in _CATEGORIES.items() for name in names}


def charge_category(record_type: str) -> str:
    """Return the category of FOCUS of a charge type, the type itself where none is known. Raises: nothing.

    >>> charge_category("Savings Plan Recurring Fee"), charge_category("EDP Discount"), charge_category("Other")
    ('Purchase', 'Adjustment', 'Other')
    """
    plain = record_type.replace(" ", "").lower()
    if plain in _CATEGORY_OF:
        return _CATEGORY_OF[plain]
    return "Adjustment" if plain.endswith("discount") else record_type


def ledger_of(connection: Any, amounts: Sequence[Amount], columns: Sequence[str]) -> Ledger:
    """Return a ledger of costs whose keys are these columns, in place of the one before. Raises: nothing."""
    rows = [dict(zip(columns, one.keys, strict=True)) for one in amounts]
    for row in rows:
        if row.get("RegionId") == _NO_REGION:
            row["RegionId"] = ""
    return _ledger(connection, amounts, rows)


def type_ledger_of(connection: Any, amounts: Sequence[Amount]) -> Ledger:
    """Return a ledger of costs by charge type, likewise. Raises: nothing."""
    return _ledger(connection, amounts, [_typed(one.keys[0]) for one in amounts])


def tag_ledger_of(connection: Any, amounts: Sequence[Amount], rule: KeyRule, requirements: Requirements) -> Ledger:
    """Return a ledger of costs by the values of a key and charge type, likewise; values are judged as anywhere.

    Usage without a value is unknown (HasTags): only a bill tells whether it could carry one. Raises: nothing.
    """
    values = [one.keys[0].removeprefix(f"{rule.key}$") for one in amounts]
    counts = {value: values.count(value) for value in dict.fromkeys(values) if value}
    meanings = value_meanings({rule.key: counts}, requirements)
    rows: list[Mapping[str, str | None]] = []
    for one, value in zip(amounts, values, strict=True):
        typed = _typed(one.keys[1])
        meaning = meanings.get((rule.key, value))
        tagged = {"k0": meaning.joined, "f0": meaning.fault, "w0": value} if meaning else {}
        is_known = bool(meaning) or bool(typed["Reason"])
        rows.append({**typed, **tagged, "HasTags": "true" if is_known else "false"})
    key = LedgerKey(rule.key, "k0", "f0", "w0", (rule.key,) if counts else ())
    # The breakdown by charge type is made of another answer.
    return _ledger(connection, amounts, [{**row, "ChargeCategory": None} for row in rows])._replace(keys=(key,))


def _typed(record_type: str) -> dict[str, str | None]:
    category = charge_category(record_type)
    return {"ChargeCategory": category, "Reason": REASONS.get(category)}


def _ledger(connection: Any, amounts: Sequence[Amount], rows: Sequence[Mapping[str, str | None]]) -> Ledger:
    columns = ", ".join(f"UNNEST(${name}::VARCHAR[]) AS {name}" for name in ("Month", *_COLUMNS))
    costs = ", ".join(f"UNNEST(${name}::{MONEY}[]) AS {name}" for name in COSTS)
    held = {name: [row.get(name) for row in rows] for name in _COLUMNS}
    money = {
        name: [str(amount) for amount in column]
        for name, column in zip(
            COSTS,
            (
                [one.costs.billed for one in amounts],
                [one.costs.effective for one in amounts],
                [one.costs.amortized for one in amounts],
            ),
            strict=True,
        )
    }
    connection.execute(
        f"CREATE OR REPLACE TABLE facts AS SELECT * REPLACE (COALESCE(CAST(HasTags AS BOOLEAN), FALSE) AS HasTags), "
        f"0 AS Lines FROM (SELECT {columns}, {costs})",
        {"Month": [one.start[:7] for one in amounts], **held, **money},
    )
    return Ledger(connection, (), {}, 0, has_tags=True)
