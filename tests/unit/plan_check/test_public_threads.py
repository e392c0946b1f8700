"""What users of other checkers ran into in public threads, each with its right verdict."""

import datetime
from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from harness.plan_check.baseline import make_baseline, match_baseline
from harness.plan_check.judge import Judge
from harness.plan_check.result import CheckResult
from harness.plan_check.wording import describe
from tests.unit.plan_check.plans import change, faults, plan, read
from tests.unit.plan_check.required import requirements
from tests.unit.plan_check.test_cases import said

GOOD = {"owner": "ml", "stage": "dev"}
QUEUE = "aws_sqs_queue.q"


def written(address: str = QUEUE, default: Any = None, version: str = "", **expressions: Any) -> Mapping[str, Any]:
    """A configuration with one resource of provider aws, whose default_tags are an expression of the plan's JSON."""
    defaults = {"default_tags": [{"tags": default}]} if default else {}
    return {
        "provider_config": {"aws": {"name": "aws", "expressions": defaults, "version_constraint": version}},
        "root_module": {"resources": [{"address": address, "provider_config_key": "aws", "expressions": expressions}]},
    }


class Case(NamedTuple):
    """A thread, the changes of a plan as it has them, its configuration, and the right verdict on the last one."""

    thread: str
    changes: list[dict[str, Any]]
    expect: list[str]
    configuration: Mapping[str, Any] | None = None


MISSING = ["fail missing-key owner", "fail missing-key stage"]
UNKNOWN = ["unknown unknown-key owner", "unknown unknown-key stage"]
CASES = [
    Case(
        "terraform-provider-aws#18311: default_tags always show an update, which ends as it should",
        [change(QUEUE, {"tags": None, "tags_all": GOOD}, actions=["update"])],
        [],
    ),
    Case(
        "terraform-provider-aws#19204: default and own tags are identical",
        [change(QUEUE, {"tags": GOOD, "tags_all": GOOD})],
        [],
    ),
    Case(
        "terraform-provider-aws#19583: a default tag is unknown, and the plan shows tags as if there were none",
        [
            change("aws_sqs_queue.other", {"tags": None}, unknown={"tags_all": True}),
            change(QUEUE, {"tags": {"stage": "dev"}, "tags_all": {"stage": "dev"}}),
        ],
        ["unknown unknown-key owner"],
        {
            "provider_config": {
                "aws": {"name": "aws", "expressions": {"default_tags": [{"tags": {"references": ["local.tags"]}}]}}
            },
            "root_module": {
                "resources": [
                    {"address": "aws_sqs_queue.other", "provider_config_key": "aws"},
                    {"address": QUEUE, "provider_config_key": "aws"},
                ]
            },
        },
    ),
    Case(
        "terraform-provider-aws#36448: default_tags are taken away; what remains is judged",
        [change(QUEUE, {"tags": {"stage": "dev"}, "tags_all": {"stage": "dev"}}, actions=["update"], before=GOOD)],
        ["fail missing-key owner"],
    ),
    Case(
        "terraform-aws-autoscaling#162: default_tags do not reach autoscaling groups",
        [change("aws_autoscaling_group.g", {"tag": []})],
        MISSING,
        written("aws_autoscaling_group.g", {"constant_value": GOOD}),
    ),
    Case(
        "tflint-ruleset-aws#117: default_tags supply the keys",
        [change(QUEUE, {"tags": {"Name": "q"}}, unknown={"tags_all": True})],
        [],
        written(QUEUE, {"constant_value": GOOD}),
    ),
    Case(
        "tflint-ruleset-aws#518: in a child module, by the root's provider",
        [change("module.a.aws_sqs_queue.q", {"tags": None}, unknown={"tags_all": True}, type="aws_sqs_queue")],
        [],
        {
            "provider_config": {
                "aws.west": {"name": "aws", "expressions": {"default_tags": [{"tags": {"constant_value": GOOD}}]}}
            },
            "root_module": {
                "module_calls": {
                    "a": {"module": {"resources": [{"address": QUEUE, "provider_config_key": "aws.west"}]}}
                }
            },
        },
    ),
    Case(
        "tflint-ruleset-aws#516, #850: tags come from a module's output",
        [change(QUEUE, {}, unknown={"tags": True, "tags_all": True})],
        UNKNOWN,
        written(tags={"references": ["module.labels.tags", "module.labels"]}),
    ),
    Case("checkov#2978: tags_all has the defaults", [change(QUEUE, {"tags": None, "tags_all": GOOD})], []),
    Case(
        "terraform-compliance#642: tags are known after apply",
        [change(QUEUE, {}, unknown={"tags": True, "tags_all": True})],
        UNKNOWN,
    ),
    Case(
        "terraform-compliance#437: a taggable type shows no tags",
        [change("aws_ecs_cluster.c", {"tags": None})],
        MISSING,
    ),
    Case(
        "terraform-compliance#616: tags nested in a part are not the resource's",
        [change("aws_ecs_cluster.c", {"tags": None, "configuration": [{"tags": GOOD}]})],
        MISSING,
    ),
    Case("terraform-compliance#544: tags alone will do", [change(QUEUE, {"tags": GOOD})], []),
    Case("terraform-guides#321: tags_all counts", [change(QUEUE, {"tags": {}, "tags_all": GOOD})], []),
    Case(
        "kics#5056: tags = var.tags, which the plan knows",
        [change(QUEUE, {"tags": GOOD, "tags_all": GOOD})],
        [],
        written(tags={"references": ["var.tags"]}),
    ),
    Case(
        "terratags#80: default_tags in the plan's configuration",
        [change(QUEUE, {"tags": None}, unknown={"tags_all": True})],
        [],
        written(QUEUE, {"constant_value": GOOD}),
    ),
    Case(
        "terratags#21: values by pattern",
        [change(QUEUE, {"tags_all": {**GOOD, "cost-center": "50"}})],
        ["fail value-pattern cost-center"],
    ),
    Case(
        "terratags#9: awscc has lists of key and value",
        [change("awscc_s3_bucket.b", {"tags": [{"key": "owner", "value": "ml"}, {"key": "stage", "value": "dev"}]})],
        [],
    ),
    Case(
        "cloud-custodian#8214: default_tags are merged under a resource's own",
        [change(QUEUE, {"tags": {"stage": "live"}}, unknown={"tags_all": True})],
        ["fail wrong-value stage"],
        written(QUEUE, {"constant_value": GOOD}),
    ),
    Case(
        "infracost#3070: volume_tags get no default_tags before version 5.39 of the provider",
        [change("aws_instance.i", {"tags_all": GOOD, "volume_tags": {"stage": "dev"}})],
        ["fail missing-key owner"],
        written("aws_instance.i", {"constant_value": GOOD}, "~> 5.38.0"),
    ),
    Case(
        "infracost#3070: volume_tags get default_tags from version 5.39 on",
        [change("aws_instance.i", {"tags_all": GOOD, "volume_tags": {"stage": "dev"}})],
        [],
        written("aws_instance.i", {"constant_value": GOOD}, ">= 5.39"),
    ),
    Case(
        "infracost#3070: an attribute that came later tells the version",
        [
            change(
                "aws_instance.i", {"tags_all": GOOD, "volume_tags": {"x": "y"}}, unknown={"enable_primary_ipv6": True}
            )
        ],
        [],
        written("aws_instance.i", {"constant_value": GOOD}),
    ),
    Case(
        "infracost#3070: without a version it is not known whether volume_tags get default_tags",
        [change("aws_instance.i", {"tags_all": GOOD, "volume_tags": {"stage": "dev"}})],
        ["unknown unknown-key owner"],
        written("aws_instance.i", {"constant_value": GOOD}),
    ),
    Case(
        "infracost#3070: volume_tags that are empty are there",
        [change("aws_instance.i", {"tags_all": GOOD, "volume_tags": {}, "root_block_device": [{"tags": GOOD}]})],
        MISSING,
        written("aws_instance.i", {"constant_value": GOOD}, "~> 5.38.0"),
    ),
    Case(
        "infracost#3307: root volumes get default_tags where the provider shows tags_all",
        [change("aws_instance.i", {"tags_all": GOOD, "root_block_device": [{"tags": None, "tags_all": GOOD}]})],
        [],
    ),
    Case(
        "infracost#3138: an instance without volume_tags and root_block_device leaves its root volume untagged",
        [change("aws_instance.i", {"tags": GOOD, "tags_all": GOOD, "volume_tags": None, "root_block_device": []})],
        MISSING,
        written("aws_instance.i"),
    ),
    Case(
        "infracost#3138: so it is where the plan marks as known after apply what is not written",
        [
            change(
                "aws_instance.i",
                {"tags": GOOD, "tags_all": GOOD},
                unknown={"root_block_device": True, "volume_tags": True},
            )
        ],
        MISSING,
        written("aws_instance.i"),
    ),
    Case(
        "infracost#3138: and default_tags reach the root volume all the same",
        [
            change(
                "aws_instance.i", {"tags_all": GOOD}, unknown={"root_block_device": True, "enable_primary_ipv6": True}
            )
        ],
        [],
        written("aws_instance.i", {"constant_value": GOOD}),
    ),
    Case(
        "infracost#3307: tags of a block stand over default_tags, though tags_all is known after apply",
        [
            change(
                "aws_instance.i",
                {"tags_all": GOOD, "root_block_device": [{"tags": {"stage": "live"}}]},
                unknown={"root_block_device": [{"tags_all": True}]},
            )
        ],
        ["fail wrong-value stage"],
        written("aws_instance.i", {"constant_value": GOOD}, root_block_device=[{}]),
    ),
    Case(
        "infracost#3138: a launch template may tag the volumes",
        [
            change(
                "aws_instance.i",
                {"tags_all": GOOD, "launch_template": [{"name": "t"}]},
                unknown={"root_block_device": True},
            )
        ],
        UNKNOWN,
        written("aws_instance.i"),
    ),
    Case(
        "infracost#2558: defaults are merged only where tags_all exists",
        [
            change(
                "aws_launch_template.t",
                {
                    "tags_all": GOOD,
                    "tag_specifications": [
                        {"resource_type": "instance", "tags": GOOD},
                        {"resource_type": "volume", "tags": {"stage": "dev"}},
                    ],
                },
            )
        ],
        ["fail missing-key owner"],
    ),
    Case(
        "yor#161: merge() in the source is what the plan says it is",
        [change(QUEUE, {"tags": GOOD, "tags_all": GOOD})],
        [],
        written(tags={"references": ["local.common", "var.extra"]}),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.thread.partition(":")[0])
def test_the_right_verdict(case: Case) -> None:
    found = faults(read(plan(case.changes, case.configuration)), requirements())
    assert said(found[case.changes[-1]["address"]]) == case.expect, case.thread


def test_checkov_6709_a_type_that_takes_no_tags_gives_no_finding() -> None:
    found = read(plan([change("aws_route_table_association.a", {"subnet_id": "x"})]))
    assert (list(found.resources), found.skipped) == ([], {"untaggable": 1})


def test_checkov_pr_507_a_noisy_check_can_start_from_a_baseline() -> None:
    source = read(plan([change(QUEUE, {"tags": None})]))
    judge = Judge(requirements())
    findings = [one for each in source.resources for one in describe(source, each, judge.faults(each))]
    day = datetime.date(2026, 11, 26)
    match = match_baseline(findings, make_baseline(findings, day), day)
    result = CheckResult("check", (), match.findings)
    assert (result.exit_code(), result.counts().old) == (0, 2)
