"""Render the policies of the alert topic and its key; without them AWS Budgets drops alerts and tells nobody.

Source: docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html.
"""

from typing import Any

from harness.facts import load_facts

_BUDGETS = {"Service": "budgets.amazonaws.com"}
_ANOMALIES = {"Service": "costalerts.amazonaws.com"}


def render_topic_policy(account_id: str, topic_arn: str, *, anomalies: bool = False) -> dict[str, Any]:
    """Return the policy of the SNS topic: budgets of this account may publish, and anomaly detection where it must.

    Source: docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html. Raises: nothing.
    """
    senders = {"AllowBudgetsToPublish": _BUDGETS, **({"AllowAnomaliesToPublish": _ANOMALIES} if anomalies else {})}
    statements = [
        {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": principal,
            "Action": "SNS:Publish",
            "Resource": topic_arn,
            "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
        }
        for sid, principal in senders.items()
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def render_key_policy(account_id: str, partition: str, *, anomalies: bool = False) -> dict[str, Any]:
    """Return the policy of the KMS key: the account administers it, who publishes for this account encrypts with it."""
    administration = {
        "Sid": "AllowAccountAdministration",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{partition}:iam::{account_id}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    senders = {"AllowBudgetsToEncrypt": _BUDGETS, **({"AllowAnomaliesToEncrypt": _ANOMALIES} if anomalies else {})}
    encryption = [
        {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": principal,
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
        }
        for sid, principal in senders.items()
    ]
    return {"Version": "2012-10-17", "Statement": [administration, *encryption]}


def partition_of(region: str) -> str:
    """Return the partition of a region, the second part of its ARNs.

    >>> partition_of("eu-central-1"), partition_of("cn-north-1"), partition_of("eusc-de-east-1")
    ('aws', 'aws-cn', 'aws-eusc')
    """
    return load_facts().partition_of(region)


def topic_arn(name: str, region: str, account_id: str, partition: str) -> str:
    """Return the ARN of the alert topic that tagrail makes; `name` is the environment's prefix."""
    return f"arn:{partition}:sns:{region}:{account_id}:{name}-budget-alerts"
