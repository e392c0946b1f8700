"""Enter an account of the organisation by a role, for reading alone."""

import json
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
    answer = sts.assume_role(RoleArn=role_arn, RoleSessionName="tagrail-snapshot", Policy=policy)
    found = answer["Credentials"]
    return Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])
