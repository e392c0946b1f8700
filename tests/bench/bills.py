"""Make bills of any size: a synthetic organisation with the shipped dictionary's keys, as AWS delivers CUR 2.0.

`python -m tests.bench.bills --lines 1000000 --out FOLDER`. The same seed gives the same bill. A resource has its
account, service, region and tags for good, and a line a day; of its tags some are missing, wrong, or in other capitals.
There are taxes, credits and fees without resources. There is one file for each month.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from harness.costs.charges import literal
from harness.costs.layout import mangled
from harness.dictionary import load_dictionary

ROOT = Path(__file__).parents[2]
SERVICES = (
    ("Amazon SageMaker", "AmazonSageMaker", "EUC1-Train:ml.m5.large"),
    ("Amazon SageMaker", "AmazonSageMaker", "EUC1-Host:ml.g5.xlarge"),
    ("Amazon SageMaker", "AmazonSageMaker", "EUC1-Notebk:ml.t3.medium"),
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "EUC1-BoxUsage:m5.large"),
    ("Amazon Simple Storage Service", "AmazonS3", "EUC1-TimedStorage-ByteHrs"),
    ("Amazon Relational Database Service", "AmazonRDS", "EUC1-InstanceUsage:db.t3"),
    ("AWS Lambda", "AWSLambda", "EUC1-Lambda-GB-Second"),
    ("Amazon Bedrock", "AmazonBedrock", "EUC1-Input-Tokens"),
)
REGIONS = ("eu-central-1", "us-east-1", "eu-west-1")
_FREE_VALUES = 300
_EVERY = 50  # lines, of which one is a tax, a credit or a fee
_LINES_OF_A_RESOURCE = 336  # twelve months of 28 days


def write_bill(folder: Path, lines: int, *, accounts: int = 400, months: int = 12, seed: int = 1) -> Path:
    """Write a bill and return its folder. Raises: OSError when it cannot be written."""
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(f"SET temp_directory = {literal(str(folder))}")
    resources = max(100, lines // _LINES_OF_A_RESOURCE)
    _resources(connection, resources, accounts, seed)
    for number in range(months):
        count = lines // months + (lines % months if number == months - 1 else 0)
        _month(connection, folder, number, count, (seed, resources))
    return folder


def _random(seed: int, purpose: str) -> str:
    """Return SQL of a number that depends on the resource, the seed and what it is for; the same in every release."""
    return f"(md5_number_lower('{seed}:{purpose}:' || res) % 1000000007)"


def _resources(connection: Any, count: int, accounts: int, seed: int) -> None:
    entries = ", ".join(_entries(seed))
    services, codes, usages = (f"[{', '.join(map(literal, held))}]" for held in zip(*SERVICES, strict=True))
    regions = f"[{', '.join(map(literal, REGIONS))}]"
    service = f"(1 + {_random(seed, 'service')} % {len(SERVICES)})::BIGINT"
    account = f"PRINTF('%012d', 100000000000 + {_random(seed, 'account')} % {accounts})"
    connection.execute(
        f"CREATE TABLE resources AS SELECT res, {account} AS account, {services}[{service}] AS service, "
        f"{codes}[{service}] AS code, {usages}[{service}] AS usage, "
        f"{regions}[(1 + {_random(seed, 'region')} % {len(REGIONS)})::BIGINT] AS region, "
        f"'arn:aws:x:::thing-' || res AS arn, "
        f"MAP_FROM_ENTRIES(LIST_FILTER([{entries}], LAMBDA e: e.v IS NOT NULL)) AS tags FROM RANGE({count}) t(res)"
    )


def _entries(seed: int) -> Iterator[str]:
    """Yield an entry for each key: of a hundred resources 12 lack it, 5 have a wrong value, 3 one in other capitals."""
    for key, tag in load_dictionary(ROOT / "envs" / "tags.yaml").tags.items():
        chance, pick = _random(seed, key), _random(seed, f"{key} value")
        plain = [value for value in tag.values or () if "*" not in value]
        if plain:
            value = f"[{', '.join(map(literal, plain))}][(1 + {pick} % {len(plain)})::BIGINT]"
        else:
            value = f"{literal(key.rpartition(':')[2])} || '-' || ({pick} % {_FREE_VALUES})"
        wrong = f"WHEN {chance} % 100 < 17 THEN 'wrong'" if plain else ""
        capitals = f"WHEN {chance} % 100 < 20 THEN UPPER({value})"
        case = f"CASE WHEN {chance} % 100 < 12 THEN NULL {wrong} {capitals} ELSE {value} END"
        yield f"{{'k': 'user_{mangled(key)}', 'v': {case}}}"


def _month(connection: Any, folder: Path, number: int, count: int, seeds: tuple[int, int]) -> None:
    seed, resources = seeds
    first = f"(DATE '2025-11-01' + INTERVAL {number} MONTH)"
    name = f"2025-{11 + number}" if number < 2 else f"2026-{number - 1:02}"
    file = folder / "tagrail" / "bill" / "data" / f"BILLING_PERIOD={name}" / "bill-00001.snappy.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    kinds = "['Tax', 'Credit', 'Fee'][(1 + i // " + str(_EVERY) + " % 3)::BIGINT]"
    special = f"i % {_EVERY} = 0"
    connection.execute(
        "COPY (SELECT 'p' AS identity_line_item_id, '999999999999' AS bill_payer_account_id, "
        f"CAST({first} AS TIMESTAMP) AS bill_billing_period_start_date, account AS line_item_usage_account_id, "
        "'account-' || RIGHT(account, 3) AS line_item_usage_account_name, "
        f"CASE WHEN {special} THEN {kinds} ELSE 'Usage' END AS line_item_line_item_type, "
        f"CAST({first} + INTERVAL (i // {resources} % 28) DAY AS TIMESTAMP) "
        "AS line_item_usage_start_date, "
        "code AS line_item_product_code, service AS product_servicename, region AS product_region_code, "
        f"CASE WHEN {special} THEN '' ELSE arn END AS line_item_resource_id, usage AS line_item_usage_type, "
        "'USD' AS line_item_currency_code, "
        f"CAST(((i * 7919 + {seed} * 104729 + {number}) % 1000003) / 100000.0 AS DOUBLE) "
        f"* CASE WHEN {special} AND i // {_EVERY} % 3 = 1 THEN -1 ELSE 1 END AS line_item_unblended_cost, "
        f"CASE WHEN {special} THEN MAP {{}} ELSE tags END AS resource_tags "
        f"FROM RANGE({count}) t(i) JOIN resources ON res = i % {resources}) "
        f"TO {literal(str(file))} (FORMAT parquet, COMPRESSION snappy)"
    )


def main(words: Sequence[str] | None = None) -> None:
    """Write the bill that the words describe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--accounts", type=int, default=400)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(words)
    write_bill(given.out, given.lines, accounts=given.accounts, months=given.months, seed=given.seed)


if __name__ == "__main__":
    main()
