"""SageMaker's own lists: items without an ARN, what is gone, kinds that no other source shows, and what is refused."""

import datetime
from collections.abc import Collection
from typing import Any

import pytest

from harness.audit.model import Gap, Seen
from harness.audit.sources.listing import Listed, listings
from tests.unit.audit.world import HOME, PAYER, Answer, World, unreachable

PLACE = f"arn:aws:sagemaker:{HOME}:{PAYER}"
OLD = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
TAGS = {"Tags": [{"Key": "owner", "Value": "a"}]}
APP = {"DomainId": "d-1", "UserProfileName": "Jane", "AppType": "JupyterLab", "AppName": "Default"}
JOB = {"TrainingJobName": "j", "TrainingJobArn": f"{PLACE}:training-job/j"}


def listed(faults: dict[str, Answer], known: Collection[str] = (), *, covers: bool = True) -> tuple[World, list[Any]]:
    world = World({("", "", name): answer for name, answer in faults.items()})
    client = world.client("sagemaker", HOME)
    pages = Listed(client, PAYER, HOME, frozenset(known), lambda _: covers).read()
    return world, [row for page in pages for row in ([page] if isinstance(page, Gap) else page)]


def jobs(created: datetime.datetime = OLD) -> dict[str, Answer]:
    return {"ListTrainingJobs": {"TrainingJobSummaries": [{**JOB, "CreationTime": created}]}, "ListTags": TAGS}


def test_every_list_is_one_that_pages_and_no_other_is_asked() -> None:
    world, rows = listed({})
    assert rows == []
    assert len(world.calls) == len(listings()) > 20


def test_what_the_tagging_api_would_show_never_had_a_tag() -> None:
    world, (row,) = listed(jobs())
    assert row == Seen(
        JOB["TrainingJobArn"], PAYER, HOME, "listing", "AWS::SageMaker::TrainingJob", "j", OLD.isoformat(), {}
    )
    assert not world.calls[PAYER, HOME, "ListTags"]


def test_of_other_kinds_sagemaker_is_asked() -> None:
    _, (row,) = listed(jobs(), covers=False)
    assert row.tags == {"owner": "a"}


def test_what_was_made_while_the_audit_runs_is_asked_for() -> None:
    _, (row,) = listed(jobs(datetime.datetime.now(tz=datetime.UTC)))
    assert row.tags == {"owner": "a"}


def test_what_is_known_is_not_read_again_whatever_its_case() -> None:
    assert listed(jobs(), [JOB["TrainingJobArn"].lower()])[1] == []
    known = f"{PLACE}:app/d-1/jane/jupyterlab/default"
    world, rows = listed({"ListApps": {"Apps": [APP]}}, [known])
    assert (rows, world.calls[PAYER, HOME, "DescribeApp"]) == ([], 0)


def test_an_item_without_an_arn_is_described() -> None:
    arn = f"{PLACE}:app/d-1/jane/jupyterlab/Default"
    _, (row,) = listed({"ListApps": {"Apps": [APP]}, "DescribeApp": {"AppArn": arn}})
    assert (row.arn, row.name, row.tags) == (arn, "Default", {})


@pytest.mark.parametrize("status", ["Deleted", "Failed"])
def test_an_app_that_is_gone_is_none(status: str) -> None:
    assert listed({"ListApps": {"Apps": [{**APP, "Status": status}]}})[1] == []


def test_what_is_deleted_meanwhile_leaves_the_others() -> None:
    gone = {"ListApps": {"Apps": [APP]}, "DescribeApp": "ResourceNotFound"}
    assert [row.name for row in listed({**jobs(), **gone})[1]] == ["j"]
    assert listed({**jobs(), "ListTags": "ResourceNotFound"}, covers=False)[1] == []


def test_a_list_that_is_refused_is_a_gap_and_the_others_go_on() -> None:
    _, rows = listed({**jobs(), "ListDomains": "AccessDeniedException"})
    gap, row = rows
    assert (gap.source, gap.code) == ("sagemaker:list_domains", "AccessDeniedException")
    assert row.name == "j"


def test_tags_that_are_refused_are_a_gap() -> None:
    _, (gap,) = listed({**jobs(), "ListTags": "AccessDeniedException"}, covers=False)
    assert (gap.source, gap.lacks) == ("sagemaker:list_training_jobs", "what TrainingJobSummaries never had a tag")


def test_where_nobody_answers_nobody_is_asked_again() -> None:
    world, (gap,) = listed({name: unreachable() for name in ("ListDomains",)})
    assert (gap.source, gap.code) == ("sagemaker:*", "EndpointConnectionError")
    assert sum(world.calls.values()) == 1
