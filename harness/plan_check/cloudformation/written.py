"""Say how far a template writes the place of a property, so that a repair can say where it goes."""

from collections.abc import Mapping
from typing import Any

from harness.plan_check.model import Written
from harness.plan_check.repair.paths import is_choice, kind_of


def how_written(bodies: Mapping[str, Any], address: str, steps: tuple[str, ...]) -> Written:
    """Return how far a resource's properties hold the steps of a path; `bodies` are the template's resources.

    Raises: nothing.
    """
    body = bodies.get(address)
    held = body.get("Properties") if isinstance(body, dict) else None
    if _is_function(held):
        return Written(-1, "")
    for depth, step in enumerate(steps):
        if _is_function(held):
            return Written(depth, "expression")
        found = _item(held, step) if is_choice(step) else held.get(step) if isinstance(held, dict) else None
        if found is None:
            return Written(depth, "")
        held = found
    return Written(len(steps), "expression" if _is_function(held) else "literal")


def _item(held: Any, step: str) -> Any:
    """Return the item of a list that a step asks for."""
    items = held if isinstance(held, list) else []
    if kind := kind_of(step):
        return next((item for item in items if isinstance(item, dict) and item.get("ResourceType") == kind), None)
    index = int(step[1:-1])
    return items[index] if index < len(items) else None


def _is_function(held: Any) -> bool:
    return isinstance(held, dict) and len(held) == 1 and next(iter(held)).startswith(("Ref", "Fn::"))
