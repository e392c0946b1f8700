"""Render the AWS Config rules of a dictionary, equal to what modules/required-tags renders in HCL.

Three kinds: REQUIRED_TAGS for types that it sees; a Guard rule for types that it does not see (SageMaker first);
a Guard rule for values that it cannot judge (empty, wildcard, pattern, or too long for its parameters).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from harness.dictionary import Dictionary
from harness.documents.guard import Block, TagCheck, guard_policy, presence_block, value_block
from harness.facts import Facts
from harness.packing import canonical_json, digest, pack, size_bytes


@dataclass(frozen=True, slots=True)
class RuleDocument:
    """Hold one rule: `parameters` (tag1Key, tag1Value, ...) of a managed rule, or the `policy` text of a Guard rule."""

    kind: Literal["managed", "guard"]
    resource_types: tuple[str, ...]
    parameters: Mapping[str, str] | None = None
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class _Group:
    """Hold the mandatory keys that share one list of resource types."""

    label: str
    types: tuple[str, ...]
    checks: Mapping[str, TagCheck]


def render_config_rules(dictionary: Dictionary, name: str, facts: Facts) -> dict[str, RuleDocument]:
    """Return rule name -> document; `name` is the environment's prefix.

    Raises: nothing; what does not fit is found by `capacity_faults`.
    """
    documents: dict[str, RuleDocument] = {}
    for group in _groups(dictionary):
        seen = tuple(kind for kind in group.types if kind in facts.required_tags_resource_types)
        unseen = tuple(kind for kind in group.types if kind not in facts.required_tags_resource_types)
        if seen:
            for label, parameters in _managed(group, facts.limits):
                documents[f"{name}-required-tags{group.label}-{label}"] = RuleDocument("managed", seen, parameters)
            left = {key: check for key, check in group.checks.items() if not _judged(key, check, facts.limits)}
            for label, text in _guarded("tag_values", value_block, left, facts.limits):
                documents[f"{name}-tag-values-guard{group.label}-{label}"] = RuleDocument("guard", seen, policy=text)
        if unseen:
            for label, text in _guarded("required_tags", presence_block, group.checks, facts.limits):
                rule = f"{name}-required-tags-guard{group.label}-{label}"
                documents[rule] = RuleDocument("guard", unseen, policy=text)
    return documents


def _groups(dictionary: Dictionary) -> tuple[_Group, ...]:
    default = tuple(sorted(set(dictionary.defaults.mandatory_for)))
    checks: dict[tuple[str, ...], dict[str, TagCheck]] = {}
    for key in dictionary.mandatory_keys():
        tag = dictionary.tags[key]
        check = TagCheck(dictionary.every_value(key), tag.pattern)
        checks.setdefault(dictionary.mandatory_types(key), {})[key] = check
    labels = {types: "" if types == default else f"-{digest(canonical_json(types), 6)}" for types in checks}
    return tuple(_Group(labels[types], types, found) for types, found in checks.items())


def parameter_size(key: str, values: tuple[str, ...]) -> int:
    """Return the bytes that one key, its values and the comma take in the parameters of REQUIRED_TAGS."""
    return size_bytes(canonical_json(_parameters({key: values}))) - 1


def _parameters(values_by_key: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for number, (key, values) in enumerate(values_by_key.items(), start=1):
        parameters[f"tag{number}Key"] = key
        if values:
            parameters[f"tag{number}Value"] = ",".join(values)
    return parameters


def _compared(key: str, check: TagCheck, limits: Mapping[str, int]) -> tuple[str, ...]:
    """Return the values that REQUIRED_TAGS can compare: whole ones, when they fit its parameters."""
    whole = not any("*" in value for value in check.values)
    fits = parameter_size(key, check.values) <= limits["config_rule_parameters_characters"] - 1
    return check.values if whole and fits else ()


def _judged(key: str, check: TagCheck, limits: Mapping[str, int]) -> bool:
    """Tell whether REQUIRED_TAGS alone judges the values of a key."""
    return check.pattern is None and bool(_compared(key, check, limits))


def _managed(group: _Group, limits: Mapping[str, int]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield label and parameters; a key that needs a rule of its own stands apart, so that no other moves its name."""
    room = limits["config_rule_parameters_characters"] - 1
    values = {key: _compared(key, check, limits) for key, check in group.checks.items()}
    sizes = {key: parameter_size(key, compared) for key, compared in values.items()}
    for label, keys in pack(sizes, room, limits["config_rule_keys"]).items():
        yield label, _parameters({key: values[key] for key in keys})


def _guarded(
    rule: str, block: Block, checks: Mapping[str, TagCheck], limits: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    room = limits["config_rule_policy_characters"] - len(guard_policy(rule, [""]))
    blocks = {key: block(key, check) for key, check in checks.items()}
    for label, keys in pack({key: size_bytes(text) + 1 for key, text in blocks.items()}, room).items():
        yield label, guard_policy(rule, [blocks[key] for key in keys])
