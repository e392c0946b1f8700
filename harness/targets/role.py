"""Enter an account of the organisation by a role, for reading alone or with all that the role may."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from botocore.credentials import RefreshableCredentials

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


# What AssumeRole gives unless it is asked for less; a role that was entered by a role gets no more:
# docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (DurationSeconds).
_LASTS: Final = timedelta(hours=1)


def assume_reader(
    sts: Any, role_arn: str, actions: Sequence[str] = READING, session_name: str = "tagrail-snapshot"
) -> RefreshableCredentials:
    """Return credentials of a role that allow some actions and nothing else; CloudTrail shows the session's name.

    They renew themselves. Raises: ClientError, BotoCoreError as boto3 does, now and whenever they are renewed.
    """
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
    return _renewed(partial(sts.assume_role, RoleArn=role_arn, RoleSessionName=session_name, Policy=policy))


def assume_role(sts: Any, role_arn: str, session_name: str) -> RefreshableCredentials:
    """Return credentials of a role, with all that it may do; CloudTrail shows the session's name.

    Tagging needs a permission of each service, and no session policy could list them: it has 2,048 characters at most.
    They renew themselves. Raises: as `assume_reader`.
    """
    return _renewed(partial(sts.assume_role, RoleArn=role_arn, RoleSessionName=session_name))


def _renewed(assume: Callable[[], Mapping[str, Any]]) -> RefreshableCredentials:
    """Return credentials that are asked for again a quarter of an hour before they end, by this machine's clock."""

    def issue() -> dict[str, str]:
        ends = datetime.now(UTC) + _LASTS
        found = assume()["Credentials"]
        keys = {"access_key": "AccessKeyId", "secret_key": "SecretAccessKey", "token": "SessionToken"}
        return {name: found[key] for name, key in keys.items()} | {"expiry_time": ends.isoformat()}

    return RefreshableCredentials.create_from_metadata(issue(), issue, "assume-role")
