"""Roles of audit and repair in which everything that an environment implies holds."""

from harness.dictionary import Dictionary
from harness.documents import render_audit_role, target_id
from harness.environment import Environment, facts_of
from harness.organization import Organization
from harness.state import LiveAuditRoles, LiveRole, LiveStackSet


def live_audit_roles(
    dictionary: Dictionary, environment: Environment, organization: Organization
) -> LiveAuditRoles | None:
    limit = facts_of(environment).limits["iam_policy_document_characters"]
    documents = render_audit_role(dictionary, environment, lambda path: target_id(path, organization), limit)
    if documents is None:
        return None
    members = [each.id for each in organization.accounts if each.status == "ACTIVE"]
    stack_set = documents.stack_set
    return LiveAuditRoles(
        roles={
            name: LiveRole(role.trust, {policy: documents.policies[policy] for policy in role.policies})
            for name, role in documents.roles.items()
        },
        stack_set=LiveStackSet(
            template=documents.template,
            permission_model="SERVICE_MANAGED",
            deploys_by_itself=True,
            retains=False,
            organizational_unit_ids=stack_set.organizational_unit_ids,
            instances={account: "CURRENT" for account in members if account != organization.management_account_id},
        )
        if stack_set
        else None,
    )
