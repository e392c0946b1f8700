"""Where a repair goes and what it says, for plans; tests/contracts/test_repairs.py pastes them and plans again."""

from collections.abc import Mapping
from typing import Any

from harness.plan_check.judge import Judge
from harness.plan_check.model import CheckFinding
from harness.plan_check.wording import describe
from tests.unit.plan_check.plans import change, plan, read
from tests.unit.plan_check.required import requirements

QUEUE = "aws_sqs_queue.q"
STAGE = {"key": "stage", "value": "dev"}
LATER = {"tags": True, "tags_all": True}


def written(defaults: Mapping[str, str] | None = None, version: str = "", **expressions: Any) -> dict[str, Any]:
    provider = {"default_tags": [{"tags": {"constant_value": dict(defaults)}}]} if defaults else {}
    return {
        "provider_config": {"aws": {"name": "aws", "expressions": provider, "version_constraint": version}},
        "root_module": {"resources": [{"address": QUEUE, "provider_config_key": "aws", "expressions": expressions}]},
    }


def found(tags: Any, configuration: Any = None, unit: str = "", **more: Any) -> list[CheckFinding]:
    own = tags if tags is None or "tags" in tags or "tags_all" in tags else {"tags": tags, "tags_all": tags}
    address = more.pop("address", QUEUE)
    source = read(plan([change(address, own or {"tags": None, "tags_all": {}}, **more)], configuration))
    judge = Judge(requirements(unit))
    return [one for each in source.resources for one in describe(source, each, judge.faults(each))]


def test_all_faults_of_a_set_have_one_repair() -> None:
    findings = found({"Owner": "ml", "env": "Dev", "password": "x"})
    assert {one.fault.rule for one in findings} == {"key-case", "deprecated-key", "value-case", "prohibited-key"}
    assert {(one.repair, one.repair_at) for one in findings} == {
        ('"owner" = "ml"\n"stage" = "dev"', f'inside tags of {QUEUE}, in place of "Owner" and "env" and "password"')
    }


def test_a_key_that_is_written_twice_is_told_apart_from_two_spellings() -> None:
    (twice,) = found([{"key": key, "value": "ml"} for key in ("owner", "owner")] + [STAGE], address="awscc_sqs_queue.q")
    assert (twice.what, twice.must_hold) == ('the key "owner" stands twice', "each key once")
    (beside,) = found({"owner": "ml", "Owner": "ml", "stage": "dev"})
    assert (beside.what, beside.must_hold) == ('the key "Owner" stands beside owner', "one spelling of a key, owner")


def test_what_is_not_written_is_written_whole() -> None:
    (first, *_) = found(None, written())
    assert first.repair == 'tags = {\n  "owner" = "<owner>"\n  "stage" = "<dev | test | prod>"\n}'
    assert first.repair_at == f'in {QUEUE}, or the same tags in default_tags of provider "aws"'


def test_tags_are_merged_into_an_expression() -> None:
    (one,) = found({"owner": "ml"}, written(tags={"references": ["var.tags"]}))
    assert one.repair == 'tags = merge(<what is there now>, {\n  "stage" = "<dev | test | prod>"\n})'
    assert one.repair_at.startswith(f"in place of tags in {QUEUE}")


def test_what_an_expression_gives_is_changed_where_it_comes_from() -> None:
    (one,) = found({"Owner": "ml", "stage": "dev"}, written(tags={"references": ["var.tags"]}))
    assert one.repair == '"owner" = "ml"'
    assert one.repair_at == f'inside what tags of {QUEUE} come from, in place of "Owner"'


def test_what_comes_from_default_tags_is_changed_there() -> None:
    (one,) = found(
        {"tags": None, "tags_all": {"owner": "ml", "stage": "Dev"}}, written({"owner": "ml", "stage": "Dev"})
    )
    assert one.repair == '"stage" = "dev"'
    assert one.repair_at == 'inside tags of default_tags of provider "aws", in place of "stage"'


def test_beside_tags_that_are_known_after_apply_default_tags_alone_can_be_seen() -> None:
    late = {"references": ["terraform_data.late.id"]}
    (one, *_) = found({"tags_all": None}, written(tags=late), unknown=LATER)
    assert one.repair_at == 'in provider "aws"'
    assert one.repair.startswith("default_tags {\n  tags = {\n")
    (one, *_) = found({"tags_all": None}, written({"x": "y"}, tags=late), unknown=LATER)
    assert one.repair_at == 'inside tags of default_tags of provider "aws"'
    assert one.repair == '"owner" = "<owner>"\n"stage" = "<dev | test | prod>"'


def test_a_guardrail_names_the_version_that_tags_in_the_call() -> None:
    bucket = "aws_s3_bucket.b"
    (one,) = found({"owner": "ml", "stage": "dev"}, written(version="~> 5.0"), "Prod", address=bucket)
    assert one.must_hold == "tags in the call itself, as the guardrail of Prod demands"
    assert 'version = ">= 6.23"' in one.repair


def test_an_old_spelling_beside_the_new_one_only_goes() -> None:
    (one,) = found({"owner": "ml", "team": "x", "stage": "dev"})
    assert (one.repair, one.repair_at) == ("", f'remove "team" from tags of {QUEUE}')
    (old, empty) = found({"owner": "", "team": "x", "stage": "dev"})
    assert {old.repair_at, empty.repair_at} == {f'inside tags of {QUEUE}, in place of "owner" and "team"'}


def test_an_old_spelling_in_default_tags_is_renamed_there_whatever_the_resource_has() -> None:
    both = {"tags": {"owner": "ml"}, "tags_all": {"owner": "ml", "team": "x", "stage": "dev"}}
    (one,) = found(both, written({"team": "x", "stage": "dev"}, tags={"constant_value": {"owner": "ml"}}))
    assert one.repair == '"owner" = "x"'
    assert one.repair_at == 'inside tags of default_tags of provider "aws", in place of "team"'


def test_a_group_of_the_provider_awscc_has_a_list_of_tags_that_are_passed_on() -> None:
    group = "awscc_autoscaling_auto_scaling_group.aws"
    (one,) = found({"tags": [{"key": "owner", "value": "ml", "propagate_at_launch": True}]}, address=group)
    assert one.repair == '{ key = "stage", value = "<dev | test | prod>", propagate_at_launch = true },'
    assert one.repair_at == f"inside tags of {group}"
    off = [{"key": key, "value": "dev", "propagate_at_launch": key == "owner"} for key in ("owner", "stage")]
    (one,) = found({"tags": off}, address=group)
    assert (one.repair, one.repair_at) == (
        "propagate_at_launch = true",
        f'in the item of tags with the key "stage" in {group}',
    )


def test_a_guardrail_denies_what_is_made_alone() -> None:
    tags = {"tags": {"owner": "ml"}, "tags_all": {"owner": "ml"}}
    instance = {"address": "aws_instance.i", "unit": "Prod"}
    denied = {action: found(tags, actions=[action], **instance)[0].fault.denied for action in ("create", "update")}
    assert denied == {"create": "guardrail", "update": ""}


def test_no_part_of_a_sensitive_value_is_shown() -> None:
    tags = {"owner": "a;b", "stage": "dev"}
    marks = {"tags": {"owner": True}, "tags_all": {"owner": True}}
    (one,) = found(tags, sensitive=marks)
    assert one.what == 'the value of owner holds "(sensitive)"'
    assert (one.fault.held, ";" in one.repair) == ("(sensitive)", False)


def test_what_only_goes_is_named() -> None:
    findings = found({"owner": "ml", "Owner": "ml", "stage": "dev", "aws:x": "y"})
    assert {one.repair for one in findings} == {""}
    assert {one.repair_at for one in findings} == {f'remove "Owner" and "aws:x" from tags of {QUEUE}'}
