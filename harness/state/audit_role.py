"""Read the roles that audit and repair in the payer, and the StackSet that makes them in other accounts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from harness.state.model import LiveAuditRoles, LiveRole, LiveStackSet
from harness.state.reading import at_once, json_object, read, read_each


@dataclass(frozen=True, slots=True)
class AuditRoleScope:
    """Name the roles, ARNs of their policies, and the StackSet where there is one."""

    roles: frozenset[str]
    policy_arns: frozenset[str] = frozenset()
    stack_set: str | None = None


def read_audit_roles(iam: Any, cloudformation: Any, scope: AuditRoleScope) -> LiveAuditRoles:
    """Return the state; each part that cannot be read is Unreadable. Raises: nothing of AWS's."""
    name = scope.stack_set
    return LiveAuditRoles(
        roles=read_each(partial(_role, iam), sorted(scope.roles)),
        policy_arns=read(partial(_existing, iam, sorted(scope.policy_arns))),
        stack_set=read(partial(_stack_set, cloudformation, name)) if name else None,
    )


def _role(iam: Any, name: str) -> LiveRole | None:
    """Return a role with the texts of its policies; IAM's clients decode documents."""
    try:
        role = iam.get_role(RoleName=name)["Role"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchEntity":
            return None
        raise
    attached = [
        each
        for page in iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
        for each in page["AttachedPolicies"]
    ]
    inline = [
        each for page in iam.get_paginator("list_role_policies").paginate(RoleName=name) for each in page["PolicyNames"]
    ]
    return LiveRole(
        trust=role["AssumeRolePolicyDocument"],
        policies={each["PolicyName"]: _document(iam, each["PolicyArn"]) for each in attached},
        inline=frozenset(inline),
    )


def _existing(iam: Any, arns: Iterable[str]) -> frozenset[str]:
    found = at_once(lambda arn: _exists(iam, arn), arns)
    return frozenset(arn for arn, exists in found.items() if exists)


def _exists(iam: Any, arn: str) -> bool:
    try:
        iam.get_policy(PolicyArn=arn)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchEntity":
            return False
        raise
    return True


def _document(iam: Any, arn: str) -> Mapping[str, Any]:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document: Mapping[str, Any] = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    return document


def _stack_set(client: Any, name: str) -> LiveStackSet | None:
    try:
        found = client.describe_stack_set(StackSetName=name)["StackSet"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "StackSetNotFoundException":
            return None
        raise
    deployment = found.get("AutoDeployment", {})
    return LiveStackSet(
        template=json_object(found.get("TemplateBody", ""), f"template of {name}"),
        permission_model=found.get("PermissionModel", "SELF_MANAGED"),
        deploys_by_itself=bool(deployment.get("Enabled")),
        retains=bool(deployment.get("RetainStacksOnAccountRemoval")),
        organizational_unit_ids=tuple(sorted(found.get("OrganizationalUnitIds", ()))),
        instances=read(partial(_instances, client, name)),
    )


def _instances(client: Any, name: str) -> Mapping[str, str]:
    """Return account id -> status, with the reason where AWS gives one."""
    pages = client.get_paginator("list_stack_instances").paginate(StackSetName=name)
    return {each["Account"]: _status(each) for page in pages for each in page["Summaries"]}


def _status(instance: Mapping[str, Any]) -> str:
    reason = instance.get("StatusReason")
    return f"{instance['Status']} ({reason})" if reason else str(instance["Status"])
