"""Find recorders of AWS Config that a plan stops or narrows, without which no rule sees anything, and collections."""

from collections.abc import Iterator, Mapping, Sequence

from harness.plan_check.model import UNKNOWN
from harness.plan_check.weakening.model import Change, Weakening, first, items, module, texts, weakening

RECORDER, STATUS = "aws_config_configuration_recorder", "aws_config_configuration_recorder_status"
CHANNEL, AGGREGATOR = "aws_config_delivery_channel", "aws_config_configuration_aggregator"
TYPES = frozenset({RECORDER, STATUS, CHANNEL, AGGREGATOR})

_GOES = {
    RECORDER: "the recorder of AWS Config goes, and no rule sees a change any more",
    STATUS: "the recorder of AWS Config stops, and no rule sees a change any more",
    CHANNEL: "the delivery channel of AWS Config goes, without which the recorder stops",
    AGGREGATOR: "the aggregator of AWS Config goes, which collects what all accounts comply with",
}


def recorder_weakenings(by_type: Mapping[str, Sequence[Change]]) -> Iterator[Weakening]:
    """Yield recorders, channels and aggregators that go or do less. Raises: nothing."""
    for kind, what in _GOES.items():
        changes = by_type.get(kind, ())
        for change in changes:
            if change.before is None or change.stays() or (kind == STATUS and change.held("is_enabled") is not True):
                continue
            after = [each for each in changes if each.is_there() and _place(each) == _place(change)]
            if not after:
                yield weakening(change, "policy-weakened", what, path="name")
            elif kind == STATUS:
                yield from _stopped(change, after, what)
            elif kind == RECORDER:
                yield from _narrowed(change, after[0])
                yield from _seldom(change, after[0])
            elif kind == AGGREGATOR:
                yield from _collected(change, after[0])


def _stopped(change: Change, after: Sequence[Change], what: str) -> Iterator[Weakening]:
    states = [each.will("is_enabled") for each in after]
    if True in states:
        return
    because = "is_enabled is known only after apply" if UNKNOWN in states else ""
    yield weakening(change, "policy-weakened", what, path="is_enabled", because=because)


def _narrowed(change: Change, after: Change) -> Iterator[Weakening]:
    """Yield what a recorder does not record any more; without a group it records all that AWS supports."""
    path, will = "recording_group", after.will("recording_group")
    if will is UNKNOWN:
        what, why = "the recorder of AWS Config changes", "recording_group is known only after apply"
        yield weakening(change, "policy-weakened", what, path=path, because=why)
        return
    old, new = first(change.held("recording_group")), first(will)
    all_before, all_after = old.get("all_supported", True), new.get("all_supported", True)
    left_out = _left_out(new) - _left_out(old)
    if all_before and not all_after and not _left_out(new):
        lost = "all types but those that it names"
    elif not all_before and not all_after and not _left_out(old):
        lost = ", ".join(sorted(texts(old.get("resource_types")) - texts(new.get("resource_types"))))
    else:
        lost = ", ".join(sorted(left_out))
    if lost:
        what = f"the recorder of AWS Config records {lost} no more"
        yield weakening(change, "policy-weakened", what, path=path, wanted=(lost,))
    if old.get("include_global_resource_types") and new.get("include_global_resource_types") is False:
        what = "the recorder of AWS Config records global resource types no more"
        yield weakening(change, "policy-weakened", what, path=path, key="include_global_resource_types")


def _seldom(change: Change, after: Change) -> Iterator[Weakening]:
    """Yield what a recorder records once a day only, and not at each change; rules judge no more often."""
    path, will = "recording_mode", after.will("recording_mode")
    if will is UNKNOWN:
        if change.held(path):
            what, why = "the mode of the recorder of AWS Config changes", "recording_mode is known only after apply"
            yield weakening(change, "policy-weakened", what, path=path, because=why)
        return
    old, new = _daily(first(change.held(path))), _daily(first(will))
    if lost := sorted(new - old if "all types" not in old else ()):
        what = f"the recorder of AWS Config records {', '.join(lost)} once a day only"
        yield weakening(change, "policy-weakened", what, path=path, held="DAILY", wanted=("CONTINUOUS",))


def _daily(mode: Mapping[str, object]) -> frozenset[str]:
    overrides = [each for each in items(mode.get("recording_mode_override")) if isinstance(each, Mapping)]
    found = {
        kind
        for each in overrides
        if each.get("recording_frequency") == "DAILY"
        for kind in texts(each.get("resource_types"))
    }
    return frozenset(found | ({"all types"} if mode.get("recording_frequency") == "DAILY" else set()))


def _collected(change: Change, after: Change) -> Iterator[Weakening]:
    """Yield accounts and regions of which an aggregator collects no more."""
    names = ("organization_aggregation_source", "account_aggregation_source")
    what = "the aggregator of AWS Config collects {} no more"
    if UNKNOWN in [after.will(name) for name in names]:
        why = "what it collects is known only after apply"
        yield weakening(change, "policy-weakened", what.format("what it did"), path=names[0], because=why)
        return
    (of_all, of_some), (will_all, will_some) = (
        tuple(first(side(name)) for name in names) for side in (change.held, after.will)
    )
    accounts = texts(of_some.get("account_ids")) - texts(will_some.get("account_ids"))
    if not will_all and (of_all or accounts):
        lost = "all accounts of the organisation" if of_all else ", ".join(sorted(accounts))
        yield weakening(change, "policy-weakened", what.format(lost), path=names[0] if of_all else names[1])
    old, new = of_all or of_some, will_all or will_some
    if not new or new.get("all_regions"):
        return
    regions = (
        ["all regions"] if old.get("all_regions") else sorted(texts(old.get("regions")) - texts(new.get("regions")))
    )
    if regions:
        yield weakening(change, "policy-weakened", what.format(", ".join(regions)), path=f"{names[0]}.regions")


def _left_out(group: Mapping[str, object]) -> frozenset[str]:
    return frozenset(
        str(kind)
        for block in items(group.get("exclusion_by_resource_types"))
        if isinstance(block, Mapping)
        for kind in items(block.get("resource_types"))
    )


def _place(change: Change) -> tuple[str, object]:
    """Return what tells regions apart: the module, and from provider 6.0 on the region."""
    values = change.after if change.after is not None else change.before or {}
    return module(change.address), values.get("region")
