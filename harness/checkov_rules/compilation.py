"""Compile what is required of single resources into the facts that the checks read."""

from typing import Any

from harness.plan_check.requirements import KeyRule, Requirements
from harness.plan_check.type_rules import TypeRules
from harness.type_facts import TypeFacts, terraform_type, type_names


def taggable_types() -> dict[str, TypeFacts]:
    """Return the facts of the types of Terraform's provider aws that take tags, by name. Raises: nothing."""
    found = {name: terraform_type(name) for name in sorted(type_names()) if name.startswith("aws_")}
    return {name: facts for name, facts in found.items() if facts and facts.tags}


def compile_facts(requirements: Requirements) -> dict[str, Any]:
    """Return the facts as JSON: how each type is tagged, and what is demanded of each key.

    `mandatory` is true for a key that every type needs, else the list of those that do. Raises: nothing.
    """
    types = taggable_types()
    demanded = {name: TypeRules(requirements, name, facts).mandatory for name, facts in types.items()}
    keys = {rule.key: _key(rule, [name for name in types if rule.key in demanded[name]]) for rule in requirements.keys}
    for facts in keys.values():
        facts["mandatory"] = facts["mandatory"] if len(facts["mandatory"]) < len(types) else True
    return {
        "unit": requirements.place,
        "types": {name: facts.tags for name, facts in types.items()},
        "prohibited": dict(requirements.prohibited),
        "keys": keys,
    }


def _key(rule: KeyRule, types: list[str]) -> dict[str, Any]:
    return {
        "mandatory": types,
        "values": None if rule.values is None else list(rule.values),
        "elsewhere": sorted({value for further in rule.elsewhere.values() for value in further}),
        "pattern": rule.pattern,
        "deprecated": list(rule.deprecated),
        "personal": rule.personal,
        "default": rule.default,
    }
