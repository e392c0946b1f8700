"""What each type of line of a Cost and Usage Report costs, with and without net columns."""

from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.unit.costs.bills import report_of, write_csv

CUR = {
    "line_item_line_item_type": "Usage",
    "line_item_line_item_description": "",
    "line_item_unblended_cost": "0",
    "line_item_usage_start_date": "2026-10-02T00:00:00Z",
    "bill_billing_period_start_date": "2026-10-01T00:00:00Z",
    "line_item_currency_code": "USD",
    "line_item_usage_account_id": "222222222222",
    "line_item_product_code": "AmazonEC2",
    "line_item_resource_id": "i-1",
    "savings_plan_savings_plan_effective_cost": "",
    "savings_plan_total_commitment_to_date": "",
    "savings_plan_used_commitment": "",
    "savings_plan_recurring_commitment_for_billing_period": "",
    "savings_plan_amortized_upfront_commitment_for_billing_period": "",
    "reservation_effective_cost": "",
    "reservation_unused_amortized_upfront_fee_for_billing_period": "",
    "reservation_unused_recurring_fee": "",
    "reservation_reservation_a_r_n": "",
}
# The column that has an amount less private discounts, of each that may have them.
NET = {
    name: name.replace(group, f"{group}net_", 1)
    for group in ("line_item_", "savings_plan_", "reservation_")
    for name in CUR
    if name.startswith(group)
    and name.endswith(("unblended_cost", "effective_cost", "for_billing_period", "recurring_fee"))
}
COSTS = ("billed", "effective", "amortized")


class Line(NamedTuple):
    """Hold a line's columns, its costs without net columns, its net columns, and its costs with them.

    Costs are billed, effective and amortized. A column whose net one is not told is as it was.
    """

    columns: dict[str, str]
    costs: tuple[str, str, str]
    net: dict[str, str]
    net_costs: tuple[str, str, str]


def line(
    cost: str,
    net_cost: str,
    costs: tuple[str, str, str],
    net_costs: tuple[str, str, str],
    **further: str | tuple[str, str],
) -> Line:
    """Return a line of an unblended and a net cost; `further` columns are text, or an amount and its net one."""
    told: dict[str, str | tuple[str, str]] = {"line_item_unblended_cost": (cost, net_cost), **further}
    columns = {name: held if isinstance(held, str) else held[0] for name, held in told.items()}
    return Line(
        columns, costs, {NET[name]: held[1] for name, held in told.items() if not isinstance(held, str)}, net_costs
    )


PLAN = "savings_plan_"
RECURRING, UPFRONT = (f"{PLAN}{name}_commitment_for_billing_period" for name in ("recurring", "amortized_upfront"))
USED = {f"{PLAN}total_commitment_to_date": "8", f"{PLAN}used_commitment": "6"}
UNUSED = "reservation_unused_"
ARN = "arn:aws:ec2:eu-central-1:222222222222:reserved-instances/a"
RETURNED = "Refund for one-time fee for Savings Plan ID: 70352035"
# Type of line, and what it is about -> a line of 10% private discount. docs.aws.amazon.com/cur/latest/userguide/
# Lineitem-columns.html, amortized-reservation.html, cur-sp.html
LINES = {
    "Usage": line("10", "9", ("10", "10", "10"), ("9", "9", "10")),
    "DiscountedUsage": line("0", "0", ("0", "3", "3"), ("0", "2.7", "3"), reservation_effective_cost=("3", "2.7")),
    "RIFee": line(
        "5",
        "4.5",
        ("5", "1.5", "1.5"),
        ("4.5", "1.35", "1.5"),
        **{
            f"{UNUSED}amortized_upfront_fee_for_billing_period": ("0.5", "0.45"),
            f"{UNUSED}recurring_fee": ("1", "0.9"),
        },
    ),
    "Fee, of a reservation": line("50", "45", ("50", "0", "0"), ("45", "0", "0"), reservation_reservation_a_r_n=ARN),
    "Fee, of support": line("29", "29", ("29", "29", "29"), ("29", "29", "29")),
    "SavingsPlanCoveredUsage": line(
        "10", "9", ("0", "6", "6"), ("0", "5.4", "6"), savings_plan_savings_plan_effective_cost=("6", "5.4")
    ),
    "SavingsPlanNegation": line("-10", "-9", ("0", "0", "0"), ("0", "0", "0")),
    "SavingsPlanUpfrontFee": line("100", "90", ("100", "0", "0"), ("90", "0", "0")),
    "SavingsPlanRecurringFee, no upfront": line(
        "8", "7.2", ("8", "2", "2"), ("7.2", "1.8", "2"), **USED, **{RECURRING: ("80", "72"), UPFRONT: ("0", "0")}
    ),
    "SavingsPlanRecurringFee, partial upfront": line(
        "4", "3.6", ("4", "2", "2"), ("3.6", "1.8", "2"), **USED, **{RECURRING: ("40", "36"), UPFRONT: ("40", "36")}
    ),
    "SavingsPlanRecurringFee, all upfront": line(
        "0", "0", ("0", "2", "2"), ("0", "1.8", "2"), **USED, **{RECURRING: ("0", "0"), UPFRONT: ("80", "72")}
    ),
    "SavingsPlanRecurringFee, commitment not told": line("8", "7.2", ("8", "2", "2"), ("7.2", "2", "2"), **USED),
    "Tax": line("1.9", "1.9", ("1.9", "1.9", "1.9"), ("1.9", "1.9", "1.9")),
    "Credit": line("-4", "-4", ("-4", "-4", "-4"), ("-4", "-4", "-4")),
    "Refund, of usage": line("-3", "-2.7", ("-3", "-3", "-3"), ("-2.7", "-2.7", "-3")),
    "Refund, of a plan given back": line(
        "-100",
        "-90",
        ("-100", "0", "0"),
        ("-90", "0", "0"),
        line_item_product_code="ComputeSavingsPlans",
        line_item_line_item_description=RETURNED,
    ),
    "Refund, of a discount on a plan": line(
        "-2",
        "-2",
        ("-2", "-2", "-2"),
        ("-2", "-2", "-2"),
        line_item_product_code="ComputeSavingsPlans",
        line_item_line_item_description="Enterprise Program Discount",
    ),
    **{
        f"{name}, net {net or 'empty'}": line("-1", net, ("-1", "-1", "-1"), ("0", "0", "-1"))
        for name in (
            *("BundledDiscount", "Discount", "DistributorDiscount", "EdpDiscount", "PrivateRateDiscount"),
            *("RiVolumeDiscount", "SppDiscount"),
        )
        for net in ("0", "")
    },
}


def written(name: str, *, net: bool, old: bool = False) -> dict[str, str]:
    """Return a line as a file has it, with net columns or without; in columns of CUR 1 if `old`."""
    found = {**CUR, **LINES[name].columns, "line_item_line_item_type": name.partition(",")[0]}
    if net:
        found |= dict.fromkeys(NET.values(), "") | LINES[name].net
    return {_old(column): value for column, value in found.items()} if old else found


def _old(column: str) -> str:
    """Return a column of CUR 2.0 as CUR 1 names it."""
    group = next(group for group in ("line_item", "bill", "savings_plan", "reservation") if column.startswith(group))
    first, *others = group.split("_")
    rest = column.removeprefix(f"{group}_").replace("a_r_n", "ARN").split("_")
    return (
        f"{first}{''.join(map(str.title, others))}/{''.join(part if part == 'ARN' else part.title() for part in rest)}"
    )


@pytest.mark.parametrize("old", [True, False], ids=["CUR 1", "CUR 2.0"])
@pytest.mark.parametrize("net", [True, False], ids=["net", "gross"])
def test_costs_of_each_line(tmp_path: Path, *, net: bool, old: bool) -> None:
    account = _old("line_item_usage_account_id") if old else "line_item_usage_account_id"
    lines = [{**written(name, net=net, old=old), account: name} for name in LINES]

    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines))

    assert report.sources[0].layout == ("CUR 1" if old else "CUR 2.0")
    rows = next(table.rows for table in report.breakdowns if table.dimension == "SubAccountId")
    assert {row.value: tuple(getattr(row.costs, cost) for cost in COSTS) for row in rows} == {
        name: tuple(map(Decimal, line.net_costs if net else line.costs)) for name, line in LINES.items()
    }


def test_plan_that_is_given_back_costs_nothing(tmp_path: Path) -> None:
    names = ("SavingsPlanUpfrontFee", "Refund, of a plan given back")
    file = write_csv(tmp_path / "bill.csv", [written(name, net=False) for name in names])

    total = report_of(tmp_path / "s", file).total

    assert (total.billed, total.effective, total.amortized) == (0, 0, 0)


def test_refund_without_a_description_is_told_by_its_product(tmp_path: Path) -> None:
    names = ("SavingsPlanUpfrontFee", "Refund, of a plan given back", "Refund, of usage")
    lines = [written(name, net=False) for name in names]
    for one in lines:
        del one["line_item_line_item_description"]

    assert report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines)).total.effective == -3


# A column of commitments that is not told -> what they cost, billed and effective alike.
PLANS = [f"{PLAN}savings_plan_effective_cost", f"{PLAN}total_commitment_to_date", f"{PLAN}used_commitment"]
RESERVATIONS = [
    *("reservation_effective_cost", "reservation_reservation_a_r_n"),
    f"{UNUSED}amortized_upfront_fee_for_billing_period",
]
TOLD = [
    *(
        (column, ("SavingsPlanCoveredUsage", "SavingsPlanNegation", "SavingsPlanRecurringFee, no upfront"))
        for column in PLANS
    ),
    *((column, ("DiscountedUsage", "RIFee", "Fee, of a reservation")) for column in RESERVATIONS),
]


@pytest.mark.parametrize(("column", "names"), TOLD)
def test_fees_count_once_where_what_they_cover_is_not_told(tmp_path: Path, column: str, names: tuple[str, ...]) -> None:
    lines = [written(name, net=False) for name in names]
    for one in lines:
        del one[column]

    total = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines)).total

    assert total.effective == total.amortized == total.billed


def test_a_bill_of_all_lines_agrees_with_itself(tmp_path: Path) -> None:
    names = [name for name in LINES if not name.endswith("empty")]
    file = write_csv(tmp_path / "bill.csv", [written(name, net=False) for name in names])

    assert report_of(tmp_path / "s", file).reconciliation.agrees


def test_net_costs_and_lines_of_discounts_agree_with_the_bill(tmp_path: Path) -> None:
    lines = [written(name, net=True) for name in ("Usage", "EdpDiscount, net empty")]

    found = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines)).reconciliation

    assert (found.file_cost, found.agrees) == (9, True)


def test_covered_usage_without_its_negation_does_not_agree(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill.csv", [written("SavingsPlanCoveredUsage", net=False)])

    found = report_of(tmp_path / "s", file).reconciliation

    assert not found.agrees
    assert found.difference == -10
    assert found.notes == (
        "lines of Savings Plans and private discounts change what is billed against the column's sum",
    )


def test_net_columns_that_are_empty_leave_the_cost_before_discounts(tmp_path: Path) -> None:
    net = {
        "line_item_net_unblended_cost": "",
        "savings_plan_net_savings_plan_effective_cost": "",
        "reservation_net_effective_cost": "",
    }
    lines = [
        {
            **CUR,
            **net,
            "line_item_line_item_type": "SavingsPlanCoveredUsage",
            "savings_plan_savings_plan_effective_cost": "6",
        },
        {**CUR, **net, "line_item_line_item_type": "DiscountedUsage", "reservation_effective_cost": "3"},
    ]
    report = report_of(
        tmp_path / "s", write_csv(tmp_path / "bill.csv", [{**lines[1], **lines[0]}, {**lines[0], **lines[1]}])
    )

    assert (report.total.effective, report.total.amortized) == (9, 9)


def test_unused_reservations_without_a_column_of_recurring_fees_count_once(tmp_path: Path) -> None:
    held = {name: value for name, value in CUR.items() if name != "reservation_unused_recurring_fee"}
    lines = [
        {**held, "line_item_line_item_type": "RIFee", "line_item_unblended_cost": "5"},
        {**held, "line_item_line_item_type": "DiscountedUsage", "reservation_effective_cost": "5"},
    ]
    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines))

    assert (report.total.billed, report.total.effective) == (5, 5)
