"""Find the TagOptions that AWS would refuse to delete, since something that tagrail does not manage offers them.

Source: docs.aws.amazon.com/servicecatalog/latest/dg/API_DeleteTagOption.html. Terraform would fail halfway.
"""

from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from harness.documents import render_tag_options
from harness.errors import TagrailError
from harness.operations.addresses import ASSOCIATION, TAG_OPTION, indexed
from harness.operations.session import Session
from harness.state import at_once, read_associations
from harness.targets.refusals import repair_of, said
from harness.terraform import Terraform

_ACTION = "servicecatalog:ListResourcesForTagOption"


def refuse_used(session: Session, terraform: Terraform, held: Iterable[str]) -> None:
    """Refuse a plan that would delete a TagOption among `held`, the addresses in the state, that is used elsewhere.

    Raises: TagrailError naming each with its repair; TerraformError.
    """
    wanted = {indexed(TAG_OPTION, name) for name in render_tag_options(session.dictionary, session.environment)}
    used = used_elsewhere(session, terraform, [address for address in tag_options(held) if address not in wanted])
    rule = "must be associated with nothing else, since AWS deletes no TagOption in use"
    repair = "Do name its value under tag_option.retired in env.yaml, or end the association"
    if lines := [f"{address}: {rule}; got {', '.join(ids)}. {repair}" for address, ids in used.items()]:
        raise TagrailError("\n".join(lines))


def tag_options(held: Iterable[str]) -> list[str]:
    """Return the addresses of TagOptions among addresses. Raises: nothing."""
    return [address for address in held if address.startswith(f"{TAG_OPTION}[")]


def used_elsewhere(session: Session, terraform: Terraform, addresses: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return address -> ids of what a TagOption is associated with, apart from what the state associates it with.

    Those that are associated with nothing else are left out.
    Raises: TagrailError when associations cannot be read; TerraformError.
    """
    if not addresses:
        return {}
    attributes = terraform.attributes()
    ours = {
        (found["tag_option_id"], found["resource_id"])
        for address, found in attributes.items()
        if address.startswith(f"{ASSOCIATION}[")
    }
    ids = {address: str(attributes[address]["id"]) for address in addresses}
    client = session.target.client("servicecatalog", session.environment.regions.home)
    associated = at_once(partial(_associated, client), ids.values())
    used = {
        address: tuple(sorted(resource for resource in associated[id_] if (id_, resource) not in ours))
        for address, id_ in ids.items()
    }
    return {address: resources for address, resources in used.items() if resources}


def _associated(client: Any, tag_option_id: str) -> frozenset[str]:
    try:
        return read_associations(client, tag_option_id)
    except client.exceptions.ResourceNotFoundException:
        return frozenset()  # somebody deleted it by hand
    except (ClientError, BotoCoreError) as error:
        rule = f"{tag_option_id}: must be readable, to tell whether it is in use"
        raise TagrailError(f"{rule}; got {said(error)}. {repair_of(error, _ACTION)}") from error
