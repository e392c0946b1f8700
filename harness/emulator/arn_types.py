"""Name what an ARN names as CloudFormation and AWS Config do: its resource type and its id there."""

from collections.abc import Mapping
from functools import cache

from moto.core.utils import get_service_model

from harness.emulator.inventory_types import HELD_TYPES, HeldType
from harness.policy.arn import CLOUDFORMATION_SERVICES, CLOUDFORMATION_TYPES, ArnType, arn_type
from harness.policy.compliance import plain

_HELD = {plain(held.type): held for held in HELD_TYPES}


def identity(arn: str) -> tuple[str, str]:
    """Return CloudFormation's type and AWS Config's id of a resource.

    A type that the table lacks has AWS Config's name if that is the ARN's, else `AWS::service::type`.

    >>> identity("arn:aws:rds:eu-central-1:111111111111:db:main")
    ('AWS::RDS::DBInstance', 'main')
    >>> identity("arn:aws:athena:eu-central-1:111111111111:workgroup/w")
    ('AWS::Athena::WorkGroup', 'w')
    >>> identity("arn:aws:glue:eu-central-1:111111111111:registry/r")
    ('AWS::glue::registry', 'r')

    Raises: nothing.
    """
    found = arn_type(arn)
    held = _held(found)
    if held is None:
        named = f"AWS::{found.service}::{found.kind}"
        return _recorded().get(plain(named), named), found.name
    by_arn = held.id == "arn" or held.id.endswith("_arn") or held.id == "stack_id"
    return held.type, arn if by_arn else found.name.removesuffix(":*")


@cache
def _recorded() -> Mapping[str, str]:
    """Return the types that AWS Config knows by botocore's model, by their plain names."""
    return {plain(name): name for name in get_service_model("config").shape_for("ResourceType").enum}


def _held(found: ArnType) -> HeldType | None:
    service, kind = CLOUDFORMATION_SERVICES.get(found.service, found.service), plain(found.kind)
    if service == "elasticloadbalancing" and found.name.startswith(("app/", "net/", "gwy/")):
        service = "elasticloadbalancingv2"
    return _HELD.get(plain(f"AWS::{service}::{CLOUDFORMATION_TYPES.get(f'{service}:{kind}', kind)}"))
