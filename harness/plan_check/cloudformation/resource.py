"""Read one resource of a template under each outcome of the conditions that its tags hang on."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from harness.plan_check.cloudformation.arns import known_arn
from harness.plan_check.cloudformation.carriers import Carrier, read_carrier
from harness.plan_check.cloudformation.conditions import holds
from harness.plan_check.cloudformation.functions import as_text, evaluate
from harness.plan_check.cloudformation.loops import LOOP
from harness.plan_check.cloudformation.scope import NO_VALUE, Opaque, Scope, Undecided, each_world
from harness.plan_check.cloudformation.tag_sets import Held, read_tags, unite, unite_faults
from harness.plan_check.model import Fault, Gap, Resource, Shape
from harness.type_facts import TypeFacts

TRANSFORM: Final = "Fn::Transform"
_GLOBALS: Final = "AWS::Serverless::"  # types of SAM, whose properties the section Globals can hold


class Template(msgspec.Struct, frozen=True):
    """Hold what all resources of a template share; `macro` names one that may rewrite the whole template."""

    name: str
    scope: Scope
    bodies: Mapping[str, Any]
    globals: Mapping[str, Any]
    macro: str


class _World(msgspec.Struct):
    """Hold what a resource has under one outcome of the conditions."""

    sets: list[Held]
    gaps: list[Gap]
    arn: str = ""


def read_resource(
    template: Template, key: str, body: Mapping[str, Any], facts: TypeFacts, rows: tuple[Carrier, ...]
) -> Resource | None:
    """Return a resource with its sets of tags; None when no outcome of the conditions makes it. Raises: nothing."""
    kind = body["Type"]
    worlds, labels = each_world(template.scope, lambda scope: _world(template, body, facts, rows, scope))
    there = [world for world in worlds if world is not None]
    if not there:
        return None
    sets: dict[tuple[str, str], list[Held]] = {}
    for world in there:
        for held in world.sets:
            sets.setdefault((held.path, held.carries), []).append(held)
    arns = {world.arn for world in there}
    return Resource(
        address=key,
        type=kind,
        facts=facts,
        action="create",
        sets=tuple(unite(held, labels) for held in sets.values()),
        gaps=_gaps([world.gaps for world in there]),
        arn=arns.pop() if len(arns) == 1 else "",
        file=template.name,
        faults=unite_faults([_faults(world.sets) for world in there]),
    )


def _faults(sets: list[Held]) -> list[Fault]:
    return [fault for held in sets for fault in held.faults]


def _gaps(worlds: list[list[Gap]]) -> tuple[Gap, ...]:
    """Return the gaps of all outcomes; one that some outcomes do not have is unknown."""
    counts: dict[Gap, int] = {}
    for gaps in worlds:
        for gap in gaps:
            counts[gap] = counts.get(gap, 0) + 1
    return tuple(
        gap if count == len(worlds) else msgspec.structs.replace(gap, unknown=True) for gap, count in counts.items()
    )


def _world(
    template: Template, body: Mapping[str, Any], facts: TypeFacts, rows: tuple[Carrier, ...], scope: Scope
) -> _World | None:
    """Return what a resource has under the assumptions of `scope`; None when it does not exist then."""
    condition = body.get("Condition")
    if isinstance(condition, str) and not _exists(condition, scope):
        return None
    properties, unknown = _properties(template, body, scope)
    own = [row for row in rows if not row.carries]
    sets: list[Held] = []
    gaps: list[Gap] = []
    if unknown:
        paths = [facts.property] if facts.tags else [row.path for row in own]
        sets = [Held(path, more=unknown) for path in paths]
        sets += [
            Held(row.path, row.carries, row.part_type(), more=unknown)
            for row in rows
            if row.carries and row.kind != "flag"
        ]
        gaps = [Gap(row.path, "", row.wanted, row.carries, unknown=True) for row in rows if row.kind == "flag"]
        return _World(sets, gaps)
    if facts.tags:
        shape: Shape = "pairs" if any(row.kind == "pairs" for row in rows) else "map" if facts.tags == "map" else "list"
        sets.append(read_tags(properties.get(facts.property, NO_VALUE), shape, scope, facts.property))
    for row in rows:
        for found in read_carrier(row, properties, template.bodies, scope):
            if isinstance(found, Held):
                found.part = row.part_type()
                sets.append(found)
            else:
                gaps.append(found)
    return _World(sets, gaps, known_arn(body["Type"], properties, scope))


def _exists(condition: str, scope: Scope) -> bool:
    try:
        return holds(condition, scope, as_text)
    except Undecided:
        if not scope.lenient:
            raise
        return True


def _properties(template: Template, body: Mapping[str, Any], scope: Scope) -> tuple[Mapping[str, Any], str]:
    """Return a resource's properties, those of Globals included, and why they are unknown, "" when they are not."""
    if template.macro:
        return {}, f"the macro {template.macro} may rewrite the template"
    held = evaluate(body.get("Properties", NO_VALUE), scope)
    if isinstance(held, Opaque):
        return {}, held.because
    properties = held if isinstance(held, dict) else {}
    for key in (*properties, *body):
        if key == TRANSFORM or key.startswith(LOOP):
            return {}, f"{key} may change the properties"
    kind = body["Type"]
    shared = template.globals.get(kind.removeprefix(_GLOBALS)) if kind.startswith(_GLOBALS) else None
    if not isinstance(shared, dict):
        return properties, ""
    return {**shared, **{key: _merged(shared.get(key), value) for key, value in properties.items()}}, ""


def _merged(shared: Any, own: Any) -> Any:
    """Return a property over what Globals holds; mappings are merged, other values replaced.

    docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
    """
    if not isinstance(shared, dict) or not isinstance(own, dict):
        return own
    if any(key == "Ref" or key.startswith("Fn::") for key in (*shared, *own)):
        return Opaque("a function and Globals together make up this property")
    return {**shared, **own}
