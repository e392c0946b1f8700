"""The periods of budgets: days, months, quarters and years of the calendar, in UTC.

docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html (TimePeriod, TimeUnit).
"""

import datetime
from dataclasses import dataclass

from harness.emulator.clock import DAY

_MONTHS = {"MONTHLY": 1, "QUARTERLY": 3, "ANNUALLY": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """Hold the time from `start` to before `end`."""

    start: datetime.datetime
    end: datetime.datetime


def period_at(time_unit: str, moment: datetime.datetime) -> Period:
    """Return the calendar's period around a moment; a CUSTOM one is the day, since its budget says when it is.

    >>> period_at("QUARTERLY", datetime.datetime(2026, 12, 24, 20)).start
    datetime.datetime(2026, 10, 1, 0, 0)
    """
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    months = _MONTHS.get(time_unit)
    if months is None:
        return Period(midnight, midnight + DAY)
    first = midnight.year * 12 + midnight.month - 1
    first -= first % months
    return Period(_month(first), _month(first + months))


def running_period(time_unit: str, whole: Period, now: datetime.datetime) -> Period | None:
    """Return the period that runs in a budget that covers `whole`; None before it begins and after it ends."""
    if not whole.start <= now < whole.end:
        return None
    if time_unit == "CUSTOM":
        return whole
    found = period_at(time_unit, now)
    return Period(max(found.start, whole.start), min(found.end, whole.end))


def periods_before(time_unit: str, moment: datetime.datetime, count: int) -> tuple[Period, ...]:
    """Return the whole periods before the one around a moment, oldest first."""
    found: list[Period] = []
    start = period_at(time_unit, moment).start
    for _ in range(count):
        found.append(period_at(time_unit, start - DAY))
        start = found[-1].start
    return tuple(reversed(found))


def _month(number: int) -> datetime.datetime:
    """Return the first of a month, which is counted from the year 0."""
    return datetime.datetime(number // 12, number % 12 + 1, 1)
