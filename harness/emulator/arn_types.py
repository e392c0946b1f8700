"""Name what an ARN names as CloudFormation and AWS Config do: its resource type and its id there."""

from harness.emulator.inventory_types import HELD_TYPES, HeldType
from harness.policy.arn import ArnType, arn_type
from harness.policy.compliance import plain

# Where an ARN has another word for the service or the type than CloudFormation.
_SERVICES = {
    "elasticfilesystem": "efs",
    "es": "opensearchservice",
    "states": "stepfunctions",
}
_TYPES = {
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
_HELD = {plain(held.type): held for held in HELD_TYPES}


def identity(arn: str) -> tuple[str, str]:
    """Return CloudFormation's type and AWS Config's id of a resource; `AWS::service::type` where the table lacks it.

    >>> identity("arn:aws:rds:eu-central-1:111111111111:db:main")
    ('AWS::RDS::DBInstance', 'main')
    >>> identity("arn:aws:athena:eu-central-1:111111111111:workgroup/w")
    ('AWS::athena::workgroup', 'w')

    Raises: nothing.
    """
    found = arn_type(arn)
    held = _held(found)
    if held is None:
        return f"AWS::{found.service}::{found.kind}", found.name
    by_arn = held.id == "arn" or held.id.endswith("_arn") or held.id == "stack_id"
    return held.type, arn if by_arn else found.name.removesuffix(":*")


def _held(found: ArnType) -> HeldType | None:
    service, kind = _SERVICES.get(found.service, found.service), plain(found.kind)
    if service == "elasticloadbalancing" and found.name.startswith(("app/", "net/", "gwy/")):
        service = "elasticloadbalancingv2"
    return _HELD.get(plain(f"AWS::{service}::{_TYPES.get(f'{service}:{kind}', kind)}"))
