"""What an impact is measured on: CloudTrail's answers page by page in each region, and tagged resources."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from harness.errors import TagrailError
from harness.operations.impact import Sources, read_calls, read_resources
from tests.unit.impact.test_cloudtrail import INSTANCE, record
from tests.unit.state.aws import aws_client, error

REGIONS = ("eu-central-1", "us-east-1")
EVENTS = {
    "": {"Events": [{"CloudTrailEvent": json.dumps(INSTANCE)}], "NextToken": "more"},
    "more": {"Events": [{"CloudTrailEvent": json.dumps(record("s3", "GetObject", readOnly=True))}]},
}
PAGES = {
    "": {"ResourceTagMappingList": [], "PaginationToken": "more"},
    "more": {"ResourceTagMappingList": [{"ResourceARN": "arn:a", "Tags": [{"Key": "team", "Value": "ml"}]}]},
}


def session(answers: dict[str, Any], asked: list[tuple[str, str, dict[str, Any]]]) -> Any:
    """Return a session whose AWS gives these answers by page token, and notes what it is asked."""

    def client(service: str, region: str) -> Any:
        def answer(_: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
            asked.append((service, region, request))
            found = answers.get(request.get("NextToken") or request.get("PaginationToken") or "")
            return error("AccessDeniedException") if found is None else (200, found)

        return aws_client(service, answer, region)

    environment = SimpleNamespace(payer_account_id="111111111111")
    return SimpleNamespace(target=SimpleNamespace(client=client), regions=lambda: REGIONS, environment=environment)


def test_every_page_of_every_region_is_looked_up() -> None:
    asked: list[tuple[str, str, dict[str, Any]]] = []
    found = read_calls(session(EVENTS, asked), Sources(lookup_days=14))
    assert ([call.action for call in found.calls], found.others) == (["ec2:RunInstances"] * 2, 2)
    assert [(service, region) for service, region, _ in asked] == [("cloudtrail", one) for one in REGIONS for _ in "12"]
    assert asked[0][2]["LookupAttributes"] == [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}]


def test_nothing_is_asked_where_nothing_is_wanted() -> None:
    asked: list[tuple[str, str, dict[str, Any]]] = []
    assert read_calls(session(EVENTS, asked), Sources()).calls == ()
    assert asked == []


@pytest.mark.parametrize("days", [-1, 91])
def test_days_out_of_reach_are_refused(days: int) -> None:
    with pytest.raises(TagrailError, match=rf"--lookup: must be 1 to 90 days, .*; got {days}\. Do ask for less"):
        read_calls(session(EVENTS, []), Sources(lookup_days=days))


def test_a_refusal_names_the_permission() -> None:
    with pytest.raises(TagrailError, match=r"cloudtrail:LookupEvents: must be answered; got .*AccessDenied"):
        read_calls(session({}, []), Sources(lookup_days=1))
    with pytest.raises(TagrailError, match=r"tag:GetResources: must be answered; got .*AccessDenied"):
        read_resources(session({}, []), Sources())


def test_resources_of_the_payer_are_listed_page_by_page() -> None:
    found = read_resources(session(PAGES, []), Sources())
    assert [(one.arn, one.account_id, one.tags) for one in found] == [("arn:a", "111111111111", {"team": "ml"})] * 2
