"""List the resources that the emulator holds, tagged or not, whatever service they belong to.

Reads moto's own models and only those of services that somebody has called, so it is fast and imports nothing, and what
a snapshot lists. On AWS no one call gives this; AWS Config, Resource Explorer and the services' own lists together do.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from moto.core.base_backend import BackendDict

from harness.emulator.arn_types import identity
from harness.emulator.inventory_types import HELD_TYPES, HeldType
from harness.emulator.listing import ListedResource, listed_resource, listed_resources
from harness.emulator.tag_store import TagStore

# States in which AWS has forgotten a resource that moto keeps.
_GONE = frozenset({"terminated", "deleted", "Deleted", "DELETED", "INACTIVE", "DELETE_COMPLETE"})


@dataclass(frozen=True, slots=True)
class LiveResource:
    """Hold one resource; `created` is None for the types of which moto does not know it.

    `resource_type` is CloudFormation's name, `id` what AWS Config calls `resourceId`. `model` is moto's object; what is
    listed alone has none. `change_tags(added, removed)` changes the tags where the service keeps them.
    """

    arn: str
    resource_type: str
    id: str
    account_id: str
    region: str
    tags: Mapping[str, str]
    created: datetime.datetime | None
    model: Any
    change_tags: Callable[..., None] = field(repr=False, compare=False)


def resources(
    account_id: str, region: str | None = None, types: frozenset[str] | None = None
) -> Iterator[LiveResource]:
    """Yield the resources of an account, of all regions or of one, and of all types in `inventory_types` or of some.

    Raises: nothing.
    """
    for backend in _backends(account_id):
        for held in _held_types(getattr(backend, "inventory_name", None) or _package(type(backend).__mro__)):
            if types is None or held.type in types:
                yield from (found for found in _of_type(backend, held) if region in (None, found.region))
    for listed in listed_resources(account_id, region):
        kind, id_ = identity(listed.arn)
        if types is None or kind in types:
            yield _of_listed(listed, kind, id_)


def find_resource(account_id: str, region: str, arn: str) -> LiveResource | None:
    """Return the resource of an ARN in an account and region; None where there is none. Raises: nothing."""
    kind, id_ = identity(arn)
    if listed := listed_resource(account_id, region, arn):
        return _of_listed(listed, kind, id_)
    return next((found for found in resources(account_id, region, frozenset({kind})) if found.arn == arn), None)


def _of_listed(listed: ListedResource, kind: str, id_: str) -> LiveResource:
    return LiveResource(
        listed.arn,
        kind,
        id_,
        listed.account_id,
        listed.region,
        listed.tags,
        listed.created,
        None,
        change_tags=listed.change_tags,
    )


def _backends(account_id: str) -> Iterator[Any]:
    """Yield what moto has made for the account so far, and make nothing."""
    for service in list(BackendDict._instances):
        if account_id in service.keys():  # noqa: SIM118 (moto's `in` asks for regions that could be made, too)
            yield from list(dict(service[account_id]).values())


@cache
def _package(bases: tuple[type, ...]) -> str:
    """Return moto's package of a backend with these base classes, which may extend moto's own."""
    names = [base.__module__.split(".") for base in bases]
    return next((name[1] for name in names if name[0] == "moto" and name[1] != "core"), "")


@cache
def _held_types(package: str) -> tuple[HeldType, ...]:
    return tuple(held for held in HELD_TYPES if held.service == package)


def _of_type(backend: Any, held: HeldType) -> Iterator[LiveResource]:
    items: Iterable[Any] = [backend]
    for name in held.held_at.split("."):
        items = [found for item in items for found in _walk(_member(item, name))]
    for item in items:
        if getattr(item, "state", None) in _GONE or getattr(item, "status", None) in _GONE:
            continue
        region = getattr(item, "region_name", backend.region_name) if held.service == "s3" else backend.region_name
        id_ = str(getattr(item, held.id))
        arn = _arn(backend, held, item, id_)
        created = _time(getattr(item, held.created)) if held.created else None
        store = TagStore(backend, held, item, arn, id_)
        place = (backend.account_id, region)
        yield LiveResource(arn, held.type, id_, *place, store.read(), created, item, change_tags=store.change)


def _member(item: Any, name: str) -> Any:
    found = getattr(item, name)
    return found() if callable(found) else found


def _walk(value: Any) -> Iterator[Any]:
    """Yield the resources in mappings and lists, however deep."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, list | tuple):
        yield value
        return
    for item in value:
        yield from _walk(item)


def _arn(backend: Any, held: HeldType, item: Any, id_: str) -> str:
    if "{id}" not in held.arn:
        return str(getattr(item, held.arn))
    service = "elasticloadbalancing" if held.service == "elb" else held.service
    place = f"arn:{backend.partition}:{service}:{backend.region_name}:{backend.account_id}"
    return f"{place}:{held.arn.format(id=id_)}"


def _time(value: Any) -> datetime.datetime:
    """Return moto's time (a datetime without zone, an ISO text, seconds) as a datetime in UTC."""
    if isinstance(value, int | float):
        return datetime.datetime.fromtimestamp(value, datetime.UTC)
    found = datetime.datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
