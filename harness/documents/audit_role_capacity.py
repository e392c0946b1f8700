"""Find what the roles of audit and repair would exceed of IAM's limits, before anything is sent."""

from collections.abc import Iterator

from harness.dictionary import Dictionary
from harness.documents.audit_role import AuditRoleDocuments, policy_parts, render_audit_role
from harness.environment import Environment
from harness.facts import Facts
from harness.packing import canonical_json, size_bytes
from harness.yaml_source import Path_

Faults = Iterator[tuple[Path_, str]]

_AT: Path_ = ("audit_role",)
_FEWER = "Do name fewer services, or tag by fewer keys"


def audit_role_capacity(dictionary: Dictionary, environment: Environment, facts: Facts) -> Faults:
    """Yield every limit that the documents of `audit_role` exceed, as a path and a message. Raises: nothing."""
    limit = facts.limits["iam_policy_document_characters"]
    documents = render_audit_role(dictionary, environment, str, limit)
    if documents is None:
        return
    parts = policy_parts(dictionary, environment, management_account=True)
    rooms = parts.rooms(limit)
    for kind, sizes in parts.sizes().items():
        entry = max(sizes, key=lambda name: sizes[name])
        if sizes[entry] > rooms[kind]:
            needed = sizes[entry] + limit - rooms[kind]
            rule = f"must fit policies of {limit} characters; one with {entry} alone needs {needed}"
            yield _AT, f"{rule}. Do tag by fewer keys"
    keys = len(canonical_json(parts.keys)) if parts.keys else 0
    if keys > limit:
        yield _AT, f"must fit policies of {limit} characters; the one of keys needs {keys}. Do tag by fewer keys"
    yield from _counts(documents, facts)


def _counts(documents: AuditRoleDocuments, facts: Facts) -> Faults:
    most, longest = facts.limits["iam_policies_per_role"], facts.limits["iam_trust_policy_characters"]
    for name, role in documents.roles.items():
        if len(role.policies) > most:
            yield _AT, f"must need {most} policies for a role at most; got {len(role.policies)} for {name}. {_FEWER}"
        if (length := len(canonical_json(role.trust))) > longest:
            rule = f"must have trust policies of {longest} characters at most; got {length} for {name}"
            yield _AT, f"{rule}. Do name fewer principals, or use *"
    size, largest = size_bytes(canonical_json(documents.template)), facts.limits["cloudformation_template_bytes"]
    if documents.stack_set and size > largest:
        yield _AT, f"must have a template of {largest} bytes at most; got {size}. {_FEWER}"
