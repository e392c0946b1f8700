"""Take an ARN apart into service and resource type, as tag policies and the tagging API name them.

docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html: after the account id comes the resource, with or without
its type before it.
"""

import re
from typing import NamedTuple

# Services whose ARNs name one type without saying so.
_UNNAMED = {"s3": "bucket", "sns": "topic", "sqs": "queue"}
# Where an ARN has another word for the service, or for the type of a service, than CloudFormation.
CLOUDFORMATION_SERVICES = {"elasticfilesystem": "efs", "es": "opensearchservice", "states": "stepfunctions"}
CLOUDFORMATION_TYPES = {
    "rds:cluster": "dbcluster",
    "rds:db": "dbinstance",
    "rds:es": "eventsubscription",
    "rds:secgrp": "dbsecuritygroup",
    "rds:snapshot": "dbsnapshot",
    "rds:subgrp": "dbsubnetgroup",
    "redshift:parametergroup": "clusterparametergroup",
    "redshift:securitygroup": "clustersecuritygroup",
    "redshift:snapshot": "clustersnapshot",
    "redshift:subnetgroup": "clustersubnetgroup",
    "sagemaker:experimenttrial": "trial",
    "sagemaker:experimenttrialcomponent": "trialcomponent",
}


class ArnType(NamedTuple):
    """Hold what `ec2:instance` says; `name` is the resource without its type."""

    service: str
    kind: str
    name: str


def arn_type(arn: str) -> ArnType:
    """Return the type of the resource that an ARN names; all empty for a text that is no ARN. Raises: nothing.

    >>> arn_type("arn:aws:ec2:eu-central-1:111111111111:instance/i-1")
    ArnType(service='ec2', kind='instance', name='i-1')
    >>> arn_type("arn:aws:s3:::logs").kind, arn_type("arn:aws:rds:eu-central-1:111111111111:db:main").name
    ('bucket', 'main')
    """
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        return ArnType("", "", "")
    service, resource = parts[2], parts[5]
    if service in _UNNAMED and not re.search(r"[/:]", resource):
        return ArnType(service, _UNNAMED[service], resource)
    kind, _, name = re.sub(r"[/:]", "\0", resource, count=1).partition("\0")
    return ArnType(service, kind, name) if name else ArnType(service, "", resource)
