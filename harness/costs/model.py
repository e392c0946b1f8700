"""Model the cost report: every table and number of it, the same for terminal, files and page.

Structs of msgspec, which writes them as JSON. Money is Decimal in the bill's currency, months are `YYYY-MM`, days
`YYYY-MM-DD`, shares are fractions from 0 to 1, None where there is nothing to divide by. Costs have FOCUS's names:
BilledCost is what the invoice says, EffectiveCost has fees of commitments spread over what they cover and all discounts
taken off, x_AmortizedCost the same before private discounts.
"""

from decimal import Decimal
from typing import Literal

import msgspec

Verdict = Literal["covered", "wrong", "missing", "untaggable", "unknown"]


class Costs(msgspec.Struct, frozen=True):
    """Hold the three costs of something."""

    billed: Decimal
    effective: Decimal
    amortized: Decimal

    def __add__(self, other: "Costs") -> "Costs":
        """Return both together. Raises: nothing."""
        return Costs(self.billed + other.billed, self.effective + other.effective, self.amortized + other.amortized)


class Source(msgspec.Struct, frozen=True):
    """Say what was read: `missing` are the FOCUS columns that it does not tell, `further` how many it has besides."""

    name: str
    layout: str
    files: int
    lines: int
    first_day: str
    last_day: str
    missing: tuple[str, ...] = ()
    further: int = 0


class Key(msgspec.Struct, frozen=True):
    """Name a key of the dictionary, with the columns or map entries of the bill that hold it."""

    key: str
    mandatory: bool
    cost_allocation: bool
    found_as: tuple[str, ...]
    purpose: str = ""


class Row(msgspec.Struct, frozen=True):
    """Hold the costs of one value of a dimension, in total and month by month, as the report's months."""

    value: str
    costs: Costs
    billed: tuple[Decimal, ...]
    effective: tuple[Decimal, ...]
    amortized: tuple[Decimal, ...]


class Breakdown(msgspec.Struct, frozen=True):
    """Hold the costs by one dimension, dearest first; `dimension` is a FOCUS column, a tag key or a cost category.

    `kind` says which. Values without a tag stand under "". `others` counts the values that the last row, "(others)",
    sums up; 0 when there is no such row.
    """

    dimension: str
    label: str
    kind: Literal["column", "tag", "category"]
    rows: tuple[Row, ...]
    others: int = 0


class Day(msgspec.Struct, frozen=True):
    """Hold the costs of a day by service."""

    day: str
    services: dict[str, Costs]


class KeyCoverage(msgspec.Struct, frozen=True):
    """Say how much effective cost carries a mandatory key with an allowed value.

    `amounts` has an amount for each verdict, which together are the report's effective cost. `share` is covered of all,
    `taggable_share` covered of what can be tagged; `months` is `share` by month. `note` says why a key is unknown, or
    that it is nowhere in the bill.
    """

    key: str
    amounts: dict[Verdict, Decimal]
    share: float | None
    taggable_share: float | None
    months: tuple[float | None, ...]
    note: str = ""


class Untaggable(msgspec.Struct, frozen=True):
    """Say what costs cannot carry tags, and why."""

    reason: str
    effective: Decimal


class Fault(msgspec.Struct, frozen=True):
    """Hold a group of spend that lacks keys or has wrong ones: of an account, service, owner or a resource.

    `keys` maps each key at fault to what is wrong with it; `repair` is a command or sentence that mends it. `carried`
    maps dimensions of the cube to the values that it stands under there, where they are known: a page finds it by them.
    """

    name: str
    label: str
    effective: Decimal
    keys: dict[str, str]
    repair: str
    account: str = ""
    service: str = ""
    region: str = ""
    carried: dict[str, str] = {}


class FaultTable(msgspec.Struct, frozen=True):
    """Hold the dearest faults by account, service, owner or resource."""

    by: Literal["account", "service", "owner", "resource"]
    rows: tuple[Fault, ...]
    total: Decimal


class Variant(msgspec.Struct, frozen=True):
    """Show a value that is written in several ways: joined, and each apart with its effective cost."""

    key: str
    value: str
    effective: Decimal
    spellings: dict[str, Decimal]


class Share(msgspec.Struct, frozen=True):
    """Hold what one value of a cost category gets of a shared cost."""

    value: str
    own: Decimal
    received: Decimal
    total: Decimal


class Split(msgspec.Struct, frozen=True):
    """Hold a shared cost and who gets which part of it, by the cost category's rule."""

    category: str
    source: str
    method: Literal["even", "proportional", "fixed"]
    amount: Decimal
    shares: tuple[Share, ...]


class BudgetLine(msgspec.Struct, frozen=True):
    """Hold a budget beside what its current period has cost, and what that will come to (`forecast_by` says how)."""

    name: str
    period: str
    limit: Decimal | None
    actual: Decimal
    forecast: Decimal | None
    forecast_by: str
    status: Literal["within", "forecast over", "over", "unknown"]
    note: str = ""


class Forecast(msgspec.Struct, frozen=True):
    """Hold what a month will have cost in the end, as billed, with the bounds of AWS's prediction interval of 80%."""

    month: str
    billed: Decimal
    lower: Decimal
    upper: Decimal


class Mover(msgspec.Struct, frozen=True):
    """Hold a change of effective cost from one month to the next; `share` is the change of what was before."""

    dimension: str
    value: str
    before: Decimal
    after: Decimal
    change: Decimal
    share: float | None


class UnitCost(msgspec.Struct, frozen=True):
    """Hold effective cost per unit of a metric; `value` narrows it to one value of `dimension`, "" for all costs."""

    metric: str
    dimension: str
    value: str
    months: dict[str, Decimal | None]


class Group(msgspec.Struct, frozen=True):
    """Hold the costs of one combination of values, in total and of each period in which there are any."""

    values: tuple[str, ...]
    costs: Costs
    periods: dict[str, Costs]


class Grouping(msgspec.Struct, frozen=True):
    """Hold the costs by several dimensions at once, the dearest group first; a value is "" where there is none."""

    dimensions: tuple[str, ...]
    period: Literal["month", "day"]
    groups: tuple[Group, ...]


class Reconciliation(msgspec.Struct, frozen=True):
    """Hold what the files sum up to by themselves beside what the report says, and what explains a difference."""

    column: str
    file_cost: Decimal
    report_cost: Decimal
    difference: Decimal
    agrees: bool
    notes: tuple[str, ...] = ()


class Cube(msgspec.Struct, frozen=True):
    """Hold costs by several dimensions at once, for a page that filters: column by column, values by number.

    `dimensions` names them; `values` lists each one's values; `rows` has, for each row, a number for each dimension,
    then billed, effective and amortized cost in cents. Values that cost little share the value "(others)".
    """

    dimensions: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[int, ...], ...]


class Report(msgspec.Struct, frozen=True):
    """Hold the whole report of one currency; only Cost Explorer gives a forecast, and `grouping` is what was asked."""

    title: str
    made: str
    currency: str
    engine: str
    sources: tuple[Source, ...]
    keys: tuple[Key, ...]
    months: tuple[str, ...]
    partial_month: str
    lines: int
    total: Costs
    reconciliation: Reconciliation
    accounts: dict[str, str]
    breakdowns: tuple[Breakdown, ...]
    days: tuple[Day, ...]
    coverage: tuple[KeyCoverage, ...]
    untaggable: tuple[Untaggable, ...]
    faults: tuple[FaultTable, ...]
    variants: tuple[Variant, ...]
    splits: tuple[Split, ...]
    budgets: tuple[BudgetLine, ...]
    movers: tuple[Mover, ...]
    units: tuple[UnitCost, ...]
    cube: Cube
    notes: tuple[str, ...]
    forecast: tuple[Forecast, ...] = ()
    grouping: Grouping | None = None
