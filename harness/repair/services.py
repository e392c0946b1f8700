"""Say which API reads and writes the tags of a resource: the tagging API, or an operation of the service's own.

docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html: what is not on that list is
tagged by its service. IAM and Auto Scaling are on it for writing, but GetResources does not show their tags, so both
are read and written through their own operations.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from harness.audit.model import GLOBAL

TAGGING: Final = "resourcegroupstaggingapi"
AUTO_SCALING: Final = "autoscaling"


class Own(NamedTuple):
    """Hold a service's own operations, which take one resource a call: `argument` names it, by ARN or by its name.

    `call` is the ending of the operations in boto3: tag_role, untag_role, list_role_tags.
    """

    service: str
    argument: str
    tag: str
    untag: str
    show: str
    by_arn: bool = False


def _iam(noun: str, argument: str, *, by_arn: bool = False) -> Own:
    return Own("iam", argument, f"tag_{noun}", f"untag_{noun}", f"list_{noun}_tags", by_arn)


# By service and kind of ARN. docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html and its siblings: 50 tags a
# resource; docs.aws.amazon.com/organizations/latest/APIReference/API_TagResource.html: by id, from the payer alone.
_OWN: Final[Mapping[tuple[str, str], Own]] = {
    ("iam", "role"): _iam("role", "RoleName"),
    ("iam", "user"): _iam("user", "UserName"),
    ("iam", "policy"): _iam("policy", "PolicyArn", by_arn=True),
    ("iam", "instance-profile"): _iam("instance_profile", "InstanceProfileName"),
    ("iam", "server-certificate"): _iam("server_certificate", "ServerCertificateName"),
    ("iam", "oidc-provider"): _iam("open_id_connect_provider", "OpenIDConnectProviderArn", by_arn=True),
    ("iam", "saml-provider"): _iam("saml_provider", "SAMLProviderArn", by_arn=True),
    ("iam", "mfa"): _iam("mfa_device", "SerialNumber", by_arn=True),
    **dict.fromkeys(
        (("organizations", kind) for kind in ("account", "ou", "policy", "root")),
        Own("organizations", "ResourceId", "tag_resource", "untag_resource", "list_tags_for_resource"),
    ),
}
# Where a partition's global services, such as CloudFront and Route 53, are tagged:
# docs.aws.amazon.com/general/latest/gr/r53.html, docs.aws.amazon.com/general/latest/gr/cf_region.html
_HOMES: Final = {"aws": "us-east-1", "aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-west-1"}


def own_of(arn: str) -> Own | None:
    """Return the own operations for the tags of a resource, None for what the tagging API takes. Raises: nothing.

    >>> own_of("arn:aws:iam::111111111111:role/team/ml").tag, own_of("arn:aws:s3:::logs")
    ('tag_role', None)
    """
    parts = arn.split(":", 5)
    return _OWN.get((parts[2], parts[5].partition("/")[0]))


def service_of(arn: str) -> str:
    """Return boto3's name of the service that writes the tags of a resource. Raises: nothing.

    >>> service_of("arn:aws:autoscaling:eu-central-1:111111111111:autoScalingGroup:1:autoScalingGroupName/web")
    'autoscaling'
    """
    parts = arn.split(":", 5)
    if parts[2] == "autoscaling" and parts[5].startswith("autoScalingGroup:"):
        return AUTO_SCALING
    found = own_of(arn)
    return found.service if found else TAGGING


def region_of(arn: str, region: str) -> str:
    """Return the region in which the tags of a resource are written. Raises: nothing."""
    return _HOMES.get(arn.split(":", 2)[1], "us-east-1") if region == GLOBAL else region
