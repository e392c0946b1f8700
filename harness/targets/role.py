"""Enter an account of the organisation by a role, for reading alone."""

import json
from collections.abc import Sequence
from typing import Any

from harness.targets.model import Credentials

# A session may do what both its role and its policy allow, so that tagrail can change nothing, however mighty the role:
# docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session. GetResources needs no permission but
# its own: docs.aws.amazon.com/service-authorization/latest/reference/list_amazonresourcegrouptaggingapi.html.
READING = ("config:DescribeConfigurationRecorderStatus", "config:DescribeDeliveryChannels", "tag:GetResources")
# What an audit asks of a member account. Of SageMaker everything that only reads and hands out no access: its List and
# Describe calls return names and settings, presigned URLs are made by Create calls.
AUDITING = (
    "cloudformation:DescribeStacks",
    "cloudtrail:LookupEvents",
    "config:SelectResourceConfig",
    "ec2:DescribeRegions",
    "resource-explorer-2:GetDefaultView",
    "resource-explorer-2:GetView",
    "resource-explorer-2:ListResources",
    "sagemaker:Describe*",
    "sagemaker:List*",
    "sagemaker:QueryLineage",
    "tag:GetResources",
)


def assume_reader(
    sts: Any, role_arn: str, actions: Sequence[str] = READING, session_name: str = "tagrail-snapshot"
) -> Credentials:
    """Return credentials of a role that allow some actions and nothing else; CloudTrail shows the session's name.

    Raises: ClientError, BotoCoreError as boto3 does.
    """
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
    answer = sts.assume_role(RoleArn=role_arn, RoleSessionName=session_name, Policy=policy)
    found = answer["Credentials"]
    return Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])
