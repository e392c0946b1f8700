"""Read the topic of budget alerts and its key, with their policies."""

from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from harness.state.model import LiveAlerts, LiveKey, Unreadable
from harness.state.reading import json_object, read


def read_alerts(sns: Any, kms: Any, topic_arn: str) -> LiveAlerts | None:
    """Return the topic's policy and its key; None when there is no such topic.

    Raises: ClientError, BotoCoreError as boto3 does, ValueError when the policy is no JSON object; a key that cannot be
    read is Unreadable.
    """
    try:
        attributes = sns.get_topic_attributes(TopicArn=topic_arn)["Attributes"]
    except sns.exceptions.NotFoundException:
        return None
    policy = json_object(attributes["Policy"], f"policy of {topic_arn}") if attributes.get("Policy") else None
    key_id = attributes.get("KmsMasterKeyId") or None
    key: LiveKey | Unreadable | None = read(partial(read_key, kms, key_id)) if key_id else None
    return LiveAlerts(topic_arn, policy, key)


def read_key(kms: Any, key_id: str) -> LiveKey:
    """Return a key with its state, and its policy where a customer manages it.

    Raises: ClientError, BotoCoreError as boto3 does, ValueError when the policy is no JSON object.
    """
    try:
        metadata = kms.describe_key(KeyId=key_id)["KeyMetadata"]
        if metadata.get("KeyManager") == "AWS":
            return LiveKey(metadata["Arn"], metadata["KeyState"], managed_by_aws=True)
        text = kms.get_key_policy(KeyId=metadata["Arn"], PolicyName="default")["Policy"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotFoundException":
            raise
        return LiveKey(key_id, "NotFound", managed_by_aws=key_id.endswith("alias/aws/sns"))
    return LiveKey(metadata["Arn"], metadata["KeyState"], json_object(text, f"policy of key {key_id}"))
