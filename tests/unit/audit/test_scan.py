"""What is denied, throttled, suspended or broken off in a look through accounts is a gap, and never nothing."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from harness.audit.joined import Joiner
from harness.audit.model import AuditResource
from harness.audit.scan import Scan
from harness.audit.seen import SeenFiles
from harness.errors import TagrailError
from harness.organization import Account
from tests.unit.audit.world import FURTHER, HOME, MEMBER, OTHER, PAYER, Answer, World, organization, queue, unreachable

AGGREGATOR = {
    "ConfigurationAggregators": [
        {"ConfigurationAggregatorName": "all", "OrganizationAggregationSource": {"AllAwsRegions": True}}
    ]
}
VIEW = "arn:aws:resource-explorer-2:eu-central-1:111111111111:view/all/1"
Gaps = list[tuple[str, str, str, str]]


def refusal(code: str) -> Exception:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "AssumeRole")


def scanned(
    folder: Path, world: World, *further: Account, tell: Callable[[Any], object] = lambda _: None, regions: Any = ()
) -> tuple[SeenFiles, Scan]:
    seen = SeenFiles(folder)
    scan = Scan(world, world.wanted(*regions), organization(*further), seen)
    scan.run(tell)
    return seen, scan


def gaps(seen: SeenFiles) -> Gaps:
    """Return the gaps, without those of Resource Explorer, which nobody has switched on here."""
    return sorted(
        (gap.source, gap.account, gap.region, gap.code) for gap in seen.gaps() if gap.code or gap.source != "explorer"
    )


def resources(seen: SeenFiles, scan: Scan) -> list[AuditResource]:
    return [each for group in seen.groups() for each in Joiner(scan.kinds(), seen.read()).join(group)]


def arns(seen: SeenFiles, scan: Scan) -> set[str]:
    return {each.arn for each in resources(seen, scan)}


def everywhere(*accounts: str) -> set[str]:
    return {queue(account, region) for account in accounts for region in (HOME, FURTHER)}


def test_all_accounts_and_regions_are_seen(tmp_path: Path) -> None:
    world = World()
    seen, scan = scanned(tmp_path / "seen", world)
    found = {arn for arn in arns(seen, scan) if ":sqs:" in arn}
    assert found == everywhere(PAYER, MEMBER)
    assert gaps(seen) == []
    assert seen.read() == {(account, region) for account in (PAYER, MEMBER) for region in (HOME, FURTHER)}
    assert sum(":organizations:" in arn for arn in arns(seen, scan)) == 2
    assert world.calls[MEMBER, "", "AssumeRole"] == 1


def test_an_organisation_may_have_one_account(tmp_path: Path) -> None:
    seen = SeenFiles(tmp_path / "seen")
    world = World()
    alone = organization()
    alone = type(alone)(alone.id, "r", PAYER, frozenset(), {}, alone.accounts[:1])
    scan = Scan(world, world.wanted(), alone, seen)
    scan.run(lambda _: None)
    assert seen.read() == {(PAYER, HOME), (PAYER, FURTHER)}


def test_an_account_that_cannot_be_entered_is_a_gap(tmp_path: Path) -> None:
    seen, scan = scanned(tmp_path / "seen", World({(MEMBER, "", "AssumeRole"): refusal("AccessDenied")}))
    assert gaps(seen) == [("account", MEMBER, "", "AccessDenied")]
    assert {arn for arn in arns(seen, scan) if ":sqs:" in arn} == everywhere(PAYER)


def test_an_account_that_is_suspended_is_a_gap_and_never_entered(tmp_path: Path) -> None:
    world = World()
    seen, _ = scanned(tmp_path / "seen", world, Account(OTHER, "old", "", "SUSPENDED"))
    assert gaps(seen) == [("account", OTHER, "", "")]
    assert not [call for call in world.calls if call[0] == OTHER]


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException"])
def test_a_region_that_cannot_be_read_is_a_gap_and_its_resources_are_unknown(tmp_path: Path, code: str) -> None:
    """The kind is known from elsewhere: silence would be taken for tags that are missing."""
    model = f"arn:aws:sagemaker:{HOME}:{MEMBER}:model/m"
    shown = {"ResourceTagMappingList": [{"ResourceARN": f"arn:aws:sagemaker:{FURTHER}:{PAYER}:model/n", "Tags": []}]}
    listed = {"Models": [{"ModelName": "m", "ModelArn": model}]}
    row = {
        "arn": queue(MEMBER, HOME, "bare"),
        "accountId": MEMBER,
        "awsRegion": HOME,
        "resourceType": "AWS::SQS::Queue",
    }
    faults: dict[tuple[str, str, str], Answer] = {
        (PAYER, FURTHER, "GetResources"): shown,
        (MEMBER, HOME, "GetResources"): code,
        (MEMBER, HOME, "ListModels"): listed,
        (MEMBER, HOME, "ListTags"): {"Tags": [{"Key": "owner", "Value": "b"}]},
        (MEMBER, HOME, "SelectResourceConfig"): {"Results": [json.dumps(row)]},
    }
    seen, scan = scanned(tmp_path / "seen", World(faults))
    assert gaps(seen) == [("tagging", MEMBER, HOME, code)]
    found = {each.arn: each.tags for each in resources(seen, scan)}
    assert found[queue(MEMBER, HOME, "bare")] is None
    assert found[model] == {"owner": "b"}


def test_what_all_accounts_are_read_from_at_once_is_not_read_singly(tmp_path: Path) -> None:
    world = World()
    world.faults |= {
        ("", "", "DescribeConfigurationAggregators"): AGGREGATOR,
        ("", "", "SelectAggregateResourceConfig"): {"Results": []},
        ("", "", "ListViews"): {"Views": [VIEW]},
        ("", "", "GetView"): {"View": {"ViewArn": VIEW, "Scope": "arn:aws:organizations::1:organization/o-1"}},
        ("", "", "ListResources"): {"Resources": []},
    }
    seen, _ = scanned(tmp_path / "seen", world)
    asked = {operation for _, _, operation in world.calls}
    assert asked >= {"SelectAggregateResourceConfig", "ListResources"}
    assert not asked & {"SelectResourceConfig", "GetDefaultView"}
    assert gaps(seen) == []


@pytest.mark.parametrize("answer", [{"ConfigurationAggregators": []}, "AccessDeniedException"])
def test_without_an_aggregator_config_is_read_singly(tmp_path: Path, answer: Answer) -> None:
    world = World({("", "", "DescribeConfigurationAggregators"): answer})
    scanned(tmp_path / "seen", world)
    assert sum(count for (*_, name), count in world.calls.items() if name == "SelectResourceConfig") == 4


def test_an_aggregator_of_other_regions_is_none(tmp_path: Path) -> None:
    some = {"ConfigurationAggregatorName": "some", "OrganizationAggregationSource": {"AwsRegions": [HOME]}}
    world = World({("", "", "DescribeConfigurationAggregators"): {"ConfigurationAggregators": [some]}})
    scanned(tmp_path / "seen", world)
    assert "SelectAggregateResourceConfig" not in {name for *_, name in world.calls}
    world.faults["", "", "SelectAggregateResourceConfig"] = {"Results": []}
    scanned(tmp_path / "home", world, regions=[HOME])
    assert "SelectAggregateResourceConfig" in {name for *_, name in world.calls}


def test_what_is_refused_of_the_whole_organisation_is_missed_in_every_region(tmp_path: Path) -> None:
    world = World({("", "", "DescribeConfigurationAggregators"): AGGREGATOR})
    world.faults["", "", "SelectAggregateResourceConfig"] = "AccessDeniedException"
    seen, _ = scanned(tmp_path / "seen", world)
    assert gaps(seen) == [("config", "", "", "AccessDeniedException")]


def test_where_nobody_looks_nothing_is_seen(tmp_path: Path) -> None:
    rows = [
        {"arn": queue(MEMBER, region, "bare"), "accountId": MEMBER, "awsRegion": region} for region in (HOME, FURTHER)
    ]
    world = World({("", "", "DescribeConfigurationAggregators"): AGGREGATOR})
    world.faults["", "", "SelectAggregateResourceConfig"] = {"Results": [json.dumps(row) for row in rows]}
    seen, scan = scanned(tmp_path / "seen", world, regions=[HOME, HOME])
    found = {each.arn: each.tags for each in resources(seen, scan)}
    assert found[queue(MEMBER, HOME, "bare")] == {}
    assert not [arn for arn in found if FURTHER in arn]
    assert world.calls[MEMBER, HOME, "GetResources"] == 1


@pytest.mark.parametrize("error", [refusal("ExpiredToken"), unreachable()])
def test_credentials_that_end_break_the_audit_off(tmp_path: Path, error: Exception) -> None:
    world = World({(MEMBER, "", "AssumeRole"): error})
    with pytest.raises(TagrailError, match=r"must be good for all of the audit.*add --resume"):
        scanned(tmp_path / "seen", world)
    assert gaps(SeenFiles(tmp_path / "seen")) == []


def test_the_payers_own_credentials_may_end_too(tmp_path: Path) -> None:
    with pytest.raises(TagrailError, match="ExpiredTokenException"):
        scanned(tmp_path / "seen", World({(PAYER, FURTHER, "GetResources"): "ExpiredTokenException"}))


def test_what_could_not_be_read_is_read_when_a_run_goes_on(tmp_path: Path) -> None:
    faults: dict[tuple[str, str, str], Answer] = {
        (MEMBER, "", "AssumeRole"): refusal("AccessDenied"),
        (PAYER, HOME, "GetResources"): "ThrottlingException",
    }
    world = World(faults)
    seen, _ = scanned(tmp_path / "seen", world)
    assert len(gaps(seen)) == 2
    world.faults.clear()
    seen, scan = scanned(tmp_path / "seen", world)
    assert gaps(seen) == []
    assert {arn for arn in arns(seen, scan) if ":sqs:" in arn} == everywhere(PAYER, MEMBER)
    assert world.calls[PAYER, FURTHER, "GetResources"] == 1


class Broken(KeyboardInterrupt):
    """Stand for Ctrl-C."""


def test_a_run_may_be_broken_off_after_any_task_and_goes_on_to_the_same_end(tmp_path: Path) -> None:
    whole = resources(*scanned(tmp_path / "whole", World()))
    for stop in itertools.count(1):
        folder = tmp_path / str(stop)

        def tell(progress: Any, stop: int = stop) -> None:
            if progress.ended >= stop:
                raise Broken

        try:
            scanned(folder, World(), tell=tell)
        except Broken:
            seen, scan = scanned(folder, World())
            assert resources(seen, scan) == whole, stop
        else:
            assert stop > 8
            return


@pytest.mark.parametrize("at", range(1, 40, 3))
def test_a_run_may_be_broken_off_at_any_call(tmp_path: Path, at: int) -> None:
    """What runs stops before its next call, and leaves nothing that looks done."""
    whole = resources(*scanned(tmp_path / "whole", World()))
    world, count = World(), itertools.count(1)
    world.on_call = lambda *_: _interrupt() if next(count) == at else None
    with pytest.raises(Broken):
        scanned(tmp_path / "seen", world)
    seen, scan = scanned(tmp_path / "seen", World())
    assert resources(seen, scan) == whole
    assert gaps(seen) == []


def _interrupt() -> None:
    raise Broken
