"""Say how far a plan's configuration writes the place of an argument, so that a repair can say where it goes."""

from collections.abc import Mapping
from typing import Any

from harness.plan_check.model import Written
from harness.plan_check.repair.paths import is_choice, kind_of
from harness.plan_check.terraform.defaults import Defaults


def how_written(defaults: Defaults, address: str, steps: tuple[str, ...]) -> Written:
    """Return how far a resource writes the steps of a path: blocks, and the argument in the last of them.

    A plan shows no dynamic blocks. Raises: nothing.
    """
    resource = defaults.resource(address)
    held: Any = resource.expressions if resource else None
    if not isinstance(held, Mapping):
        return Written(-1, "")
    depth = 0
    while depth < len(steps) - 1:
        choice = steps[depth + 1] if is_choice(steps[depth + 1]) else ""
        found = _block(held.get(steps[depth]), choice)
        if found is None:
            return Written(depth, "")
        held, depth = found, depth + (2 if choice else 1)
    if depth >= len(steps) or steps[depth] not in held:
        return Written(depth, "")
    leaf = held[steps[depth]]
    is_constant = isinstance(leaf, Mapping) and leaf.get("constant_value") is not None
    return Written(len(steps), "literal" if is_constant else "expression")


def _block(held: Any, choice: str) -> Mapping[str, Any] | None:
    blocks = held if isinstance(held, list) else [held]
    if kind_of(choice):
        return None
    index = int(choice[1:-1]) if choice else 0
    return blocks[index] if index < len(blocks) and isinstance(blocks[index], Mapping) else None
