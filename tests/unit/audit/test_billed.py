"""What resources cost in the last whole month, and which keys the bill has of them."""

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.audit.billed import Billed, Line, not_on_bill, with_cost
from harness.audit.model import AuditResource
from harness.audit.tables import connect
from harness.costs.bill import open_files

KEY, OTHER = "co:owner", "co:app"
ACCOUNT = "111111111111"
TODAY = datetime.date(2026, 11, 27)
QUEUE = "arn:aws:sqs:eu-central-1:111111111111:q"
INSTANCE = "arn:aws:ec2:eu-central-1:111111111111:instance/i-1"
HEAD = (
    "lineItem/LineItemType,lineItem/UsageAccountId,lineItem/UsageStartDate,bill/BillingPeriodStartDate,"
    "lineItem/ResourceId,lineItem/UnblendedCost,lineItem/CurrencyCode,lineItem/ProductCode,resourceTags/user:co:owner"
)


def line(
    month: str, resource: str, cost: str, tag: str = "", *, account: str = "111111111111", kind: str = "Usage"
) -> str:
    day = f"{month}-01T00:00:00Z"
    return f"{kind},{account},{day},{day},{resource},{cost},USD,AmazonEC2,{tag}"


def billed(folder: Path, *lines: str) -> Billed:
    file = folder / "bill.csv"
    file.write_text("\n".join((HEAD, *lines)) + "\n", encoding="utf-8")
    connection = connect(folder)
    parts = open_files([str(file)], connection, folder)
    return Billed(parts, connection, (KEY, OTHER), TODAY)


def resource(arn: str = QUEUE, **further: Any) -> AuditResource:
    held = {"account": "111111111111", "tags": {KEY: "a"}, **further}
    return AuditResource(arn=arn, region="eu-central-1", type="T", name="n", created="", sources=("tagging",), **held)


def test_the_last_whole_month_counts(tmp_path: Path) -> None:
    found = billed(tmp_path, line("2026-09", QUEUE, "7"), line("2026-10", QUEUE, "1.5"), line("2026-11", QUEUE, "9"))
    assert (found.month, found.currency()) == ("2026-10", "USD")
    assert found.of([resource()]) == {QUEUE: Line(Decimal("1.5"), "USD", frozenset())}


def test_a_bill_of_this_month_alone_is_all_there_is(tmp_path: Path) -> None:
    assert billed(tmp_path, line("2026-11", QUEUE, "2")).month == "2026-11"


def test_lines_of_one_resource_add_up_with_their_tags(tmp_path: Path) -> None:
    found = billed(tmp_path, line("2026-10", QUEUE, "1"), line("2026-10", QUEUE, "2", "a"))
    assert found.of([resource()]) == {QUEUE: Line(Decimal(3), "USD", frozenset({KEY}))}


def test_an_id_names_a_resource_of_its_own_account_alone(tmp_path: Path) -> None:
    found = billed(tmp_path, line("2026-10", "i-1", "4"), line("2026-10", "i-1", "8", account="222222222222"))
    assert found.of([resource(INSTANCE)])[INSTANCE].cost == Decimal(4)


def test_a_name_is_the_bucket_s_and_not_of_what_is_called_the_same(tmp_path: Path) -> None:
    bucket, table = "arn:aws:s3:::data", "arn:aws:dynamodb:eu-central-1:111111111111:table/data"
    disk = "arn:aws:elasticfilesystem:eu-central-1:111111111111:file-system/fs-0123456789abcdef0"
    found = billed(tmp_path, line("2026-10", "data", "4"), line("2026-10", "fs-0123456789abcdef0", "2"))
    held = found.of([resource(bucket), resource(table), resource(disk)])
    assert {arn: one.cost for arn, one in held.items()} == {bucket: Decimal(4), disk: Decimal(2)}


def test_taxes_are_no_cost_of_a_resource(tmp_path: Path) -> None:
    found = billed(tmp_path, line("2026-10", QUEUE, "1"), line("2026-10", QUEUE, "5", kind="Tax"))
    assert found.of([resource()])[QUEUE].cost == Decimal(1)


@pytest.mark.parametrize(
    ("tags", "held", "cost", "keys"),
    [
        ({KEY: "a"}, frozenset(), "1", [KEY]),
        ({KEY: "a", OTHER: "b"}, frozenset({KEY}), "1", [OTHER]),
        ({KEY: "a"}, frozenset({KEY}), "1", []),
        ({KEY: " "}, frozenset(), "1", []),
        ({}, frozenset(), "1", []),
        ({KEY: "a"}, frozenset(), "0", []),
    ],
)
def test_a_tag_that_the_bill_lacks_is_told(
    tags: dict[str, str], held: frozenset[str], cost: str, keys: list[str]
) -> None:
    found = list(not_on_bill(resource(tags=tags), Line(Decimal(cost), "USD", held), (KEY, OTHER), "2026-10"))
    assert [fault.key for fault in found] == keys
    assert all(fault.because == "billed 1.00 USD in 2026-10 without it: tagged or activated later" for fault in found)


def test_cost_is_written_in_cents(tmp_path: Path) -> None:
    assert with_cost(resource(), Line(Decimal("1.005"), "USD", frozenset())).cost == "1.00"
    assert with_cost(resource(), None).cost == ""
