"""Render the policies of the alert topic and its key; without them AWS Budgets drops alerts and tells nobody.

Source: docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html.
"""

from typing import Any

from harness.facts import load_facts

_BUDGETS = {"Service": "budgets.amazonaws.com"}


def render_topic_policy(account_id: str, topic_arn: str) -> dict[str, Any]:
    """Return the policy of the SNS topic: budgets of this account may publish, nobody else's."""
    statement = {
        "Sid": "AllowBudgetsToPublish",
        "Effect": "Allow",
        "Principal": _BUDGETS,
        "Action": "SNS:Publish",
        "Resource": topic_arn,
        "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def render_key_policy(account_id: str, partition: str) -> dict[str, Any]:
    """Return the policy of the KMS key: the account administers it, budgets of this account encrypt with it."""
    administration = {
        "Sid": "AllowAccountAdministration",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{partition}:iam::{account_id}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    encryption = {
        "Sid": "AllowBudgetsToEncrypt",
        "Effect": "Allow",
        "Principal": _BUDGETS,
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
    }
    return {"Version": "2012-10-17", "Statement": [administration, encryption]}


def partition_of(region: str) -> str:
    """Return the partition of a region, the second part of its ARNs.

    >>> partition_of("eu-central-1"), partition_of("cn-north-1"), partition_of("eusc-de-east-1")
    ('aws', 'aws-cn', 'aws-eusc')
    """
    return load_facts().partitions.get(region.rsplit("-", 2)[0], "aws")


def topic_arn(name: str, region: str, account_id: str, partition: str) -> str:
    """Return the ARN of the alert topic that tagrail makes; `name` is the environment's prefix."""
    return f"arn:{partition}:sns:{region}:{account_id}:{name}-budget-alerts"
