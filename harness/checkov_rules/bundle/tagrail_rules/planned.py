"""Find the tags of a resource in a plan (`terraform show -json`), and the default_tags of its provider.

checkov hands checks a plan without what is known after apply, so the file is read again, once.
"""

import json
import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from harness.checkov_rules.bundle.tagrail_rules.tags import NOTHING_KNOWN, Tags, over

_INDEX = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')
_JUDGED = ({"create"}, {"update"}, {"create", "delete"})


class Plan:
    """Hold a plan's changes by address, and what its configuration says of providers."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        """Take the decoded plan. Raises: KeyError, TypeError for one of another shape."""
        self.changes = {change["address"]: change for change in content.get("resource_changes") or ()}
        configuration = content.get("configuration") or {}
        self.providers = configuration.get("provider_config") or {}
        self.root = configuration.get("root_module") or {}

    def tags(self, address: str, form: str) -> "Tags | None":
        """Return the tags that a resource will have; None for one that this plan does not change. Raises: nothing."""
        change = self.changes.get(address)
        if change is None:
            return NOTHING_KNOWN
        what = change["change"]
        moves = what.get("importing") or change.get("previous_address")
        if set(what["actions"]) not in _JUDGED and not (moves and what["actions"] == ["no-op"]):
            return None
        after, unknown = what.get("after") or {}, what.get("after_unknown") or {}
        if form == "pairs":
            return _pairs(after.get("tag"), unknown.get("tag"))
        if unknown.get("tags_all") is True or "tags_all" not in after:
            return over(self.default_tags(address), _known(after.get("tags"), unknown.get("tags")))
        found = _known(after["tags_all"], unknown.get("tags_all"))
        return Tags(found.values, is_open=True) if self._provider(address) in self.late else found

    @cached_property
    def late(self) -> frozenset[str]:
        """Return the providers of which a default tag is known after apply, as a resource without unknown tags shows.

        Others of their resources are planned as if there were no default_tags. Raises: nothing.
        """
        found = set()
        for address, change in self.changes.items():
            unknown = change["change"].get("after_unknown") or {}
            if unknown.get("tags_all") and not unknown.get("tags") and self.default_tags(address).is_open:
                found.add(self._provider(address))
        return frozenset(found - {""})

    def default_tags(self, address: str) -> Tags:
        """Return the default_tags of a resource's provider, from the configuration. Raises: nothing."""
        key = self._provider(address)
        if not key:
            return NOTHING_KNOWN
        provider = self.providers.get(key)
        if provider is None:  # used without a block of its own
            return Tags()
        found = Tags()
        for block in (provider.get("expressions") or {}).get("default_tags") or ():
            expression = block.get("tags", {"constant_value": {}})
            constant = expression.get("constant_value")
            found = over(found, NOTHING_KNOWN if constant is None else _known(constant, None))
        return found

    def _provider(self, address: str) -> str:
        """Return the configuration of a resource's provider; "" where the plan does not show it."""
        parts = _INDEX.sub("", address).split(".")
        module = self.root
        while parts[0] == "module":
            module = ((module.get("module_calls") or {}).get(parts[1]) or {}).get("module") or {}
            parts = parts[2:]
        local = ".".join(parts)
        keys = [one.get("provider_config_key") for one in module.get("resources") or () if one["address"] == local]
        return self._owner(keys[0]) if keys and keys[0] else ""

    def _owner(self, key: str) -> str:
        """Return the configuration that a key means.

        Before Terraform 1.1 `module.a.module.b:aws` may be the configuration of module.a, or of the root.
        """
        while key not in self.providers and ":" in key:
            path, _, name = key.rpartition(":")
            parent = path.rpartition(".module.")[0] if ".module." in path else ""
            key = f"{parent}:{name}" if parent else name
        return key


def _known(after: Any, unknown: Any) -> Tags:
    if unknown is True:
        return NOTHING_KNOWN
    values = {key: str(value) for key, value in (after or {}).items() if value is not None}
    later = dict.fromkeys(key for key, is_unknown in (unknown or {}).items() if is_unknown)
    return Tags({**values, **later})


def _pairs(after: Any, unknown: Any) -> Tags:
    if unknown is True:
        return NOTHING_KNOWN
    blocks = after or ()
    later = [*(unknown or ()), *({} for _ in blocks)]
    values = {
        block["key"]: None if later[index].get("value") else str(block.get("value"))
        for index, block in enumerate(blocks)
        if block.get("key") is not None
    }
    return Tags(values, is_open=any(block.get("key") is None for block in blocks))


@lru_cache(maxsize=4)
def read_plan(file: str) -> Plan:
    """Return the plan in a file. Raises: OSError; ValueError, KeyError, TypeError when it is none."""
    return Plan(json.loads(Path(file).read_bytes()))
