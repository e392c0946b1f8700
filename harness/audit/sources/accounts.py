"""Read the accounts of the organisation as what they are too: resources that carry tags."""

from typing import Any

from harness.audit.model import GLOBAL, Seen
from harness.organization import Account, Organization
from harness.tag_pairs import tags_of

TYPE = "AWS::Organizations::Account"


def account_arn(partition: str, organization: Organization, account: str) -> str:
    """Return the ARN of an account. Raises: nothing.

    docs.aws.amazon.com/organizations/latest/userguide/orgs_permissions_overview.html
    """
    return f"arn:{partition}:organizations::{organization.management_account_id}:account/{organization.id}/{account}"


def read_account(client: Any, partition: str, organization: Organization, account: Account) -> Seen:
    """Return an account with its tags. Raises: ClientError, BotoCoreError as boto3 does."""
    pages = client.get_paginator("list_tags_for_resource").paginate(ResourceId=account.id)
    tags = tags_of(tag for page in pages for tag in page["Tags"])
    arn = account_arn(partition, organization, account.id)
    return Seen(arn, account.id, GLOBAL, "organizations", TYPE, account.name, tags=tags)
