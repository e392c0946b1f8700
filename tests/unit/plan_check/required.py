"""A small dictionary for the cases, compiled as the project's own is."""

import datetime
from functools import cache

from harness.dictionary.model import Dictionary
from harness.environment.model import Environment
from harness.plan_check.compiling import compile_requirements
from harness.plan_check.requirements import Requirements

DICTIONARY = {
    "version": 1,
    "defaults": {"mandatory_for": ("AWS::EC2::Instance",), "not_checked_for": ("aws_iam_*", "AWS::IAM::*")},
    "tags": {
        "owner": {"purpose": "Team.", "mandatory": True, "deprecated_spellings": ("team",)},
        "stage": {
            "purpose": "Stage.",
            "mandatory": True,
            "values": ("dev", "test", "prod"),
            "enforced_for": ("ec2:instance",),
            "values_by_ou": {"Sandbox": {"append": ("play",)}},
            "deprecated_spellings": ("env",),
        },
        "cost-center": {"purpose": "Centre.", "pattern": "[0-9]{4}"},
        "contact": {"purpose": "Whom to ask.", "pii": "allowed"},
        "backup": {"purpose": "Plan.", "values": ("daily", "none"), "default": "daily"},
        "size": {
            "purpose": "File systems alone.",
            "mandatory": True,
            "checked_for": ("aws_efs_file_system", "AWS::EFS::FileSystem"),
        },
    },
    "prohibited_keys": {"*password*": "Secrets do not belong in tags."},
    "exemptions": (
        {
            "resource": "arn:aws:s3:::state-*",
            "tags": ("owner",),
            "reason": "State.",
            "owner": "platform",
            "expires": datetime.date(2099, 1, 1),
        },
    ),
}
ENVIRONMENT = {
    "version": 1,
    "name": "x",
    "target": "aws",
    "payer_account_id": "111111111111",
    "organization_id": "o-aaaaaaaaaa",
    "regions": {"home": "eu-central-1"},
    "config": {"scope": "account"},
    "tag_policy": {"organizational_units": {"Prod": "enforce"}},
    "guardrail": {"organizational_units": {"Prod": "enforce"}, "groups": ("s3", "ec2")},
}


@cache
def requirements(unit: str = "") -> Requirements:
    """What holds in general, or at a unit of the environment."""
    environment = Environment.model_validate(ENVIRONMENT) if unit else None
    return compile_requirements(Dictionary.model_validate(DICTIONARY), environment, unit)
