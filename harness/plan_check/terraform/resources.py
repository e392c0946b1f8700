"""Turn the changes of a plan into resources: what will exist, with all tags as far as they are known before apply."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final

import msgspec

from harness.plan_check.model import Action, Input, Passes, Resource
from harness.plan_check.terraform.defaults import Defaults
from harness.plan_check.terraform.plan_json import UNREADABLE, Plan, PlanError, ResourceChange, said
from harness.plan_check.terraform.reader import PASSED, Reader, reader_of
from harness.plan_check.terraform.written import how_written

_ACTIONS: Final[dict[tuple[str, ...], Action | None]] = {
    ("create",): "create",
    ("update",): "update",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
    ("create", "forget"): "replace",
    ("no-op",): "none",
    ("delete",): None,
    ("forget",): None,
    ("read",): None,
}
_LEFT_OUT: Final[dict[tuple[str, ...], str]] = {("delete",): "deleted", ("forget",): "forgotten", ("read",): "read"}
_UNKNOWN_TYPE: Final = "of an unknown type"


def read_resources(plan: Plan, name: str, *, everything: bool = False, passes: Passes | None = None) -> Input:
    """Return what a plan will make, as an input whose resources are made while it is gone through.

    Created, updated, replaced, imported and moved resources are judged; with `everything` all that will exist. Of those
    whose tags `passes`, and which have nothing else that could be wrong, only the number is given.
    Raises: PlanError while it is gone through, for attributes that cannot be read; at once with `everything` for a plan
    that lists resources but no changes.
    """
    found = Input(name, "terraform", ())
    if plan.resource_changes is None and (unlisted := _planned(plan, name)):
        if everything:
            rule = f"must have resource_changes for --all; got none for {unlisted} resources in planned_values"
            raise PlanError(f"{name}: {rule}. Do plan again with Terraform 1.x or OpenTofu")
        found.skipped["listed without a change"] = unlisted
    defaults = Defaults(plan)
    found.provider_of = defaults.provider_of
    found.written = partial(how_written, defaults)
    found.resources = _resources(plan.changes(), found, partial(reader_of, defaults, passes), everything=everything)
    return found


def _resources(
    changes: Iterable[ResourceChange],
    found: Input,
    make_reader: Callable[[ResourceChange], Reader | str],
    *,
    everything: bool,
) -> Iterator[Resource]:
    readers: dict[str, Reader | str] = {}
    skipped = found.skipped
    for each in changes:
        actions = each.change.actions
        action = _ACTIONS.get(actions, "replace" if "create" in actions else "update")
        if action is None or each.mode != "managed":  # data, or ephemeral, which no state keeps
            skipped[_LEFT_OUT.get(actions, "read")] += 1
            continue
        if action == "none" and not everything:
            action = (
                "import" if bytes(each.change.importing) != b"null" else "move" if each.previous_address else "none"
            )
            if action == "none":
                skipped["unchanged"] += 1
                continue
        reader = readers.get(each.type)
        if reader is None:
            reader = make_reader(each)
            if reader == _UNKNOWN_TYPE:
                found.unknown_types.add(each.type)
            else:  # of an unknown type another resource may show that it takes tags
                readers[each.type] = reader
        if isinstance(reader, str):
            skipped[reader] += 1
            continue
        resource = reader.read(each, action)
        if resource is PASSED:
            found.passed += 1
        elif resource is None and "delete" in actions:
            skipped["deleted"] += 1
        else:
            yield resource or reader.unseen(each, action)


class _Planned(msgspec.Struct):
    """Hold a module of planned_values: no more than what counts its resources."""

    resources: list[dict[str, Any]] = []
    child_modules: list["_Planned"] = []


class _PlannedValues(msgspec.Struct):
    root_module: _Planned = msgspec.field(default_factory=_Planned)


def _planned(plan: Plan, name: str) -> int:
    """Return the number of managed resources in planned_values, for a plan without resource_changes.

    Terraform before 0.12.4 left out what does not change; other tools write such files too.
    """
    try:
        values = msgspec.json.decode(plan.planned_values, type=_PlannedValues | None)
    except UNREADABLE as error:
        raise PlanError(
            f"{name}: must have planned_values as terraform shows them; got {said(error)}. Do plan again"
        ) from error
    pending = [values.root_module] if values else []
    count = 0
    while pending:
        module = pending.pop()
        count += sum(resource.get("mode", "managed") == "managed" for resource in module.resources)
        pending += module.child_modules
    return count
