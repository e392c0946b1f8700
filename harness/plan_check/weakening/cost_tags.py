"""Find cost allocation tags that a plan deactivates, and keys that Service Catalog asks for no more."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.plan_check.model import UNKNOWN
from harness.plan_check.weakening.model import Change, Weakening, weakening

COST_TAG = "aws_ce_cost_allocation_tag"
TAG_OPTION = "aws_servicecatalog_tag_option"
ASSOCIATION = "aws_servicecatalog_tag_option_resource_association"
TYPES = frozenset({COST_TAG, TAG_OPTION, ASSOCIATION})


def cost_tag_weakenings(by_type: Mapping[str, Sequence[Change]]) -> Iterator[Weakening]:
    """Yield active keys that will not be active; a resource that goes deactivates its key. Raises: nothing."""
    changes = by_type.get(COST_TAG, ())
    after: dict[Any, list[Change]] = {}
    for change in changes:
        if change.is_there():
            after.setdefault(change.will("tag_key"), []).append(change)
    for change in changes:
        if change.held("status") != "Active" or change.stays():
            continue
        key = str(change.held("tag_key"))
        others = [each for each in after.get(key, ()) if each is not change]
        own = change.will("status") if change.is_there() and change.will("tag_key") == key else "Inactive"
        what = f"cost allocation tag {key} is deactivated"
        if own == "Active":
            continue
        if own is UNKNOWN:
            because = "status is known only after apply"
        elif any(each.will("status") in {"Active", UNKNOWN} for each in others):
            because = "another resource activates the key in the same apply, in no order; a moved block keeps it active"
        elif change.is_there() and change.will("tag_key") is UNKNOWN:
            because = "tag_key is known only after apply"
        else:
            because = ""
        yield weakening(
            change,
            "cost-tag-deactivated",
            what,
            path="status",
            key=key,
            held="Inactive",
            wanted=("Active",),
            because=because,
        )


def tag_option_weakenings(by_type: Mapping[str, Sequence[Change]]) -> Iterator[Weakening]:
    """Yield keys of which no value is offered any more, in all or at a portfolio or product. Raises: nothing."""
    options, associations = by_type.get(TAG_OPTION, ()), by_type.get(ASSOCIATION, ())
    keys = {str(change.held("id")): str(change.held("key")) for change in options if change.before is not None}
    kept = {each.will("key") for each in options if each.is_there() and each.will("active") is not False}
    gone: set[str] = set()
    for change in options:
        key = str(change.held("key"))
        if change.held("active") is not True or change.stays() or key in kept or key in gone:
            continue
        gone.add(key)
        unknown = UNKNOWN in kept
        yield weakening(
            change,
            "key-unwatched",
            f"Service Catalog offers no value of {key} any more",
            path="active",
            key=key,
            because="a TagOption's key is known only after apply" if unknown else "",
        )
    yield from _taken_back(associations, options, keys, gone)


def _taken_back(
    associations: Sequence[Change], options: Sequence[Change], keys: Mapping[str, str], gone: set[str]
) -> Iterator[Weakening]:
    found = [(each.will("resource_id"), _keys_after(each, options, keys)) for each in associations if each.is_there()]
    sure = {(place, key) for place, offered in found if len(offered) == 1 for key in offered}
    perhaps = {(place, key) for place, offered in found for key in offered} - sure
    done: set[tuple[object, str]] = set()
    for change in associations:
        key = keys.get(str(change.held("tag_option_id")))
        place = change.held("resource_id")
        if change.before is None or change.stays() or key is None or key in gone or (place, key) in {*sure, *done}:
            continue
        done.add((place, key))
        unknown = (place, key) in perhaps or any(where is UNKNOWN for where, _ in found)
        yield weakening(
            change,
            "key-unwatched",
            f"Service Catalog asks for {key} no more at {place}",
            where=str(place),
            path="resource_id",
            key=key,
            because="what another association offers is known only after apply" if unknown else "",
        )


def _keys_after(association: Change, options: Sequence[Change], keys: Mapping[str, str]) -> set[str]:
    """Return the keys that an association may offer; one of a new TagOption may be of any new one."""
    identity = association.will("tag_option_id")
    if identity is not UNKNOWN:
        return {keys[str(identity)]} if str(identity) in keys else set()
    return {str(each.will("key")) for each in options if each.is_there() and each.will("id") is UNKNOWN}
