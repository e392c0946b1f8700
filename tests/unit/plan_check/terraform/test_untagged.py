"""What a resource makes without tags, whatever its own are."""

from harness.plan_check.requirements import KeyRule, Requirements
from harness.plan_check.wording import describe
from tests.unit.plan_check.plans import change, faults, plan, read

REQUIRED = Requirements((KeyRule("owner", checked_for=("*",)),))
TAGS = {"tags": {"owner": "ml"}, "tags_all": {"owner": "ml"}, "volume_tags": {"owner": "ml"}}
SPOT = "aws_spot_instance_request.s"


def test_the_instance_of_a_spot_request_gets_no_tags() -> None:
    (fault,) = faults(read(plan([change(SPOT, TAGS)])), REQUIRED)[SPOT]
    assert (fault.rule, fault.verdict, fault.path) == ("not-propagated", "fail", "spot_instance_id")


def test_single_tags_may_tag_the_instance_of_a_spot_request_later() -> None:
    tag = change("aws_ec2_tag.owner", {"key": "owner", "value": "ml"}, unknown={"resource_id": True})
    (fault,) = faults(read(plan([change(SPOT, TAGS), tag])), REQUIRED)[SPOT]
    assert (fault.rule, fault.verdict) == ("unknown-propagation", "unknown")


def test_a_spot_request_is_repaired_by_an_instance() -> None:
    found = read(plan([change(SPOT, TAGS)]))
    (resource,) = found.resources
    (finding,) = describe(found, resource, faults(read(plan([change(SPOT, TAGS)])), REQUIRED)[SPOT])
    assert finding.what == (
        "spot_instance_id is the id of an untagged instance: tags do not reach the instance of the request"
    )
    assert finding.must_hold == "it is that of an aws_instance with instance_market_options"
    assert finding.repair_at == f"write an aws_instance with instance_market_options in place of {SPOT}"
