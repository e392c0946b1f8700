"""Render the roles that audit and repair, their policies and their StackSet, equal to modules/audit-role in HCL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.audit_actions import read_groups, tagging_actions
from harness.dictionary import Dictionary
from harness.documents.alert_policy import partition_of
from harness.environment import (
    Environment,
    RepairRole,
    audit_role_name,
    removable_keys,
    repair_role_name,
    settable_keys,
)
from harness.packing import canonical_json, pack

Document = Mapping[str, Any]

_READ, _KEYS = "read", "keys"
_SESSION_SECONDS = 3600
_DESCRIPTIONS = {
    "audit": "tagrail: reads what an audit of tags needs",
    "repair": "tagrail: reads as an audit does, and writes tags of the dictionary",
}


@dataclass(frozen=True, slots=True)
class RoleDocument:
    """Hold one role: who may enter it, and the names of its policies in order."""

    policies: tuple[str, ...]
    trust: Document


@dataclass(frozen=True, slots=True)
class StackSetDocument:
    """Hold the StackSet that makes the roles in accounts below units (ids, sorted), by one region."""

    name: str
    organizational_unit_ids: tuple[str, ...]
    region: str


@dataclass(frozen=True, slots=True)
class AuditRoleDocuments:
    """Hold roles and policies of the payer by name, the template for members, and the StackSet, None without one."""

    policies: Mapping[str, Document]
    roles: Mapping[str, RoleDocument]
    stack_set: StackSetDocument | None
    template: Document


@dataclass(frozen=True, slots=True)
class PolicyParts:
    """Hold what one account's policies are packed of: Sid -> statement, and kind -> statement form and its actions."""

    statements: Mapping[str, Document]
    forms: Mapping[str, tuple[Document, tuple[str, ...]]]
    keys: Document | None

    def rooms(self, limit: int) -> dict[str, int]:
        """Return kind -> characters that its entries, each with a comma, may take of a policy. Raises: nothing."""
        around = {kind: _policy([{**form, "Action": []}]) for kind, (form, _) in self.forms.items()}
        return {kind: limit + 1 - len(canonical_json(empty)) for kind, empty in {_READ: _policy([]), **around}.items()}

    def sizes(self) -> dict[str, dict[str, int]]:
        """Return kind -> entry -> its characters with a comma. Raises: nothing."""
        reads = {sid: len(canonical_json(statement)) + 1 for sid, statement in self.statements.items()}
        actions = {kind: {name: len(name) + 3 for name in names} for kind, (_, names) in self.forms.items()}
        return {_READ: reads, **actions}

    def policies(self, limit: int) -> dict[str, Document]:
        """Return label -> policy; each has `limit` characters at most, but for a longer entry. Raises: nothing."""
        rooms, found = self.rooms(limit), {}
        for kind, sizes in self.sizes().items():
            for label, entries in pack(sizes, rooms[kind]).items():
                found[f"{kind}-{label}"] = self._part(kind, entries)
        if self.keys:
            found[_KEYS] = self.keys
        return dict(sorted(found.items()))

    def _part(self, kind: str, entries: Sequence[str]) -> Document:
        if kind == _READ:
            return _policy([self.statements[sid] for sid in entries])
        return _policy([{**self.forms[kind][0], "Action": list(entries)}])


def render_audit_role(
    dictionary: Dictionary, environment: Environment, unit_id: Callable[[str], str], limit: int
) -> AuditRoleDocuments | None:
    """Return the documents, or None where the environment has no `audit_role`.

    `unit_id` gives the id of a unit, or of the root, by its path; `limit` is the characters of a policy.
    Raises: what `unit_id` raises.
    """
    section = environment.audit_role
    if section is None:
        return None
    names, trusts = _role_names(environment), _trusts(environment)
    payer = policy_parts(dictionary, environment, management_account=True).policies(limit)
    member = policy_parts(dictionary, environment, management_account=False).policies(limit)
    ids = sorted({unit_id(path) for path in section.organizational_units})
    stack_set = StackSetDocument(stack_set_name(environment), tuple(ids), environment.regions.home)
    return AuditRoleDocuments(
        policies={_policy_name(names, label): content for label, content in payer.items()},
        roles={
            name: RoleDocument(tuple(_policy_name(names, label) for label in _labels(payer, key)), trusts[key])
            for key, name in names.items()
        },
        stack_set=stack_set if ids else None,
        template=_template(environment, names, trusts, member),
    )


def stack_set_name(environment: Environment) -> str:
    """Return the name of the StackSet that makes the roles in other accounts. Raises: nothing."""
    return f"{environment.name}-audit-role"


def policy_parts(dictionary: Dictionary, environment: Environment, *, management_account: bool) -> PolicyParts:
    """Return what the policies of the payer, or of a member, are packed of. Raises: nothing."""
    statements = {
        sid: {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": "*"}
        for sid, actions in read_groups(management_account=management_account).items()
    }
    repair = environment.audit_role.repair if environment.audit_role else None
    if repair is None:
        return PolicyParts(statements, {}, None)
    return _with_repair(statements, dictionary, repair, management_account=management_account)


def _with_repair(
    statements: Mapping[str, Document], dictionary: Dictionary, repair: RepairRole, *, management_account: bool
) -> PolicyParts:
    """Return the parts with those of the role that writes.

    Requests that say which keys are allowed alone: ec2:DeleteTags without any takes all tags away. A set spells a key
    as the dictionary does, a removal may name old and wrong spellings too.
    """
    actions = tagging_actions(repair.services, management_account=management_account)
    sets = settable_keys(dictionary, repair)
    removes = tuple(sorted({*sets, *removable_keys(dictionary)}))
    unlimited = frozenset(actions.unlimited)
    forms = {
        "set": (_tags("SetTags", "StringEquals", sets), actions.sets),
        "remove": (_tags("RemoveTags", "StringEqualsIgnoreCase", removes), actions.removes),
    }
    limited = {
        kind: (form, tuple(each for each in all_ if each not in unlimited)) for kind, (form, all_) in forms.items()
    }
    others = {"ForAnyValue:StringNotEqualsIgnoreCase": {"aws:TagKeys": list(removes)}}
    deny = {"Sid": "DenyOtherKeys", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": others}
    allow = {"Sid": "TagWithoutKeys", "Effect": "Allow", "Action": list(actions.unlimited), "Resource": "*"}
    return PolicyParts(statements, limited, _policy([deny, allow]))


def _tags(sid: str, operator: str, keys: Sequence[str]) -> Document:
    condition = {f"ForAllValues:{operator}": {"aws:TagKeys": list(keys)}, "Null": {"aws:TagKeys": "false"}}
    return {"Sid": sid, "Effect": "Allow", "Resource": "*", "Condition": condition}


def _policy(statements: Sequence[Document]) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _role_names(environment: Environment) -> dict[str, str]:
    names = {"audit": audit_role_name(environment), "repair": repair_role_name(environment)}
    return {key: name for key, name in names.items() if name}


def _trusts(environment: Environment) -> dict[str, Document]:
    """Return role key -> trust: principals of the payer, by conditions that outlive a role that is made again.

    docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html.
    """
    section = environment.audit_role
    if section is None:
        return {}
    principals = {"audit": section.principals, "repair": section.repair.principals if section.repair else ()}
    equal = {"aws:PrincipalOrgID": environment.organization_id, "sts:ExternalId": section.external_id}
    account = f"arn:{partition_of(environment.regions.home)}:iam::{environment.payer_account_id}:root"
    found = {}
    for key, patterns in principals.items():
        condition: dict[str, Document] = {"StringEquals": {name: value for name, value in equal.items() if value}}
        if patterns:
            condition["ArnLike"] = {"aws:PrincipalArn": sorted(patterns)}
        enter = {"Sid": "Enter", "Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}
        found[key] = _policy([{**enter, "Condition": condition}])
    return found


def _labels(policies: Mapping[str, Document], role: str) -> list[str]:
    return [label for label in policies if role == "repair" or _owner(label) == "audit"]


def _owner(label: str) -> str:
    return "audit" if label.startswith(f"{_READ}-") else "repair"


def _policy_name(names: Mapping[str, str], label: str) -> str:
    return f"{names[_owner(label)]}-{label}"


def _role_id(key: str) -> str:
    return f"Role{key.title()}"


def _template(
    environment: Environment, names: Mapping[str, str], trusts: Mapping[str, Document], policies: Mapping[str, Document]
) -> Document:
    """Return the CloudFormation template of a member; AWS::IAM::ManagedPolicy takes no tags."""
    ids = {label: "Policy" + "".join(part[:1].upper() + part[1:] for part in label.split("-")) for label in policies}
    tags = [{"Key": key, "Value": value} for key, value in sorted(environment.resource_tags.items())]
    resources: dict[str, Document] = {}
    for label, content in policies.items():
        properties = {
            "Description": f"tagrail: what {names[_owner(label)]} may do, part {label}",
            "ManagedPolicyName": _policy_name(names, label),
            "PolicyDocument": content,
            "Roles": [{"Ref": _role_id(key)} for key in names if label in _labels(policies, key)],
        }
        resources[ids[label]] = {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}
    for key, name in names.items():
        of_role: Document = {
            "AssumeRolePolicyDocument": trusts[key],
            "Description": _DESCRIPTIONS[key],
            "MaxSessionDuration": _SESSION_SECONDS,
            "RoleName": name,
            "Tags": tags,
        }
        resources[_role_id(key)] = {"Type": "AWS::IAM::Role", "Properties": of_role}
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "tagrail: roles that audit and repair tags",
        "Resources": resources,
    }
