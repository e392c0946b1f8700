"""Values of a wrong type, wherever they stand in a plan, are no reason to crash."""

import copy
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.plan_check.weakening import Change, weakenings
from tests.unit.plan_check.weakening.changes import becomes, deny, document, goes, stays, tag_policy
from tests.unit.plan_check.weakening.test_config_rules import GUARD, MANAGED, clause, guard, managed
from tests.unit.plan_check.weakening.test_cost import HELD, TOPIC, alert, anomalies, planned
from tests.unit.plan_check.weakening.test_exports import export

EXPORT, NARROWER = export(TIME_GRANULARITY="HOURLY"), export("SELECT Tags FROM FOCUS_1_2_AWS")
TYPE = {"TAG_POLICY": tag_policy(owner={"tag_value": ["a"]}), "SERVICE_CONTROL_POLICY": document(deny("s3:*", sid="A"))}
LEAVE = document({"Effect": "Allow", "Principal": {"Service": "budgets.amazonaws.com"}, "Action": "*", "Resource": "*"})
CHANGES = (
    *(
        stays(f"aws_organizations_policy.{kind}", id=f"p-{kind}", name=kind, type=kind, content=content)
        for kind, content in TYPE.items()
    ),
    *(stays(f"aws_organizations_policy_attachment.{kind}", policy_id=f"p-{kind}", target_id="r-abcd") for kind in TYPE),
    goes("aws_organizations_policy_attachment.far", policy_id="p-far", target_id="ou-abcd-11111111"),
    stays("aws_organizations_organization.o", enabled_policy_types=["TAG_POLICY"], aws_service_access_principals=[]),
    becomes(f"{MANAGED}.this", managed(owner="a", stage=""), **managed(owner="a,b", excluded=("1",))),
    becomes(f"{GUARD}.this", guard(clause("owner", "!empty"), clause("owner", 'IN ["a"]')), excluded_accounts=["1"]),
    stays("aws_config_configuration_recorder.this", name="default", recording_group=[{"all_supported": True}]),
    stays("aws_config_configuration_recorder_status.this", name="default", is_enabled=True),
    stays("aws_config_organization_conformance_pack.this", name="x", template_body="REQUIRED_TAGS"),
    stays("aws_ce_cost_allocation_tag.this", tag_key="owner", status="Active"),
    stays("aws_servicecatalog_tag_option.this", id="tag-1", key="owner", value="a", active=True),
    stays("aws_servicecatalog_tag_option_resource_association.this", tag_option_id="tag-1", resource_id="port-1"),
    becomes("aws_budgets_budget.this", HELD, limit_amount="900", notification=[alert(90, topics=[])]),
    becomes("aws_budgets_budget.year", {**HELD, "planned_limit": planned("1", "2")}, planned_limit=planned("3")),
    becomes("aws_bcmdataexports_export.this", {"export": EXPORT}, export=NARROWER),
    stays("aws_sns_topic.this", arn=TOPIC, name="alerts", policy=LEAVE),
    stays("aws_sns_topic_subscription.this", topic_arn=TOPIC, protocol="email", endpoint="a", filter_policy="{}"),
    stays("aws_ce_anomaly_subscription.this", **anomalies()),
    stays("aws_iam_policy.this", name="g", arn="arn:g", policy=document(deny("s3:*", Null={"aws:TagKeys": "true"}))),
    stays("aws_iam_role_policy_attachment.this", role="ci", policy_arn="arn:g"),
    stays("aws_iam_role.this", name="ci", permissions_boundary="arn:g"),
)
GARBAGE = st.sampled_from(
    [None, True, 0, -1.5, 1e400, "", "x", "{}", "[" * 5000, [], [None], [[]], ["x"], {}, {"a": [1]}]
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of everything in a value."""
    if isinstance(value, dict):
        inside = [each for name, item in value.items() for each in places(item, (*path, name))]
    elif isinstance(value, list):
        inside = [each for index, item in enumerate(value) for each in places(item, (*path, index))]
    else:
        inside = []
    return ([path] if path else []) + inside


def broken(value: Any, path: tuple[Any, ...], garbage: Any) -> Any:
    """Return a copy of a value with garbage at a path."""
    found = copy.deepcopy(value)
    at = found
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = garbage
    return found


@st.composite
def broken_changes(draw: st.DrawFn) -> list[Change]:
    changes = list(CHANGES)
    for _ in range(draw(st.integers(1, 4))):
        index = draw(st.integers(0, len(changes) - 1))
        side = draw(st.sampled_from(["before", "after", "after_unknown"]))
        values = getattr(changes[index], side) or {}
        if found := places(values):
            new = broken(values, draw(st.sampled_from(found)), draw(GARBAGE))
            changes[index] = msgspec.structs.replace(changes[index], **{side: new}, actions=("update",))
    return changes


@pytest.mark.thorough
@settings(max_examples=300, deadline=None)
@given(broken_changes())
def test_broken_values_crash_nothing(changes: list[Change]) -> None:
    for found in weakenings(changes):
        assert found.fault.verdict in {"fail", "unknown"}


def test_the_plan_takes_away_what_it_says() -> None:
    assert {found.fault.rule for found in weakenings(CHANGES)} == {
        "policy-weakened",
        "key-unwatched",
        "budget-raised",
        "subscriber-dropped",
        "exemption-widened",
        "export-narrowed",
    }
