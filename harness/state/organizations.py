"""Read AWS Organizations: the tree, its tag policies and the effective policy of each account."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

from botocore.exceptions import ClientError

from harness.organization import Account, Organization
from harness.state.model import LivePolicy
from harness.state.reading import at_once, json_object

_TAG_POLICY = "TAG_POLICY"
PolicyKind = Literal["TAG_POLICY", "SERVICE_CONTROL_POLICY"]


def read_organization(client: Any) -> Organization:
    """Return the organisation's tree with paths.

    Raises: ClientError, BotoCoreError as boto3 does.
    """
    organization = client.describe_organization()["Organization"]
    root = _pages(client, "list_roots", "Roots")[0]
    types = {kind["Type"] for kind in root.get("PolicyTypes", []) if kind["Status"] == "ENABLED"}
    units, accounts = _tree(client, root["Id"])
    return Organization(
        id=organization["Id"],
        root_id=root["Id"],
        management_account_id=organization.get("MasterAccountId", ""),
        policy_types=frozenset(types),
        units=units,
        accounts=tuple(sorted(accounts, key=lambda account: account.id)),
    )


def _tree(client: Any, root_id: str) -> tuple[dict[str, str], list[Account]]:
    """Return the units, path -> id, and the accounts; the units of one level are read at once."""
    units: dict[str, str] = {}
    accounts: list[Account] = []
    level = {"": root_id}
    while level:
        children = at_once(partial(_children, client), level.values())
        below = {}
        for path, node in level.items():
            found, members = children[node]
            accounts += [Account(each["Id"], each["Name"], path, _status(each)) for each in members]
            below.update({f"{path}/{unit['Name']}" if path else unit["Name"]: unit["Id"] for unit in found})
        units.update(below)
        level = below
    return units, accounts


def _children(client: Any, node: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the units and the accounts right below a node."""
    units = _pages(client, "list_organizational_units_for_parent", "OrganizationalUnits", ParentId=node)
    return units, _pages(client, "list_accounts_for_parent", "Accounts", ParentId=node)


def _status(account: Mapping[str, Any]) -> str:
    return str(account.get("State", account.get("Status", "ACTIVE")))


def _pages(client: Any, operation: str, key: str, **arguments: str) -> list[dict[str, Any]]:
    pages = client.get_paginator(operation).paginate(**arguments)
    return [item for page in pages for item in page[key]]


def read_policies(client: Any, kind: PolicyKind, prefix: str = "") -> tuple[LivePolicy, ...]:
    """Return the policies of a kind whose names begin with `prefix`, sorted by name, with content and attachments.

    Raises: ClientError, BotoCoreError as boto3 does; ValueError when a policy is no JSON object.
    """
    listed = _pages(client, "list_policies", "Policies", Filter=kind)
    names = {found["Id"]: found["Name"] for found in listed if found["Name"].startswith(prefix)}
    policies = at_once(lambda policy: _policy(client, policy, names[policy]), names)
    return tuple(sorted(policies.values(), key=lambda policy: policy.name))


def _policy(client: Any, policy_id: str, name: str) -> LivePolicy:
    text = client.describe_policy(PolicyId=policy_id)["Policy"]["Content"]
    targets = _pages(client, "list_targets_for_policy", "Targets", PolicyId=policy_id)
    content = json_object(text, f"policy {name} ({policy_id})")
    return LivePolicy(policy_id, name, content, frozenset(target["TargetId"] for target in targets))


def read_effective_policy(client: Any, account_id: str) -> Mapping[str, Any]:
    """Return the effective tag policy of an account; empty when no policy reaches it.

    Raises: ClientError, BotoCoreError as boto3 does; ValueError when the policy is no JSON object.
    """
    try:
        answer = client.describe_effective_policy(PolicyType=_TAG_POLICY, TargetId=account_id)
    except ClientError as error:
        if error.response["Error"]["Code"] == "EffectivePolicyNotFoundException":
            return {}
        raise
    return json_object(answer["EffectivePolicy"]["PolicyContent"], f"effective policy of {account_id}")
