"""Write tags and settings of CloudFormation, in YAML or in JSON."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

from harness.plan_check.model import Shape
from harness.plan_check.repair.entries import Entry
from harness.plan_check.repair.paths import is_choice, kind_of

TemplateSyntax = Literal["yaml", "json"]
_LISTS = frozenset({"ResourcesToReplicateTags"})  # settings that hold several values


@lru_cache(maxsize=4096)
def template_tags(syntax: TemplateSyntax, shape: Shape, steps: tuple[str, ...], entries: tuple[Entry, ...]) -> str:
    """Return tags below `steps`, which are not written yet; without steps what goes inside of what is written.

    Raises: nothing.
    """
    more = {"PropagateAtLaunch": True} if shape == "pairs" else {}
    held: Any = (
        {entry.key: entry.value for entry in entries}
        if shape == "map"
        else [{"Key": entry.key, "Value": entry.value, **more} for entry in entries]
    )
    return _shown(syntax, _below(steps, held))


def template_setting(syntax: TemplateSyntax, steps: tuple[str, ...], value: str) -> str:
    """Return a property with a value, in those that are not written yet. Raises: nothing.

    >>> print(template_setting("yaml", ("OntapConfiguration", "CopyTagsToBackups"), "true"))
    OntapConfiguration:
      CopyTagsToBackups: true
    """
    held: Any = {"true": True, "false": False}.get(value, value)
    return _shown(syntax, _below(steps, [held] if steps[-1] in _LISTS else held))


def launch_template(syntax: TemplateSyntax, steps: tuple[str, ...]) -> str:
    """Return a property that names a launch template of the same file. Raises: nothing."""
    if syntax == "json":
        version = {"Fn::GetAtt": ["<launch template>", "LatestVersionNumber"]}
        return _shown(syntax, _below(steps, {"Id": {"Ref": "<launch template>"}, "Version": version}))
    return "LaunchTemplate:\n  Id: !Ref <launch template>\n  Version: !GetAtt <launch template>.LatestVersionNumber"


def _below(steps: Sequence[str], held: Any) -> Any:
    """Return what is held inside of the steps; a step that asks for a kind is an item of a list."""
    for step in reversed(steps):
        if not is_choice(step):
            held = {step: held}
        elif kind := kind_of(step):
            held = [{"ResourceType": kind, **held}]
        else:
            held = [held]
    return held


def _shown(syntax: TemplateSyntax, held: Any) -> str:
    """Return members or items without the brackets around them, as they are pasted between others."""
    return "\n".join(_yaml(held) if syntax == "yaml" else [line[2:] for line in _json(held)[1:-1]])


def _json(held: Any) -> list[str]:
    """Return the lines of JSON, with an object of scalars on one line."""
    if not isinstance(held, dict | list):
        return [json.dumps(held, ensure_ascii=False)]
    members = held.items() if isinstance(held, dict) else [("", item) for item in held]
    opening, closing = "{}" if isinstance(held, dict) else "[]"
    lines = [opening]
    for number, (key, value) in enumerate(members):
        inner = _object(value) if not key and isinstance(value, dict) else _json(value)
        first = f"{json.dumps(key, ensure_ascii=False)}: {inner[0]}" if key else inner[0]
        rest = [first, *inner[1:]]
        rest[-1] += "," if number < len(held) - 1 else ""
        lines += [f"  {line}" for line in rest]
    return [*lines, closing]


def _object(held: dict[str, Any]) -> list[str]:
    """Return the lines of an item of a list: one, unless it holds more than scalars."""
    if any(isinstance(value, dict | list) for value in held.values()):
        return _json(held)
    return [f"{{ {json.dumps(held, ensure_ascii=False)[1:-1]} }}"]


def _yaml(held: Any) -> list[str]:
    if isinstance(held, dict):
        return [line for key, value in held.items() for line in _member(_scalar(key, is_key=True), value)]
    return [line for item in held for line in _item(item)]


def _member(key: str, value: Any) -> list[str]:
    if not isinstance(value, dict | list):
        return [f"{key}: {_scalar(value)}"]
    return [f"{key}:", *(f"  {line}" for line in _yaml(value))]


def _item(item: Any) -> list[str]:
    lines = _yaml(item) if isinstance(item, dict) else [_scalar(item)]
    return [f"- {lines[0]}", *(f"  {line}" for line in lines[1:])]


def _scalar(value: Any, *, is_key: bool = False) -> str:
    """Return a scalar; names of properties and booleans stand without quotes."""
    if is_key and value.isalnum():
        return str(value)
    return json.dumps(value, ensure_ascii=False)
