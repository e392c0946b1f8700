"""Read the parts of a resource that are tagged by themselves, by the table of carriers."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import msgspec

from harness.plan_check.model import Gap, TagSet
from harness.plan_check.terraform.carriers import Carrier
from harness.plan_check.terraform.inherited import Surroundings, may_be_tagged_by
from harness.plan_check.terraform.tag_values import known_tags

_LATER = "known after apply"
_SPECIFIED = {"instance": "aws_instance", "network-interface": "aws_network_interface", "volume": "aws_ebs_volume"}

Found = tuple[str, Any, Any]  # path with indexes, what is held, what is marked as known after apply


def carried(
    carriers: Sequence[Carrier], after: Any, unknown: Any, around: Surroundings
) -> tuple[tuple[TagSet, ...], tuple[Gap, ...]]:
    """Return the tag sets of a resource's parts, and the settings without which tags do not arrive. Raises: nothing."""
    sets: list[TagSet] = []
    gaps: list[Gap] = []
    for carrier in carriers:
        if _is_absent(carrier, after, unknown) or _replaced(carrier, after, unknown, around):
            continue
        if not _counts(carrier, after):
            continue
        if carrier.kind == "flag":
            gaps += _flags(carrier, after, unknown)
        elif carrier.kind == "never":
            gaps.append(_never(carrier, around))
        elif carrier.kind == "specifications":
            sets += _specifications(carrier, after, unknown)
        else:
            found = _maps(carrier, after, unknown, around)
            sets += (_of(carrier.part, one) for one in _in_blocks(carrier, carriers, after, unknown, found))
    return tuple(sets), tuple(gaps)


def _of(part: str, tags: TagSet) -> TagSet:
    return msgspec.structs.replace(tags, part=part) if part else tags


def _is_absent(carrier: Carrier, after: Any, unknown: Any) -> bool:
    """Tell at once of maps that may be left out, which most resources do, that they are."""
    if carrier.kind != "map" or carrier.absent:
        return False
    name, repeats, _ = _steps(carrier.path)
    return not getattr(after, name) if repeats else not _is_shown(name, after, unknown)


def _is_shown(name: str, after: Any, unknown: Any) -> bool:
    """Tell whether something is held in an attribute, or may be after apply."""
    return bool(getattr(after, name) or unknown is True or getattr(unknown, name, None))


def _maps(carrier: Carrier, after: Any, unknown: Any, around: Surroundings) -> Iterator[TagSet]:
    found = _walk(carrier.path, after, unknown)
    merged = _walk(carrier.all, after, unknown) if found and carrier.all else ()
    further = may_be_tagged_by(carrier, after, unknown)
    for index, (path, held, marks) in enumerate(found):
        _, both, later = merged[index] if merged else (path, None, None)  # of the same blocks
        own = known_tags(held, marks)
        if both is not None and later is None:
            yield TagSet(path, known_tags(both, later), "", own, carries=carrier.carries)
            continue
        is_later = marks is True and not around.leaves_out(carrier.path)
        if not held and not is_later and carrier.absent != "missing" and "[]" not in carrier.path:
            continue
        is_hidden = later is True and carrier.defaults is None
        tags = TagSet(path, own, _LATER if is_later or is_hidden else further, carries=carrier.carries)
        yield around.united(carrier, tags, after, unknown) if carrier.defaults else tags
    if not found and carrier.absent == "missing":
        is_later = _is_later(carrier.path, unknown) and not around.leaves_out(_first(carrier.path))
        path = carrier.unless or carrier.path.replace("[]", "[0]")
        tags = TagSet(path, {}, _LATER if is_later else further, carries=carrier.carries)
        yield around.united(carrier, tags, after, unknown) if carrier.defaults else tags


def _in_blocks(
    carrier: Carrier, carriers: Sequence[Carrier], after: Any, unknown: Any, found: Iterable[TagSet]
) -> Iterator[TagSet]:
    """Yield sets of tags; one that could stand in `unless` is in its own block where other blocks rule that out."""
    for tags in found:
        if tags.path == carrier.unless and _has_others(carrier, carriers, after, unknown):
            yield msgspec.structs.replace(tags, path=carrier.path.replace("[]", "[0]"))
        else:
            yield tags


def _has_others(carrier: Carrier, carriers: Sequence[Carrier], after: Any, unknown: Any) -> bool:
    others = (one.path for one in carriers if one.unless == carrier.unless and one is not carrier)
    return any(held for path in others for _, held, _ in _walk(path, after, unknown))


def _specifications(carrier: Carrier, after: Any, unknown: Any) -> Iterator[TagSet]:
    blocks = _walk(_blocks_of(carrier.path), after, unknown)
    there: set[tuple[str, str]] = set()
    for path, held, marks in blocks:
        if not isinstance(held, dict):
            continue
        kind, tags = held.get("resource_type"), held.get("tags")
        mark = marks.get("tags") if isinstance(marks, dict) else marks
        if isinstance(kind, str) and kind:
            there.add((path.rpartition("[")[0], kind))
            more = _LATER if mark is True else ""
            carries = _carries(carrier.carries, kind)
            yield TagSet(f"{path}.tags", known_tags(tags, mark), more, carries=carries, part=_SPECIFIED.get(kind, ""))
    if _is_later(carrier.path, unknown) and not blocks:
        return
    parent, _, name = carrier.path.rpartition(".")
    for path, held, _ in _walk(parent, after, unknown) if parent else [("", True, None)]:
        whole = f"{path}.{name}" if path else name
        for kind in carrier.wanted if held else ():
            if (whole, kind) not in there:
                carries = _carries(carrier.carries, kind)
                yield TagSet(f"{whole}[{kind}].tags", {}, carries=carries, part=_SPECIFIED.get(kind, ""))


@cache
def _blocks_of(path: str) -> str:
    return f"{path}[]"


@cache
def _carries(text: str, kind: str) -> str:
    return text.format(resource_type=kind)


def _flags(carrier: Carrier, after: Any, unknown: Any) -> Iterator[Gap]:
    found = _walk(carrier.path, after, unknown)
    if not found and "." not in carrier.path:
        found = [(carrier.path, None, None)]
    if not found and carrier.wanted == ("*",):
        found = [(carrier.path.replace("[]", ""), None, True if _is_later(carrier.path, unknown) else None)]
    for path, held, marks in found:
        text = "" if held is None else str(held).lower() if isinstance(held, bool) else str(held)
        is_any = carrier.wanted == ("*",) and (text or (marks is True and path != carrier.path.replace("[]", "")))
        if not is_any and text not in carrier.wanted:
            shown = text or ("known after apply" if marks is True else "not set")
            yield Gap(path, shown, carrier.wanted, carrier.carries, unknown=marks is True)


def _never(carrier: Carrier, around: Surroundings) -> Gap:
    """Return the gap of what a resource never tags, which single tags may yet do: their ids are known after apply."""
    may_follow = around.makes("aws_ec2_tag")
    carries = carrier.carries + (", unless an aws_ec2_tag tags it" if may_follow else "")
    return Gap(carrier.path, "the id of an untagged instance", carrier.wanted, carries, may_follow)


def _replaced(carrier: Carrier, after: Any, unknown: Any, around: Surroundings) -> bool:
    """Tell whether what takes the carrier's place is set."""
    if not carrier.unless or not _is_shown(_first(carrier.unless), after, unknown):
        return False
    found = _walk(carrier.unless, after, unknown)
    if any(held not in (None, {}, False) for _, held, _ in found):
        return True
    return any(marks for _, _, marks in found) and not around.leaves_out(_first(carrier.unless))


def _counts(carrier: Carrier, after: Any) -> bool:
    if not carrier.only:
        return True
    path, *values = carrier.only
    return any(held in values for _, held, _ in _walk(path, after, None))


def _is_later(path: str, unknown: Any) -> bool:
    return unknown is True or getattr(unknown, _first(path), None) is True


def _first(path: str) -> str:
    return _steps(path)[0]


@cache
def _steps(path: str) -> tuple[str, bool, tuple[tuple[str, bool], ...]]:
    """Return the first name of a path and whether it is a block that repeats, then the same of its further names."""
    first, *further = ((step.removesuffix("[]"), step.endswith("[]")) for step in path.split("."))
    return *first, tuple(further)


def _walk(path: str, after: Any, unknown: Any) -> list[Found]:
    """Return each place that a path names, with what is held there and what is marked as unknown."""
    name, repeats, further = _steps(path)
    held = getattr(after, name, None)
    if repeats and not held:
        return []
    marks = True if unknown is True else getattr(unknown, name, None)
    found = _places(name, repeats, held, marks)
    for name, repeats in further:
        found = [
            place
            for above, held, marks in found
            if isinstance(held, dict)
            for place in _places(f"{above}.{name}", repeats, held.get(name), _mark(marks, name))
        ]
    return found


def _places(path: str, repeats: bool, held: Any, marks: Any) -> list[Found]:  # noqa: FBT001
    if not repeats:
        return [(path, held, marks)]
    return [(f"{path}[{index}]", one, _mark(marks, index)) for index, one in enumerate(_listed(held))]


def _listed(held: Any) -> list[Any]:
    return held if isinstance(held, list) else []


def _mark(marks: Any, at: str | int) -> Any:
    """Return what is marked in a member of an object or a list."""
    if marks is True:
        return True
    if isinstance(marks, dict):
        return marks.get(at)
    return marks[at] if isinstance(marks, list) and isinstance(at, int) and at < len(marks) else None
