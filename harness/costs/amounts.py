"""Write what a line of a Cost and Usage Report costs, as SQL: on the invoice, and with fees spread over their usage.

Line types: docs.aws.amazon.com/cur/latest/userguide/Lineitem-columns.html. Where private discounts are taken off, the
report has net columns, and in the same bill lines of the discounts themselves.
"""

from collections.abc import Iterator
from typing import Final, Protocol

MONEY: Final = "DECIMAL(38, 12)"
# Bundled, private-rate, enterprise and partners' discounts, as far as they are lines of their own.
DISCOUNTS: Final = "LIKE '%Discount'"
# The refund of a plan that is given back within seven days. It names no plan, and discounts are refunded under the
# plans' product code as well, so that the description alone tells the two apart:
# github.com/aws-solutions-library-samples/cloud-intelligence-dashboards-framework/pull/1515
_RETURNED_PLAN: Final = "LIKE 'Refund for one-time fee for Savings Plan ID%'"


class Columns(Protocol):
    """Look up columns of a file by the report's names."""

    def __call__(self, *names: str) -> str:
        """Return the first of these columns that the file has, "" for none."""

    def amount(self, *names: str) -> str:
        """Return the first of these columns as an amount, 0 where it is empty or not there."""


def money(text: str) -> str:
    """Return an amount, NULL for what is no number. Raises: nothing."""
    return f"TRY_CAST({text} AS {MONEY})"


def billed(columns: Columns, kind: str) -> str:
    """Return what is on the invoice; `kind` is the column of the line's type, "" without one. Raises: nothing.

    Usage that a Savings Plan covers is paid by the plan's own fees. The report writes it at the full price and takes it
    back in lines without tags, which would make untagged credits.
    """
    cost = _plain(columns, kind, net=True)
    return f"CASE WHEN {_covered(kind)} THEN 0 ELSE {cost} END" if kind else cost


def amortized(columns: Columns, kind: str, *, net: bool) -> str:
    """Return the cost with fees of commitments spread over what they cover, less private discounts if `net`.

    docs.aws.amazon.com/cur/latest/userguide/amortized-reservation.html and cur-sp.html. What is spread and what it is
    spread over have to be told together: in a file without a column of theirs, fees count as billed. Raises: nothing.
    """
    plain = _plain(columns, kind, net=net)
    if not kind:
        return plain
    cases = [*_savings_plans(columns, kind, net=net), *_reservations(columns, kind, net=net)]
    return f"CASE {' '.join(cases)} ELSE {plain} END"


def _covered(kind: str) -> str:
    return f"{kind} IN ('SavingsPlanCoveredUsage', 'SavingsPlanNegation')"


def _plain(columns: Columns, kind: str, *, net: bool) -> str:
    """Return the cost as it is charged, net if that is wanted and told; net columns may be empty.

    Net costs have the discounts off, so that the lines of these count as nothing beside them. Cost Explorer, too, shows
    discounts as charges of their own in unblended and amortized costs, and as 0 in net ones:
    docs.aws.amazon.com/cost-management/latest/userguide/ce-exploring-data.html and github.com/boto/boto3/issues/4115
    """
    gross = columns.amount("line_item_unblended_cost", "line_item_blended_cost")
    held = columns("line_item_net_unblended_cost") if net else ""
    if not held:
        return gross
    otherwise = f"CASE WHEN {kind} {DISCOUNTS} THEN 0 ELSE {gross} END" if kind else gross
    return f"COALESCE({money(held)}, {otherwise})"


def _savings_plans(columns: Columns, kind: str, *, net: bool) -> Iterator[str]:
    total, used = "savings_plan_total_commitment_to_date", "savings_plan_used_commitment"
    if not all(columns(name) for name in ("savings_plan_savings_plan_effective_cost", total, used)):
        yield f"WHEN {_covered(kind)} THEN 0"
        return
    effective = _less(columns, "savings_plan", "savings_plan_effective_cost", net=net)
    unused = f"{columns.amount(total)} - {columns.amount(used)}"
    yield f"WHEN {kind} = 'SavingsPlanCoveredUsage' THEN {effective}"
    yield f"WHEN {kind} = 'SavingsPlanRecurringFee' THEN {_discounted(columns, unused) if net else unused}"
    yield f"WHEN {kind} IN ('SavingsPlanNegation', 'SavingsPlanUpfrontFee') THEN 0"
    if description := columns("line_item_line_item_description"):
        yield f"WHEN {kind} = 'Refund' AND {description} {_RETURNED_PLAN} THEN 0"
    elif product := columns("line_item_product_code"):  # all that is left to tell it by
        yield f"WHEN {kind} = 'Refund' AND {product} LIKE '%SavingsPlans' THEN 0"


def _discounted(columns: Columns, unused: str) -> str:
    """Return an unused commitment less private discounts, which the report tells of a fee as a whole alone.

    docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2-savings-plan.html
    """
    names = ("recurring_commitment_for_billing_period", "amortized_upfront_commitment_for_billing_period")
    gross, less = (" + ".join(_less(columns, "savings_plan", name, net=net) for name in names) for net in (False, True))
    if gross == less:
        return unused
    share = f"CAST({less} AS DOUBLE) / NULLIF(CAST({gross} AS DOUBLE), 0)"
    return f"COALESCE({money(f'CAST({unused} AS DOUBLE) * {share}')}, {unused})"


def _reservations(columns: Columns, kind: str, *, net: bool) -> Iterator[str]:
    idle, arn = "unused_amortized_upfront_fee_for_billing_period", columns("reservation_reservation_a_r_n")
    if not (columns("reservation_effective_cost") and columns(f"reservation_{idle}") and arn):
        return
    unused = " + ".join(_less(columns, "reservation", name, net=net) for name in (idle, "unused_recurring_fee"))
    yield f"WHEN {kind} = 'DiscountedUsage' THEN {_less(columns, 'reservation', 'effective_cost', net=net)}"
    yield f"WHEN {kind} = 'RIFee' THEN {unused}"
    yield f"WHEN {kind} = 'Fee' AND COALESCE({arn}, '') <> '' THEN 0"


def _less(columns: Columns, group: str, name: str, *, net: bool) -> str:
    """Return an amount of a commitment, less private discounts where that is wanted and told, 0 without a column."""
    names = (f"{group}_net_{name}", f"{group}_{name}") if net else (f"{group}_{name}",)
    held = [money(column) for column in map(columns, names) if column]
    return f"COALESCE({', '.join((*held, '0'))})" if held else "0"
