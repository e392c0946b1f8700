"""Find the tags of a resource in HCL, through the modules that call each other, and the default_tags of its provider.

checkov's own values are not used: it takes a variable without a value for an empty map and a condition that it cannot
know for false, so that tags would be missing that only nobody knows yet.
"""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from harness.checkov_rules.bundle.tagrail_rules.expression import UNKNOWN, evaluate, to_tags
from harness.checkov_rules.bundle.tagrail_rules.syntax import Block, Token, parse
from harness.checkov_rules.bundle.tagrail_rules.tags import NOTHING_KNOWN, Tags, over


class Module:
    """Hold the blocks of a folder; nothing is known of one with a file that is no HCL, or that overrides others."""

    def __init__(self, folder: str) -> None:
        """Read the folder's *.tf files and the *.tfvars that terraform takes. Raises: OSError, ValueError."""
        files = sorted(Path(folder).glob("*.tf"))
        overrides = [file.name for file in files if file.stem == "override" or file.stem.endswith("_override")]
        if overrides:
            raise ValueError(f"{overrides[0]} overrides what the other files say, and is not understood")
        self.blocks = [block for file in files for block in parse(file.read_text(encoding="utf-8-sig")).blocks]
        self.locals = {name: value for block in self.of("locals") for name, value in block.attributes.items()}
        self.variables = {block.labels[0]: block for block in self.of("variable") if block.labels}
        self.calls = {block.labels[0]: block for block in self.of("module") if block.labels}
        self.resources = {block.labels: block for block in self.of("resource")}
        self.given: dict[str, tuple[Token, ...]] = {}
        for file in (Path(folder, "terraform.tfvars"), *sorted(Path(folder).glob("*.auto.tfvars"))):
            if file.is_file():
                self.given.update(parse(file.read_text(encoding="utf-8-sig")).attributes)
        self.given_as_json: set[str] = set()
        for file in (Path(folder, "terraform.tfvars.json"), *sorted(Path(folder).glob("*.auto.tfvars.json"))):
            if file.is_file():
                self.given_as_json |= set(json.loads(file.read_text(encoding="utf-8-sig")))

    def of(self, kind: str) -> list[Block]:
        """Return the blocks of a kind. Raises: nothing."""
        return [block for block in self.blocks if block.kind == kind]


@cache
def _module(folder: str) -> Module:
    return Module(folder)


class Scope:
    """Know the values that hold in one call of a module; without a parent, in a root module."""

    def __init__(self, folder: str, parent: "Scope | None" = None, call: "Block | None" = None) -> None:
        """Read the folder. Raises: OSError and ValueError when it cannot be read or is no HCL."""
        self.module, self.parent, self.call = _module(folder), parent, call
        self._asked: set[tuple[str, str]] = set()

    def reference(self, kind: str, name: str) -> Any:
        """Return the value of var.name or local.name. Raises: ValueError when it is no HCL."""
        if (kind, name) in self._asked:  # terraform would refuse the circle
            return UNKNOWN
        self._asked.add((kind, name))
        try:
            if kind == "local":
                return self._evaluated(self.module.locals.get(name))
            return self._variable(name)
        finally:
            self._asked.discard((kind, name))

    def _evaluated(self, tokens: "Sequence[Token] | None") -> Any:
        return UNKNOWN if tokens is None else evaluate(tokens, self.reference)

    def _variable(self, name: str) -> Any:
        declared = self.module.variables.get(name)
        if declared is None:
            return UNKNOWN
        if self.parent and self.call and name in self.call.attributes:
            found = self.parent._evaluated(self.call.attributes[name])
            return UNKNOWN if found is None else found  # null may mean the default
        if not self.parent and name in self.module.given_as_json:
            return UNKNOWN
        if not self.parent and name in self.module.given:
            return self._evaluated(self.module.given[name])
        return self._evaluated(declared.attributes.get("default"))

    def default_tags(self, provider: str) -> Tags:
        """Return the default_tags of a provider by its name here (`aws`, `aws.west`).

        Nothing is known of a provider that is configured elsewhere: a module that is read alone gets its caller's.
        Raises: ValueError when it is no HCL.
        """
        name, _, alias = provider.partition(".")
        for block in self.module.of("provider"):
            if block.labels == (name,) and self._evaluated(block.attributes.get("alias", ())) == (alias or UNKNOWN):
                return self._of_provider(block)
        if not self.parent or not self.call:
            return NOTHING_KNOWN
        if "providers" in self.call.attributes:
            passed = _pairs(self.call.attributes["providers"])
            return self.parent.default_tags(passed[provider]) if provider in passed else NOTHING_KNOWN
        return NOTHING_KNOWN if alias else self.parent.default_tags(provider)

    def _of_provider(self, block: Block) -> Tags:
        if block.is_generated("default_tags"):
            return NOTHING_KNOWN
        found = Tags()
        for inner in block.inner("default_tags"):
            if "tags" in inner.attributes:
                found = over(found, to_tags(self._evaluated(inner.attributes["tags"])))
        return found

    def tags(self, kind: str, name: str, form: str) -> "Tags | None":
        """Return the tags of a resource: of form `map` with default_tags, of form `pairs` from its `tag` blocks.

        None for one whose count is 0 for certain. Raises: ValueError when it is no HCL.
        """
        block = self.module.resources.get((kind, name))
        if block is None:
            return NOTHING_KNOWN
        if self._evaluated(block.attributes.get("count")) == "0":
            return None
        if form == "pairs":
            return self._pairs(block)
        own = to_tags(self._evaluated(block.attributes["tags"])) if "tags" in block.attributes else Tags()
        provider = "".join(text for _, text in block.attributes.get("provider", ())) or kind.partition("_")[0]
        return over(self.default_tags(provider), own)

    def _pairs(self, block: Block) -> Tags:
        found: dict[str, str | None] = {}
        is_open = block.is_generated("tag") or "tag" in block.attributes
        for inner in block.inner("tag"):
            key, value = (self._evaluated(inner.attributes.get(part)) for part in ("key", "value"))
            is_open = is_open or not isinstance(key, str)
            if isinstance(key, str):
                found[key] = value if isinstance(value, str) else None
        return Tags(found, is_open)


def _pairs(tokens: Iterable[Token]) -> dict[str, str]:
    """Return `providers = { aws = aws.west }` as names of the child's -> names of the parent's."""
    text = "".join(" " if kind == "newline" or part == "," else part for kind, part in tokens).strip("{} ")
    return {left: right for left, _, right in (entry.partition("=") for entry in text.split())}


def scope_of(file: str, calls: Sequence[tuple[str, str]]) -> Scope:
    """Return the scope of a resource in `file`; `calls` are the module calls that lead there, outermost first.

    Each is the file that it stands in and its name. Raises: OSError, ValueError, KeyError for a call that is not there.
    """
    folders = [str(Path(path).parent) for path, _ in calls] + [str(Path(file).parent)]
    scope = Scope(folders[0])
    for folder, (_, name) in zip(folders[1:], calls, strict=True):
        scope = Scope(folder, scope, scope.module.calls[name.partition("[")[0]])
    return scope
