"""Keep the bucket of the exports: terraform fails halfway on one that holds anything, and nothing here empties it.

`tagrail destroy` leaves such a bucket as it is, with what protects it; a plan that would remove it is refused.
"""

from collections.abc import Iterable

from botocore.exceptions import BotoCoreError, ClientError

from harness.errors import TagrailError
from harness.operations.addresses import COST_EXPORT
from harness.operations.session import Session
from harness.state import read_bucket_size
from harness.targets.refusals import repair_of, said
from harness.terraform import Terraform

BUCKET = f"{COST_EXPORT}.aws_s3_bucket.this"
_ACTION = "s3:ListBucketVersions"


def refuse_lost_bucket(session: Session, terraform: Terraform, held: Iterable[str]) -> None:
    """Refuse a plan that would remove the bucket among `held`, the addresses in the state, while it holds anything.

    Raises: TagrailError naming it with the repair; TerraformError.
    """
    filled = filled_bucket(session, terraform, held)
    section = session.environment.cost_exports
    if filled is None or (section and section.bucket.name == filled):
        return
    rule = f"must keep the bucket {filled}, which holds exports of the bill and is never emptied"
    found = f"another bucket, {section.bucket.name}" if section else "no cost_exports"
    addresses = " ".join(f"'{address}'" for address in bucket_addresses(held))
    repair = f"Do name it again, or let it go: terraform state rm {addresses}"
    raise TagrailError(f"cost_exports: {rule}; got {found}. {repair}")


def filled_bucket(session: Session, terraform: Terraform, held: Iterable[str]) -> str | None:
    """Return the name of the bucket among `held` if there is anything in it, versions included; None else.

    Raises: TagrailError when that cannot be told; TerraformError.
    """
    if BUCKET not in held:
        return None
    name = str(terraform.attributes()[BUCKET]["bucket"])
    client = session.target.client("s3", session.environment.regions.home)
    try:
        return name if read_bucket_size(client, name) else None
    except (ClientError, BotoCoreError) as error:
        rule = f"{name}: must be readable, to tell whether it holds anything"
        raise TagrailError(f"{rule}; got {said(error)}. {repair_of(error, _ACTION)}") from error


def bucket_addresses(held: Iterable[str]) -> list[str]:
    """Return the addresses of the bucket and of what protects it among addresses. Raises: nothing."""
    return [address for address in held if address.startswith(f"{COST_EXPORT}.aws_s3_bucket")]
