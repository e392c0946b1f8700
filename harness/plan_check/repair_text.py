"""Write the lines that repair a fault, in the language of the input, and say where they belong."""

import json
import re
from functools import lru_cache
from typing import Final, NamedTuple

from harness.plan_check.model import UNKNOWN, Fault, Language, Resource, TagSet

TOGETHER: Final = frozenset({"missing-key", "unknown-key"})  # one repair for all faults of a set
_VALUE_RULES = frozenset({"wrong-value", "value-case", "empty-value", "value-pattern", "unknown-value"})
_KEY_RULES = frozenset({"key-case", "deprecated-key", "duplicate-key"})
_FILL_IN_MOST = 6

Pairs = list[tuple[str, str]]


class Site(NamedTuple):
    """Hold where a repair goes: the language, the resource, and the provider configuration that it has."""

    language: Language
    resource: Resource
    provider: str


def repair_of(site: Site, tags: TagSet | None, fault: Fault, together: tuple[Fault, ...]) -> tuple[str, str]:
    """Return the lines to write and where they belong; no lines where something has to be removed or shortened.

    `together` are the faults of the same set and rule: what is missing is written as one block. Values that only the
    author knows are written as `<...>`, which neither the check nor AWS takes. Raises: nothing.
    """
    language, resource, _ = site
    if tags is None:
        return _setting(language, fault), f"in {resource.address}"
    if fault.rule in TOGETHER:
        pairs = [(one.key, _fill_in(one)) for one in together]
    elif fault.rule in _KEY_RULES:
        held = tags.tags.get(fault.held)
        pairs = [] if fault.rule == "duplicate-key" else [(fault.key, _held(tags, fault.held, held))]
    elif fault.rule in _VALUE_RULES:
        pairs = [(fault.key, _value(fault))]
    else:
        pairs = []
    place = _place(site, tags, fault)
    if not pairs:
        return "", place
    return (_hcl(resource, tags, pairs) if language == "terraform" else _yaml(resource, tags, pairs)), place


def _fill_in(fault: Fault) -> str:
    """Return a value that is right in any case, or what the author has to choose from."""
    wanted = fault.wanted
    if len(wanted) == 1 and "*" not in wanted[0]:
        return wanted[0]
    if wanted and len(wanted) <= _FILL_IN_MOST:
        return f"<{' | '.join(wanted)}>"
    return f"<{fault.key.rpartition(':')[2] or 'value'}>"


def _value(fault: Fault) -> str:
    return fault.wanted[0] if fault.rule == "value-case" else _fill_in(fault)


def _held(tags: TagSet, key: str, value: object) -> str:
    if tags.hides(key):
        return "<the sensitive value>"
    return value if isinstance(value, str) else "<the same expression>" if value is UNKNOWN else "<value>"


def _place(site: Site, tags: TagSet, fault: Fault) -> str:
    here = f"in {tags.path} of {site.resource.address}"
    if tags.own is None:
        return here
    key = fault.held if fault.rule in _KEY_RULES else fault.key
    provider = f'default_tags of provider "{site.provider}"' if site.provider else "the provider's default_tags"
    if fault.rule in TOGETHER:
        return f"{here}, or in {provider}"
    return here if key in tags.own else f"in {provider}, where it comes from"


def _hcl(resource: Resource, tags: TagSet, pairs: Pairs) -> str:
    """Return arguments or blocks of HCL that hold the tags, at the path of the set."""
    if resource.facts.tags == "pairs" and tags is resource.sets[0]:
        return "\n".join(_tag_block(key, value) for key, value in pairs)
    first = re.fullmatch(r"(\w+)\[(\w+)\]\.tags", tags.path)
    if resource.facts.tags == "list" and tags is resource.sets[0]:
        rows = (f"  {{ key = {_quoted(key)}, value = {_quoted(value)} }}," for key, value in pairs)
        return "\n".join((f"{tags.path} = [", *rows, "]"))
    name = tags.path.rpartition(".")[2]
    lines = [f"{name} = {{", *(f"  {_quoted(key)} = {_quoted(value)}" for key, value in pairs), "}"]
    if first and not first[2].isdigit():
        lines.insert(0, f'resource_type = "{first[2]}"')
    for block in reversed(tags.path.split(".")[:-1]):
        lines = [f"{block.partition('[')[0]} {{", *(f"  {line}" for line in lines), "}"]
    return "\n".join(lines)


def _tag_block(key: str, value: str) -> str:
    lines = (f"key                 = {_quoted(key)}", f"value               = {_quoted(value)}")
    return "\n".join(("tag {", *(f"  {line}" for line in (*lines, "propagate_at_launch = true")), "}"))


@lru_cache(maxsize=10_000)
def _quoted(text: str) -> str:
    r"""Return a string of HCL.

    >>> print(_quoted('a "b" ${c}'))
    "a \"b\" $${c}"
    """
    return json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


def _yaml(resource: Resource, tags: TagSet, pairs: Pairs) -> str:
    """Return properties of a template, in YAML; in JSON templates the same names stand in quotes."""
    name = tags.path.rpartition(".")[2].partition("[")[0]
    if resource.facts.tags == "map" and tags is resource.sets[0]:
        return "\n".join((f"{name}:", *(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in pairs)))
    rows = (f"  - Key: {json.dumps(key)}\n    Value: {json.dumps(value)}" for key, value in pairs)
    return "\n".join((f"{name}:", *rows))


def _setting(language: Language, fault: Fault) -> str:
    """Return the setting with which tags arrive, in its blocks."""
    if fault.rule not in ("not-propagated", "unknown-propagation") or not fault.wanted or fault.wanted[0] == "*":
        return ""
    *blocks, name = [part.partition("[")[0] for part in fault.path.split(".")]
    value = fault.wanted[0]
    is_word = value in ("true", "false")
    if language == "cloudformation":
        lines = [f"{name}: {value}"]
        for block in reversed(blocks):
            lines = [f"{block}:", *(f"  {line}" for line in lines)]
        return "\n".join(lines)
    lines = [f"{name} = {value if is_word else _quoted(value)}"]
    for block in reversed(blocks):
        lines = [f"{block} {{", *(f"  {line}" for line in lines), "}"]
    return "\n".join(lines)
