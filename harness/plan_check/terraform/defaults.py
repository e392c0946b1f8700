"""Find the default_tags of each provider configuration, and which one a resource has, through aliases and modules."""

import re
from collections.abc import Mapping
from typing import Any

from harness.plan_check.model import UNKNOWN, TagSet
from harness.plan_check.terraform.plan_json import ConfigResource, Configuration, Provider, written

Version = tuple[int, int]

_CONSTRAINT = re.compile(r"(~>|>=|<=|!=|=|<|>|)\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?")
_NONE = TagSet("default_tags", {})


class Defaults:
    """Answer for the resources of one plan; what is written is indexed when it is first asked for."""

    __slots__ = ("_configuration", "_written", "by_provider")

    def __init__(self, configuration: Configuration | None) -> None:
        """Read the provider configurations."""
        self._configuration = configuration
        self._written: Mapping[str, ConfigResource] | None = None
        providers = configuration.provider_config if configuration else {}
        self.by_provider = {key: _default_tags(key, provider) for key, provider in providers.items()}

    def resource(self, address: str) -> ConfigResource | None:
        """Return a resource as it is written; None where the plan has no configuration of it. Raises: nothing."""
        if self._written is None:
            self._written = written(self._configuration)
        return self._written.get(address)

    def versions(self, name: str) -> tuple[Version, Version]:
        """Return the lowest and highest minor version of a provider that all its constraints allow. Raises: nothing."""
        providers = self._configuration.provider_config.values() if self._configuration else ()
        return _versions(", ".join(each.version_constraint for each in providers if each.name == name))

    def of(self, address: str) -> tuple[str, TagSet]:
        """Return the provider configuration of an address without indexes, and its default_tags.

        Without a configuration in the plan nothing is known of the defaults. Raises: nothing.
        """
        resource = self.resource(address)
        if resource is None:
            return "", TagSet("default_tags", {}, "the plan does not show the provider's configuration")
        key = resource.provider_config_key
        while key not in self.by_provider and ":" in key:
            # A module that was given its provider: `module.a.module.b:aws` is that of module.a, or of the root.
            path, _, name = key.rpartition(":")
            parent = path.rpartition(".module.")[0] if ".module." in path else ""
            key = f"{parent}:{name}" if parent else name
        return key, self.by_provider.get(key, _NONE)


def _versions(constraint: str) -> tuple[Version, Version]:
    """Return the lowest and highest minor version that a constraint allows.

    >>> _versions("~> 5.0"), _versions(">= 5.100.0, < 7.0.0"), _versions("6.30.1"), _versions("")
    (((5, 0), (5, 999)), ((5, 100), (6, 999)), ((6, 30), (6, 30)), ((0, 0), (999, 999)))
    """
    low, high = (0, 0), (999, 999)
    for sign, major, minor, patch in _CONSTRAINT.findall(constraint):
        version = (int(major), int(minor or 0))
        if sign in ("", "=", "~>", ">=", ">"):
            low = max(low, version)
        if sign in ("", "="):
            high = min(high, version)
        elif sign == "~>":
            high = min(high, version if patch else (version[0], 999))
        elif sign in ("<", "<="):
            high = min(high, version if sign == "<=" or version[1] else (version[0] - 1, 999))
    return low, high


def _default_tags(key: str, provider: Provider) -> TagSet:
    expressions = provider.expressions if isinstance(provider.expressions, Mapping) else {}
    blocks = expressions.get("default_tags") or []
    tags: dict[str, Any] = {}
    more = ""
    for block in blocks if isinstance(blocks, list) else [blocks]:
        found, unknown = tags_of_expression(block.get("tags") if isinstance(block, Mapping) else None)
        tags |= found
        if unknown:
            more = f"default_tags of the provider {key} come from {unknown}"
    return TagSet(f'provider "{key}" default_tags', tags, more)


def tags_of_expression(expression: Any) -> tuple[dict[str, Any], str]:
    """Return the tags that an expression of the configuration surely has, and what the rest comes from, "" for nothing.

    >>> tags_of_expression({"constant_value": {"team": "ml"}}), tags_of_expression({"references": ["var.tags"]})
    (({'team': 'ml'}, ''), ({}, 'var.tags'))
    """
    if not isinstance(expression, Mapping):
        return {}, ""
    constant = expression.get("constant_value")
    if isinstance(constant, Mapping):
        return {key: value for key, value in constant.items() if value is not None}, ""
    references = expression.get("references")
    if isinstance(references, list) and references:
        # `local.tags.team` comes with `local.tags`, which says no more.
        names = [str(name) for name in references]
        longest = [name for name in names if not any(other.startswith(f"{name}.") for other in names)]
        return {}, ", ".join(longest)
    return {}, ""


def overlay(defaults: TagSet, own: Mapping[str, Any], more: str) -> Mapping[str, Any]:
    """Return own tags over defaults; while further own tags may come, a default's value may still be replaced.

    Raises: nothing.
    """
    under = dict.fromkeys(defaults.tags, UNKNOWN) if more else defaults.tags
    return {**under, **own}
