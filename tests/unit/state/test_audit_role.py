"""Roles and StackSet as they are read: what is there, what is not, and what could not be looked at."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from harness.state import AuditRoleScope, LiveRole, LiveStackSet, Unreadable
from harness.state.audit_role import read_audit_roles
from tests.unit.emulator.conftest import Client, client, emulator
from tests.unit.emulator.test_stack_sets import deploy, node_ids, stacks, template

__all__ = ["client", "emulator", "stacks"]

pytestmark = pytest.mark.emulator
ARN = "arn:aws:iam::111111111111:policy/case-1"
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}
CONTENT = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "ec2:DescribeRegions", "Resource": "*"}],
}


@pytest.fixture
def iam(client: Client) -> Iterator[Any]:
    service = client("iam")
    service.create_role(RoleName="case", AssumeRolePolicyDocument=json.dumps(TRUST))
    arn = service.create_policy(PolicyName="case-1", PolicyDocument=json.dumps(CONTENT))["Policy"]["Arn"]
    service.attach_role_policy(RoleName="case", PolicyArn=arn)
    service.put_role_policy(RoleName="case", PolicyName="more", PolicyDocument=json.dumps(CONTENT))
    yield service
    service.delete_role_policy(RoleName="case", PolicyName="more")
    service.detach_role_policy(RoleName="case", PolicyArn=arn)
    service.delete_policy(PolicyArn=arn)
    service.delete_role(RoleName="case")


class Denied:
    """A client whose every call is denied."""

    def __getattr__(self, name: str) -> Any:
        def deny(*_: Any, **__: Any) -> Any:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, name)

        return deny


def test_a_role_is_read_with_the_texts_of_its_policies(client: Client, iam: Any) -> None:
    live = read_audit_roles(
        iam, client("cloudformation"), AuditRoleScope(frozenset({"case", "gone"}), frozenset({ARN, f"{ARN}-gone"}))
    )
    assert live.roles == {"case": LiveRole(TRUST, {"case-1": CONTENT}, frozenset({"more"})), "gone": None}
    assert live.policy_arns == {ARN}
    assert live.stack_set is None


def test_a_stack_set_is_read_with_its_accounts(client: Client, stacks: Any) -> None:
    _, units = node_ids(client)
    deploy(stacks, units["Prod"])
    held = read_audit_roles(client("iam"), stacks, AuditRoleScope(frozenset(), stack_set="case")).stack_set
    assert isinstance(held, LiveStackSet)
    assert held.template == json.loads(template("reader"))
    assert (held.permission_model, held.deploys_by_itself, held.retains) == ("SERVICE_MANAGED", True, False)
    assert held.organizational_unit_ids == (units["Prod"],)
    assert held.instances == {"444444444443": "CURRENT", "444444444444": "CURRENT"}


def test_no_stack_set_is_none(client: Client) -> None:
    assert (
        read_audit_roles(client("iam"), client("cloudformation"), AuditRoleScope(frozenset(), stack_set="x")).stack_set
        is None
    )


def test_what_is_denied_says_so() -> None:
    live = read_audit_roles(Denied(), Denied(), AuditRoleScope(frozenset({"case"}), frozenset({ARN}), "case"))
    assert isinstance(live.roles["case"], Unreadable)
    assert isinstance(live.policy_arns, Unreadable)
    assert isinstance(live.stack_set, Unreadable)
    assert live.stack_set.code == "AccessDenied"
