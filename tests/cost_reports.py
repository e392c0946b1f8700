"""Cost reports made from made-up charges, for all tests of what shows one: `python -m tests.cost_reports page.html`."""

import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from harness.costs.model import (
    Breakdown,
    BudgetLine,
    Cube,
    Day,
    Fault,
    FaultTable,
    Key,
    KeyCoverage,
    Mover,
    Reconciliation,
    Report,
    Row,
    Share,
    Source,
    Split,
    UnitCost,
    Untaggable,
    Variant,
)
from tests.cost_charges import (
    ACCOUNTS,
    APPLICATION,
    KEYS,
    MONTHS,
    UNIT,
    WRONG_UNITS,
    Charge,
    Getter,
    by,
    costs_of,
    getters,
    many,
    money,
    platform,
)

COLUMNS = {
    "BillingPeriodStart": "Month",
    "SubAccountId": "Account",
    "ServiceName": "Service",
    "RegionId": "Region",
    "ChargeCategory": "Charge category",
    "x_SageMakerComponent": "SageMaker component",
}


def ml_platform(currency: str = "USD", count: int = 5_200, seed: int = 7) -> Report:
    """Return a report of a machine-learning platform over 13 months, the last of which has only begun."""
    return report_of([*platform(count, seed)], KEYS, MONTHS, ACCOUNTS, currency=currency)


def large(accounts: int = 400, keys: int = 12, cube_rows: int = 30_000, faults: int = 1_000) -> Report:
    """Return a report as large as one that a company of many accounts gets."""
    names = tuple(f"anycompany:group-{number % 4}:key-{number:02}" for number in range(keys))
    charges = [*many(accounts, keys, cube_rows)]
    accounts_of = {charge.account: f"workload-{charge.account[-3:]}-prod" for charge in charges}
    return report_of(charges, names, MONTHS[:12], accounts_of, most_faults=faults)


def report_of(
    charges: Sequence[Charge],
    keys: Sequence[str],
    months: Sequence[str],
    accounts: dict[str, str],
    *,
    currency: str = "USD",
    most_faults: int = 40,
) -> Report:
    dimensions = getters(keys)
    total = costs_of(charges)
    spread = [dimension for dimension in dimensions if dimension != "BillingPeriodStart"]
    return Report(
        title="Cloud cost of AnyCompany",
        made=f"{months[-1]}-18T06:00:00Z",
        currency=currency,
        engine="DuckDB",
        sources=(
            Source("focus/*.parquet", "FOCUS 1.2", 13, 48_211, f"{months[0]}-01", f"{months[-1]}-17", (), 21),
            Source("old/bill.csv", "CUR 2.0", 1, 900, f"{months[0]}-01", f"{months[0]}-30", ("SubAccountName",), 90),
        ),
        keys=tuple(
            Key(key, mandatory=number < 5, cost_allocation=True, found_as=(f"resource_tags_user_{key}",))
            for number, key in enumerate(keys)
        ),
        months=tuple(months),
        partial_month=months[-1] if len(months) == 13 else "",
        lines=49_111,
        total=total,
        reconciliation=Reconciliation("BilledCost", total.billed, total.billed, Decimal(0), agrees=True),
        accounts=accounts,
        breakdowns=tuple(_breakdown(charges, name, dimensions[name], months, keys) for name in spread),
        days=tuple(_days(charges)),
        coverage=tuple(_coverage(charges, key, dimensions[key], months) for key in keys[:5]),
        untaggable=_untaggable(charges),
        faults=_faults(charges, keys, most_faults),
        variants=_variants(charges) if UNIT in keys else (),
        splits=_splits(charges) if UNIT in keys else (),
        budgets=(
            BudgetLine(
                "anycompany-ml-platform",
                months[-1],
                Decimal(160000),
                Decimal("91210.40"),
                Decimal("171034.11"),
                "daily average of this month",
                "forecast over",
            ),
            BudgetLine(
                "anycompany-retail",
                months[-1],
                Decimal(90000),
                Decimal("40121.07"),
                Decimal("75200.00"),
                "daily average of this month",
                "within",
            ),
            BudgetLine(
                "anycompany-sandbox",
                months[-1],
                Decimal(5000),
                Decimal("6100.99"),
                Decimal("9000.00"),
                "daily average of this month",
                "over",
            ),
            BudgetLine(
                "anycompany-savings-plans",
                months[-1],
                None,
                Decimal(0),
                None,
                "",
                "unknown",
                "its filter names a Savings Plan, which the bill does not tell",
            ),
        ),
        movers=_movers(charges, dimensions, months),
        units=(
            UnitCost(
                "1,000 predictions",
                APPLICATION,
                "fraud-model",
                {month: Decimal("0.0412") - Decimal("0.0011") * n for n, month in enumerate(months)},
            ),
            UnitCost("training run", "", "", {month: Decimal("31.5") + n for n, month in enumerate(months)}),
        )
        if UNIT in keys
        else (),
        cube=cube_of(charges, dimensions),
        notes=("Costs of 2 lines have no day and stand on the first of their month.",),
    )


def cube_of(charges: Iterable[Charge], dimensions: dict[str, Getter]) -> Cube:
    places: dict[str, dict[str, int]] = {name: {} for name in dimensions}
    sums: dict[tuple[int, ...], list[int]] = {}
    for charge in charges:
        place = tuple(places[name].setdefault(get(charge), len(places[name])) for name, get in dimensions.items())
        row = sums.setdefault(place, [0, 0, 0])
        for number, cents in enumerate((charge.billed, charge.effective, charge.amortized)):
            row[number] += cents
    rows = tuple((*place, *row) for place, row in sums.items())
    return Cube(tuple(dimensions), tuple(tuple(held) for held in places.values()), rows)


def _breakdown(
    charges: Sequence[Charge], name: str, getter: Getter, months: Sequence[str], keys: Sequence[str]
) -> Breakdown:
    rows = []
    for value, members in by(charges, getter).items():
        parts = [costs_of(one for one in members if one.month == month) for month in months]
        three = (tuple(getattr(part, cost) for part in parts) for cost in ("billed", "effective", "amortized"))
        rows.append(Row(value, costs_of(members), *three))
    label = COLUMNS.get(name, name.rpartition(":")[2].replace("-", " ").capitalize())
    return Breakdown(name, label, "tag" if name in keys else "column", tuple(rows))


def _days(charges: Sequence[Charge]) -> Iterable[Day]:
    days: dict[str, list[Charge]] = defaultdict(list)
    for number, charge in enumerate(charges):
        days[f"{charge.month}-{number % (17 if charge.month == MONTHS[-1] else 28) + 1:02}"].append(charge)
    for day, members in sorted(days.items()):
        yield Day(day, {name: costs_of(held) for name, held in by(members, lambda charge: charge.service).items()})


def _coverage(charges: Sequence[Charge], key: str, getter: Getter, months: Sequence[str]) -> KeyCoverage:
    amounts = dict.fromkeys(("covered", "wrong", "missing", "untaggable", "unknown"), 0)
    monthly = {month: [0, 0] for month in months}
    for charge in charges:
        value = getter(charge)
        verdict = (
            "wrong" if value in WRONG_UNITS else "covered" if value else "missing" if charge.resource else "untaggable"
        )
        amounts[verdict] += charge.effective
        monthly[charge.month][0] += charge.effective if verdict == "covered" else 0
        monthly[charge.month][1] += charge.effective
    whole = sum(amounts.values())
    taggable = whole - amounts["untaggable"]
    shares = tuple(covered / held if held else None for covered, held in monthly.values())
    held = {verdict: money(cents) for verdict, cents in amounts.items()}
    return KeyCoverage(key, held, amounts["covered"] / whole, amounts["covered"] / taggable, shares)  # type: ignore[arg-type]


def _untaggable(charges: Sequence[Charge]) -> tuple[Untaggable, ...]:
    bare = by((charge for charge in charges if not charge.resource), lambda charge: charge.category)
    reasons = {"Usage": "usage without a resource", "Tax": "taxes", "Purchase": "fees", "Credit": "credits"}
    return tuple(Untaggable(reasons[name], costs_of(held).effective) for name, held in bare.items())


def _faults(charges: Sequence[Charge], keys: Sequence[str], most: int) -> tuple[FaultTable, ...]:
    faulty = [one for one in charges if one.resource and ("" in one.tags or set(one.tags) & set(WRONG_UNITS))]
    owner = min(3, len(keys) - 1)
    groups: dict[str, Getter] = {
        "account": lambda charge: charge.account,
        "service": lambda charge: charge.service,
        "owner": lambda charge: charge.tags[owner],
        "resource": lambda charge: charge.resource,
    }
    tables = []
    for name, getter in groups.items():
        rows = []
        for value, members in [*by(faulty, getter).items()][:most]:
            first = members[0]
            wrong = {key: "missing" if not tag else f'wrong: "{tag}"' for key, tag in zip(keys, first.tags, strict=True)
                     if not tag or tag in WRONG_UNITS}  # fmt: skip
            arn = f"arn:aws:sagemaker:{first.region}:{first.account}:training-job/{value}"
            repair = f"aws resourcegroupstaggingapi tag-resources --resource-arn-list {arn} --tags '{keys[0]}=Retail'"
            if name != "resource":
                rows.append(
                    Fault(value, ACCOUNTS.get(value, value), costs_of(members).effective, wrong, "see its resources")
                )
                continue
            carried = {
                "SubAccountId": first.account,
                "ServiceName": first.service,
                **dict(zip(keys, first.tags, strict=True)),
            }
            rows.append(Fault(arn, value, costs_of(members).effective, wrong, repair, first.account, first.service,
                              first.region, carried))  # fmt: skip
        tables.append(FaultTable(name, tuple(rows), costs_of(faulty).effective))  # type: ignore[arg-type]
    return tuple(tables)


def _variants(charges: Sequence[Charge]) -> tuple[Variant, ...]:
    spelled = {name: costs_of(held).effective for name, held in by(charges, lambda one: one.tags[0]).items()}
    joined = {name: spelled[name] for name in ("Retail", "retail", "Retial") if name in spelled}
    return (Variant(UNIT, "Retail", sum(joined.values(), Decimal(0)), joined),)


def _splits(charges: Sequence[Charge]) -> tuple[Split, ...]:
    units = {name: costs_of(held).effective for name, held in by(charges, lambda one: one.tags[0]).items()}
    amount = units.get("Shared", Decimal(0))
    others = ("Finance", "Retail", "Sales", "DevOps")
    own = [units.get(name, Decimal(0)) for name in others]
    parts = [(amount * part / (sum(own) or 1)).quantize(Decimal("0.01")) for part in own]
    parts[0] += amount - sum(parts)
    shares = tuple(Share(name, held, part, held + part) for name, held, part in zip(others, own, parts, strict=True))
    return (Split("business-unit", "Shared", "proportional", amount, shares),)


def _movers(charges: Sequence[Charge], dimensions: dict[str, Getter], months: Sequence[str]) -> tuple[Mover, ...]:
    found = []
    for name in ("ServiceName", "SubAccountId"):
        for value, members in by(charges, dimensions[name]).items():
            before, after = (
                costs_of(one for one in members if one.month == month).effective for month in months[-3:-1]
            )
            share = float((after - before) / before) if before else None
            found.append(Mover(name, value, before, after, after - before, share))
    return tuple(sorted(found, key=lambda mover: -abs(mover.change))[:14])


if __name__ == "__main__":
    from harness.report.costs.page import render_page

    made = [large()] if "--large" in sys.argv else [ml_platform(), ml_platform("EUR", 900, 3)]
    Path(sys.argv[1]).write_text(render_page(made), encoding="utf-8")
