"""Tag policies: one entry a key and target, operators by what stands above, names that stay."""

from typing import Any

import pytest

from harness.dictionary import Dictionary
from harness.documents import PolicyTarget, policy_targets, render_tag_policies, target_id
from harness.environment import Environment
from harness.errors import TagrailError
from harness.facts import load_facts
from tests.contracts.seeded_organization import seeded_organization

LIMITS = load_facts().limits
ENVIRONMENT = {
    "version": 1,
    "name": "any",
    "target": "aws",
    "payer_account_id": "111111111111",
    "organization_id": "o-tagraillocal",
    "regions": {"home": "eu-central-1"},
    "config": {"scope": "account"},
}


def dictionary(**tag: Any) -> Dictionary:
    return Dictionary.model_validate({"version": 1, "tags": {"Team": {"purpose": "Team.", **tag}}})


def environment(**policy: Any) -> Environment:
    return Environment.model_validate({**ENVIRONMENT, "tag_policy": policy})


def entries(tag: Dictionary, policy: Environment) -> dict[str, Any]:
    """Return target -> entry of the one key."""
    targets = policy_targets(tag, policy, seeded_organization())
    documents = render_tag_policies(tag, "any", targets, LIMITS)
    return {each.target: each.content["tags"]["team"] for each in documents.values()}  # type: ignore[index]


def test_an_entry_fixes_the_case_of_its_key() -> None:
    assert entries(dictionary(), environment(root="report")) == {"root": {"tag_key": {"@@assign": "Team"}}}


def test_the_top_target_assigns_values_and_types() -> None:
    tag = dictionary(
        values=["ml", "retail"], enforced_for=["s3:bucket"], mandatory=True, report_required_tag_for=["ec2:instance"]
    )
    assert entries(tag, environment(root="enforce"))["root"] == {
        "tag_key": {"@@assign": "Team"},
        "tag_value": {"@@assign": ["ml", "retail"]},
        "enforced_for": {"@@assign": ["s3:bucket"]},
        "report_required_tag_for": {"@@assign": ["ec2:instance"]},
    }


def test_nothing_is_denied_where_the_environment_says_report() -> None:
    assert (
        "enforced_for"
        not in entries(dictionary(values=["ml"], enforced_for=["s3:bucket"]), environment(root="report"))["root"]
    )


def test_a_target_below_with_the_same_mode_and_values_needs_no_policy() -> None:
    tag = dictionary(values=["ml"], enforced_for=["s3:bucket"])
    assert set(entries(tag, environment(root="report", organizational_units={"Sandbox": "report"}))) == {"root"}


@pytest.mark.parametrize(
    ("above", "below", "operator"), [("report", "enforce", "@@assign"), ("enforce", "report", "@@remove")]
)
def test_another_mode_below_adds_or_takes_enforcement(above: str, below: str, operator: str) -> None:
    tag = dictionary(values=["ml"], enforced_for=["s3:bucket"])
    found = entries(tag, environment(root=above, organizational_units={"Sandbox": below}))
    assert found["Sandbox"] == {"tag_key": {"@@assign": "Team"}, "enforced_for": {operator: ["s3:bucket"]}}


@pytest.mark.parametrize("change", ["append", "remove"])
def test_a_unit_that_changes_values_becomes_a_target_with_the_mode_above(change: str) -> None:
    tag = dictionary(
        values=["ml", "retail"], values_by_ou={"Workloads/Prod": {change: ["ml" if change == "remove" else "lab"]}}
    )
    policy = environment(organizational_units={"Workloads": "enforce"})
    targets = policy_targets(tag, policy, None)
    assert PolicyTarget("Workloads/Prod", "enforce", "Workloads") in targets
    assert set(entries(tag, policy)["Workloads/Prod"]["tag_value"]) == {f"@@{change}"}


def test_a_unit_below_no_target_is_left_alone() -> None:
    tag = dictionary(values=["ml"], values_by_ou={"Sandbox": {"append": ["lab"]}})
    assert {
        target.key for target in policy_targets(tag, environment(organizational_units={"Workloads": "report"}), None)
    } == {"Workloads"}


def test_a_top_unit_takes_its_own_change_into_what_it_assigns() -> None:
    tag = dictionary(values=["ml", "retail"], values_by_ou={"Sandbox": {"append": ["lab"]}})
    found = entries(tag, environment(organizational_units={"Sandbox": "report"}))
    assert found["Sandbox"]["tag_value"] == {"@@assign": ["ml", "retail", "lab"]}


@pytest.mark.parametrize(
    ("policy", "parent"),
    [
        ({"accounts": {"ml-prod": "enforce"}}, None),
        ({"root": "report", "accounts": {"ml-prod": "enforce"}}, "root"),
        (
            {"root": "report", "organizational_units": {"Workloads": "report"}, "accounts": {"ml-prod": "enforce"}},
            "Workloads",
        ),
        ({"organizational_units": {"Workloads/Prod": "report"}, "accounts": {"ml-prod": "enforce"}}, "Workloads/Prod"),
        ({"organizational_units": {"Sandbox": "report"}, "accounts": {"ml-prod": "enforce"}}, None),
    ],
)
def test_the_parent_of_an_account_is_the_nearest_target_above_it(policy: dict[str, Any], parent: str | None) -> None:
    targets = {
        target.key: target for target in policy_targets(dictionary(), environment(**policy), seeded_organization())
    }
    assert targets["account:ml-prod"].parent == parent


def test_without_an_organisation_an_account_lies_below_the_root() -> None:
    policy = environment(root="report", organizational_units={"Workloads": "report"}, accounts={"ml-prod": "enforce"})
    targets = {target.key: target for target in policy_targets(dictionary(), policy, None)}
    assert targets["account:ml-prod"].parent == "root"


def test_an_account_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TagrailError, match='account "nobody": must exist'):
        policy_targets(dictionary(), environment(accounts={"nobody": "report"}), seeded_organization())


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("root", "r-tgrl"),
        ("Workloads/Prod", "ou-tgrl-workprod"),
        ("account:ml-lab", "555555555551"),
        ("account:555555555551", "555555555551"),
    ],
)
def test_a_target_has_an_id(key: str, found: str) -> None:
    assert target_id(key, seeded_organization()) == found


def test_names_say_target_and_part() -> None:
    documents = render_tag_policies(dictionary(), "any", (PolicyTarget("Workloads/Prod", "report", None),), LIMITS)
    assert list(documents) == ["any-tags-Workloads/Prod-1"]


def test_the_text_is_minified_with_sorted_keys() -> None:
    documents = render_tag_policies(dictionary(values=["ml"]), "any", (PolicyTarget("root", "report", None),), LIMITS)
    text = documents["any-tags-root-1"].text()
    assert text == '{"tags":{"team":{"tag_key":{"@@assign":"Team"},"tag_value":{"@@assign":["ml"]}}}}'
