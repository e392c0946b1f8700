"""Resources and requirements that the tests of lineage are about."""

from collections.abc import Mapping

from harness.audit.arn_types import type_of
from harness.audit.model import AuditResource
from harness.plan_check.requirements import KeyRule, Requirements

KEY, OWNER = "cost-center", "owner"
ML, OPS = "111111111111", "222222222222"
REQUIREMENTS = Requirements(
    keys=(
        KeyRule(KEY, ("AWS::SageMaker::*",), values=("5045", "6060")),
        KeyRule(OWNER, ("AWS::SageMaker::*",), personal=True, deprecated=("team",)),
        KeyRule("note"),
    )
)


def arn(end: str, account: str = ML) -> str:
    return f"arn:aws:sagemaker:eu-central-1:{account}:{end}"


def resource(end: str, tags: Mapping[str, str] | None = None, account: str = ML) -> AuditResource:
    """Return a resource of SageMaker by the end of its ARN, or any by its ARN."""
    named = end if end.startswith("arn:") else arn(end, account)
    name = named.rpartition("/")[2]
    return AuditResource(named, account, "eu-central-1", type_of(named), name, "", tags, ("tagging",))
