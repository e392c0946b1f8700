"""Say where a repair belongs: one text for all faults of a set of tags that are mended in one place."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from harness.plan_check.model import Fault, Input, Resource, TagSet, Written
from harness.plan_check.repair.entries import ABSENT_RULES, KEY_RULES, Entry, entries_of
from harness.plan_check.repair.hcl_lines import hcl_setting, hcl_tags
from harness.plan_check.repair.paths import kind_of, path_of, steps_of
from harness.plan_check.repair.template_lines import (
    TemplateSyntax,
    launch_template,
    template_setting,
    template_tags,
)

_SETTINGS: Final = frozenset({"not-propagated", "unknown-propagation"})
_NO_LINES: Final = frozenset({"tag-count", "guardrail-denies", "malformed-tags"})
_PAIR: Final = re.compile(r'(tags?)\["(.*)"\]\.propagate_at_launch', re.DOTALL)
_THAT_OF: Final = "that of "  # begins what is wanted where no setting brings the tags
_TEMPLATE: Final = "LaunchTemplate"  # the path of tags that a node group's launch template gives
_BELOW_TEMPLATE: Final = ("TagSpecifications", "[instance]", "Tags")


class Repair(NamedTuple):
    """Hold lines to write and where; without lines, `at` says what to do."""

    text: str
    at: str


class Site(NamedTuple):
    """Hold the input and the resource that is repaired."""

    source: Input
    resource: Resource

    @property
    def address(self) -> str:
        """Return the resource's address."""
        return self.resource.address

    def provider(self) -> str:
        """Return the words for the default_tags that the resource has. Raises: nothing."""
        key = self.source.provider_of(self.address)
        return f'default_tags of provider "{key}"' if key else "default_tags of its provider"

    def template_syntax(self) -> TemplateSyntax:
        """Return the syntax of the template. Raises: nothing."""
        return "json" if self.source.syntax == "json" else "yaml"


def repairs_of(site: Site, faults: Sequence[Fault]) -> list[Repair]:
    """Return the repair of each fault of a resource; faults that are mended together have the same. Raises: nothing."""
    sets = {tags.path: tags for tags in site.resource.sets}
    made: dict[tuple[str, bool], Repair] = {}
    found: list[Repair] = []
    for fault in faults:
        tags = sets.get(fault.path)
        if tags is None or fault.rule in _NO_LINES:
            found.append(_single(site, fault, tags))
            continue
        at = fault.path, _is_default(fault, tags, faults) or _is_hidden(site, fault, tags)
        if at not in made:
            together = [one for one in faults if one.rule not in _NO_LINES and one.path == fault.path]
            together = [
                one for one in together if (_is_default(one, tags, faults) or _is_hidden(site, one, tags)) is at[1]
            ]
            own = tags.tags if tags.own is None else tags.own
            there = tags.tags.keys() - own.keys() if at[1] else own.keys()
            made[at] = _of_set(site, tags, entries_of(tags, together, there), in_defaults=at[1])
        found.append(made[at])
    return found


def _is_default(fault: Fault, tags: TagSet, faults: Sequence[Fault]) -> bool:
    """Tell whether a fault is of a tag that comes from default_tags."""
    if tags.own is None or fault.rule in ABSENT_RULES:
        return False
    spelled = [one.held for one in faults if one.path == fault.path and one.key == fault.key and one.rule in KEY_RULES]
    held = fault.held if fault.rule in KEY_RULES or fault.rule in ("prohibited-key", "reserved-key") else ""
    names = [held] if held else [fault.key, *spelled]
    return not any(name in tags.own for name in names) and any(name in tags.tags for name in names)


def _is_hidden(site: Site, fault: Fault, tags: TagSet) -> bool:
    """Tell whether nothing that is added to a resource's own tags could be seen before apply.

    One tag that is known after apply makes all tags of a type of the SDK so; those of default_tags stay.
    """
    if fault.rule != "unknown-key" or tags.own is None or tags.own:
        return False
    return site.source.written(site.address, steps_of(tags.path)).form == "expression"


def _of_set(site: Site, tags: TagSet, entries: tuple[Entry, ...], *, in_defaults: bool) -> Repair:
    written = tuple(entry for entry in entries if entry.key)
    instead = dict.fromkeys(name for entry in entries for name in entry.instead)
    named = " and ".join(f'"{name}"' for name in instead)
    if in_defaults and tags.tags:
        place = f"inside tags of {site.provider()}"
        text = hcl_tags("map", (), written, of_expression=False) if written else ""
    elif in_defaults:
        place = f"in {site.provider().removeprefix('default_tags of ')}"
        text = hcl_tags("map", ("default_tags", "tags"), written, of_expression=False)
    else:
        text, place = _own(site, tags, written, is_change=bool(instead))
    if not written:
        return Repair("", f"remove {named} from {place.removeprefix('inside ').removeprefix('in ')}")
    return Repair(text, f"{place}, in place of {named}" if instead else place)


def _own(site: Site, tags: TagSet, entries: tuple[Entry, ...], *, is_change: bool) -> tuple[str, str]:
    """Return the text for a resource's own tags or those of a part, and the place.

    To what an expression comes to, tags are added; they are changed where it takes them from.
    """
    resource = site.resource
    is_own = bool(resource.sets) and tags is resource.sets[0] and bool(resource.facts.tags)
    steps = steps_of(tags.path)
    if site.source.language == "cloudformation":
        return _own_in_template(site, tags, entries, steps)
    shape = tags.shape or (resource.facts.tags if is_own else "map") or "map"
    if shape == "pairs" and steps == ("tag",):
        return hcl_tags("pairs", steps, entries, of_expression=False), f"in {site.address}"
    if shape == "single":
        place = site.address if tags.path == "value" else f"the block {tags.path} of {site.address}"
        return hcl_tags(shape, steps, entries, of_expression=False), f"in {place}"
    depth, form = _written(site, tags, steps)
    is_expression = form == "expression" and depth == len(steps)
    is_merged = is_expression and not is_change
    rest = steps[-1:] if is_merged else steps[depth:]
    text = hcl_tags(shape, rest, entries, of_expression=is_merged)
    if is_merged:
        place = f"in place of {path_of(steps)} in {site.address}"
    elif rest:
        place = _inside(site, steps[:depth])
    elif is_expression:
        place = f"inside what {path_of(steps)} of {site.address} come from"
    else:
        place = f"inside {path_of(steps)} of {site.address}"
    if tags.own is not None and not is_change:
        place += f", or the same tags in {site.provider()}"
    return text, place


def _own_in_template(site: Site, tags: TagSet, entries: tuple[Entry, ...], steps: tuple[str, ...]) -> tuple[str, str]:
    resource = site.resource
    syntax = site.template_syntax()
    if tags.path == _TEMPLATE:
        text = template_tags(syntax, "list", _BELOW_TEMPLATE, entries)
        return text, f"in LaunchTemplateData of the launch template that {site.address} names"
    property_name = steps[-1]
    is_own = bool(resource.facts.tags) and property_name == resource.facts.property and len(steps) == 1
    shape = tags.shape or ("map" if is_own and resource.facts.tags == "map" else "list")
    depth, form = _written(site, tags, steps)
    rest = steps[depth:]
    text = template_tags(syntax, shape, rest, entries)
    if rest:
        return text, _inside(site, steps[:depth])
    if form == "expression":
        return text, f"inside each list that {path_of(steps)} of {site.address} comes to, as far as it lacks them"
    return text, f"inside {path_of(steps)} of {site.address}"


def _inside(site: Site, steps: tuple[str, ...]) -> str:
    if site.source.language == "terraform":
        return f"in {path_of(steps)} of {site.address}" if steps else f"in {site.address}"
    if steps:
        return f"in {path_of(steps)} of {site.address}"
    return f"in Properties of {site.address}"


def _written(site: Site, tags: TagSet | None, steps: tuple[str, ...]) -> Written:
    """Return how far a path is written already, as the input shows it or else as far as the tags tell."""
    found = site.source.written(site.address, steps)
    if found.depth >= 0:
        return found
    own = (tags.tags if tags.own is None else tags.own) if tags else {}
    if own:
        return Written(len(steps), "literal")
    numbers = [index for index, step in enumerate(steps) if step.startswith("[") and not kind_of(step)]
    return Written(numbers[-1] + 1 if numbers else 0, "")


def _single(site: Site, fault: Fault, tags: TagSet | None) -> Repair:
    """Return the repair of a fault that stands alone: of a setting, or one that no lines mend."""
    if fault.rule in _SETTINGS and fault.wanted:
        return _setting(site, fault)
    here = f"{fault.path} of {site.address}"
    if fault.rule == "duplicate-key":
        return Repair("", f"remove one of the tags {fault.key} from {here}")
    if fault.rule == "tag-count":
        return Repair("", f"remove tags from {here}, those of default_tags included")
    if fault.rule == "guardrail-denies":
        return Repair(_VERSION % site.resource.late_until, "in the terraform block, with the other providers")
    if fault.rule == "malformed-tags" and site.source.language == "cloudformation":
        return _rewritten(site, fault, tags)
    return Repair("", f"write {here} as a map of texts")


def _rewritten(site: Site, fault: Fault, tags: TagSet | None) -> Repair:
    """Return tags in the shape that a template's type takes."""
    syntax = site.template_syntax()
    place = f"in place of {fault.path} of {site.address}"
    if tags is None:
        return Repair(template_tags(syntax, "list", (), (Entry(fault.key or "<key>", "<value>"),)), place)
    held = [(key, value if isinstance(value, str) else "<the same expression>") for key, value in tags.tags.items()]
    entries = tuple(Entry(key, "<the sensitive value>" if tags.hides(key) else value) for key, value in held)
    steps = steps_of(fault.path)
    shape = tags.shape or "list"
    return Repair(template_tags(syntax, shape, steps[-1:], entries or (Entry("<key>", "<value>"),)), place)


def _setting(site: Site, fault: Fault) -> Repair:
    """Return the setting with which tags arrive."""
    wanted = fault.wanted[0]
    if pair := _PAIR.fullmatch(fault.path):
        place = "the block tag of" if pair[1] == "tag" else "the item of tags with the key"
        return Repair("propagate_at_launch = true", f'in {place} "{pair[2]}" in {site.address}')
    steps = steps_of(fault.path)
    depth, _ = _written(site, None, steps)
    is_there = depth == len(steps)
    rest = steps[-1:] if is_there else steps[depth:]
    place = _inside(site, steps[:-1] if is_there else steps[:depth])
    place += f", in place of {steps[-1]}" if is_there else ""
    if site.source.language == "terraform":
        if wanted == "*":
            return Repair(_LAUNCH_TEMPLATE, _inside(site, ()))
        if wanted.startswith(_THAT_OF):
            return Repair("", f"write {wanted.removeprefix(_THAT_OF)} in place of {site.address}")
        return Repair(hcl_setting(rest, wanted), place)
    syntax = site.template_syntax()
    if fault.path == _TEMPLATE:
        return Repair(launch_template(syntax, rest), place)
    return Repair(template_setting(syntax, rest, wanted), place)


_VERSION: Final = """\
required_providers {
  aws = {
    source  = "hashicorp/aws"
    version = ">= %s"
  }
}"""
_LAUNCH_TEMPLATE: Final = """\
launch_template {
  id      = aws_launch_template.<name>.id
  version = aws_launch_template.<name>.latest_version
}"""
