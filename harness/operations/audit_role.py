"""Give the ARNs of the roles by which accounts are audited and repaired, as modules/audit-role names them."""

from harness.environment import Environment, audit_role_name, repair_role_name
from harness.errors import TagrailError


def role_arn(environment: Environment, account_id: str, partition: str) -> str:
    """Return the ARN of the role that reads in an account.

    Raises: TagrailError when env.yaml asks for no such role.
    """
    name = audit_role_name(environment)
    if name is None:
        raise TagrailError("audit_role: must be in env.yaml to look into accounts; got none. Do add it, and apply")
    return named_role_arn(name, account_id, partition)


def repair_role_arn(environment: Environment, account_id: str, partition: str) -> str:
    """Return the ARN of the role that writes tags in an account.

    Raises: TagrailError when env.yaml asks for no such role.
    """
    name = repair_role_name(environment)
    if name is None:
        rule = "audit_role.repair: must be given in env.yaml to write tags in accounts; got none"
        raise TagrailError(f"{rule}. Do name its principals, and apply")
    return named_role_arn(name, account_id, partition)


def named_role_arn(name: str, account_id: str, partition: str) -> str:
    """Return the ARN of a role in an account, its name in a path or not. Raises: nothing.

    >>> named_role_arn("/audit/reader", "111111111111", "aws")
    'arn:aws:iam::111111111111:role/audit/reader'
    """
    return f"arn:{partition}:iam::{account_id}:role/{name.removeprefix('/')}"
