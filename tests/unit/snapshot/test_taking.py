"""A snapshot as it is read of a fake AWS: complete, without secrets, and honest about what it lacks."""

import dataclasses

import pytest
from botocore.exceptions import ClientError

from harness.emulator.seed_model import NOT_ASKED, ConfigRecorders, Seed, TaggedResources
from harness.snapshot import render_snapshot, take_snapshot
from tests.unit.snapshot.organization import CLOSED, FURTHER, HOME, MEMBER, OTHER, PAYER, SECRET, SPACED, Aws, wanted


def silent(_: str) -> None:
    pass


def take(*closed: str, role: bool = True, resources: bool = True, payer_recorder: bool = True) -> Seed:
    asked = wanted(role=role, resources=resources, payer_recorder=payer_recorder)
    return take_snapshot(Aws(*closed), asked, silent)


def test_nodes_and_accounts_are_those_of_the_organisation_with_the_payer_first() -> None:
    organization = take().organization
    assert (organization.id, organization.root_id) == ("o-1234567890", "r-root")
    assert organization.policy_types == ("SERVICE_CONTROL_POLICY", "TAG_POLICY")
    assert organization.trusted_services == ("config.amazonaws.com",)
    units = [(unit.id, unit.path, unit.name, unit.parent) for unit in organization.organizational_units]
    assert units == [("ou-root-aaaaaaaa", "Work", "", ""), ("ou-root-bbbbbbbb", "Work/R/D", "R/D", "Work")]
    assert [(each.id, each.name, each.parent, each.status) for each in organization.accounts] == [
        (PAYER, "payer", "", "ACTIVE"),
        (MEMBER, "member", "Work", "ACTIVE"),
        (OTHER, "other", "Work/R/D", "ACTIVE"),
        (CLOSED, "closed", "Work", "PENDING_CLOSURE"),
    ]
    assert [each.tags for each in organization.accounts] == [{"Unit": "0"}, {"Unit": "1"}, {"Unit": "2"}, {"Unit": "9"}]


def test_policies_keep_their_very_text_and_the_order_that_aws_gives() -> None:
    found = take()
    names = [(policy.name, policy.aws_managed) for policy in found.policies]
    assert names == [("FullAWSAccess", True), ("guard", False), ("one", False), ("two", False)]
    assert found.policies[2].content == SPACED
    assert found.attachments == {
        MEMBER: ("p-tagstwo2", "p-FullAWSAccess"),
        "ou-root-aaaaaaaa": ("p-control1",),
        "r-root": ("p-tagstwo2", "p-tagsone1", "p-FullAWSAccess"),
    }


def test_the_order_is_asked_for_only_where_a_node_has_several_tag_policies() -> None:
    aws = Aws()
    take_snapshot(aws, wanted(), silent)
    assert aws.asked.count("ListPoliciesForTarget") == 1


def test_keys_of_billing_have_the_days_since_they_were_used() -> None:
    (tag,) = take().billing.cost_allocation_tags
    assert (tag.key, tag.status, tag.last_used_days_ago, tag.last_updated_days_ago) == ("A", "Active", 2, 30)


def test_resources_are_their_arns_and_the_tags_that_people_gave_them() -> None:
    assert take().tagged_resources == (
        TaggedResources(account=PAYER, region=HOME, tags={"A": "x"}, arns=("arn:aws:s3:::logs",)),
        TaggedResources(
            account=MEMBER, region=HOME, tags={}, arns=("arn:aws:sns:eu-central-1:100000000001:was-tagged",)
        ),
        TaggedResources(
            account=MEMBER,
            region=HOME,
            tags={"A": "x"},
            arns=("arn:aws:sqs:eu-central-1:100000000001:a", "arn:aws:sqs:eu-central-1:100000000001:b"),
        ),
        TaggedResources(
            account=MEMBER, region=FURTHER, tags={"A": "y"}, arns=("arn:aws:sqs:us-east-1:100000000001:c",)
        ),
    )


def test_recorders_are_grouped_and_the_environments_own_is_left_out() -> None:
    stopped = ConfigRecorders(accounts=(PAYER,), regions=(HOME,), bucket_name="config", recording=False)
    running = ConfigRecorders(accounts=(MEMBER, OTHER), regions=(HOME,), bucket_name="config")
    assert take().config_recorders == (stopped, running)
    assert take(payer_recorder=False).config_recorders == (running,)


def test_no_secret_and_no_address_gets_in() -> None:
    text = render_snapshot(take())
    assert SECRET not in text
    assert "corp.example.org" not in text
    assert "aws:cloudformation" not in text
    assert f'email: "{PAYER}@example.com"' in text


def gaps(seed: Seed) -> list[tuple[str, tuple[str, ...], str]]:
    return [(entry.part, entry.of, entry.code) for entry in seed.unreadable]


GONE = ("tagged resources", (CLOSED,), NOT_ASKED)


def test_an_account_that_is_not_active_is_named_and_not_entered() -> None:
    assert gaps(take()) == [GONE]


def test_without_a_role_the_members_are_unknown_and_their_recorders_assumed() -> None:
    found = take(role=False)
    assert gaps(found) == [
        GONE,
        ("tagged resources", (MEMBER, OTHER), NOT_ASKED),
        ("Config recorders", (MEMBER, OTHER), NOT_ASKED),
    ]
    assert [(each.accounts, each.assumed) for each in found.config_recorders] == [
        ((PAYER,), False),
        ((MEMBER, OTHER), True),
    ]
    assert {group.account for group in found.tagged_resources} == {PAYER}


def test_without_resources_none_is_asked_for_and_that_is_said() -> None:
    aws = Aws()
    found = take_snapshot(aws, wanted(resources=False), silent)
    assert "GetResources" not in aws.asked
    assert gaps(found) == [GONE, ("tagged resources", (PAYER, MEMBER, OTHER), NOT_ASKED)]
    assert found.tagged_resources == ()


@pytest.mark.parametrize(
    ("closed", "gap"),
    [
        ("ListPolicies TAG_POLICY", ("tag policies", ())),
        ("DescribePolicy p-control1", ("service control policies", ("guard",))),
        ("ListTargetsForPolicy p-tagsone1", ("tag policies", ("one",))),
        ("ListPoliciesForTarget", ("order of tag policies", ("r-root",))),
        ("ListAWSServiceAccessForOrganization", ("trusted services", ())),
        (f"ListTagsForResource {MEMBER}", ("account tags", (MEMBER,))),
        ("ListCostAllocationTags", ("cost allocation tags", ())),
        (f"GetResources {MEMBER}", ("tagged resources", (MEMBER,))),
        (f"GetResources {MEMBER}/{FURTHER}", ("tagged resources", (f"{MEMBER}/{FURTHER}",))),
        (f"DescribeDeliveryChannels {OTHER}", ("Config recorders", (OTHER,))),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_aws_does_not_let_us_read_is_named(closed: str, gap: tuple[str, tuple[str, ...]]) -> None:
    found = take(closed)
    assert (*gap, "AccessDeniedException") in gaps(found)
    assert len(found.unreadable) == 2


def test_a_policy_that_cannot_be_read_takes_its_places_with_it() -> None:
    assert take("DescribePolicy p-tagsone1").attachments["r-root"] == ("p-tagstwo2", "p-FullAWSAccess")


def test_accounts_that_cannot_be_entered_are_one_entry() -> None:
    def enter(account: str) -> None:
        message = f"not authorized on arn:aws:iam::{account}:role/audit"
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": message}}, "AssumeRole")

    found = take_snapshot(Aws(), dataclasses.replace(wanted(), enter=enter), silent)
    resources, recorders = found.unreadable[1:]
    reason = "AssumeRole: AccessDenied: not authorized on arn:aws:iam::ACCOUNT:role/audit"
    assert (resources.of, resources.reason, resources.code) == ((MEMBER, OTHER), reason, "AccessDenied")
    assert (recorders.part, recorders.of) == ("Config recorders", (MEMBER, OTHER))


def test_without_the_tree_there_is_no_snapshot() -> None:
    with pytest.raises(ClientError, match="ListRoots"):
        take("ListRoots")


def test_progress_has_a_line_for_each_part() -> None:
    lines: list[str] = []
    take_snapshot(Aws(), wanted(), lines.append)
    assert lines == [
        "read accounts of the organisation: 4",
        "read policies: 4",
        "read accounts: 3 of 3, 5 tagged resources",
    ]
