"""Make one resource of all that sources saw of it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache

import msgspec

from harness.audit.arn_types import kind_of, type_of
from harness.audit.model import SOURCES, AuditResource, Seen
from harness.audit.places import Place, is_read
from harness.audit.sources import name_of
from harness.type_facts import cloudformation_type

_RANK = {source: rank for rank, source in enumerate(SOURCES)}


class Joiner:
    """Join what was seen.

    `covered` are the kinds that the tagging API shows: one of these that it does not show never had a tag, but only
    where it was read to its end (`read`, accounts with regions).
    """

    def __init__(self, covered: Collection[str], read: Collection[Place]) -> None:
        """Take what is known of the sources."""
        self._covered = covered
        self._read = read

    def join(self, groups: Iterable[list[Seen]]) -> Iterator[AuditResource]:
        """Yield a resource for each group of rows of one ARN, of one source the last counting. Raises: nothing."""
        for rows in groups:
            rows.reverse()  # what a run that goes on has read again is newer
            rows.sort(key=lambda row: _RANK[row.source])
            found = resource_of(rows)
            yield found if found.tags is not None else msgspec.structs.replace(found, tags=self._never_tagged(found))

    def _never_tagged(self, resource: AuditResource) -> dict[str, str] | None:
        """Return no tags for what never had any, and None where nobody knows."""
        shows = kind_of(resource.arn) in self._covered
        return {} if shows and is_read(self._read, resource.arn, resource.account, resource.region) else None


def resource_of(rows: Sequence[Seen]) -> AuditResource:
    """Return what rows of one ARN say together, the first one's word first. Raises: nothing."""
    first = rows[0]
    return AuditResource(
        arn=first.arn,
        account=first.account,
        region=first.region,
        type=_type(first.arn, tuple(row.type for row in rows if row.type)),
        name=next((row.name for row in rows if row.name), name_of(first.arn)),
        created=next((row.created for row in rows if row.created), ""),
        tags=next((row.tags for row in rows if row.tags is not None), None),
        sources=tuple(dict.fromkeys(row.source for row in rows)),
    )


@cache
def _known(name: str) -> bool:
    return cloudformation_type(name) is not None


def _type(arn: str, said: tuple[str, ...]) -> str:
    """Return the type by the ARN where CloudFormation has it: Config and Explorer have names of their own for some."""
    named = type_of(arn)
    if _known(named):
        return named
    return next((one for one in said if _known(one)), said[0] if said else named)
