"""Read the tags of one property, and unite what they come to under each outcome of the conditions."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from harness.plan_check.cloudformation.functions import as_text, evaluate
from harness.plan_check.cloudformation.loops import LOOP
from harness.plan_check.cloudformation.scope import NO_VALUE, Opaque, Scope
from harness.plan_check.model import UNKNOWN, Fault, Shape, TagSet

_KEYS: Final = ("Key", "TagKey")  # AWS::AppStream::AppBlock takes either
_VALUES: Final = ("Value", "TagValue")
_PLACEHOLDER: Final = re.compile(r"[$&]\{[^{}]*\}")


class Held(msgspec.Struct):
    """Hold the tags of one place under one outcome of the conditions; fields as those of TagSet.

    `launched` are the keys that an Auto Scaling group gives its instances. `forms` are what further keys may be, with *
    for what is not known of them, where `more` is about these alone.
    """

    path: str
    carries: str = ""
    part: str = ""
    tags: dict[str, Any] = {}
    more: str = ""
    forms: frozenset[str] = frozenset()
    why: dict[str, str] = {}
    faults: list[Fault] = []
    launched: dict[str, bool | str] = {}
    shape: Shape | None = None

    def open(self, because: str, forms: frozenset[str] = frozenset()) -> None:
        """Note that further keys may come, of certain forms or, without these, any. Raises: nothing."""
        is_any = not forms or (self.more and not self.forms)
        self.forms = frozenset() if is_any else self.forms | forms
        self.more = self.more or because

    def fault(self, path: str, because: str, key: str = "", held: str = "", rule: str = "malformed-tags") -> None:
        """Add what CloudFormation or AWS would refuse. Raises: nothing."""
        self.faults.append(Fault(rule=rule, verdict="fail", path=path, key=key, held=held, because=because))


def read_tags(value: Any, shape: Shape, scope: Scope, path: str, carries: str = "") -> Held:
    """Return the tags that a property comes to; `shape` is map, list, or pairs with PropagateAtLaunch.

    Tags of the other shape are read too, with a fault. Raises: Undecided, as evaluate.
    """
    held = Held(path, carries, shape=shape)
    found = evaluate(value, scope)
    if found is NO_VALUE:
        return held
    if isinstance(found, Opaque):
        held.open(found.because)
    elif isinstance(found, dict):
        if shape != "map":
            held.fault(path, "these tags must be a list of objects with Key and Value", held="a mapping")
        _read_map(held, found, scope)
    elif isinstance(found, list):
        if shape == "map":
            held.fault(path, "these tags must be a mapping of keys to values", held="a list")
        for index, item in enumerate(found):
            _read_item(held, item, scope, f"{path}[{index}]", is_pair=shape == "pairs")
    else:
        held.fault(path, "CloudFormation refuses it", held="null" if found is None else str(found))
    return held


def _read_map(held: Held, found: Mapping[str, Any], scope: Scope) -> None:
    for key, value in found.items():
        if key.startswith(LOOP) or key == "Fn::Transform":
            held.open(f"{key} adds tags")
        elif "${" in key or "&{" in key:
            held.open(f'the key "{key}" is known at deployment', frozenset((_PLACEHOLDER.sub("*", key),)))
        else:
            found_value = evaluate(value, scope)
            if found_value is not NO_VALUE:
                _add(held, key, found_value, scope, f"{held.path}.{key}")


def _read_item(held: Held, item: Any, scope: Scope, path: str, *, is_pair: bool) -> None:
    found = evaluate(item, scope)
    if found is NO_VALUE:
        return
    if isinstance(found, Opaque):
        held.open(found.because)
        return
    name = next((name for name in _KEYS if isinstance(found, dict) and name in found), "")
    key = as_text(found[name], scope) if name else None
    if isinstance(key, Opaque):
        held.open(f"a key is not known: {key.because}", frozenset((key.form,)) if key.form else frozenset())
    elif key is None:
        held.fault(path, "a tag must be an object with Key and Value", held=_shown(found))
    else:
        _add(held, key, next((found[name] for name in _VALUES if name in found), NO_VALUE), scope, path)
        if is_pair and key not in held.launched:
            flag = as_text(found.get("PropagateAtLaunch"), scope)
            held.launched[key] = flag.because if isinstance(flag, Opaque) else flag == "true"


def _add(held: Held, key: str, value: Any, scope: Scope, path: str) -> None:
    if key in held.tags:
        held.fault(path, "each key may stand once", key, rule="duplicate-key")
        return
    found = evaluate(value, scope) if value is not NO_VALUE else NO_VALUE
    text = as_text(found, scope)
    if isinstance(text, str):
        held.tags[key] = text
    elif isinstance(text, Opaque):
        held.tags[key] = UNKNOWN
        held.why[key] = text.because
    else:
        held.tags[key] = ""
        because = "a tag must have a Value" if found is NO_VALUE else "CloudFormation refuses a Value that is no text"
        held.fault(path, because, key, held="" if found is NO_VALUE else _shown(found))


def _shown(value: Any) -> str:
    names = {dict: "a mapping", list: "a list", type(None): "null"}
    return names.get(type(value), str(value))


def unite(worlds: Iterable[Held], labels: tuple[str, ...]) -> TagSet:
    """Return one set of what the same place holds under all outcomes; `labels` name what decides between them.

    A key with one value everywhere is known; with several it is UNKNOWN, with its choices; one that some outcomes lack
    is none of the tags, but one of those that may come. Raises: nothing.
    """
    found = list(worlds)
    first = found[0]
    if len(found) == 1:
        return TagSet(
            path=first.path,
            tags=first.tags,
            more=first.more,
            carries=first.carries,
            part=first.part,
            why=first.why or None,
            may_come=first.forms or None,
            shape=first.shape,
        )
    decides = " and ".join(labels) + (" decide" if len(labels) > 1 else " decides")
    tags: dict[str, Any] = {}
    why: dict[str, str] = {}
    choices: dict[str, tuple[str, ...]] = {}
    partly: set[str] = set()
    for key in dict.fromkeys(key for held in found for key in held.tags):
        values = [held.tags.get(key) for held in found]
        if None in values:
            partly.add(key)
        elif all(value == values[0] for value in values):
            tags[key] = values[0]
            if values[0] is UNKNOWN:
                why[key] = first.why[key]
        else:
            tags[key] = UNKNOWN
            why[key] = decides
            if UNKNOWN not in values:
                choices[key] = tuple(dict.fromkeys(str(value) for value in values))
    more, forms = _further(found, frozenset(partly), decides)
    return TagSet(
        first.path,
        tags,
        more,
        carries=first.carries,
        part=first.part,
        why=why or None,
        choices=choices or None,
        may_come=forms,
        shape=first.shape,
    )


def _further(found: list[Held], partly: frozenset[str], decides: str) -> tuple[str, frozenset[str] | None]:
    """Return why further keys may come, and which; None for any."""
    opened = [held for held in found if held.more]
    reasons = [opened[0].more] if opened else []
    if any(not held.forms for held in opened):
        return reasons[0], None
    if partly:
        reasons.append(f"{decides} over {', '.join(sorted(partly))}")
    return "; ".join(reasons), frozenset(partly.union(*(held.forms for held in opened))) or None


def unite_faults(worlds: list[list[Fault]]) -> tuple[Fault, ...]:
    """Return the faults of all outcomes; one that some outcomes do not have is unknown. Raises: nothing."""
    counts: dict[Fault, int] = {}
    for faults in worlds:
        for fault in dict.fromkeys(faults):
            counts[fault] = counts.get(fault, 0) + 1
    return tuple(
        fault if count == len(worlds) else msgspec.structs.replace(fault, verdict="unknown")
        for fault, count in counts.items()
    )
