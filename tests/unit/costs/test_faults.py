"""Which spend is at fault, in which order, and the command that mends it."""

import json
from pathlib import Path

import pytest

from harness.costs.faults import repair_command
from harness.costs.model import FaultTable, Report
from tests.unit.costs.bills import REQUIREMENTS, focus, report_of, write_csv

RIGHT = json.dumps({"team:owner": "ml", "team:unit": "Retail"})


def table(report: Report, by: str) -> FaultTable:
    return next(one for one in report.faults if one.by == by)


def test_resources_with_faults_dearest_first(tmp_path: Path) -> None:
    lines = [
        focus(ResourceId="i-right", Tags=RIGHT, EffectiveCost="50"),
        focus(ResourceId="i-none", EffectiveCost="3"),
        focus(ResourceId="i-old", Tags='{"team:owner": "ml", "bu": "Sales"}', EffectiveCost="9"),
        focus(ResourceId="i-none", EffectiveCost="2"),
        focus(ResourceId="", EffectiveCost="70"),
    ]
    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines))

    rows = table(report, "resource").rows

    assert [(one.name, one.effective, dict(one.keys)) for one in rows] == [
        ("i-old", 9, {"team:unit": "key written bu"}),
        ("i-none", 5, {"team:owner": "missing", "team:unit": "missing"}),
    ]
    assert rows[0].carried == {
        "SubAccountId": "222222222222",
        "ServiceName": "Amazon SageMaker",
        "team:owner": "ml",
        "team:unit": "Sales",
    }
    assert rows[0].repair == (
        "aws ec2 create-tags --region eu-central-1 --resources i-old --tags Key=team:unit,Value=Sales"
    )


def test_value_in_other_capitals_is_mended_with_the_right_one(tmp_path: Path) -> None:
    line = focus(Tags='{"team:owner": "ml", "team:unit": "RETAIL"}')

    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", [line]))

    assert """--tags '{"team:unit": "Retail"}'""" in table(report, "resource").rows[0].repair


def test_accounts_services_and_owners(tmp_path: Path) -> None:
    lines = [
        focus(Tags='{"team:owner": "ml"}', EffectiveCost="4"),
        focus(SubAccountId="333333333333", SubAccountName="dev", ServiceName="Amazon EC2", EffectiveCost="6"),
        focus(Tags=RIGHT, EffectiveCost="50"),
    ]
    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines))

    accounts = table(report, "account")
    assert [(one.name, one.label, one.effective) for one in accounts.rows] == [
        ("333333333333", "dev", 6),
        ("222222222222", "ml-prod", 4),
    ]
    assert accounts.total == 10
    assert dict(accounts.rows[1].keys) == {"team:unit": "missing on 4.00"}
    assert [one.name for one in table(report, "service").rows] == ["Amazon EC2", "Amazon SageMaker"]
    assert [(one.name, one.effective) for one in table(report, "owner").rows] == [("", 6), ("ml", 4)]


def test_bill_without_faults_has_no_rows(tmp_path: Path) -> None:
    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", [focus(Tags=RIGHT)]))

    assert not any(one.rows for one in report.faults)


@pytest.mark.parametrize(
    ("resource", "service", "wanted"),
    [
        ("vol-1", "Amazon EC2", "aws ec2 create-tags --region r --resources vol-1 --tags Key=team:owner,Value=ml"),
        (
            "arn:aws:sqs:r:1:q",
            "Amazon SQS",
            """--region r --resource-arn-list arn:aws:sqs:r:1:q --tags '{"team:owner": "ml"}'""",
        ),
        (
            "my-bucket",
            "Amazon Simple Storage Service",
            """--region r --resource-arn-list arn:aws:s3:::my-bucket --tags '{"team:owner": "ml"}'""",
        ),
        ("my-thing", "AWS Thing", "tag my-thing in AWS Thing: team:owner"),
        ("arn:aws:x:::a'; rm -rf", "x", "'\"'\"'"),
    ],
)
def test_command_of_each_kind_of_name(resource: str, service: str, wanted: str) -> None:
    assert wanted in repair_command(resource, service, "r", {"team:owner": "ml"}, REQUIREMENTS)


def test_value_that_nobody_knows_is_shown_as_what_it_may_be() -> None:
    found = repair_command("arn:aws:sqs:r:1:q", "", "", {"team:unit": None, "team:owner": None}, REQUIREMENTS)

    assert '"team:unit": "<Retail|Sales>", "team:owner": "<value>"' in found


def test_a_tag_without_a_value_is_missing(tmp_path: Path) -> None:
    bill = write_csv(tmp_path / "bill.csv", [focus(Tags='{"team:owner": null, "team:unit": "Retail"}')])

    (resource,) = table(report_of(tmp_path / "s", bill), "resource").rows

    assert resource.keys == {"team:owner": "missing"}


def test_what_cannot_be_tagged_is_no_fault_of_the_resource_that_it_names(tmp_path: Path) -> None:
    kinds = ("Usage", "Tax", "Credit", "Purchase", "Adjustment")
    lines = [focus(ResourceId="i-1", ChargeCategory=kind, EffectiveCost="7") for kind in kinds]
    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines))

    assert [(row.name, row.effective) for row in table(report, "resource").rows] == [("i-1", 7)]
    assert table(report, "resource").total == table(report, "account").total == 7


def test_one_resource_whose_tags_stand_in_another_order_is_one(tmp_path: Path) -> None:
    tags = ('{"team:owner": "a", "team:unit": "bad"}', '{"team:unit": "bad", "team:owner": "a"}')
    lines = [focus(ResourceId="i-1", Tags=text, EffectiveCost="3") for text in tags]
    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines))

    assert [(row.name, row.effective) for row in table(report, "resource").rows] == [("i-1", 6)]


def test_the_total_counts_resources_that_are_not_listed(tmp_path: Path) -> None:
    lines = [focus(ResourceId=f"i-{number}", EffectiveCost="1") for number in range(1_200)]
    found = table(report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines)), "resource")

    assert (len(found.rows), found.total) == (1_000, 1_200)


def test_resources_are_counted_and_not_their_sets_of_tags(tmp_path: Path) -> None:
    often = [
        focus(ResourceId="often", Tags=f'{{"team:owner": "{number}"}}', EffectiveCost="1") for number in range(900)
    ]
    rarely = [focus(ResourceId=f"i-{number}", EffectiveCost="2", ServiceName="") for number in range(1_000)]
    found = table(report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", [*often, *rarely])), "resource")

    assert len({row.name for row in found.rows}) == 1_000
    assert sum(row.effective for row in found.rows if row.name == "often") == 900
