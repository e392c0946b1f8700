"""Drifts of the roles of audit and repair: what somebody does by hand to a role, its policies and the StackSet."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

AUDIT, REPAIR, STACK_SET = "anycompany-audit", "anycompany-repair", "anycompany-audit-role"
FOREIGN = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


@contextmanager
def role_opened(tagrail: Any) -> Iterator[None]:
    iam = tagrail.client("iam")
    before = iam.get_role(RoleName=AUDIT)["Role"]["AssumeRolePolicyDocument"]
    opened = json.loads(json.dumps(before))
    del opened["Statement"][0]["Condition"]
    iam.update_assume_role_policy(RoleName=AUDIT, PolicyDocument=json.dumps(opened))
    yield
    iam.update_assume_role_policy(RoleName=AUDIT, PolicyDocument=json.dumps(before))


@contextmanager
def role_given_more(tagrail: Any) -> Iterator[None]:
    iam = tagrail.client("iam")
    iam.put_role_policy(RoleName=AUDIT, PolicyName="more", PolicyDocument=json.dumps(FOREIGN))
    yield
    iam.delete_role_policy(RoleName=AUDIT, PolicyName="more")


@contextmanager
def limit_to_keys_detached(tagrail: Any) -> Iterator[None]:
    iam, arn = tagrail.client("iam"), f"arn:aws:iam::111111111111:policy/{REPAIR}-keys"
    iam.detach_role_policy(RoleName=REPAIR, PolicyArn=arn)
    yield
    iam.attach_role_policy(RoleName=REPAIR, PolicyArn=arn)


def roles_spoilt(tagrail: Any) -> None:
    """Leave two drifts to an apply."""
    role_given_more(tagrail).__enter__()
    limit_to_keys_detached(tagrail).__enter__()


CASES = (
    (role_opened, "audit role", f"{AUDIT}: trust: Enter"),
    (role_given_more, "audit role", f"{AUDIT}: more"),
    (limit_to_keys_detached, "audit role", f"{REPAIR}: {REPAIR}-keys"),
)
