"""CloudTrail's history: who changed what, from calls and from a seed."""

import datetime
import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from harness.emulator import process
from tests.clients import Client, client_maker

from .conftest import error_code
from .test_seed import SMALL

pytestmark = pytest.mark.emulator

MEMBER, REGION = "222222222222", "eu-central-1"
ADA = f"arn:aws:sts::{MEMBER}:assumed-role/developer/ada@example.com"
LISTED = f"arn:aws:sagemaker:{REGION}:{MEMBER}:endpoint/churn"
EVENT = {
    "account": "member",
    "region": REGION,
    "name": "CreateNotebookInstance",
    "source": "sagemaker.amazonaws.com",
    "principal": ADA,
}


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("trail")
    seed = {
        **SMALL,
        "resources": [],
        "trail_events": [
            {**EVENT, "days_ago": 2, "resources": ["notebook"]},
            {**EVENT, "days_ago": 91, "resources": ["forgotten"]},
        ],
        "tagged_resources": [
            {"account": "member", "region": REGION, "arns": [LISTED], "created_days_ago": 5, "created_by": ADA}
        ],
    }
    (folder / "seed.yaml").write_text(yaml.safe_dump(seed, sort_keys=False), encoding="utf-8")
    running = process.start("trail", folder, folder / "seed.yaml")
    yield client_maker(running.url)
    process.stop("trail", folder)


@pytest.fixture
def trail(make: Client) -> Any:
    return make("cloudtrail", MEMBER, REGION)


def found(trail: Any, key: str, value: str, **arguments: Any) -> list[dict[str, Any]]:
    attributes = [{"AttributeKey": key, "AttributeValue": value}]
    pages = trail.get_paginator("lookup_events").paginate(LookupAttributes=attributes, **arguments)
    return [event for page in pages for event in page["Events"]]


def test_a_change_is_kept_with_who_made_it(make: Client, trail: Any) -> None:
    topic = make("sns", MEMBER, REGION).create_topic(Name="kept")["TopicArn"]
    make("sns", MEMBER, REGION).list_topics()
    make("sns", MEMBER, REGION).publish(TopicArn=topic, Message="data")
    (event,) = found(trail, "ResourceName", topic)
    assert (event["EventName"], event["EventSource"], event["ReadOnly"]) == (
        "CreateTopic",
        "sns.amazonaws.com",
        "false",
    )
    assert event["Username"] == "test"
    identity = json.loads(event["CloudTrailEvent"])["userIdentity"]
    assert identity["arn"] == f"arn:aws:sts::{MEMBER}:assumed-role/OrganizationAccountAccessRole/test"
    age = datetime.datetime.now(datetime.UTC) - event["EventTime"]
    assert abs(age) < datetime.timedelta(minutes=5)


def test_what_comes_from_the_answer_is_named_too_and_failures_are_not_kept(make: Client, trail: Any) -> None:
    volume = make("ec2", MEMBER, REGION).create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"]
    assert [event["EventName"] for event in found(trail, "ResourceName", volume)] == ["CreateVolume"]
    with pytest.raises(ClientError):
        make("sagemaker", MEMBER, REGION).delete_model(ModelName="gone")
    assert found(trail, "EventName", "DeleteModel") == []
    make("iam", MEMBER, REGION).create_user(UserName="ada")
    assert found(trail, "EventName", "CreateUser") == []
    home = make("cloudtrail", MEMBER, "us-east-1")
    assert [event["EventSource"] for event in found(home, "ResourceName", "ada")] == ["iam.amazonaws.com"]


def test_a_seed_has_events_of_its_own_and_of_listed_resources(trail: Any) -> None:
    (event,) = found(trail, "ResourceName", "notebook")
    assert (event["Username"], event["EventName"]) == ("ada@example.com", "CreateNotebookInstance")
    assert found(trail, "ResourceName", "forgotten") == []
    (made,) = found(trail, "ResourceName", LISTED)
    assert (made["EventName"], made["Username"]) == ("CreateEndpoint", "ada@example.com")
    assert made["Resources"][0] == {"ResourceType": "AWS::SageMaker::Endpoint", "ResourceName": LISTED}
    now = datetime.datetime.now(datetime.UTC)
    days = datetime.timedelta(days=1)
    assert found(trail, "ResourceName", LISTED, StartTime=now - 4 * days) == []
    assert len(found(trail, "Username", "ada@example.com", StartTime=now - 6 * days, EndTime=now)) == 2


def test_a_page_has_fifty_events_the_newest_first(make: Client, trail: Any) -> None:
    for number in range(55):
        make("sns", MEMBER, REGION).create_topic(Name=f"many-{number}")
    first = trail.lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateTopic"}])
    assert len(first["Events"]) == 50
    assert first["Events"][0]["Resources"][0]["ResourceName"].endswith(":many-54")
    assert len(found(trail, "EventName", "CreateTopic")) >= 55


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (
            {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "a"}] * 2},
            "InvalidLookupAttributesException",
        ),
        (
            {"StartTime": datetime.datetime(2026, 2, 2), "EndTime": datetime.datetime(2026, 1, 1)},
            "InvalidTimeRangeException",
        ),
        ({"NextToken": "gone"}, "InvalidNextTokenException"),
        ({"EventCategory": "insight"}, "NotImplemented"),
    ],
)
def test_what_cannot_be_looked_up_is_refused(trail: Any, arguments: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as failure:
        trail.lookup_events(**arguments)
    assert error_code(failure) == code
