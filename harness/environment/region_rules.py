"""Check an environment's regions, and that its Terraform files deploy to each of them exactly once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.environment.model import Environment
from harness.regions import region_fault
from harness.yaml_source import Path_

Faults = Iterator[tuple[Path_, str]]

_COMMENTS = re.compile(r"^\s*(?:#[^\n]*|//[^\n]*|/\*.*?\*/)", re.MULTILINE | re.DOTALL)
_TOP_LEVEL = re.compile(r'^(?=[a-z]+(?:[ \t]+"[^"\n]*")*[ \t]*\{)', re.MULTILINE)
_MODULE = re.compile(r'module\s+"([^"]+)"')
_OWN_SOURCE = re.compile(r'\bsource\s*=\s*"[^"]*/required-tags"')
_PREFIX = "required_tags_"


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Hold the bodies of the blocks that deploy Config rules, by name, and the region of each `aws` alias."""

    modules: Mapping[str, str]
    regions: Mapping[str, str]


def region_faults(environment: Environment, folder: Path) -> Faults:
    """Yield every fault of `regions`; `folder` is where env.yaml and the environment's Terraform files lie."""
    regions = environment.regions
    places: list[tuple[Path_, str]] = [(("regions", "home"), regions.home)]
    places += [(("regions", "further", index), region) for index, region in enumerate(regions.further)]
    seen: set[str] = set()
    for place, region in places:
        if fault := region_fault(region):
            yield place, fault
        if region in seen:
            yield place, f'must appear once; got "{region}" again. Do remove it'
        seen.add(region)
    blocks = _read_blocks(folder)
    for place, region in places[1:]:
        yield from _further(place, region, blocks)
    yield from _unasked(environment, blocks)


def _read_blocks(folder: Path) -> _Blocks:
    modules, regions = {}, {}
    for file in sorted(folder.glob("*.tf")):
        for block in _TOP_LEVEL.split(_COMMENTS.sub("", file.read_text(encoding="utf-8", errors="replace"))):
            named = _MODULE.match(block)
            if named and (named[1].startswith(_PREFIX) or _OWN_SOURCE.search(block)):
                modules[named[1]] = block
            elif re.match(r'provider\s+"aws"', block):
                regions[_attribute("alias", block)] = _attribute("region", block)
    return _Blocks(modules, regions)


def _attribute(name: str, block: str) -> str:
    """Return the text of an attribute that is a literal, else its expression; empty when there is none."""
    found = re.search(rf'\b{name}\s*=\s*(?:"([^"$]*)"|([^\s}}]+))', block)
    return (found[1] or found[2]) if found else ""


def _further(place: Path_, region: str, blocks: _Blocks) -> Faults:
    alias = region.replace("-", "_")
    block = blocks.modules.get(_PREFIX + alias)
    provider = _attribute("aws", block) if block else ""
    if provider != f"aws.{alias}":
        found = f'"{provider or "no provider"}" in it' if block else "none"
        rule = f'must have a module block "{_PREFIX}{alias}" with providers = {{ aws = aws.{alias} }}; got {found}'
        yield place, f"{rule}. Do copy the block of another region in main.tf, and its provider in providers.tf"
    elif "." not in (held := blocks.regions.get(alias, "no such provider")) and held != region:  # a dot: an expression
        found = f'"{held}"' if alias in blocks.regions else held
        rule = f'must have a provider "aws" with alias = "{alias}" and region = "{region}"; got {found}'
        yield place, f"{rule}. Do copy the provider of another region in providers.tf"


def _unasked(environment: Environment, blocks: _Blocks) -> Faults:
    """Refuse blocks of the home region, whose rules would be made twice, and of regions that env.yaml does not name."""
    regions = environment.regions
    wanted = {_PREFIX + region.replace("-", "_") for region in regions.further}
    for name in sorted(blocks.modules.keys() - wanted):
        repair = "remove it with its provider and its line in outputs.tf"
        if name == _PREFIX + regions.home.replace("-", "_"):
            rule = f'must have no module block "{name}", since module "governance" makes the rules of the home region'
            yield ("regions", "home"), f"{rule}; got one. Do {repair}"
        else:
            rule = f'must name the region of each module block of required-tags; got none for "{name}"'
            yield ("regions", "further"), f"{rule}. Do add the region, or {repair}"
