"""What verify finds: nothing where all holds, one thing for each that is broken, unknown where it could not look."""

import copy
import dataclasses
import datetime
from typing import Any

import pytest

from harness.finding import PENDING, worst
from harness.organization import Organization
from harness.policy.effective import effective_tag_policy
from harness.policy.tag_policy import CONTROL
from harness.state import LivePolicy, LiveRegion, Unreadable
from harness.verify import exemption_findings, verify
from tests.unit.verify import (
    broken_anomalies,
    broken_audit_role,
    broken_billing,
    broken_budgets,
    broken_cost_categories,
    broken_cost_exports,
    broken_guardrails,
    broken_tag_options,
)
from tests.unit.verify.broken import foreign_policy_at_the_root, unexplained_difference_of_one_account
from tests.unit.verify.fault import BROKEN, changed_alerts, changed_key, foreign_policy, key, policies
from tests.unit.verify.live import APPLY, TODAY, effective, faults, loaded, right_state, with_foreign


def test_everything_that_holds_passes() -> None:
    findings = verify(*loaded(), right_state(), APPLY, TODAY)
    assert worst(findings) == "pass"
    assert {finding.plane for finding in findings} == {
        "tag policy",
        "effective policy",
        "guardrail",
        "Config rule",
        "Config recorder",
        "TagOption",
        "cost allocation",
        "cost category",
        "anomaly detection",
        "budget",
        "cost export",
        "audit role",
        "alert channel",
    }


def test_each_document_has_a_finding_of_its_own() -> None:
    state = right_state()
    subjects = {(finding.plane, finding.where, finding.subject) for finding in verify(*loaded(), state, APPLY, TODAY)}
    for policy in policies(state):
        assert [subject for plane, _, subject in subjects if plane == "tag policy" and subject == policy.name]
    for region, held in state.regions.items():
        assert isinstance(held, LiveRegion)
        assert {("Config rule", region, name) for name in held.rules} <= subjects
    assert not isinstance(state.budgets, Unreadable)
    assert {("budget", "billing", name) for name in state.budgets} <= subjects
    assert len([subject for subject in subjects if subject[0] == "effective policy"]) == 10


assert broken_billing, "importing it registers its faults"
assert broken_budgets, "likewise"
assert broken_guardrails, "likewise"
assert broken_tag_options, "likewise"
assert broken_cost_categories, "likewise"
assert broken_anomalies, "likewise"
assert broken_cost_exports, "likewise"
assert broken_audit_role, "likewise"


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_what_is_broken_is_named_by_exactly_one_finding_with_a_repair(name: str) -> None:
    change, plane, subject, held = BROKEN[name]
    found = faults(change(right_state()))
    assert [(finding.plane, finding.subject) for finding in found] == [(plane, subject)]
    (finding,) = found
    assert finding.verdict == ("unknown" if name == "rule_in_progress" else "fail")
    assert held in finding.held
    assert finding.held != finding.must_hold
    assert finding.repair.startswith("Do ")


@pytest.mark.parametrize(
    "name",
    ["policy_deleted", "policy_detached", "value_removed", "policy_type_disabled", "policy_left_over"],
)
def test_what_accounts_miss_follows_from_the_policy_that_is_at_fault(name: str) -> None:
    change, _, subject, _ = BROKEN[name]
    findings = verify(*loaded(), change(right_state()), APPLY, TODAY)
    following = {
        finding.follows_from
        for finding in findings
        if finding.plane == "effective policy" and finding.verdict == "fail"
    }
    assert following == {subject}


def test_a_difference_without_a_cause_is_named_at_its_account() -> None:
    (finding,) = faults(unexplained_difference_of_one_account(right_state()))
    assert finding.where == "network (333333333331)"
    assert "verify again" in finding.repair


def test_a_foreign_policy_is_named_with_its_node_and_how_to_detach_it() -> None:
    findings = verify(*loaded(), foreign_policy_at_the_root(right_state()), APPLY, TODAY)
    failing = [finding for finding in findings if finding.verdict == "fail"]
    (cause,) = [finding for finding in failing if not finding.follows_from]
    assert (cause.plane, cause.where, cause.subject) == ("tag policy", "root", "other")
    assert "aws organizations detach-policy --policy-id p-f --target-id r-tgrl" in cause.repair
    following = [finding for finding in failing if finding.follows_from]
    assert {finding.follows_from for finding in following} == {"other"}
    assert len(following) == len(right_state().effective)


def test_a_foreign_policy_on_other_keys_is_nobodys_fault() -> None:
    state = right_state()
    assert isinstance(state.organization, Organization)
    assert faults(with_foreign(state, [foreign_policy(state.organization.root_id, "team:key")])) == []


def test_a_foreign_policy_that_closes_the_root_to_policies_below_is_named() -> None:
    state = right_state()
    assert isinstance(state.organization, Organization)
    closing = LivePolicy("p-f", "other", {"tags": {CONTROL: ["@@none"]}}, frozenset({state.organization.root_id}))
    (finding,) = faults(with_foreign(state, [closing]))
    assert (finding.plane, finding.subject, finding.verdict) == ("tag policy", "other", "fail")


def test_a_foreign_policy_does_not_explain_what_it_does_not_name() -> None:
    state = with_foreign(right_state(), [foreign_policy("333333333331", "team:key")])
    changed = {"tags": {}}
    found = faults(dataclasses.replace(state, effective={**state.effective, "333333333331": changed}))
    assert [(finding.plane, finding.where) for finding in found] == [("effective policy", "network (333333333331)")]


def test_the_order_of_a_list_means_nothing_in_an_effective_policy() -> None:
    state = right_state()
    turned = {
        account: {
            "tags": {
                key: {name: _turned(value) for name, value in entry.items()} for key, entry in held["tags"].items()
            }
        }
        for account, held in state.effective.items()
        if not isinstance(held, Unreadable)
    }
    assert faults(dataclasses.replace(state, effective=turned)) == []


def test_a_policy_that_allows_more_at_one_account_is_seen() -> None:
    state = right_state()
    assert isinstance(state.organization, Organization)
    more = dict(effective(state.organization, policies(state)))
    more["444444444441"] = effective_tag_policy([])
    found = faults(dataclasses.replace(state, effective=more))
    assert [finding.where for finding in found] == ["ml-dev (444444444441)"]
    assert found[0].subject.split(", ") == sorted(loaded()[0].tags)


def test_statements_that_aws_wrote_in_another_form_still_pass() -> None:
    state = right_state()
    policy = copy.deepcopy(dict(key(state).policy or {}))
    policy["Statement"][1]["Action"].reverse()
    policy["Statement"][0]["Action"] = ["kms:*"]
    policy["Statement"].reverse()
    assert faults(changed_key(state, policy=policy)) == []


def test_a_pending_cost_allocation_key_passes_and_says_so() -> None:
    findings = verify(*loaded(), right_state(), APPLY, TODAY)
    pending = [finding for finding in findings if finding.note == PENDING]
    assert {finding.subject for finding in pending} == {
        "accountTag/anycompany:finance:business-unit",
        "anycompany:finance:business-unit",
        "anycompany:finance:cost-center",
        "anycompany:workload:environment",
    }
    assert all(finding.verdict == "pass" and finding.repair for finding in pending)


UNSEEN = Unreadable("AccessDenied: not allowed")


@pytest.mark.parametrize(
    ("fields", "planes"),
    [
        ({"organization": UNSEEN}, {"tag policy", "effective policy"}),
        ({"policies": UNSEEN}, {"tag policy", "effective policy"}),
        ({"tag_options": UNSEEN}, {"TagOption"}),
        ({"cost_exports": UNSEEN}, {"cost export"}),
        ({"audit_roles": UNSEEN}, {"audit role"}),
        ({"cost_tags": UNSEEN}, {"cost allocation"}),
        ({"budgets": UNSEEN}, {"budget"}),
        ({"alerts": UNSEEN}, {"alert channel"}),
        ({"regions": {"eu-central-1": UNSEEN, "us-east-1": UNSEEN}}, {"Config rule"}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_could_not_be_read_is_unknown_and_neither_passes_nor_fails(
    fields: dict[str, Any], planes: set[str]
) -> None:
    findings = verify(*loaded(), dataclasses.replace(right_state(), **fields), APPLY, TODAY)
    assert {finding.plane for finding in findings if finding.verdict == "unknown"} >= planes
    assert {finding.plane for finding in findings if finding.verdict == "pass"} & planes == set()
    assert [finding for finding in findings if finding.verdict == "fail"] == []
    unknown = [finding for finding in findings if finding.verdict == "unknown"]
    assert all(finding.held and finding.repair.startswith("Do ") for finding in unknown)
    assert worst(findings) == "unknown"


def test_one_account_that_could_not_be_read_does_not_hide_the_others() -> None:
    state = right_state()
    findings = verify(
        *loaded(), dataclasses.replace(state, effective={**state.effective, "222222222221": UNSEEN}), APPLY, TODAY
    )
    (unknown,) = [finding for finding in findings if finding.verdict == "unknown"]
    assert (unknown.where, unknown.held) == ("log-archive (222222222221)", UNSEEN.reason)
    assert (
        len([finding for finding in findings if finding.plane == "effective policy" and finding.verdict == "pass"]) == 9
    )


def test_one_region_that_could_not_be_read_does_not_hide_the_other() -> None:
    state = right_state()
    found = faults(dataclasses.replace(state, regions={**state.regions, "us-east-1": UNSEEN}))
    assert [(finding.where, finding.verdict) for finding in found] == [("us-east-1", "unknown")]


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1"])
def test_the_repair_of_a_rule_that_failed_asks_in_its_region(region: str) -> None:
    state = right_state()
    live = state.regions[region]
    assert isinstance(live, LiveRegion)
    failed = {name: dataclasses.replace(rule, status="CREATE_FAILED") for name, rule in live.rules.items()}
    regions = {**state.regions, region: dataclasses.replace(live, rules=failed)}
    found = faults(dataclasses.replace(state, regions=regions))
    assert len(found) == len(live.rules)
    assert all(f"--region {region}," in finding.repair for finding in found)


def test_an_exemption_holds_on_its_last_day_and_fails_after_it() -> None:
    dictionary, _ = loaded()
    last = dictionary.exemptions[0].expires
    (held,) = exemption_findings(dictionary, last)
    (expired,) = exemption_findings(dictionary, last + datetime.timedelta(days=1))
    assert (held.verdict, held.repair) == ("pass", "")
    assert expired.verdict == "fail"
    assert "platform-team" in expired.repair


def test_nothing_checked_is_unknown() -> None:
    assert worst([]) == "unknown"


def _turned(value: Any) -> Any:
    return value[::-1] if isinstance(value, list) else value


@pytest.mark.parametrize("policy", [None, {"Version": "2012-10-17", "Statement": []}], ids=["no-policy", "empty"])
def test_a_topic_that_lets_nobody_in_lacks_each_statement(policy: dict[str, Any] | None) -> None:
    found = faults(changed_alerts(right_state(), topic_policy=policy))
    subjects = ["topic policy: AllowAnomaliesToPublish", "topic policy: AllowBudgetsToPublish"]
    assert [(each.subject, each.held) for each in found] == [(subject, "no such statement") for subject in subjects]
