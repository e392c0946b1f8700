"""Read the tags of what a resource makes or holds, and the settings that let its tags through, by a table.

The table is harness/data/cloudformation-carriers.yaml, whose head explains its fields.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec
import yaml

from harness.plan_check.cloudformation.functions import as_text, evaluate
from harness.plan_check.cloudformation.scope import NO_VALUE, Opaque, Scope
from harness.plan_check.cloudformation.tag_sets import Held, read_tags
from harness.plan_check.model import Gap, Shape

_PART: Final = re.compile(r"([A-Za-z]+)(\?|\[[a-z-]*\])?")
_MISSING: Final[Any] = object()
_FURTHER: Final = "the launch template may give further tags"


class Carrier(msgspec.Struct, frozen=True):
    """Hold a row of the table."""

    type: str
    path: str
    kind: str
    source: str
    carries: str = ""
    part: str = ""
    wanted: tuple[str, ...] = ()
    default: str = ""
    absent: str = ""
    unless: str = ""
    unsure: str = ""
    stack_tags: bool = False

    def part_type(self) -> str:
        """Return the type of what gets the tags, "" where it has none of its own. Raises: nothing."""
        if not self.carries:
            return ""
        marks = {mark for _, mark in self.parts()}
        instances = self.kind in {"pairs", "launch"} or "[instance]" in marks
        return self.part or ("AWS::EC2::Instance" if instances else "AWS::EC2::Volume" if "[volume]" in marks else "")

    def parts(self) -> tuple[tuple[str, str], ...]:
        """Return the path's names, each with its mark: "", "?", "[]" or "[volume]". Raises: nothing."""
        return tuple((name, mark) for name, mark in _PART.findall(self.path))


@cache
def carriers() -> Mapping[str, tuple[Carrier, ...]]:
    """Return the rows of the table by resource type. Raises: nothing."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = (files("harness") / "data" / "cloudformation-carriers.yaml").read_text(encoding="utf-8")
    found: dict[str, tuple[Carrier, ...]] = {}
    for row in msgspec.convert(yaml.load(content, Loader=loader), list[Carrier]):  # noqa: S506 (a safe loader)
        found[row.type] = (*found.get(row.type, ()), row)
    return found


def read_carrier(
    row: Carrier, properties: Mapping[str, Any], bodies: Mapping[str, Any], scope: Scope
) -> Iterator[Held | Gap]:
    """Yield the tags or the missing settings that a row of the table finds below a resource's properties.

    `bodies` are the template's resources. Raises: Undecided, as evaluate.
    """
    if row.kind == "pairs":
        yield _launched(row, properties, bodies, scope)
    elif row.kind == "launch":
        yield _nodes(row, properties, bodies, scope)
    elif row.kind == "flag":
        *parents, (name, _) = row.parts()
        for path, holder in _places(properties, tuple(parents), scope, ""):
            yield from _gap(row, path, holder, name, scope)
    else:
        for path, value in _places(properties, row.parts(), scope, ""):
            if value is not _MISSING:
                yield read_tags(value, _shape(row), scope, path, row.carries)
            elif row.absent:
                yield Held(path, row.carries, shape=_shape(row))


def _shape(row: Carrier) -> Shape:
    return "map" if row.kind == "map" else "list"


def _places(value: Any, parts: tuple[tuple[str, str], ...], scope: Scope, shown: str) -> Iterator[tuple[str, Any]]:
    """Yield the path and value of each place that a path leads to; _MISSING where it ends before."""
    if not parts or isinstance(value, Opaque):
        yield shown, value
        return
    (name, mark), rest = parts[0], parts[1:]
    path = f"{shown}.{name}" if shown else name
    found = value.get(name, _MISSING) if isinstance(value, dict) else _MISSING
    found = evaluate(found, scope)
    if found is NO_VALUE or (found is None and (rest or mark)):
        found = _MISSING
    if isinstance(found, Opaque):
        yield path, found
    elif mark.startswith("["):
        yield from _items(found, (mark[1:-1], rest), scope, path)
    elif found is not _MISSING:
        yield from _places(found, rest, scope, path)
    elif mark != "?":
        yield path + _rest(rest), _MISSING


def _items(
    found: Any, sought: tuple[str, tuple[tuple[str, str], ...]], scope: Scope, path: str
) -> Iterator[tuple[str, Any]]:
    kind, rest = sought
    is_there = not kind
    for index, item in enumerate(found if isinstance(found, list) else ()):
        held = evaluate(item, scope)
        of = as_text(held.get("ResourceType"), scope) if kind and isinstance(held, dict) else kind
        if isinstance(held, Opaque) or isinstance(of, Opaque):
            is_there = True
            yield f"{path}[{index}]", held if isinstance(held, Opaque) else of
        elif held is not NO_VALUE and of == kind:
            is_there = True
            yield from _places(held, rest, scope, f"{path}[{index}]")
    if not is_there:
        yield f"{path}[{kind}]{_rest(rest)}", _MISSING


def _rest(parts: tuple[tuple[str, str], ...]) -> str:
    return "".join(f".{name}{mark.rstrip('?')}" for name, mark in parts)


def _gap(row: Carrier, path: str, holder: Any, name: str, scope: Scope) -> Iterator[Gap]:
    path = f"{path}.{name}" if path else name
    if isinstance(holder, Opaque):
        yield Gap(path, "", row.wanted, row.carries, unknown=True)
        return
    held = holder if isinstance(holder, dict) else {}
    if row.unless and evaluate(held.get(row.unless, NO_VALUE), scope) is not NO_VALUE:
        return
    value = evaluate(held.get(name, NO_VALUE), scope)
    texts = [as_text(part, scope) for part in (value if isinstance(value, list) else [value])]
    if any(text in row.wanted for text in texts):
        return
    is_unknown = any(isinstance(text, Opaque) for text in texts)
    is_unsure = bool(row.unsure) and evaluate(held.get(row.unsure, NO_VALUE), scope) is not NO_VALUE
    text = "" if is_unknown else str(texts[0] if texts and texts[0] is not None else row.default)
    yield Gap(path, text, row.wanted, row.carries, unknown=is_unknown or is_unsure)


def _launched(row: Carrier, properties: Mapping[str, Any], bodies: Mapping[str, Any], scope: Scope) -> Held:
    """Return the tags of a group's instances: its own with PropagateAtLaunch, over those of its launch template.

    docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html: the group's tags take precedence.
    """
    own = read_tags(properties.get(row.path, NO_VALUE), "pairs", scope, row.path, row.carries)
    held = Held(
        f"{row.path}[PropagateAtLaunch]", row.carries, more=own.more, forms=own.forms, why=own.why, shape="pairs"
    )
    below = _template_tags(properties, bodies, scope)
    if isinstance(below, Held):
        held.tags = dict(below.tags)
        if below.more:
            held.open(below.more, below.forms)
        held.why = {**below.why, **own.why}
    elif below:
        held.open(below)
    for key, flag in own.launched.items():
        if flag is True:
            held.tags[key] = own.tags[key]
        elif isinstance(flag, str):
            held.tags.pop(key, None)
            held.open(f"whether {key} is propagated is not known: {flag}", frozenset((key,)))
    return held


def _nodes(row: Carrier, properties: Mapping[str, Any], bodies: Mapping[str, Any], scope: Scope) -> Held | Gap:
    """Return the tags that a node group's launch template gives its nodes; the group's own reach none of them.

    docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html
    """
    below = _template_tags(properties, bodies, scope)
    if below is None:
        return Gap(row.path, "not set", ("a launch template with TagSpecifications for instances",), row.carries)
    if isinstance(below, str):
        return Held(row.path, row.carries, more=below)
    below.path, below.carries = row.path, row.carries
    return below


def _template_tags(properties: Mapping[str, Any], bodies: Mapping[str, Any], scope: Scope) -> Held | str | None:
    """Return what a resource's launch template gives instances, why that is unknown, or None without a template."""
    policy = evaluate(properties.get("MixedInstancesPolicy", {}), scope)
    inner = evaluate(policy.get("LaunchTemplate", {}), scope) if isinstance(policy, dict) else policy
    chosen = inner.get("LaunchTemplateSpecification", NO_VALUE) if isinstance(inner, dict) else inner
    for value in (properties.get("LaunchTemplate", NO_VALUE), chosen):
        found = evaluate(value, scope)
        if found is NO_VALUE:
            continue
        named = found.get("LaunchTemplateId", found.get("Id")) if isinstance(found, dict) else None
        body = bodies.get(str(named.get("Ref"))) if isinstance(named, dict) and len(named) == 1 else None
        if not isinstance(body, dict) or body.get("Type") != "AWS::EC2::LaunchTemplate":
            return _FURTHER
        return _instance_tags(evaluate(body.get("Properties", {}), scope), scope)
    return None


def _instance_tags(template: Any, scope: Scope) -> Held | str:
    parts = (("LaunchTemplateData", ""), ("TagSpecifications", "[instance]"), ("Tags", ""))
    for path, value in _places(template, parts, scope, ""):
        if isinstance(value, Opaque):
            return f"{_FURTHER}: {value.because}"
        return Held(path) if value is _MISSING else read_tags(value, "list", scope, path)
    return Held("")
