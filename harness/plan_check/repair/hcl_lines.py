"""Write tags and settings in HCL."""

import json
from collections.abc import Sequence
from functools import lru_cache

from harness.plan_check.model import Shape
from harness.plan_check.repair.entries import Entry
from harness.plan_check.repair.paths import is_choice, kind_of

_WHAT_IS_THERE = "<what is there now>"


@lru_cache(maxsize=4096)
def hcl_tags(shape: Shape, steps: tuple[str, ...], entries: tuple[Entry, ...], *, of_expression: bool) -> str:
    """Return tags below `steps`, which are not written yet; without steps what goes inside of what is written.

    `of_expression`: the argument, which is the one step left, is an expression, to which the tags are added.
    Raises: nothing.
    """
    if shape == "pairs" and steps == ("tag",):
        return "\n".join(_pair(entry) for entry in entries)
    if shape == "single":
        return "\n".join(f"key   = {quoted(entry.key)}\nvalue = {quoted(entry.value)}" for entry in entries)
    widest = max((len(quoted(entry.key)) for entry in entries), default=0)
    rows = [_row(shape, entry, widest) for entry in entries]
    if not steps:
        return "\n".join(rows)
    is_list = shape != "map"
    opening, closing = ("[", "]") if is_list else ("{", "}")
    inner = [f"  {row}" for row in rows]
    name = steps[-1]
    if of_expression:
        function = "concat" if is_list else "merge"
        return "\n".join((f"{name} = {function}({_WHAT_IS_THERE}, {opening}", *inner, f"{closing})"))
    return _in_blocks(steps[:-1], [f"{name} = {opening}", *inner, closing])


def hcl_setting(steps: tuple[str, ...], value: str) -> str:
    """Return an argument with a value, in the blocks that are not written yet. Raises: nothing.

    >>> print(hcl_setting(("tag_propagation",), "ENABLED"))
    tag_propagation = "ENABLED"
    """
    return _in_blocks(steps[:-1], [f"{steps[-1]} = {value if value in ('true', 'false') else quoted(value)}"])


def _in_blocks(steps: Sequence[str], lines: list[str]) -> str:
    kind = ""
    for step in reversed(steps):
        if is_choice(step):
            kind = kind_of(step)
            continue
        head = [f"resource_type = {quoted(kind)}"] if kind else []
        lines = [f"{step} {{", *(f"  {line}" for line in (*head, *lines)), "}"]
        kind = ""
    return "\n".join(lines)


def _row(shape: Shape, entry: Entry, width: int) -> str:
    if shape == "map":
        return f"{quoted(entry.key):<{width}} = {quoted(entry.value)}"
    more = ", propagate_at_launch = true" if shape == "pairs" else ""
    return f"{{ key = {quoted(entry.key)}, value = {quoted(entry.value)}{more} }},"


def _pair(entry: Entry) -> str:
    """Return a block of an autoscaling group."""
    lines = (f"key                 = {quoted(entry.key)}", f"value               = {quoted(entry.value)}")
    return "\n".join(("tag {", *(f"  {line}" for line in (*lines, "propagate_at_launch = true")), "}"))


@lru_cache(maxsize=10_000)
def quoted(text: str) -> str:
    r"""Return a string of HCL. Raises: nothing.

    >>> print(quoted('a "b" ${c}'))
    "a \"b\" $${c}"
    """
    return json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
