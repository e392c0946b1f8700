"""Find what is wrong with one name in an Action or Resource element.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html and ..._elements_resource.html. The
rules that no page states are those of IAM's own answers, as moto's tests keep them (tests/test_iam/test_iam_policies.py
of getmoto/moto, Apache-2.0, read 2026-11): a partition that exists, a service without wildcards, IAM's own paths.
"""

import re

from harness.facts import load_facts

PARTITIONS = ("aws", *sorted(load_facts().partitions.values()))
_PREFIX = re.compile(r"[A-Za-z0-9.-]+")
_IAM_PATHS = (
    *("user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/", "policy/"),
    *("sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/", "role-template/"),
)
# Resources of S3 that lie in a region (docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html).
_S3_PLACED = ("accesspoint/", "access-grants/", "async-request/", "job/", "storage-lens/", "storage-lens-group/")


def action_problem(name: str, kind: str) -> str | None:
    """Return why AWS refuses an Action in a policy of a kind; None when it takes it. Raises: nothing."""
    if name == "*":
        if kind == "rcp":
            return 'must name a service in a resource control policy; got "*". Do write such as s3:*'
        return None
    prefix, colon, action = name.partition(":")
    if not colon or ":" in action or not action:
        return f'must be "*" or service:action with 1 colon; got "{name}". Do correct it'
    if not _PREFIX.fullmatch(prefix) and not (prefix == "*" and kind != "rcp"):
        return f'must begin with a service prefix of letters, digits, dots and hyphens; got "{name}". Do correct it'
    return None


def resource_problem(name: str, kind: str) -> str | None:
    """Return why AWS refuses a Resource in a policy of a kind; None when it takes it.

    An ARN may be incomplete in its last parts. Raises: nothing.
    """
    parts = name.split(":", 5)
    if name == "*" or (kind == "resource" and parts[0] != "arn"):
        return None  # services take forms of their own in their policies, such as API Gateway's execute-api:/*
    if parts[0] != "arn" or len(parts) < 3:
        return f'must be "*" or an ARN, arn:partition:service:region:account:resource; got "{name}". Do correct it'
    if parts[1] not in (*PARTITIONS, "*"):
        return f'must be an ARN of the partition {", ".join(PARTITIONS)} or *; got "{name}". Do correct it'
    if not parts[2] or set(parts[2]) & set("*?"):
        return f'must be an ARN whose service has no wildcard; got "{name}". Do name the service'
    if len(parts) < 6 and "::" in name:
        return f'must be an ARN of 6 parts where one is empty; got "{name}". Do add the colon that is missing'
    return _placeless_problem(parts, name) if kind == "identity" and len(parts) == 6 else None


def _placeless_problem(parts: list[str], name: str) -> str | None:
    """Return what IAM refuses in ARNs of its own and of S3."""
    _, _, service, region, _, resource = parts
    if service == "iam" and region:
        return f'must have no region in an ARN of IAM; got "{name}". Do leave it empty'
    if service == "s3" and region and not resource.startswith(_S3_PLACED):
        return f'must have no region in an ARN of S3; got "{name}". Do leave it empty'
    if service == "iam" and resource not in ("*", "root") and not resource.startswith(_IAM_PATHS):
        return f'must be an ARN of IAM that ends in *, root or {", ".join(_IAM_PATHS)}...; got "{name}". Do correct it'
    return None
