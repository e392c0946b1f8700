"""Tell whether a resource is tagrail's own: one that only has the same name must be neither changed nor destroyed."""

from collections.abc import Callable, Mapping

from botocore.exceptions import BotoCoreError, ClientError

from harness.documents import partition_of
from harness.errors import TagrailError
from harness.operations.orphan import Kind, Orphan
from harness.operations.session import Session
from harness.state import read_associations
from harness.tag_pairs import tags_of

DESCRIPTION_MARK = "tagrail:"


def refusal(session: Session, orphan: Orphan) -> str | None:
    """Return why the resource is not taken for tagrail's own, or None when it carries its mark.

    The mark of what has a description is its beginning; budgets, cost categories, topics, buckets and the like have
    none, so theirs are env.yaml's resource_tags. A TagOption has neither: it is its key and value, and nobody else's if
    nothing else offers it.

    Raises: TagrailError when the mark cannot be read.
    """
    try:
        if orphan.kind in _DESCRIPTIONS:
            return _by_description(orphan, _DESCRIPTIONS[orphan.kind](session, orphan))
        if orphan.kind in _TAGS:
            return _by_tags(session, orphan)
        if orphan.kind == "TagOption":
            return _by_use(session, orphan)
    except (ClientError, BotoCoreError) as error:
        repair = "Do allow the caller to read it"
        raise TagrailError(f"{orphan}: must be readable, to tell whose it is; got {error}. {repair}") from error
    return None  # an attachment is its policy's, a table its database's: looked at itself, or in the state


def _by_description(orphan: Orphan, text: str) -> str | None:
    if text.startswith(DESCRIPTION_MARK):
        return None
    rule = f'must have a description that begins with "{DESCRIPTION_MARK}" to be adopted'
    return f'{orphan}: {rule}; got "{text}". {_repair(orphan)}'


def _by_tags(session: Session, orphan: Orphan) -> str | None:
    wanted = session.environment.resource_tags
    if not wanted:
        rule = "must carry resource_tags of env.yaml to be adopted; env.yaml names none"
        return f"{orphan}: {rule}. {_repair(orphan)}"
    held = _TAGS[orphan.kind](session, orphan)
    missing = [f"{key}={value}" for key, value in wanted.items() if held.get(key) != value]
    if not missing:
        return None
    rule = "must carry env.yaml's resource_tags to be adopted"
    return f"{orphan}: {rule}; it lacks {', '.join(missing)}. {_repair(orphan)}"


def _by_use(session: Session, orphan: Orphan) -> str | None:
    section = session.environment.tag_option
    named = {*section.portfolios, *section.products} if section else set()
    used = sorted(read_associations(session.target.client("servicecatalog", orphan.region), orphan.id) - named)
    if not used:
        return None
    rule = "must be associated only with what env.yaml names to be adopted"
    return f"{orphan}: {rule}; got {', '.join(used)}. Do add it to tag_option, or {_by_hand(orphan)}"


def _repair(orphan: Orphan) -> str:
    return f"Do rename it, or {_by_hand(orphan)}"


def _by_hand(orphan: Orphan) -> str:
    return f"import it into the state by hand, as {orphan.address} with id {orphan.id}"


def _policy_description(session: Session, orphan: Orphan) -> str:
    client = session.target.client("organizations", orphan.region)
    return str(client.describe_policy(PolicyId=orphan.id)["Policy"]["PolicySummary"].get("Description", ""))


def _rule_description(session: Session, orphan: Orphan) -> str:
    client = session.target.client("config", orphan.region)
    if session.environment.config.scope == "account":
        rule = client.describe_config_rules(ConfigRuleNames=[orphan.name])["ConfigRules"][0]
        return str(rule.get("Description", ""))
    found = client.describe_organization_config_rules(OrganizationConfigRuleNames=[orphan.name])
    rule = found["OrganizationConfigRules"][0]
    metadata = rule.get("OrganizationManagedRuleMetadata") or rule.get("OrganizationCustomPolicyRuleMetadata") or {}
    return str(metadata.get("Description", ""))


def _key_description(session: Session, orphan: Orphan) -> str:
    client = session.target.client("kms", orphan.region)
    return str(client.describe_key(KeyId=orphan.id)["KeyMetadata"].get("Description", ""))


def _role_description(session: Session, orphan: Orphan) -> str:
    client = session.target.client("iam", orphan.region)
    return str(client.get_role(RoleName=orphan.id)["Role"].get("Description", ""))


def _role_policy_description(session: Session, orphan: Orphan) -> str:
    client = session.target.client("iam", orphan.region)
    return str(client.get_policy(PolicyArn=orphan.id)["Policy"].get("Description", ""))


def _stack_set_description(session: Session, orphan: Orphan) -> str:
    client = session.target.client("cloudformation", orphan.region)
    return str(client.describe_stack_set(StackSetName=orphan.id)["StackSet"].get("Description", ""))


def _budget_tags(session: Session, orphan: Orphan) -> dict[str, str]:
    partition, payer = partition_of(orphan.region), session.environment.payer_account_id
    client = session.target.client("budgets", orphan.region)
    arn = f"arn:{partition}:budgets::{payer}:budget/{orphan.name}"
    return tags_of(client.list_tags_for_resource(ResourceARN=arn).get("ResourceTags", []))


def _topic_tags(session: Session, orphan: Orphan) -> dict[str, str]:
    client = session.target.client("sns", orphan.region)
    return tags_of(client.list_tags_for_resource(ResourceArn=orphan.id)["Tags"])


def _cost_tags(session: Session, orphan: Orphan) -> dict[str, str]:
    client = session.target.client("ce", orphan.region)
    return tags_of(client.list_tags_for_resource(ResourceArn=orphan.id)["ResourceTags"])


def _export_tags(session: Session, orphan: Orphan) -> dict[str, str]:
    client = session.target.client("bcm-data-exports", orphan.region)
    return tags_of(client.list_tags_for_resource(ResourceArn=orphan.id).get("ResourceTags", []))


def _bucket_tags(session: Session, orphan: Orphan) -> dict[str, str]:
    client = session.target.client("s3", orphan.region)
    try:
        return tags_of(client.get_bucket_tagging(Bucket=orphan.id)["TagSet"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchTagSet":
            return {}
        raise


def _database_tags(session: Session, orphan: Orphan) -> dict[str, str]:
    partition, payer = partition_of(orphan.region), session.environment.payer_account_id
    arn = f"arn:{partition}:glue:{orphan.region}:{payer}:database/{orphan.name}"
    tags: dict[str, str] = session.target.client("glue", orphan.region).get_tags(ResourceArn=arn).get("Tags", {})
    return tags


def _workgroup_tags(session: Session, orphan: Orphan) -> dict[str, str]:
    partition, payer = partition_of(orphan.region), session.environment.payer_account_id
    arn = f"arn:{partition}:athena:{orphan.region}:{payer}:workgroup/{orphan.name}"
    client = session.target.client("athena", orphan.region)
    return tags_of(client.list_tags_for_resource(ResourceARN=arn).get("Tags", []))


_DESCRIPTIONS: Mapping[Kind, Callable[[Session, Orphan], str]] = {
    "tag policy": _policy_description,
    "guardrail": _policy_description,
    "Config rule": _rule_description,
    "alert key": _key_description,
    "alert key alias": _key_description,
    "role": _role_description,
    "role policy": _role_policy_description,
    "StackSet": _stack_set_description,
}
_TAGS: Mapping[Kind, Callable[[Session, Orphan], dict[str, str]]] = {
    "cost category": _cost_tags,
    "anomaly monitor": _cost_tags,
    "anomaly subscription": _cost_tags,
    "budget": _budget_tags,
    "alert topic": _topic_tags,
    "cost export": _export_tags,
    "export bucket": _bucket_tags,
    "cost database": _database_tags,
    "workgroup": _workgroup_tags,
}
