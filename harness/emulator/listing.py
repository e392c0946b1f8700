"""Hold resources that the emulator knows by ARN and tags alone: what a snapshot found in a real organisation.

They are listed, judged and tagged like others, those of SageMaker by its own operations too; there is nothing else that
could be done with them.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class ListedResource:
    """Hold one resource; its tags change when somebody tags it. `created` has its zone, None is not known."""

    arn: str
    account_id: str
    region: str
    tags: dict[str, str] = field(default_factory=dict)
    created: datetime.datetime | None = None

    def change_tags(self, added: Mapping[str, str], removed: Iterable[str] = ()) -> None:
        """Give the resource some tags and take others away. Raises: nothing."""
        self.tags.update(added)
        for key in removed:
            self.tags.pop(key, None)


_listed: dict[str, dict[str, ListedResource]] = {}


def list_resources(
    account_id: str,
    region: str,
    arns: Iterable[str],
    tags: Mapping[str, str],
    created: datetime.datetime | None = None,
) -> None:
    """Add resources of an account and region that carry the same tags. Raises: nothing."""
    held = _listed.setdefault(account_id, {})
    held.update({arn: ListedResource(arn, account_id, region, dict(tags), created) for arn in arns})


def listed_resources(account_id: str, region: str | None = None) -> Iterator[ListedResource]:
    """Yield the listed resources of an account, of one region or of all. Raises: nothing."""
    yield from (found for found in _listed.get(account_id, {}).values() if region in (None, found.region))


def listed_resource(account_id: str, region: str, arn: str) -> ListedResource | None:
    """Return one listed resource; None for an ARN that is not listed there. Raises: nothing."""
    found = _listed.get(account_id, {}).get(arn)
    return found if found and found.region == region else None


def forget_listed() -> None:
    """Forget all of them. Raises: nothing."""
    _listed.clear()
