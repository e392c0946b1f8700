"""A custom check of checkov that requires what tags.rego does."""

from typing import Any

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

REQUIRED = {
    "anycompany:finance:business-unit",
    "anycompany:finance:cost-center",
    "anycompany:finance:owner",
    "anycompany:security:data-classification",
    "anycompany:workload:application-id",
    "anycompany:workload:environment",
}
TYPES = [
    "aws_cloudwatch_log_group",
    "aws_cloudwatch_metric_alarm",
    "aws_dynamodb_table",
    "aws_ebs_volume",
    "aws_iam_policy",
    "aws_iam_role",
    "aws_instance",
    "aws_launch_template",
    "aws_s3_bucket",
    "aws_secretsmanager_secret",
    "aws_security_group",
    "aws_sns_topic",
    "aws_sqs_queue",
]


class RequiredTags(BaseResourceCheck):
    """Require the keys on the types of the plan that show tags_all."""

    def __init__(self) -> None:
        """Register the check."""
        name = "Resources have the six mandatory tags"
        super().__init__(name, "CKV2_BENCH_1", [CheckCategories.CONVENTION], TYPES)

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Return whether the keys are there."""
        tags = conf.get("tags_all", [None])
        held = tags[0] if isinstance(tags, list) else tags
        if not isinstance(held, dict):
            return CheckResult.UNKNOWN
        return CheckResult.PASSED if held.keys() >= REQUIRED else CheckResult.FAILED


check = RequiredTags()
