"""What a day that passes brings: keys that billing sees, tags that cost data shows, alerts once a period."""

import datetime
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from harness.emulator import process
from harness.emulator.process_state import CLOCK_PATH

from .conftest import PAYER, SEED

pytestmark = pytest.mark.emulator

DAY = 86_400
APPLICATION = "anycompany:workload:application-id"
ENVIRONMENT = "anycompany:workload:environment"
OWNER = "anycompany:finance:owner"
ACCOUNT_TAG = "accountTag/anycompany:finance:business-unit"


class Timed:
    """Hold an emulator whose clock moves, and its clients."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = process.start("timed", folder, SEED).url

    def client(self, service: str) -> Any:
        keys = {"aws_access_key_id": "tagrail", "aws_secret_access_key": "tagrail"}
        session: Any = boto3.Session()
        return session.client(service, endpoint_url=self.url, region_name="eu-central-1", **keys)

    def advance(self, seconds: int) -> dict[str, Any]:
        return process.clock("timed", self.folder, seconds)

    def keys(self, **wanted: Any) -> set[str]:
        found = self.client("ce").list_cost_allocation_tags(MaxResults=1000, **wanted)["CostAllocationTags"]
        return {tag["TagKey"] for tag in found}

    def set_status(self, key: str, status: str) -> list[Any]:
        wanted = [{"TagKey": key, "Status": status}]
        errors: list[Any] = self.client("ce").update_cost_allocation_tags_status(CostAllocationTagsStatus=wanted)[
            "Errors"
        ]
        return errors

    def now(self) -> datetime.datetime:
        return datetime.datetime.fromisoformat(process.clock("timed", self.folder)["now"])

    def cost_by_day(self, days: int, **more: Any) -> list[Any]:
        end = self.now().date() + datetime.timedelta(days=1)
        period = {"Start": str(end - datetime.timedelta(days=days)), "End": str(end)}
        asked = {"TimePeriod": period, "Granularity": "DAILY", "Metrics": ["UnblendedCost"], **more}
        results: list[Any] = self.client("ce").get_cost_and_usage(**asked)["ResultsByTime"]
        return results


@pytest.fixture
def timed(tmp_path: Path) -> Iterator[Timed]:
    yield Timed(tmp_path)
    process.stop("timed", tmp_path)


def usd(result: dict[str, Any]) -> float:
    return float(result["Total"]["UnblendedCost"]["Amount"])


def test_a_key_is_seen_a_day_after_a_resource_carried_it(timed: Timed) -> None:
    assert not timed.keys() & {OWNER, ACCOUNT_TAG, "late"}
    assert [error["Code"] for error in timed.set_status(OWNER, "Active")] == ["TagKeysNotFoundException"]
    assert timed.advance(DAY - 60)["new_keys"] == []
    timed.client("s3").put_bucket_tagging(
        Bucket="anycompany-config", Tagging={"TagSet": [{"Key": "late", "Value": "1"}, {"Key": "gone", "Value": "1"}]}
    )
    assert {OWNER, ACCOUNT_TAG} <= set(timed.advance(60)["new_keys"])
    assert timed.keys(TagKeys=[OWNER, ACCOUNT_TAG], Status="Inactive") == {OWNER, ACCOUNT_TAG}
    assert not timed.keys() & {"late", "gone"}
    timed.client("s3").delete_bucket_tagging(Bucket="anycompany-config")
    assert timed.advance(DAY)["new_keys"] == ["gone", "late"]  # what is gone was billed all the same
    assert timed.set_status(OWNER, "Active") == []


def test_cost_data_shows_a_tag_a_day_after_its_activation_and_after_a_backfill(timed: Timed) -> None:
    ce = timed.client("ce")
    chat = {"Filter": {"Tags": {"Key": APPLICATION, "Values": ["llm-chat"]}}}
    timed.set_status(APPLICATION, "Active")
    timed.advance(DAY - 60)
    assert [usd(result) for result in timed.cost_by_day(3, **chat)] == [0, 0, 0]
    timed.advance(2 * DAY)
    assert 100 < sum(usd(result) for result in timed.cost_by_day(2, **chat)) < 400
    assert usd(timed.cost_by_day(9, **chat)[0]) == 0
    ce.start_cost_allocation_tag_backfill(BackfillFrom=f"{timed.now().year - 1}-12-01T00:00:00Z")
    assert round(usd(timed.cost_by_day(9, **chat)[0]), 2) == 150.45
    timed.set_status(APPLICATION, "Inactive")
    assert {usd(result) for result in timed.cost_by_day(9, **chat)} == {0}


def test_costs_come_in_groups(timed: Timed) -> None:
    groups = [{"Type": "DIMENSION", "Key": "SERVICE"}, {"Type": "TAG", "Key": ENVIRONMENT}]
    found = {tuple(group["Keys"]) for group in timed.cost_by_day(2, GroupBy=groups)[0]["Groups"]}
    assert ("Amazon SageMaker", f"{ENVIRONMENT}$prod") in found
    assert ("Amazon SageMaker", f"{ENVIRONMENT}$") in found
    (whole, today) = timed.cost_by_day(2)
    by_account = timed.cost_by_day(2, GroupBy=[{"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}])[0]["Groups"]
    amounts = [float(group["Metrics"]["UnblendedCost"]["Amount"]) for group in by_account]
    assert sum(amounts) == pytest.approx(usd(whole))
    assert (today["Estimated"], len(by_account)) == (True, 9)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Metrics": ["UsageQuantity"]}, "NotImplemented"),
        ({"Granularity": "HOURLY"}, "NotImplemented"),
        ({"GroupBy": [{"Type": "DIMENSION", "Key": "REGION"}]}, "NotImplemented"),
        ({"GroupBy": [{"Type": "TAG", "Key": key} for key in "abc"]}, "ValidationException"),
        ({"TimePeriod": {"Start": "2026-12-02", "End": "2026-12-01"}}, "ValidationException"),
        ({"TimePeriod": {"Start": "yesterday", "End": "2026-12-01"}}, "ValidationException"),
    ],
    ids=str,
)
def test_what_cost_explorer_refuses_and_what_the_emulator_has_not(client: Any, change: Any, code: str) -> None:
    period = {"Start": "2026-11-01", "End": "2026-11-02"}
    asked = {"TimePeriod": period, "Granularity": "DAILY", "Metrics": ["UnblendedCost"], **change}
    ce = client("ce")
    with pytest.raises(ce.exceptions.ClientError) as failure:
        ce.get_cost_and_usage(**asked)
    assert failure.value.response["Error"]["Code"] == code


def test_alerts_come_once_a_period_and_again_in_the_next(timed: Timed) -> None:
    budgets = timed.client("budgets")
    actual = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 50.0}
    alert = {"Notification": actual, "Subscribers": [{"SubscriptionType": "EMAIL", "Address": "a@example.com"}]}
    limit = {"BudgetLimit": {"Amount": "300", "Unit": "USD"}}
    filters = {"CostFilters": {"Service": ["Amazon Bedrock"]}}  # 41.75 a day: past 150 on the fourth
    raw = {"BudgetName": "bedrock", "BudgetType": "COST", "TimeUnit": "MONTHLY", **limit, **filters}
    start = timed.now().replace(day=1) + datetime.timedelta(days=32)
    to_next_month = start.replace(day=1, hour=0, minute=0, second=0) - timed.now()
    timed.advance(int(to_next_month.total_seconds()) + 1)
    budgets.create_budget(AccountId=PAYER, Budget=raw, NotificationsWithSubscribers=[alert])
    assert timed.advance(3 * DAY)["alerts"] == []
    alerts = timed.advance(60 * DAY)["alerts"]
    days = [datetime.datetime.fromisoformat(alert["at"]) for alert in alerts]
    assert [day.day for day in days] == [4, 4, 4][: len(days)]
    assert len({day.month for day in days}) == len(days) >= 2


@pytest.mark.parametrize("body", [b"{}", b'{"advance_seconds": -1}', b'{"advance_seconds": "24h"}', b"[]", b"24h"])
def test_the_clock_goes_forward_only(emulator: process.EmulatorStatus, body: bytes) -> None:
    with pytest.raises(urllib.error.HTTPError) as failure:
        urllib.request.urlopen(emulator.url + CLOCK_PATH, data=body, timeout=10)  # noqa: S310 (our emulator)
    assert failure.value.code == 400
    assert "forward only" in json.load(failure.value)["message"]


def test_the_clock_shows_the_time(emulator: process.EmulatorStatus) -> None:
    with urllib.request.urlopen(emulator.url + CLOCK_PATH, timeout=10) as answer:  # noqa: S310 (our emulator)
        found = json.load(answer)
    shown = datetime.datetime.fromisoformat(found["now"])
    assert abs(datetime.datetime.now(datetime.UTC) - shown) < datetime.timedelta(seconds=10)
    assert found["ahead_seconds"] == 0


def test_inherited_values_are_split_once_they_are_applied(timed: Timed) -> None:
    billing = timed.client("ce")
    rules = [
        {"Type": "REGULAR", "Value": "ML", "Rule": {"Tags": {"Key": "team", "Values": ["ml"]}}},
        {"Type": "INHERITED_VALUE", "InheritedValue": {"DimensionName": "TAG", "DimensionKey": "team"}},
    ]
    made = {"RuleVersion": "CostCategoryExpression.v1", "Rules": rules}
    arn = billing.create_cost_category_definition(Name="Unit", **made)["CostCategoryArn"]
    whole = {**made, "CostCategoryArn": arn}
    split = [{"Source": "ML", "Targets": ["web"], "Method": "EVEN"}]

    def status() -> str:
        held = billing.describe_cost_category_definition(CostCategoryArn=arn)["CostCategory"]
        return str(held["ProcessingStatus"][0]["Status"])

    assert status() == "PROCESSING"
    with pytest.raises(billing.exceptions.ClientError, match="ValidationException"):
        billing.update_cost_category_definition(**whole, SplitChargeRules=split)
    timed.advance(DAY)
    assert status() == "APPLIED"
    billing.update_cost_category_definition(**whole, SplitChargeRules=split)
    assert status() == "PROCESSING"
