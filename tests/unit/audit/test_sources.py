"""Rows of AWS Config, Resource Explorer and the tagging API, as AWS writes them."""

import json
from typing import Any

import pytest

from harness.audit.sources.config import aggregator_of, read_recorded
from harness.audit.sources.explorer import PAGE, View, default_view, organization_view, read_explored
from harness.audit.sources.tagging import read_tagged
from tests.unit.audit.world import HOME, PAYER, Answer, World, queue

VIEW = "arn:aws:resource-explorer-2:eu-central-1:111111111111:view/all/1"
ORGANIZATION = "arn:aws:organizations::111111111111:organization/o-1"
LOGS = f"arn:aws:logs:{HOME}:{PAYER}:log-group:/app"
ROW = {"accountId": PAYER, "awsRegion": HOME, "arn": queue(PAYER, HOME), "resourceType": "AWS::SQS::Queue"}


def client(service: str, **answers: Answer) -> Any:
    return World({("", "", name): answer for name, answer in answers.items()}).client(service, HOME)


def recorded(*rows: dict[str, Any]) -> list[Any]:
    answer = {"Results": [json.dumps(row) for row in rows]}
    return [row for page in read_recorded(client("config", SelectResourceConfig=answer)) for row in page]


def test_config_says_null_of_what_it_does_not_know() -> None:
    (row,) = recorded({**ROW, "resourceName": None, "resourceCreationTime": None, "tags": None})
    assert (row.name, row.created, row.tags) == ("q", "", None)


def test_config_shows_no_tags_also_of_types_whose_tags_it_does_not_record() -> None:
    assert recorded({**ROW, "tags": []})[0].tags is None
    assert recorded({**ROW, "tags": [{"key": "a", "value": "ü"}, {"key": "b"}]})[0].tags == {"a": "ü", "b": ""}


def test_a_tag_without_a_value_has_the_empty_one_whoever_shows_it() -> None:
    mapping = {"ResourceARN": LOGS, "Tags": [{"Key": "a"}]}
    shown = [{"Name": "tags", "Data": [{"Key": "a"}]}]
    explored = {"Arn": LOGS, "OwningAccountId": PAYER, "Region": HOME, "Properties": shown}
    tagging = client("resourcegroupstaggingapi", GetResources={"ResourceTagMappingList": [mapping]})
    explorer = client("resource-explorer-2", ListResources={"Resources": [explored]})
    rows = [
        *recorded({**ROW, "tags": [{"key": "a", "value": None}]}),
        *(row for page in read_tagged(tagging, PAYER, HOME) for row in page),
        *(row for page in read_explored(explorer, View(VIEW, tags=True)) for row in page),
    ]
    assert [row.tags for row in rows] == [{"a": ""}] * 3


def test_a_row_of_config_without_an_arn_joins_with_nothing() -> None:
    assert recorded({**ROW, "arn": None}, {"resourceId": "x"}, {**ROW, "arn": "sg-1"}) == []


def test_half_a_surrogate_pair_is_read() -> None:
    assert recorded({**ROW, "tags": [{"key": "a", "value": "\ud83d\ude00"}]})[0].tags == {"a": "😀"}
    assert recorded({**ROW, "tags": [{"key": "a", "value": "\ud83d"}]})[0].tags == {"a": "\ud83d"}


def test_config_is_read_page_by_page() -> None:
    asked: list[Any] = []

    class Pages:
        def select_resource_config(self, **arguments: Any) -> dict[str, Any]:
            asked.append(arguments.get("NextToken"))
            number = len(asked)
            token = {"NextToken": str(number)} if number < 3 else {}
            return {"Results": [json.dumps(ROW)] if number != 2 else [], **token}

    assert [len(page) for page in read_recorded(Pages())] == [1, 0, 1]
    assert asked == [None, "1", "2"]


@pytest.mark.parametrize(
    ("source", "regions", "found"),
    [
        ({"AllAwsRegions": True}, (), "x"),
        ({"AwsRegions": [HOME]}, (), None),
        ({"AwsRegions": [HOME, "us-east-1"]}, (HOME,), "x"),
        ({"AwsRegions": ["us-east-1"]}, (HOME,), None),
        (None, (HOME,), None),
    ],
)
def test_an_aggregator_has_all_that_is_asked_for(source: Any, regions: tuple[str, ...], found: str | None) -> None:
    one = {"ConfigurationAggregatorName": "x"} | ({"OrganizationAggregationSource": source} if source else {})
    answer = {"ConfigurationAggregators": [one]}
    assert aggregator_of(client("config", DescribeConfigurationAggregators=answer), regions) == found


def view(scope: str = ORGANIZATION, text: str = "", *, tags: bool = True) -> dict[str, Any]:
    included = [{"Name": "tags"}] if tags else []
    return {
        "View": {"ViewArn": VIEW, "Scope": scope, "Filters": {"FilterString": text}, "IncludedProperties": included}
    }


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (view(), View(VIEW, tags=True)),
        (view(tags=False), View(VIEW, tags=False)),
        (view(text="service:ec2"), None),
        (view("arn:aws:iam::111111111111:root"), None),
    ],
)
def test_a_view_that_filters_or_has_one_account_shows_no_organisation(shown: Any, found: View | None) -> None:
    explorer = client("resource-explorer-2", ListViews={"Views": [VIEW]}, GetView=shown)
    assert organization_view(explorer) == found


def test_a_default_view_that_filters_is_none() -> None:
    assert default_view(client("resource-explorer-2", GetDefaultView={})) is None
    asked = {"GetDefaultView": {"ViewArn": VIEW}}
    assert default_view(client("resource-explorer-2", **asked, GetView=view())) == View(VIEW, tags=True)
    assert default_view(client("resource-explorer-2", **asked, GetView=view(text="tag:none"))) is None


def test_explorer_shows_no_tags_where_its_view_has_none() -> None:
    one = {"Arn": f"{LOGS}:*", "OwningAccountId": PAYER, "Region": HOME}
    tagged = {**one, "Properties": [{"Name": "tags", "Data": [{"Key": "a", "Value": "b"}]}]}
    explorer = client("resource-explorer-2", ListResources={"Resources": [one, tagged]})
    found = [[row.tags for row in page] for view in (True, False) for page in read_explored(explorer, View(VIEW, view))]
    assert found == [[{}, {"a": "b"}], [None, {"a": "b"}]]
    assert PAGE == 999  # a page of 1,000 has no token for the next


def test_a_log_group_has_one_arn_whoever_shows_it() -> None:
    tagging = client(
        "resourcegroupstaggingapi", GetResources={"ResourceTagMappingList": [{"ResourceARN": LOGS, "Tags": []}]}
    )
    explorer = client(
        "resource-explorer-2",
        ListResources={"Resources": [{"Arn": f"{LOGS}:*", "OwningAccountId": PAYER, "Region": HOME}]},
    )
    rows = [
        *recorded({**ROW, "arn": f"{LOGS}:*"}),
        *(row for page in read_tagged(tagging, PAYER, HOME) for row in page),
        *(row for page in read_explored(explorer, View(VIEW, tags=True)) for row in page),
    ]
    assert [row.arn for row in rows] == [LOGS] * 3


def test_what_has_no_account_in_its_arn_is_the_account_s_that_was_asked() -> None:
    mappings = [{"ResourceARN": "arn:aws:s3:::logs", "Tags": [{"Key": "k" * 128, "Value": "v" * 256}]}]
    tagging = client("resourcegroupstaggingapi", GetResources={"ResourceTagMappingList": mappings})
    ((row,),) = read_tagged(tagging, PAYER, HOME)
    assert (row.account, row.region, row.tags) == (PAYER, HOME, {"k" * 128: "v" * 256})
