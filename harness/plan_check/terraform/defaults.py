"""Find the default_tags of each provider configuration, and which one a resource has, through aliases and modules."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from harness.plan_check.model import UNKNOWN, TagSet
from harness.plan_check.terraform.evidence import learned_defaults, unknown_defaults
from harness.plan_check.terraform.plan_json import ConfigResource, Plan, Provider, plain_indexes, written

Version = tuple[int, int]

_CONSTRAINT = re.compile(r"(~>|>=|<=|!=|=|<|>|)\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?")
_NONE = TagSet("default_tags", {})


class Defaults:
    """Answer for the resources of one plan; what is written is indexed when it is first asked for.

    `are_partly_hidden`: of some provider configuration they are not constant, or its ignore_tags hide some.
    """

    __slots__ = (
        "_by_provider",
        "_expressions",
        "_ignored",
        "_learned",
        "_plan",
        "_types",
        "_unknown",
        "_written",
        "are_partly_hidden",
    )

    def __init__(self, plan: Plan) -> None:
        """Read the provider configurations."""
        self._plan = plan
        self._written: Mapping[str, ConfigResource] | None = None
        self._learned: Mapping[str, Mapping[str, Any]] | None = None
        self._unknown: frozenset[str] | None = None
        self._types: frozenset[str] | None = None
        self._by_provider = {key: _default_tags(key, provider) for key, provider in self._providers().items()}
        references = {key: _references(provider) for key, provider in self._providers().items()}
        self._expressions = {key: found for key, found in references.items() if found}
        ignored = {key: _ignored_keys(provider) for key, provider in self._providers().items()}
        self._ignored = {key: forms for key, forms in ignored.items() if forms is None or forms}
        self.are_partly_hidden = bool(self._expressions or self._ignored)

    def _providers(self) -> Mapping[str, Provider]:
        return self._plan.configuration.provider_config if self._plan.configuration else {}

    def resource(self, address: str) -> ConfigResource | None:
        """Return a resource as it is written; None where the plan has no configuration of it. Raises: nothing."""
        if self._written is None:
            self._written = written(self._plan.configuration)
        return self._written.get(plain_indexes(address))

    def types(self) -> frozenset[str]:
        """Return the types of the plan's resources. Raises: nothing."""
        if self._types is None:
            self._types = frozenset(each.type for each in self._plan.changes())
        return self._types

    def provider_of(self, address: str) -> str:
        """Return the provider configuration of a resource (`aws.west`); "" where it is not known. Raises: nothing."""
        resource = self.resource(address)
        key = plain_indexes(resource.provider_config_key) if resource else ""
        while key and key not in self._by_provider and ":" in key:
            # Before Terraform 1.1, `module.a.module.b:aws` may be the configuration of module.a, or of the root.
            path, _, name = key.rpartition(":")
            parent = path.rpartition(".module.")[0] if ".module." in path else ""
            key = f"{parent}:{name}" if parent else name
        return key

    def versions(self, name: str) -> tuple[Version, Version]:
        """Return the lowest and highest minor version of a provider that all its constraints allow. Raises: nothing."""
        constraints = (each.version_constraint for each in self._providers().values() if each.name == name)
        return _versions(", ".join(constraints))

    def of(self, address: str) -> TagSet:
        """Return the default_tags that a resource gets.

        They are what the configuration says, and where that is an expression what other resources of the same provider
        configuration show. Without a configuration in the plan nothing is known of them. Raises: nothing.
        """
        key = self.provider_of(address)
        if not key:
            return TagSet("default_tags", {}, "the plan does not show the provider's configuration")
        found = self._by_provider.get(key, _NONE)
        if found.tags and not found.more:
            return found  # constants; where there are none, a dynamic block may be what the plan does not show
        if any(name.startswith("each.") for name in self._expressions.get(key, ())):
            return found  # OpenTofu's for_each: another instance of the provider shows others
        if self._learned is None:
            self._learned = learned_defaults(self._plan, self.provider_of, self._by_provider)
        seen = self._learned.get(key)
        if seen is None:
            return found
        if key in self._ignored:  # which no resource shows
            more = found.more or f"default_tags of the provider {key} are not constant"
            return TagSet(found.path, seen, f"{more}, and its ignore_tags hide some", may_come=self._ignored[key])
        return TagSet(found.path, seen)

    def completed(self, address: str, tags: Mapping[str, Any], own: Mapping[str, Any]) -> TagSet:
        """Return the tags that a plan shows of a resource, with those that ignore_tags of its provider hide.

        They hide keys from `tags_all`, and not from the call that makes the resource: provider 5.100.0 sends there what
        default_tags and the resource itself have, ignored or not. Raises: nothing.
        """
        more = self._unknown_for(address) if self._expressions else ""
        key = self.provider_of(address) if self._ignored else ""
        if key not in self._ignored:
            return TagSet("tags", tags, more, own)
        sent = self.of(address)
        may_come = self._ignored[key] if sent.more and not more else None  # all others are shown
        return TagSet("tags", {**sent.tags, **tags}, more or sent.more, own, may_come=may_come)

    def _unknown_for(self, address: str) -> str:
        """Return why default_tags of a resource are not known though the plan shows its tags; "" if they are known."""
        if self._unknown is None:
            self._unknown = unknown_defaults(self._plan, self.provider_of, self._expressions)
        if not self._unknown:
            return ""
        key = self.provider_of(address)
        return self._by_provider[key].more if key in self._unknown else ""


@cache
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


def _blocks(provider: Provider, name: str) -> Iterator[Mapping[str, Any]]:
    """Yield the expressions in each block of a name."""
    expressions = provider.expressions if isinstance(provider.expressions, Mapping) else {}
    blocks = expressions.get(name) or []
    yield from (block for block in (blocks if isinstance(blocks, list) else [blocks]) if isinstance(block, Mapping))


def _ignored_keys(provider: Provider) -> frozenset[str] | None:
    """Return the keys that ignore_tags hide, with * after a prefix; None where the plan does not tell which."""
    forms: set[str] = set()
    for block in _blocks(provider, "ignore_tags"):
        for name, end in (("keys", ""), ("key_prefixes", "*")):
            if name not in block:
                continue
            held = block[name].get("constant_value") if isinstance(block[name], Mapping) else None
            if not isinstance(held, list):
                return None
            forms |= {f"{key}{end}" for key in held}
    return frozenset(forms)


def _references(provider: Provider) -> tuple[str, ...]:
    written = (block.get("tags") for block in _blocks(provider, "default_tags"))
    held = (tags.get("references") for tags in written if isinstance(tags, Mapping))
    return tuple(str(name) for names in held if isinstance(names, list) for name in names)


def _default_tags(key: str, provider: Provider) -> TagSet:
    tags: dict[str, Any] = {}
    more = ""
    for block in _blocks(provider, "default_tags"):
        found, unknown = tags_of_expression(block.get("tags"))
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
