"""Write the lines of a month as AWS delivers them: CUR 2.0 and FOCUS as Parquet, CUR 1 as gzipped CSV."""

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from harness.costs.charges import literal, quoted
from harness.costs.layout import mangled
from tests.bench.bill_resources import Key

PAYER = "999999999999"
_MONEY = {"cur2": "({} / 1e9)", "focus": "({} / 1e9)", "cur1": "FORMAT('{{:.9f}}', {} / 1e9)"}
_DAY = {"cur2": "CAST({} AS TIMESTAMP)", "focus": "CAST({} AS TIMESTAMP)", "cur1": "STRFTIME({}, '%Y-%m-%dT00:00:00Z')"}
# FOCUS's category of each type of line; a line that takes covered usage back is written as usage that costs nothing.
CATEGORIES = {
    "Usage": ("Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "SavingsPlanNegation"),
    "Purchase": ("Fee", "RIFee", "SavingsPlanRecurringFee"),
    "Tax": ("Tax",),
    "Credit": ("Credit", "Refund"),
}
_NET = "CASE WHEN kind = {} THEN {} ELSE 0 END"
_CUR: Mapping[str, str] = {
    "identity/LineItemId": "PRINTF('line-%012d', i)",
    "bill/PayerAccountId": f"'{PAYER}'",
    "bill/BillingPeriodStartDate": "month",
    "lineItem/UsageAccountId": "account",
    "lineItem/UsageAccountName": "name",
    "lineItem/LineItemType": "kind",
    "lineItem/UsageStartDate": "day",
    "lineItem/ProductCode": "code",
    "lineItem/UsageType": "usage",
    "lineItem/ResourceId": "resource",
    "lineItem/UsageAmount": "CAST(1 AS DOUBLE)",
    "lineItem/CurrencyCode": "'USD'",
    "lineItem/UnblendedCost": "unblended",
    "product/servicename": "service",
    "product/regionCode": "region",
    "reservation/ReservationARN": "''",
    "reservation/EffectiveCost": _NET.format("'DiscountedUsage'", "effective"),
    "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod": _NET.format("'RIFee'", "effective // 2"),
    "reservation/UnusedRecurringFee": _NET.format("'RIFee'", "effective - effective // 2"),
    "savingsPlan/SavingsPlanEffectiveCost": _NET.format("'SavingsPlanCoveredUsage'", "effective"),
    "savingsPlan/TotalCommitmentToDate": _NET.format("'SavingsPlanRecurringFee'", "billed"),
    "savingsPlan/UsedCommitment": _NET.format("'SavingsPlanRecurringFee'", "billed - effective"),
}
_FOCUS: Mapping[str, str] = {
    "BilledCost": "billed",
    "EffectiveCost": "effective",
    "BillingAccountId": f"'{PAYER}'",
    "BillingCurrency": "'USD'",
    "BillingPeriodStart": "month",
    "ChargePeriodStart": "day",
    "ChargeCategory": "category",
    "ServiceName": "service",
    "RegionId": "region",
    "ResourceId": "NULLIF(resource, '')",
    "SubAccountId": "account",
    "SubAccountName": "name",
    "x_ServiceCode": "code",
    "x_UsageType": "usage",
}
_AMOUNTS = ("UnblendedCost", "EffectiveCost", "BilledCost", "Fee", "Commitment", "Period", "ToDate")
_SPELL: Mapping[str, Callable[[str], str]] = {
    "cur2": lambda key: f"user_{mangled(key)}",
    "focus": lambda key: key,
    "cur1": lambda key: key,
}


class Layout(NamedTuple):
    """Hold a layout's name, and how it writes a key."""

    name: str
    spell: Callable[[str], str]


LAYOUTS = {name: Layout(name, spell) for name, spell in _SPELL.items()}


def write_month(connection: Any, layout: Layout, folder: Path, month: str, keys: Sequence[Key]) -> None:
    """Write the table `lines`, joined with resources, as the file of a month, and its manifest."""
    columns = _columns(layout, keys)
    shown = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in columns.items())
    cases = " ".join(
        f"WHEN kind IN ({', '.join(map(literal, kinds))}) THEN '{name}'" for name, kinds in CATEGORIES.items()
    )
    files, manifest = _places(layout, folder, month)
    files.parent.mkdir(parents=True, exist_ok=True)
    options = (
        "FORMAT csv, HEADER false, COMPRESSION gzip" if layout.name == "cur1" else "FORMAT parquet, COMPRESSION snappy"
    )
    connection.execute(
        f"COPY (SELECT {shown} FROM (SELECT *, CASE {cases} END AS category FROM billed) AS lines) "
        f"TO {literal(str(files))} ({options})"
    )
    if layout.name == "cur1":  # written apart, since to DuckDB the keys Owner and owner are one name
        first_line = gzip.compress(",".join(columns).encode() + b"\n", mtime=0)
        files.write_bytes(first_line + files.read_bytes())
    key = str(files.relative_to(folder))
    content: dict[str, object] = {"dataFiles": [f"s3://bills/{key}"]}
    if layout.name == "cur1":
        first = month.replace("-", "")
        content = {"reportKeys": [key], "billingPeriod": {"start": f"{first}01T000000.000Z"}, "compression": "GZIP"}
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text(json.dumps(content), encoding="utf-8")


def _places(layout: Layout, folder: Path, month: str) -> tuple[Path, Path]:
    """Return the file of a month and its manifest, where AWS delivers them."""
    export = folder / "tagrail" / "bill"
    if layout.name != "cur1":
        period = f"BILLING_PERIOD={month}"
        file = export / "data" / period / "bill-00001.snappy.parquet"
        return file, export / "metadata" / period / "bill-Manifest.json"
    year, number = map(int, month.split("-"))
    following = f"{year + number // 12}{number % 12 + 1:02}01"
    period = f"{month.replace('-', '')}01-{following}"
    delivery = f"{int(following):08x}-0000-4000-8000-{number:012x}"
    return export / period / delivery / "bill-00001.csv.gz", export / period / "bill-Manifest.json"


def _columns(layout: Layout, keys: Sequence[Key]) -> dict[str, str]:
    """Return column -> SQL over the joined lines."""
    if layout.name == "focus":
        plain = {**_FOCUS, "Tags": "tags", "x_CostCategories": "MAP {'Division': division}"}
    elif layout.name == "cur2":
        plain = {_snake(name): sql for name, sql in _CUR.items()}
        plain |= {"resource_tags": "tags", "cost_category": "MAP {'Division': division}"}
    else:
        spellings = [name for key in keys for name in (key.name, *key.deprecated)]
        plain = {**_CUR, "costCategory/Division": "division"}
        plain |= {f"resourceTags/user:{name}": f"tags[{literal(name)}]" for name in spellings}
    return {name: _typed(layout, name, sql) for name, sql in plain.items()}


def _typed(layout: Layout, name: str, sql: str) -> str:
    if sql in ("month", "day"):
        return _DAY[layout.name].format(sql)
    amounts = _AMOUNTS if layout.name != "cur2" else tuple(map(_snake, _AMOUNTS))
    return _MONEY[layout.name].format(f"({sql})") if name.endswith(amounts) else sql


def _snake(name: str) -> str:
    """Return a column's name as CUR 2.0 writes it.

    >>> _snake("savingsPlan/TotalCommitmentToDate"), _snake("lineItem/UsageAccountId")
    ('savings_plan_total_commitment_to_date', 'line_item_usage_account_id')
    """
    apart = "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name)
    return apart.replace("/_", "_").replace("/", "_").strip("_")
