"""Find planned limits of budgets that have run out; pure, the date is passed in."""

import datetime
from collections.abc import Mapping

from harness.environment import Budget, Environment
from harness.finding import Finding

_PERIODS = {"monthly": ("month", 1, 12), "quarterly": ("quarter", 3, 4)}


def planned_limit_findings(environments: Mapping[str, Environment], today: datetime.date) -> tuple[Finding, ...]:
    """Return a finding for each budget with planned limits: it fails once every period is over. Raises: nothing.

    AWS wants a plan to begin with the current period, and goes on with the last limit when none is left.
    Source: docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html.
    """
    return tuple(
        _finding(f"envs/{environment}/env.yaml", name, budget, today)
        for environment, loaded in environments.items()
        for name, budget in loaded.budgets.items()
        if budget.planned_limits_usd
    )


def _finding(where: str, name: str, budget: Budget, today: datetime.date) -> Finding:
    period, months, count = _PERIODS[budget.time_unit]
    current = f"{today.year}-{today.month - (today.month - 1) % months:02}"
    last = max(budget.planned_limits_usd)
    good = last >= current
    repair = "" if good else f"Do plan {count} {period}s from {current} on, or write limit_usd"
    held, must_hold = f"planned up to {last}", f"a plan that reaches {period} {current}"
    return Finding("planned limit", where, name, "pass" if good else "fail", held, must_hold, repair)
