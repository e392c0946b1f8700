"""Enter an account of the organisation by a role, for reading alone or with all that the role may."""

import json
from collections.abc import Mapping
from typing import Any

from harness.targets.model import Credentials

# A session may do what both its role and its policy allow, so that tagrail can change nothing, however mighty the role:
# docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session. GetResources needs no permission but
# its own: docs.aws.amazon.com/service-authorization/latest/reference/list_amazonresourcegrouptaggingapi.html.
READING = ("config:DescribeConfigurationRecorderStatus", "config:DescribeDeliveryChannels", "tag:GetResources")
_POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": READING, "Resource": "*"}]}


def assume_reader(sts: Any, role_arn: str) -> Credentials:
    """Return credentials of a role that allow READING and nothing else.

    Raises: ClientError, BotoCoreError as boto3 does.
    """
    policy = json.dumps(_POLICY, separators=(",", ":"))
    return _issued(sts.assume_role(RoleArn=role_arn, RoleSessionName="tagrail-snapshot", Policy=policy))


def assume_role(sts: Any, role_arn: str, session: str) -> Credentials:
    """Return credentials of a role, with all that it may do; `session` is its name in CloudTrail.

    Tagging needs a permission of each service, and no session policy could list them: it has 2,048 characters at most.
    Raises: ClientError, BotoCoreError as boto3 does.
    """
    return _issued(sts.assume_role(RoleArn=role_arn, RoleSessionName=session))


def _issued(answer: Mapping[str, Any]) -> Credentials:
    found = answer["Credentials"]
    return Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])
