"""Tell from a plan's resources what default_tags are that the configuration gives as an expression.

A plan cannot be taken at its word there: while a default tag is unknown, provider 5.100 plans `tags_all` of a resource
with tags of its own as if there were no default_tags, and Terraform finds out at apply (terraform-provider-aws#19583).
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Literal

import msgspec

from harness.plan_check.terraform.plan_json import UNREADABLE, Plan, ResourceChange, decoder_of, plain_indexes
from harness.type_facts import terraform_type

Provided = Callable[[str], str]
Shown = tuple[Literal["known", "unknown", "open"], Mapping[str, Any]]


def unknown_defaults(plan: Plan, provider_of: Provided, providers: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Return the provider configurations whose default_tags are not known; `providers` maps them to their references.

    Each is decided by the first resource that tells; where none does, by what the references are. Raises: nothing; what
    cannot be read is refused when it is judged.
    """
    unknown: set[str] = set()
    undecided = set(providers)
    for key, (verdict, _) in _evidence(plan, provider_of, undecided):
        if verdict != "open":
            undecided.discard(key)
            unknown |= {key} if verdict == "unknown" else set()
    return frozenset(unknown | {key for key in undecided if _is_late(plan, providers[key])})


def learned_defaults(plan: Plan, provider_of: Provided, providers: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
    """Return provider configuration -> its default_tags, as a resource without tags of its own shows them.

    Raises: nothing, as above.
    """
    learned: dict[str, Mapping[str, Any]] = {}
    undecided = set(providers)
    for key, (verdict, tags) in _evidence(plan, provider_of, undecided):
        if verdict == "known" and tags:
            learned[key] = tags
            undecided.discard(key)
    return learned


def _evidence(plan: Plan, provider_of: Provided, undecided: Collection[str]) -> Iterator[tuple[str, Shown]]:
    """Yield what each resource shows of its provider configuration, while that is undecided."""
    for each in plan.changes():
        if not undecided:
            return
        facts = terraform_type(each.type)
        if each.mode != "data" and facts and facts.all and (key := provider_of(each.address)) in undecided:
            yield key, _shown(each)


def _shown(each: ResourceChange) -> Shown:
    """Return what a resource shows of its provider's default_tags, and these where it has no tags of its own."""
    decode = decoder_of(("tags", "tags_all"))
    try:
        after, unknown = decode(each.change.after), decode(each.change.after_unknown)
    except UNREADABLE:
        return "open", {}
    if not isinstance(after, msgspec.Struct) or not isinstance(unknown, msgspec.Struct):
        return "open", {}
    own, both = getattr(after, "tags"), getattr(after, "tags_all")  # noqa: B009 (structs made at run time)
    if getattr(unknown, "tags_all") is True and not getattr(unknown, "tags"):  # noqa: B009
        return "unknown", {}
    if not isinstance(both, Mapping) or not both.keys() - (own or {}).keys():
        return "open", {}
    return "known", {} if own else both


def _is_late(plan: Plan, references: Collection[str]) -> bool:
    """Tell whether a reference is to an attribute that the plan marks as known after apply."""
    for each in plan.resource_changes or ():
        address = plain_indexes(each.address)
        named = [name.removeprefix(f"{address}.") for name in references if name.startswith(f"{address}.")]
        if not named:
            continue
        marks = msgspec.json.decode(each.change.after_unknown)
        if marks is True or each.change.actions == ("read",):
            return True
        if isinstance(marks, dict) and any(marks.get(name.partition(".")[0]) for name in named):
            return True
    return False
