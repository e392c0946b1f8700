"""Decode `terraform show -json`: of each resource only what a check needs, the rest of the file is passed over.

More than half of a plan is planned_values, prior_state and the attributes of resources that carry no tags.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

import msgspec

from harness.errors import TagrailError
from harness.plan_check.inputs import NotAnInputError

_VERSION = re.compile(r"[01]\.\d+")
_NULL = msgspec.Raw(b"null")


# What msgspec raises for JSON that is broken, of another form, no UTF-8, or nested too deeply.
UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class PlanError(TagrailError):
    """Report a file that is no plan of Terraform or OpenTofu, or one that cannot be read whole."""


class Change(msgspec.Struct, gc=False):
    """Hold what becomes of a resource; its attributes are JSON text still, which `decoder_of` reads for a type."""

    actions: tuple[str, ...] = ()
    before: msgspec.Raw = _NULL
    after: msgspec.Raw = _NULL
    after_unknown: msgspec.Raw = _NULL
    before_sensitive: msgspec.Raw = _NULL
    after_sensitive: msgspec.Raw = _NULL
    importing: msgspec.Raw = _NULL


class ResourceChange(msgspec.Struct, gc=False):
    """Hold one entry of resource_changes."""

    address: str
    type: str = ""
    mode: str = "managed"
    previous_address: str = ""
    deposed: str = ""
    change: Change = msgspec.field(default_factory=Change)


class Drift(ResourceChange, gc=False):
    """Hold one entry of resource_drift; where it names no resource it is about none."""

    address: str = ""


class Provider(msgspec.Struct, gc=False):
    """Hold a provider's configuration as the plan shows it."""

    name: str = ""
    expressions: Any = None
    version_constraint: str = ""


class ConfigResource(msgspec.Struct, gc=False):
    """Hold a resource as it is written: which provider configuration it has, and how its tags are written."""

    address: str = ""
    provider_config_key: str = ""
    expressions: Any = None


class Call(msgspec.Struct, gc=False):
    """Hold a call of a module."""

    module: "Module | None" = None
    source: str = ""


class Module(msgspec.Struct, gc=False):
    """Hold a module as it is written."""

    resources: list[ConfigResource] = []
    module_calls: dict[str, Call] = {}


class Configuration(msgspec.Struct, gc=False):
    """Hold the plan's configuration."""

    provider_config: dict[str, Provider] = {}
    root_module: Module = msgspec.field(default_factory=Module)


class Deferred(msgspec.Struct, gc=False):
    """Hold a change that Terraform puts off to a later plan, since something that it needs is unknown."""

    resource_change: ResourceChange


class Plan(msgspec.Struct, gc=False):
    """Hold a plan: only what a check needs."""

    format_version: str = ""
    terraform_version: str = ""
    resource_changes: list[ResourceChange] | None = None
    configuration: Configuration | None = None
    deferred_changes: list[Deferred] = []
    resource_drift: msgspec.Raw = _NULL
    planned_values: msgspec.Raw = _NULL
    errored: bool = False

    def drift(self) -> list[Drift]:
        """Return what was changed outside of Terraform since the last apply.

        Raises: PlanError for what is not as Terraform writes it; read only where a plan changes what governs.
        """
        try:
            return msgspec.json.decode(self.resource_drift, type=list[Drift] | None) or []
        except UNREADABLE as error:
            rule = "must have resource_drift as terraform shows it"
            raise PlanError(f"the plan: {rule}; got {said(error)}. Do plan again") from error

    def changes(self) -> Iterator[ResourceChange]:
        """Yield the changes, those that are put off to a later plan last. Raises: nothing."""
        yield from self.resource_changes or ()
        yield from (each.resource_change for each in self.deferred_changes)


_DECODER = msgspec.json.Decoder(Plan)


@cache
def decoder_of(names: tuple[str, ...]) -> Callable[[msgspec.Raw], Any]:
    """Return a function that reads these attributes of a resource, None each where it has none of them.

    It returns True for JSON's true (all is unknown, all is sensitive) and None for null.
    """
    values = msgspec.defstruct("Values", [(name, Any, None) for name in names], gc=False)
    return msgspec.json.Decoder(values | bool | None).decode


def decode_plan(content: Any, name: str) -> Plan:
    """Return a plan.

    `content` is anything with a buffer of UTF-8 text: bytes, or a memory map, of which nothing is copied but what is
    needed.
    Raises: PlanError naming the file, what is wrong with it and where; NotAnInputError for a document that is no plan.
    """
    try:
        plan = _DECODER.decode(content)
    except UNREADABLE as error:
        raise PlanError(f"{name}: must be the output of terraform show -json; got {said(error)}. {_REPAIR}") from error
    if not _VERSION.fullmatch(plan.format_version) and plan.resource_changes is None:
        held = f"format_version {plan.format_version!r}" if plan.format_version else "no format_version"
        raise NotAnInputError(f"{name}: must be a plan with resource_changes; got a document with {held}. {_REPAIR}")
    if plan.format_version and not _VERSION.fullmatch(plan.format_version):
        rule = "must have format_version 0.x or 1.x, the formats that are known"
        raise PlanError(f"{name}: {rule}; got {plan.format_version!r}. Do update tagrail")
    if plan.errored:
        raise PlanError(f"{name}: must be a plan that was made whole; got one that ended in an error. Do plan again")
    return plan


_REPAIR = "Do run terraform plan -out=plan, then terraform show -json plan > plan.json"


def said(error: Exception) -> str:
    """Return a decoder's words, with the place that it names. Raises: nothing."""
    if isinstance(error, RecursionError):
        return "JSON that is nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return f"text that is no UTF-8 ({error.reason})"
    text = str(error)
    return text[:1].lower() + text[1:]


def plain_indexes(address: str) -> str:
    """Return an address without the keys of count and for_each.

    >>> plain_indexes('module.a["x.y"].aws_s3_bucket.logs[0]'), plain_indexes("aws_s3_bucket.put_off[*]")
    ('module.a.aws_s3_bucket.logs', 'aws_s3_bucket.put_off')
    """
    return _INDEX.sub("", address) if "[" in address else address


_INDEX = re.compile(r'\[(?:\d+|\*|"(?:[^"\\]|\\.)*")\]')


def written(configuration: Configuration | None) -> Mapping[str, ConfigResource]:
    """Return address without indexes -> the resource as it is written, through all modules. Raises: nothing."""
    found: dict[str, ConfigResource] = {}
    pending = [("", configuration.root_module)] if configuration else []
    while pending:
        prefix, module = pending.pop()
        found.update((prefix + resource.address, resource) for resource in module.resources)
        for name, call in module.module_calls.items():
            if call.module:
                pending.append((f"{prefix}module.{name}.", call.module))
    return found
