"""Find the key of the alerts and its alias, when an interrupted apply left them behind."""

from collections.abc import Collection

from harness.operations.addresses import BUDGET
from harness.operations.orphan import Orphan
from harness.operations.session import Session

_LEAVING = frozenset({"PendingDeletion", "PendingReplicaDeletion"})


def find_key_orphans(session: Session, held: Collection[str]) -> tuple[Orphan, ...]:
    """Return the alias of the alerts' key unless it is among `held`, and its key unless AWS is about to delete that.

    The alias stays until its key is gone, and may be given to another key meanwhile, which terraform does once it holds
    the alias. Source: docs.aws.amazon.com/kms/latest/developerguide/key-state.html (UpdateAlias).

    Raises: ClientError, BotoCoreError as boto3 does.
    """
    environment = session.environment
    home, name = environment.regions.home, f"alias/{environment.name}-budget-alerts"
    alias, key = (f"{BUDGET}.aws_kms_{kind}.this[0]" for kind in ("alias", "key"))
    if environment.subscribers.topic_arn or alias in held:
        return ()
    client = session.target.client("kms", home)
    try:
        found = client.describe_key(KeyId=name)["KeyMetadata"]
    except client.exceptions.NotFoundException:
        return ()
    orphans = [Orphan(alias, name, "alert key alias", name, home)]
    if key not in held and found["KeyState"] not in _LEAVING:
        orphans.append(Orphan(key, found["KeyId"], "alert key", name, home))
    return tuple(orphans)
