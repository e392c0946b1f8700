"""Config rules and recorders: what they demand and see before and after a plan."""

import json
from typing import Any

import pytest

from harness.plan_check.weakening import Change, weakenings
from tests.unit.plan_check.weakening.changes import becomes, change, comes, found, goes, only, stays

MANAGED, GUARD = "aws_config_organization_managed_rule", "aws_config_organization_custom_policy_rule"
RULE = "aws_config_config_rule.this"
TYPES = ["AWS::EC2::Instance", "AWS::S3::Bucket"]


def arn(region: str = "eu-central-1") -> str:
    return f"arn:aws:config:{region}:111122223333:organization-config-rule/x"


def managed(name: str = "one", types: list[str] = TYPES, excluded: tuple[str, ...] = (), **keys: str) -> dict[str, Any]:
    parameters: dict[str, str] = {}
    for number, (key, allowed) in enumerate(keys.items(), 1):
        parameters |= {f"tag{number}Key": key} | ({f"tag{number}Value": allowed} if allowed else {})
    return {
        "name": name,
        "arn": arn(),
        "rule_identifier": "REQUIRED_TAGS",
        "input_parameters": json.dumps(parameters),
        "resource_types_scope": types,
        "excluded_accounts": list(excluded),
    }


def guard(*lines: str, types: list[str] = TYPES) -> dict[str, Any]:
    text = "\n".join(("rule required_tags {", *(f"  {line}" for line in lines), "}"))
    return {"name": "guard", "arn": arn(), "policy_text": text, "resource_types_scope": types, "excluded_accounts": []}


def clause(key: str, demand: str) -> str:
    return f"tags[ keys == '{key}' ] {demand} <<{key} is wrong>>"


def moves(kind: str, before: dict[str, Any], after: dict[str, Any]) -> Change:
    return becomes(f"{kind}.this", before, **after)


@pytest.mark.parametrize(
    ("after", "rule"),
    [
        (managed(stage="dev"), "key-unwatched"),
        (managed(stage="dev,prod", owner=""), "policy-weakened"),
        (managed(stage="", owner=""), "policy-weakened"),
        (managed(types=TYPES[:1], stage="dev", owner=""), "key-unwatched"),
        (managed(excluded=("444455556666",), stage="dev", owner=""), "exemption-widened"),
    ],
    ids=["a key less", "a value more", "any value", "a type less", "an account that is left out"],
)
def test_a_rule_that_demands_less_is_a_weakening(after: dict[str, Any], rule: str) -> None:
    results = found(moves(MANAGED, managed(stage="dev", owner=""), after))
    assert set(results) == {(rule, "fail", f"{MANAGED}.this")}


@pytest.mark.parametrize(
    "after",
    [
        managed(owner="", stage="dev"),
        managed(stage="dev", owner="a,b", more=""),
        managed(types=[*TYPES, "AWS::RDS::DBInstance"], stage="dev", owner=""),
        managed(types=[], stage="dev", owner=""),
    ],
    ids=["another order", "more", "a type more", "every type"],
)
def test_a_rule_that_demands_as_much_is_none(after: dict[str, Any]) -> None:
    assert found(moves(MANAGED, managed(excluded=("444455556666",), stage="dev", owner=""), after)) == []


def test_a_rule_known_only_after_apply_is_unknown() -> None:
    weakening = only(becomes(f"{MANAGED}.this", managed(stage="dev"), "input_parameters"))
    assert (weakening.fault.verdict, weakening.fault.because) == (
        "unknown",
        "input_parameters is known only after apply",
    )


def test_a_rule_that_goes_is_a_weakening_and_names_its_keys() -> None:
    weakening = only(goes(f"{MANAGED}.this", **managed(stage="dev", owner="")))
    assert weakening.fault.rule == "key-unwatched"
    assert weakening.what == "Config rule one goes, and with it what it demands of owner, stage"


def test_a_key_that_moves_to_another_rule_is_still_watched() -> None:
    before, less = managed(stage="dev", owner=""), managed(stage="dev")
    second = comes(f"{MANAGED}.two", "arn", **{**managed("two", owner=""), "arn": None})
    assert found(becomes(f"{MANAGED}.this", before, **less), second) == []
    by_guard = comes(f"{GUARD}.two", "arn", **{**guard(clause("owner", "!empty")), "arn": None})
    assert found(becomes(f"{MANAGED}.this", before, **less), by_guard) == []
    elsewhere = comes(f"module.us.{MANAGED}.two", "arn", **{**managed("two", owner=""), "arn": None})
    assert found(becomes(f"{MANAGED}.this", before, **less), elsewhere) == [
        ("key-unwatched", "fail", f"{MANAGED}.this")
    ]


def test_a_rule_that_comes_in_another_region_watches_nothing_here() -> None:
    this, other = f"{MANAGED}.this", {**managed("two", owner=""), "arn": None}
    for region, expected in (("eu-central-1", []), ("us-east-1", [("key-unwatched", "fail", this)])):
        made = change(f"{MANAGED}.two", None, other, {"arn": True}, region=region)
        assert found(goes(this, **managed(owner="")), made) == expected


def test_a_rule_of_all_accounts_is_not_replaced_by_one_of_this_account() -> None:
    scope = [{"compliance_resource_types": TYPES}]
    source = [{"owner": "AWS", "source_identifier": "REQUIRED_TAGS"}]
    own = {"name": "x", "input_parameters": json.dumps({"tag1Key": "owner"}), "scope": scope, "source": source}
    gone = goes(f"{MANAGED}.this", **managed(owner=""))
    assert found(gone, comes(RULE, "arn", **own)) == [("key-unwatched", "fail", f"{MANAGED}.this")]
    wider = comes(f"{MANAGED}.this", "arn", **{**managed(owner=""), "arn": None})
    assert found(goes(RULE, arn=arn(), **own), wider) == []


@pytest.mark.parametrize(
    ("lines", "rules"),
    [
        ((clause("stage", "!empty"), clause("stage", 'IN ["dev"]')), []),
        ((clause("stage", "!empty"), clause("stage", 'IN ["dev", /^d-.*$/]'), clause("x", "!empty")), []),
        ((clause("stage", "!empty"), clause("stage", 'IN ["dev", "prod"]')), ["policy-weakened"]),
        ((clause("stage", "!empty"),), ["policy-weakened"]),
        ((clause("owner", "!empty"),), ["key-unwatched"]),
    ],
    ids=["a value less", "a pattern as before", "a value more", "any value", "another key"],
)
def test_guard_rules_are_read_clause_by_clause(lines: tuple[str, ...], rules: list[str]) -> None:
    before = guard(clause("stage", "!empty"), clause("stage", 'IN ["dev", /^d-.*$/]'))
    assert [rule for rule, _, _ in found(moves(GUARD, before, guard(*lines)))] == rules


def test_guard_rules_of_another_hand_are_unknown_when_they_change() -> None:
    before, after = guard("%bucket.tags !empty"), guard("%bucket.tags empty")
    assert found(moves(GUARD, before, after)) == [("policy-weakened", "unknown", f"{GUARD}.this")]
    assert found(moves(GUARD, before, guard("%bucket.tags   !empty"))) == []
    narrower = guard("%bucket.tags !empty", types=TYPES[:1])
    assert found(moves(GUARD, before, narrower)) == [("policy-weakened", "fail", f"{GUARD}.this")]


def test_a_rule_about_something_else_may_change_but_not_go() -> None:
    other = {**managed(), "rule_identifier": "S3_BUCKET_VERSIONING_ENABLED", "input_parameters": '{"a": 1}'}
    assert found(goes(f"{MANAGED}.this", **other)) == [("policy-weakened", "fail", f"{MANAGED}.this")]
    changed = becomes(f"{MANAGED}.this", other, input_parameters='{"a": 2}')
    assert found(changed) == [("policy-weakened", "unknown", f"{MANAGED}.this")]
    assert found(becomes(f"{MANAGED}.this", other, description="x")) == []


def test_a_rule_that_may_be_under_another_name_is_unknown() -> None:
    made = comes(f"{GUARD}.new", "policy_text", "arn", name="new", resource_types_scope=TYPES)
    for held in (managed(owner=""), {**managed(), "rule_identifier": "S3_BUCKET_VERSIONING_ENABLED"}):
        assert [verdict for _, verdict, _ in found(goes(f"{MANAGED}.this", **held), made)] == ["unknown"]


def test_a_scope_by_tag_makes_a_rule_narrower() -> None:
    scope, source = {"compliance_resource_types": TYPES}, [{"owner": "AWS", "source_identifier": "REQUIRED_TAGS"}]
    own = {"name": "x", "input_parameters": json.dumps({"tag1Key": "owner"}), "scope": [scope], "source": source}
    narrower = becomes(RULE, own, scope=[{**scope, "tag_key": "a"}])
    assert found(narrower) == [("policy-weakened", "fail", RULE)]


def test_conformance_packs_about_tags_are_told_of() -> None:
    pack = "aws_config_organization_conformance_pack.this"
    held = {"name": "x", "template_body": "Identifier: REQUIRED_TAGS", "excluded_accounts": []}
    assert found(goes(pack, **held)) == [("policy-weakened", "fail", pack)]
    assert found(becomes(pack, held, template_body="Identifier: OTHER")) == [("policy-weakened", "unknown", pack)]
    assert found(becomes(pack, held, excluded_accounts=["1"])) == [("exemption-widened", "fail", pack)]
    assert found(goes(pack, **{**held, "template_body": "Identifier: OTHER"})) == []


RECORDER = "aws_config_configuration_recorder.this"
STATUS = "aws_config_configuration_recorder_status.this"


def group(**values: Any) -> list[dict[str, Any]]:
    return [{"all_supported": True, "resource_types": [], "include_global_resource_types": True, **values}]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (group(), group(all_supported=False, resource_types=["AWS::S3::Bucket"]), "fail"),
        (
            group(all_supported=False, resource_types=["a", "b"]),
            group(all_supported=False, resource_types=["a"]),
            "fail",
        ),
        (
            group(),
            group(all_supported=False, exclusion_by_resource_types=[{"resource_types": ["AWS::S3::Bucket"]}]),
            "fail",
        ),
        (group(), group(include_global_resource_types=False), "fail"),
        (group(all_supported=False, resource_types=["a"]), group(), None),
        (group(), group(), None),
    ],
)
def test_a_recorder_that_records_less_is_a_weakening(before: Any, after: Any, expected: str | None) -> None:
    results = found(becomes(RECORDER, {"name": "default", "recording_group": before}, recording_group=after, x=1))
    assert results == ([("policy-weakened", expected, RECORDER)] if expected else [])


def test_a_recorder_that_stops_is_a_weakening() -> None:
    held = {"name": "default", "is_enabled": True}
    stopped = [("policy-weakened", "fail", STATUS)]
    assert found(becomes(STATUS, held, is_enabled=False)) == found(goes(STATUS, **held)) == stopped
    assert found(becomes(STATUS, held, "is_enabled")) == [("policy-weakened", "unknown", STATUS)]
    assert found(goes(STATUS, **held), comes(f"{STATUS}_new", **held)) == []
    assert found(goes(STATUS, name="default", is_enabled=False)) == []


def test_a_channel_or_aggregator_that_goes_is_a_weakening() -> None:
    for kind in ("aws_config_delivery_channel.this", "aws_config_configuration_aggregator.this"):
        assert found(goes(kind, name="x")) == [("policy-weakened", "fail", kind)]
        assert found(stays(kind, name="x"), change(RULE, None, {"name": "y"})) == []


def mode(frequency: str, *daily: str) -> list[dict[str, Any]]:
    override = [{"recording_frequency": "DAILY", "resource_types": list(daily)}] if daily else []
    return [{"recording_frequency": frequency, "recording_mode_override": override}]


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ([], mode("DAILY"), "all types"),
        (mode("CONTINUOUS", "a"), mode("CONTINUOUS", "a", "b"), "b"),
        (mode("DAILY"), mode("CONTINUOUS", "a"), ""),
        (mode("DAILY"), [], ""),
    ],
)
def test_a_recorder_that_records_once_a_day_only_is_a_weakening(before: Any, after: Any, lost: str) -> None:
    this = becomes(RECORDER, {"name": "default", "recording_mode": before}, recording_mode=after, x=1)
    assert [each.what for each in weakenings([this])] == (
        [f"the recorder of AWS Config records {lost} once a day only"] if lost else []
    )


def of_all(*regions: str) -> dict[str, Any]:
    source = {"all_regions": not regions, "regions": list(regions)}
    return {"organization_aggregation_source": [source], "account_aggregation_source": []}


def of_some(*accounts: str) -> dict[str, Any]:
    source = {"all_regions": True, "regions": [], "account_ids": list(accounts)}
    return {"organization_aggregation_source": [], "account_aggregation_source": [source]}


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        (of_all(), of_all("eu-west-1"), "all regions"),
        (of_all("a", "b"), of_all("b"), "a"),
        (of_all(), of_some("1"), "all accounts of the organisation"),
        (of_some("1", "2"), of_some("2"), "1"),
        (of_some("1"), of_all(), ""),
        (of_all("a"), of_all(), ""),
    ],
)
def test_an_aggregator_that_collects_less_is_a_weakening(before: Any, after: Any, lost: str) -> None:
    this = becomes("aws_config_configuration_aggregator.this", {"name": "x", **before}, **after, x=1)
    assert [each.what for each in weakenings([this])] == (
        [f"the aggregator of AWS Config collects {lost} no more"] if lost else []
    )
