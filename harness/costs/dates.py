"""Tell dates that can be from those that a broken file has; costs of the others are summed, and said to have none."""

import datetime
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

_FIRST: Final = datetime.date(
    2006, 1, 1
)  # aws.amazon.com/about-aws/whats-new/2006/03/13/announcing-amazon-s3---simple-storage-service
_AHEAD: Final = datetime.timedelta(days=366)


class Dates(NamedTuple):
    """Hold the first and the last day that a bill can be of."""

    first: datetime.date
    last: datetime.date

    def hold(self, column: str) -> str:
        """Return SQL that tells whether a column's day can be, NULL for none. Raises: nothing."""
        return f"{column} BETWEEN DATE '{self.first}' AND DATE '{self.last}'"


def possible_dates(made: datetime.datetime) -> Dates:
    """Return what a bill can be of when a report is made: since AWS bills, and up to a year ahead. Raises: nothing."""
    return Dates(_FIRST, made.date() + _AHEAD)


def date_notes(connection: Any, where: str, dates: Dates) -> Iterator[str]:
    """Yield what is missing in the tables of days and months, with its sum; `where` narrows the ledger.

    Raises: nothing.
    """
    beyond = f"before {dates.first} or after {dates.last}"
    kinds = (
        ("no day", "days", "ChargePeriodStart IS NULL"),
        (f"a day {beyond}", "days", f"NOT {dates.hold('ChargePeriodStart')}"),
        (f"no month, or one {beyond}", "facts", "Month = ''"),
    )
    for what, table, condition in kinds:
        sql = f"SELECT SUM(Lines), SUM(BilledCost), SUM(EffectiveCost) FROM {table} WHERE {where} AND {condition}"
        lines, billed, effective = connection.execute(sql).fetchone()
        if lines:
            costs = f"{billed:,.2f} billed and {effective:,.2f} effective"
            yield f"{lines} lines, {costs}, have {what}; they count for no {'day' if table == 'days' else 'month'}"
