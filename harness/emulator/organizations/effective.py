"""Effective tag policies: what holds for an account, what is wrong with it, and in which accounts.

docs.aws.amazon.com/organizations/latest/userguide/invalid-policy-alerts.html. AWS does not say which faults make an
effective tag policy invalid; here it is the one that only inheritance can make, a key whose last value was removed. One
that is assigned an empty list is AWS's own way to forbid the key
(docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html, example 2).
"""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from harness.emulator.clock import unix_time
from harness.emulator.wire import AwsError, page
from harness.policy.attachment import AttachedPolicy, Node
from harness.policy.effective import effective_policy
from harness.policy.provenance import EffectivePolicy
from harness.policy.tag_policy import REMOVE

if TYPE_CHECKING:
    from harness.emulator.organizations.responses import Organizations

TAG_POLICY = "TAG_POLICY"

_PAGE = 20


def describe(backend: "Organizations", request: dict[str, Any]) -> dict[str, Any]:
    """Return the policy that holds for an account after inheritance; a member may ask for itself only.

    Raises: AwsError InvalidInputException, AccessDeniedException, TargetNotFoundException or
    EffectivePolicyNotFoundException; NotImplementedError for types other than tag policies.
    """
    caller, target_id = request["_caller"], request.get("TargetId", request["_caller"])
    if not target_id.isdigit():
        raise AwsError("InvalidInputException", "You specified an invalid value.", Reason="INVALID_PATTERN_TARGET_ID")
    if caller not in (backend.account_id, target_id):
        raise AwsError("AccessDeniedException", "You don't have permissions to access this resource.")
    _check_type(request["PolicyType"], "DescribeEffectivePolicy")
    content = json.dumps(_effective(_nodes(backend, target_id)).document(), separators=(",", ":"), ensure_ascii=False)
    effective = {
        "PolicyContent": content,
        "LastUpdatedTimestamp": unix_time(),
        "TargetId": target_id,
        "PolicyType": TAG_POLICY,
    }
    return {"EffectivePolicy": effective}


def list_validation_errors(backend: "Organizations", request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of what is wrong with an account's effective policy.

    Raises: AwsError AccountNotFoundException or EffectivePolicyNotFoundException; NotImplementedError as `describe`.
    """
    _check_type(request["PolicyType"], "ListEffectivePolicyValidationErrors")
    account_id = request["AccountId"]
    if all(account.id != account_id for account in backend.accounts):
        raise AwsError("AccountNotFoundException", "You specified an account that doesn't exist.")
    found = _errors(_nodes(backend, account_id))
    shown, following = page(found, request, "MaxResults", _PAGE)
    path = "/".join([backend.org.id, *(node.id for node in backend.lineage(account_id))]) + "/"
    return {
        "AccountId": account_id,
        "PolicyType": TAG_POLICY,
        "Path": path,
        "EvaluationTimestamp": unix_time(),
        "EffectivePolicyValidationErrors": shown,
        **following,
    }


def list_invalid_accounts(backend: "Organizations", request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of the accounts whose effective policy is invalid.

    Raises: NotImplementedError as `describe`.
    """
    _check_type(request["PolicyType"], "ListAccountsWithInvalidEffectivePolicy")
    held = [(account, nodes) for account in backend.accounts if (nodes := _nodes(backend, account.id))]
    found = [account.describe() for account, nodes in held if _errors(nodes)]
    shown, following = page(found, request, "MaxResults", _PAGE)
    return {"Accounts": shown, "PolicyType": TAG_POLICY, **following}


def _check_type(policy_type: str, operation: str) -> None:
    if policy_type != TAG_POLICY:
        raise NotImplementedError(f"{operation} of {policy_type}")


def _nodes(backend: "Organizations", account_id: str) -> Sequence[Node]:
    """Return each node above an account with its tag policies, root first; nothing when none reaches it."""
    if not backend.is_enabled(TAG_POLICY):
        return ()
    nodes = [Node(node.id, node.name, tuple(_policies(node))) for node in backend.lineage(account_id)]
    return nodes if any(node.policies for node in nodes) else ()


def _policies(node: Any) -> Iterator[AttachedPolicy]:
    for policy in node.attached_policies:
        if policy.type == TAG_POLICY:
            yield AttachedPolicy(policy.id, policy.name, json.loads(policy.content))


def _effective(nodes: Sequence[Node]) -> EffectivePolicy:
    if not nodes:
        text = (
            "If you ran this action on the management account, this policy type is not enabled. If you ran the "
            "action on a member account, the account doesn't have an effective policy of this type."
        )
        raise AwsError("EffectivePolicyNotFoundException", text)
    return effective_policy(nodes)


def _errors(nodes: Sequence[Node]) -> list[dict[str, Any]]:
    return [
        {
            "ErrorCode": "ELEMENTS_TOO_FEW",
            "ErrorMessage": "'tag_value' is less than the allowed minimum limit 1",
            "PathToError": f"tags/{key}/tag_value",
            "ContributingPolicies": [p.id for node in nodes for p in node.policies if _gives_values(p, key)],
        }
        for key, elements in _effective(nodes).keys.items()
        if (element := elements.get("tag_value")) and not element.values and element.operator == REMOVE
    ]


def _gives_values(policy: AttachedPolicy, key: str) -> bool:
    return any((operation.key, operation.element) == (key, "tag_value") for operation in policy.operations)
