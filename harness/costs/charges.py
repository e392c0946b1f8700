"""Write a bill of any layout as one table of charges with FOCUS column names, in SQL as DuckDB speaks it."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from harness.costs.layout import Layout

MONEY: Final = "DECIMAL(38, 12)"
# What every charge has. x_ is FOCUS's prefix for columns that the specification does not have.
COLUMNS: Final = (
    "BillingAccountId",
    "BillingCurrency",
    "BillingPeriodStart",
    "ChargePeriodStart",
    "ChargeCategory",
    "ServiceName",
    "RegionId",
    "SubAccountId",
    "SubAccountName",
    "ResourceId",
    "x_UsageType",
    "x_ServiceCode",
    "x_RecordType",
    "BilledCost",
    "EffectiveCost",
    "x_AmortizedCost",
)
COSTS: Final = ("BilledCost", "EffectiveCost", "x_AmortizedCost")

# Types of line items: docs.aws.amazon.com/cur/latest/userguide/Lineitem-columns.html
_CATEGORIES: Final = {
    "Usage": ("Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "SavingsPlanNegation"),
    "Purchase": ("Fee", "RIFee", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee"),
    "Tax": ("Tax",),
    "Credit": ("Credit", "Refund"),
    "Adjustment": (
        "EdpDiscount",
        "PrivateRateDiscount",
        "BundledDiscount",
        "SppDiscount",
        "Discount",
        "RiVolumeDiscount",
    ),
}


class Charges(NamedTuple):
    """Hold how a file's columns become charges.

    `expressions` maps each of COLUMNS to SQL; `missing` are those that the file does not tell. `raw` is the SQL of the
    cost that the file itself sums up, `raw_name` its column.
    """

    expressions: Mapping[str, str]
    missing: tuple[str, ...]
    raw: str
    raw_name: str


def charges_of(layout: Layout, types: Mapping[str, str]) -> Charges:
    """Return the charges of a layout; `types` maps the file's columns to SQL types. Raises: nothing."""
    make = _focus if layout.kind == "focus" else _report
    found = {name: text for name, text in make(_Columns(layout, types)) if text}
    costs = [name for name in COSTS if name in found]
    for name in COSTS:
        found.setdefault(name, found[costs[0]])
    missing = tuple(name for name in COLUMNS if name not in found or (name in COSTS and name not in costs))
    expressions = {name: found.get(name, f"CAST(NULL AS {_type(name)})") for name in COLUMNS}
    raw = next(
        layout.columns[name]
        for name in ("line_item_unblended_cost", "line_item_blended_cost", "billedcost", "effectivecost")
        if name in layout.columns
    )
    return Charges(expressions, missing, money(quoted(raw)), raw)


def quoted(name: str) -> str:
    """Return a name as SQL writes one of any characters. Raises: nothing.

    >>> quoted("lineItem/UsageType")
    '"lineItem/UsageType"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return text as a literal of SQL. Raises: nothing.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def money(text: str) -> str:
    """Return an amount, NULL for what is no number. Raises: nothing."""
    return f"TRY_CAST({text} AS {MONEY})"


def _type(name: str) -> str:
    return "DATE" if name.endswith("Start") else MONEY if name in COSTS else "VARCHAR"


_AMERICAN: Final = [f"{day}{time}" for time in ("", " %H:%M", " %H:%M:%S") for day in ("%m/%d/%y", "%m/%d/%Y")]
# Why a charge cannot carry the tags of a resource: focus.finops.org/focus-specification (ChargeCategory).
REASONS: Final = {
    "Tax": "taxes",
    "Credit": "credits and refunds",
    "Adjustment": "discounts and adjustments",
    "Purchase": "fees of commitments, support and subscriptions",
}


class _Columns:
    """Look up columns of a file by the layout's names."""

    def __init__(self, layout: Layout, types: Mapping[str, str]) -> None:
        self._layout = layout
        self._types = types

    def __call__(self, *names: str) -> str:
        """Return the first of these columns that the file has, "" for none."""
        return next((quoted(self._layout.columns[name]) for name in names if name in self._layout.columns), "")

    def amount(self, *names: str) -> str:
        """Return the first of these columns as an amount, 0 where it is empty."""
        found = self(*names)
        return f"COALESCE({money(found)}, 0)" if found else "0"

    def day(self, *names: str) -> str:
        """Return the first of these columns as a day."""
        name = next((name for name in names if name in self._layout.columns), "")
        if not name:
            return ""
        column = quoted(self._layout.columns[name])
        if self._types.get(self._layout.columns[name], "VARCHAR") != "VARCHAR":
            return f"CAST({column} AS DATE)"
        american = f"TRY_STRPTIME({column}, {_AMERICAN})"  # first: a cast takes 4/1/25 for the year 4
        return f"CAST(COALESCE({american}, TRY_CAST({column} AS TIMESTAMP)) AS DATE)"


def _focus(columns: _Columns) -> Iterator[tuple[str, str]]:
    yield "BillingAccountId", columns("billingaccountid")
    yield "BillingCurrency", columns("billingcurrency", "billedcurrency")
    period = columns.day("billingperiodstart") or columns.day("chargeperiodstart")
    yield "BillingPeriodStart", period and f"CAST(DATE_TRUNC('month', {period}) AS DATE)"
    yield "ChargePeriodStart", columns.day("chargeperiodstart")
    yield "ChargeCategory", columns("chargecategory", "chargetype")
    yield "ServiceName", columns("servicename")
    yield "RegionId", columns("regionid", "region", "regionname")
    yield "SubAccountId", columns("subaccountid") or columns("billingaccountid")
    yield "SubAccountName", columns("subaccountname")
    yield "ResourceId", columns("resourceid")
    yield "x_UsageType", columns("x_usagetype", "skumeter", "chargedescription")
    yield "x_ServiceCode", columns("x_servicecode")
    yield "BilledCost", money(columns("billedcost")) if columns("billedcost") else ""
    yield "EffectiveCost", money(columns("effectivecost")) if columns("effectivecost") else ""
    amortized = columns("amortizedcost") or columns("effectivecost")
    yield "x_AmortizedCost", money(amortized) if amortized else ""


def _report(columns: _Columns) -> Iterator[tuple[str, str]]:
    yield "BillingAccountId", columns("bill_payer_account_id")
    yield "BillingCurrency", columns("line_item_currency_code")
    period = columns.day("bill_billing_period_start_date") or columns.day("line_item_usage_start_date")
    yield "BillingPeriodStart", period and f"CAST(DATE_TRUNC('month', {period}) AS DATE)"
    yield "ChargePeriodStart", columns.day("line_item_usage_start_date")
    kind = columns("line_item_line_item_type")
    yield "ChargeCategory", kind and _category(kind)
    names = [columns("product_product_name"), columns("product_servicename"), columns("line_item_product_code")]
    yield "ServiceName", _first(names)
    yield "RegionId", _first([columns("product_region_code"), columns("product_region")])
    yield "SubAccountId", columns("line_item_usage_account_id")
    yield "SubAccountName", columns("line_item_usage_account_name")
    yield "ResourceId", columns("line_item_resource_id")
    yield "x_UsageType", columns("line_item_usage_type")
    yield "x_ServiceCode", _first([columns("line_item_product_code"), columns("product_servicecode")])
    # As cost categories call it: docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/manage-cost-categories.html
    yield "x_RecordType", kind
    gross = columns.amount("line_item_unblended_cost", "line_item_blended_cost")
    net = columns("line_item_net_unblended_cost")
    yield "BilledCost", _billed(kind, f"COALESCE({money(net)}, {gross})" if net else gross)
    yield "EffectiveCost", _amortized(columns, kind, net=True)
    yield "x_AmortizedCost", _amortized(columns, kind, net=False)


def _first(names: list[str]) -> str:
    found = [f"NULLIF({name}, '')" for name in names if name]
    return f"COALESCE({', '.join(found)})" if found else ""


def _category(kind: str) -> str:
    kinds = {category: ", ".join(map(literal, names)) for category, names in _CATEGORIES.items()}
    cases = (f"WHEN {kind} IN ({names}) THEN '{category}'" for category, names in kinds.items())
    return f"CASE {' '.join(cases)} ELSE {kind} END"


def _billed(kind: str, cost: str) -> str:
    """Return what is on the invoice: usage that a Savings Plan covers is paid by the plan's own fees.

    The report writes it at the full price and takes it back in lines without tags, which would make untagged credits.
    """
    if not kind:
        return cost
    return f"CASE WHEN {kind} IN ('SavingsPlanCoveredUsage', 'SavingsPlanNegation') THEN 0 ELSE {cost} END"


def _amortized(columns: _Columns, kind: str, *, net: bool) -> str:
    """Return the cost with fees of commitments spread over what they cover.

    docs.aws.amazon.com/cur/latest/userguide/amortized-reservation.html and amortized-savings-plans
    """

    def amount(name: str) -> str:
        """Return a column, less private discounts if there is one; the plain cost where there is neither."""
        category, _, rest = name.partition("__")
        wanted = [f"{category}_net_{rest}", f"{category}_{rest}"] if net else [f"{category}_{rest}"]
        held = [money(column) for column in (columns(one) for one in wanted) if column]
        return f"COALESCE({', '.join(held)}, 0)" if held else plain  # net columns are empty where nothing is discounted

    net_cost = columns("line_item_net_unblended_cost") if net else ""
    gross = columns.amount("line_item_unblended_cost", "line_item_blended_cost")
    plain = f"COALESCE({money(net_cost)}, {gross})" if net_cost else gross
    if not kind:
        return plain
    total, used = columns("savings_plan_total_commitment_to_date"), columns("savings_plan_used_commitment")
    unused = f"COALESCE({money(total)}, 0) - COALESCE({money(used)}, 0)" if total and used else plain
    idle = amount("reservation__unused_amortized_upfront_fee_for_billing_period")
    if idle != plain and columns("reservation_unused_recurring_fee"):
        idle += f" + {amount('reservation__unused_recurring_fee')}"
    arn = columns("reservation_reservation_a_r_n")
    upfront = f"WHEN {kind} = 'Fee' AND COALESCE({arn}, '') <> '' THEN 0 " if arn else ""
    return (
        f"CASE WHEN {kind} = 'SavingsPlanCoveredUsage' THEN {amount('savings_plan__savings_plan_effective_cost')} "
        f"WHEN {kind} = 'SavingsPlanRecurringFee' THEN {unused} "
        f"WHEN {kind} IN ('SavingsPlanNegation', 'SavingsPlanUpfrontFee') THEN 0 "
        f"WHEN {kind} = 'DiscountedUsage' THEN {amount('reservation__effective_cost')} "
        f"WHEN {kind} = 'RIFee' THEN {idle} {upfront}ELSE {plain} END"
    )
