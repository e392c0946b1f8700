import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import ML_DEV, Client, error_code

pytestmark = pytest.mark.emulator

APPLICATION = "anycompany:workload:application-id"
ENVIRONMENT = "anycompany:workload:environment"
UNSEEN = "anycompany:finance:owner"


@pytest.fixture
def ce(client: Client) -> Iterator[Any]:
    made = client("ce")
    before = made.list_cost_allocation_tags()["CostAllocationTags"]
    yield made
    status = [{"TagKey": tag["TagKey"], "Status": tag["Status"]} for tag in before]
    made.update_cost_allocation_tags_status(CostAllocationTagsStatus=status)


def keys(answer: dict[str, Any]) -> list[str]:
    return [tag["TagKey"] for tag in answer["CostAllocationTags"]]


def test_tags_are_listed_by_status_key_and_type(ce: Any) -> None:
    assert APPLICATION in keys(ce.list_cost_allocation_tags(Status="Inactive"))
    assert APPLICATION not in keys(ce.list_cost_allocation_tags(Status="Active"))
    assert keys(ce.list_cost_allocation_tags(TagKeys=[ENVIRONMENT, UNSEEN])) == [ENVIRONMENT]
    assert keys(ce.list_cost_allocation_tags(Type="AWSGenerated")) == ["aws:createdBy"]


def test_tags_come_in_pages(ce: Any) -> None:
    first = ce.list_cost_allocation_tags(MaxResults=2)
    second = ce.list_cost_allocation_tags(MaxResults=2, NextToken=first["NextToken"])
    assert len(keys(first)) == len(keys(second)) == 2
    assert not set(keys(first)) & set(keys(second))


def test_a_token_of_nobody_is_refused(ce: Any) -> None:
    with pytest.raises(ClientError) as failure:
        ce.list_cost_allocation_tags(NextToken="not ours")
    assert error_code(failure) == "InvalidNextTokenException"


def test_a_seen_key_becomes_active_and_an_unseen_one_is_reported(ce: Any) -> None:
    wanted = [{"TagKey": APPLICATION, "Status": "Active"}, {"TagKey": UNSEEN, "Status": "Active"}]
    errors = ce.update_cost_allocation_tags_status(CostAllocationTagsStatus=wanted)["Errors"]
    assert [(error["TagKey"], error["Code"]) for error in errors] == [(UNSEEN, "TagKeysNotFoundException")]
    tag = ce.list_cost_allocation_tags(TagKeys=[APPLICATION])["CostAllocationTags"][0]
    assert tag["Status"] == "Active"
    assert tag["LastUpdatedDate"][:10] == datetime.datetime.now(datetime.UTC).date().isoformat()


def test_twenty_keys_a_call(ce: Any) -> None:
    wanted = [{"TagKey": f"k{number}", "Status": "Active"} for number in range(21)]
    with pytest.raises(ClientError, match="less than or equal to 20") as failure:
        ce.update_cost_allocation_tags_status(CostAllocationTagsStatus=wanted)
    assert error_code(failure) == "ValidationException"


def test_get_tags_knows_active_keys_only(ce: Any) -> None:
    period = {"Start": "2026-01-01", "End": "2026-02-01"}
    found = ce.get_tags(TimePeriod=period)
    assert ENVIRONMENT in found["Tags"]
    assert APPLICATION not in found["Tags"]
    assert found["ReturnSize"] == found["TotalSize"] == len(found["Tags"])
    assert ce.get_tags(TimePeriod=period, TagKey=ENVIRONMENT)["Tags"] == ["dev", "prod", "test"]
    assert ce.get_tags(TimePeriod=period, SearchString="createdBy")["Tags"] == ["aws:createdBy"]


def month(back: int) -> str:
    today = datetime.datetime.now(datetime.UTC)
    months = today.year * 12 + today.month - 1 - back
    return f"{months // 12:04}-{months % 12 + 1:02}-01T00:00:00Z"


@pytest.mark.parametrize(
    "start",
    [month(13), month(-1), month(1).replace("-01T", "-02T")],
    ids=["too old", "to come", "second day"],
)
def test_backfill_starts_at_a_month_of_the_last_year(ce: Any, start: str) -> None:
    with pytest.raises(ClientError) as failure:
        ce.start_cost_allocation_tag_backfill(BackfillFrom=start)
    assert error_code(failure) == "ValidationException"


def test_one_backfill_a_day(ce: Any) -> None:
    started = ce.start_cost_allocation_tag_backfill(BackfillFrom=month(12))["BackfillRequest"]
    assert (started["BackfillFrom"], started["BackfillStatus"]) == (month(12), "PROCESSING")
    with pytest.raises(ClientError) as failure:
        ce.start_cost_allocation_tag_backfill(BackfillFrom=month(1))
    assert error_code(failure) == "BackfillLimitExceededException"
    history = ce.list_cost_allocation_tag_backfill_history()["BackfillRequests"]
    assert [request["BackfillFrom"] for request in history] == [month(12)]


def test_member_accounts_have_no_access(client: Client) -> None:
    message = "Linked account doesn't have access to cost allocation tags."
    with pytest.raises(ClientError, match=message) as failure:
        client("ce", ML_DEV).list_cost_allocation_tags()
    assert error_code(failure) == "AccessDeniedException"


def test_cost_categories_of_moto_still_work(ce: Any) -> None:
    rules = [{"Value": "Retail", "Rule": {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": ["444444444444"]}}}]
    made = ce.create_cost_category_definition(Name="Team", RuleVersion="CostCategoryExpression.v1", Rules=rules)
    found = ce.describe_cost_category_definition(CostCategoryArn=made["CostCategoryArn"])
    assert found["CostCategory"]["Name"] == "Team"
