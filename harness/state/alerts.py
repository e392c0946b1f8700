"""Read the topic of budget alerts and its key, with their policies."""

from typing import Any

from harness.state.model import LiveAlerts
from harness.state.reading import json_object


def read_alerts(sns: Any, kms: Any, topic_arn: str) -> LiveAlerts | None:
    """Return the topic's policy, its key and the key's policy; None when there is no such topic.

    Raises: ClientError, BotoCoreError as boto3 does.
    """
    try:
        attributes = sns.get_topic_attributes(TopicArn=topic_arn)["Attributes"]
    except sns.exceptions.NotFoundException:
        return None
    policy = json_object(attributes["Policy"], f"policy of {topic_arn}") if attributes.get("Policy") else None
    key_id = attributes.get("KmsMasterKeyId") or None
    if key_id is None:
        return LiveAlerts(topic_arn, policy, None, None, None)
    try:
        metadata = kms.describe_key(KeyId=key_id)["KeyMetadata"]
        key_policy = json_object(
            kms.get_key_policy(KeyId=metadata["KeyId"], PolicyName="default")["Policy"], f"policy of key {key_id}"
        )
    except kms.exceptions.NotFoundException:
        return LiveAlerts(topic_arn, policy, key_id, "NotFound", None)
    return LiveAlerts(topic_arn, policy, key_id, metadata["KeyState"], key_policy)
