"""Write a bill of any layout as one table of charges with FOCUS column names, in SQL as DuckDB speaks it."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from harness.costs.amounts import DISCOUNTS, MONEY, amortized, billed, money
from harness.costs.layout import Layout

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
}


class Charges(NamedTuple):
    """Hold how a file's columns become charges.

    `expressions` maps each of COLUMNS to SQL; `missing` are those that the file does not tell. `raw` is the SQL of the
    cost that the file itself sums up, `raw_name` its column; `amounts` are the columns that costs are worked out of.
    """

    expressions: Mapping[str, str]
    missing: tuple[str, ...]
    raw: str
    raw_name: str
    amounts: tuple[str, ...]


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
    used = " ".join((money(quoted(raw)), *(expressions[name] for name in COSTS)))
    amounts = tuple(name for name in types if money(quoted(name)) in used)
    return Charges(expressions, missing, money(quoted(raw)), raw, amounts)


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

    def entry(self, name: str, key: str) -> str:
        """Return an entry of a column that holds a map, a struct or JSON text, "" without the column."""
        column = self(name)
        if not column:
            return ""
        if self._types.get(self._layout.columns[name], "VARCHAR").startswith("MAP"):
            return f"{column}[{literal(key)}]"
        path = literal(f'$."{key}"')
        return f"JSON_EXTRACT_STRING(TRY_CAST({column} AS JSON), {path})"

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
    yield "ServiceName", _first(_service_names(columns))
    yield "RegionId", _first([columns("product_region_code"), columns("product_region")])
    yield "SubAccountId", columns("line_item_usage_account_id")
    yield "SubAccountName", columns("line_item_usage_account_name")
    yield "ResourceId", columns("line_item_resource_id")
    yield "x_UsageType", columns("line_item_usage_type")
    yield "x_ServiceCode", _first([columns("line_item_product_code"), columns("product_servicecode")])
    # As cost categories call it: docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/manage-cost-categories.html
    yield "x_RecordType", kind
    yield "BilledCost", billed(columns, kind)
    yield "EffectiveCost", amortized(columns, kind, net=True)
    yield "x_AmortizedCost", amortized(columns, kind, net=False)


def _service_names(columns: _Columns) -> list[str]:
    """Return where a service's name may stand: CUR 2.0 has a map for columns of CUR 1 that it does not have itself.

    docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2-product.html
    """
    named = [columns("product_product_name"), columns("product_servicename"), columns.entry("product", "product_name")]
    return [*named, columns("line_item_product_code")]


def _first(names: list[str]) -> str:
    found = [f"NULLIF({name}, '')" for name in names if name]
    return f"COALESCE({', '.join(found)})" if found else ""


def _category(kind: str) -> str:
    kinds = {category: ", ".join(map(literal, names)) for category, names in _CATEGORIES.items()}
    cases = (f"WHEN {kind} IN ({names}) THEN '{category}'" for category, names in kinds.items())
    return f"CASE {' '.join(cases)} WHEN {kind} {DISCOUNTS} THEN 'Adjustment' ELSE {kind} END"
