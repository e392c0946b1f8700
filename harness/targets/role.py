"""Enter an account of the organisation by a role, for reading alone or with all that the role may."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from harness.targets.model import Credentials

# A session may do what both its role and its policy allow, so that tagrail can change nothing, however mighty the role:
# docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session. GetResources needs no permission but
# its own: docs.aws.amazon.com/service-authorization/latest/reference/list_amazonresourcegrouptaggingapi.html.
READING = ("config:DescribeConfigurationRecorderStatus", "config:DescribeDeliveryChannels", "tag:GetResources")
# What an audit asks of a member account. Of SageMaker everything that only reads and hands out no access: its List and
# Describe calls return names and settings, presigned URLs are made by Create calls. Resource Explorer's ListResources
# takes the permission of Search (modules/audit-role/actions.yaml).
AUDITING = (
    "config:SelectResourceConfig",
    "ec2:DescribeRegions",
    "resource-explorer-2:GetDefaultView",
    "resource-explorer-2:GetView",
    "resource-explorer-2:Search",
    "sagemaker:Describe*",
    "sagemaker:List*",
    "sagemaker:Search",
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
    return _issued(sts.assume_role(RoleArn=role_arn, RoleSessionName=session_name, Policy=policy))


def assume_role(sts: Any, role_arn: str, session_name: str) -> Credentials:
    """Return credentials of a role, with all that it may do; CloudTrail shows the session's name.

    Tagging needs a permission of each service, and no session policy could list them: it has 2,048 characters at most.
    Raises: ClientError, BotoCoreError as boto3 does.
    """
    return _issued(sts.assume_role(RoleArn=role_arn, RoleSessionName=session_name))


def _issued(answer: Mapping[str, Any]) -> Credentials:
    found = answer["Credentials"]
    return Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])
