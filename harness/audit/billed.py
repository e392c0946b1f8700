"""Say what resources cost in the last whole month of a bill, and which keys the bill has of them."""

import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from harness.audit.model import AuditResource
from harness.audit.sources import name_of
from harness.costs.amounts import MONEY
from harness.costs.bill import Part, reading
from harness.costs.overlaps import refuse_overlaps
from harness.costs.queries import resource_costs_query
from harness.plan_check.model import Fault

_ID = re.compile(r"[/:][a-z]{1,10}-(?=[0-9a-z]*\d)[0-9a-z]{8,}$")  # fs-0123456789abcdef0, ws-8bz1k2m3n
_CENT = Decimal("0.01")


class Line(NamedTuple):
    """Hold what the bill has of a resource: the cost, its currency, and the keys that some line of it carries."""

    cost: Decimal
    currency: str
    keys: frozenset[str]


class Billed:
    """Hold a bill's last whole month by resource; `month` is YYYY-MM, "" for a bill without any."""

    def __init__(
        self, parts: Sequence[Part], connection: Any, keys: Collection[str], today: datetime.date | None = None
    ) -> None:
        """Read the bill, once to find the month and once for it.

        `keys` are those that the dictionary activates as cost allocation tags. Raises: TagrailError naming the file
        that cannot be read, or months that stand in two exports.
        """
        refuse_overlaps(parts, connection)
        self._connection = connection
        self._keys = tuple(sorted(keys))
        day = today or datetime.datetime.now(tz=datetime.UTC).date()
        first = day.replace(day=1)
        months = {month for part in parts for month in _months(part, connection)}
        whole = max((month for month in months if month < first), default=max(months, default=None))
        self.month = f"{whole:%Y-%m}" if whole else ""
        flags = ", ".join(f"Key{number} BOOLEAN" for number in range(len(self._keys)))
        connection.execute(
            f"CREATE OR REPLACE TABLE billed (ResourceId VARCHAR, SubAccountId VARCHAR, BillingCurrency VARCHAR, "
            f"EffectiveCost {MONEY}{', ' + flags if flags else ''})"
        )
        for part in parts:
            _run(f"INSERT INTO billed {resource_costs_query(part, self._keys, whole or first)}", part, connection)

    def of(self, resources: Sequence[AuditResource]) -> Mapping[str, Line]:
        """Return ARN -> what the bill has of each resource that it names, by ARN, or by its id in the same account."""
        wanted = {each.arn: each for each in resources}
        ids = {**{name_of(arn): arn for arn in wanted if _is_named(arn)}, **{arn: arn for arn in wanted}}
        rows = self._connection.execute(
            "SELECT * FROM billed WHERE ResourceId IN (SELECT UNNEST(?)) ORDER BY ResourceId", [list(ids)]
        ).fetchall()
        found: dict[str, Line] = {}
        for identity, account, currency, cost, *flags in rows:
            arn = ids[identity]
            if identity == arn or account in ("", None, wanted[arn].account):
                keys = frozenset(key for key, is_there in zip(self._keys, flags, strict=True) if is_there)
                held = found.get(arn)
                if held is None:
                    found[arn] = Line(cost, currency or "", keys)
                elif held.currency == (currency or ""):
                    found[arn] = Line(held.cost + cost, held.currency, held.keys | keys)
        return found

    def currency(self) -> str:
        """Return the currency of most of the cost, "" for none."""
        row = self._connection.execute(
            "SELECT BillingCurrency FROM billed GROUP BY 1 ORDER BY SUM(EffectiveCost) DESC LIMIT 1"
        ).fetchone()
        return str(row[0] or "") if row else ""


def with_cost(resource: AuditResource, line: Line | None) -> AuditResource:
    """Return a resource with its cost, in cents. Raises: nothing."""
    return resource if line is None else msgspec.structs.replace(resource, cost=str(line.cost.quantize(_CENT)))


def not_on_bill(resource: AuditResource, line: Line | None, keys: Iterable[str], month: str) -> Iterator[Fault]:
    """Yield a fault for each activated key that a billed resource carries, and its lines of the bill do not.

    Raises: nothing.
    """
    if line is None or line.cost <= 0:
        return
    for key in keys:
        value = (resource.tags or {}).get(key, "")
        if value.strip() and key not in line.keys:
            because = (
                f"billed {line.cost.quantize(_CENT)} {line.currency} in {month} without it: tagged or activated later"
            )
            yield Fault("not-on-bill", "fail", "tags", key, value, because=because)


def _is_named(arn: str) -> bool:
    """Tell whether bills may name a resource without its ARN: buckets, and what has an id that nothing else has.

    A table may have the name of a bucket. docs.aws.amazon.com/cur/latest/userguide/Lineitem-columns.html (ResourceId).
    Raises: nothing.
    """
    return arn.split(":")[2:3] in (["s3"], ["ec2"]) or bool(_ID.search(arn))


def _months(part: Part, connection: Any) -> list[datetime.date]:
    month = part.charges.expressions["BillingPeriodStart"]
    rows = _run(f"SELECT DISTINCT DATE_TRUNC('month', {month}) FROM {part.source}", part, connection)
    return [_day(row[0]) for row in rows if row[0] is not None]


def _run(sql: str, part: Part, connection: Any) -> list[tuple[Any, ...]]:
    with reading(part, connection):
        return list(connection.execute(sql).fetchall())


def _day(value: datetime.date) -> datetime.date:
    return value.date() if isinstance(value, datetime.datetime) else value
