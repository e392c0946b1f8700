"""Compile what a dictionary demands of single resources into the facts that the checks read."""

from collections.abc import Mapping
from typing import Any, Literal

from harness.dictionary.model import Dictionary, Tag
from harness.type_facts import terraform_type, type_names

MandatoryOn = Literal["taggable", "dictionary"]


def taggable_types() -> dict[str, str]:
    """Return the types of Terraform's provider aws that take tags -> how: `map`, or `pairs` of key and value.

    Raises: nothing.
    """
    found = {name: terraform_type(name) for name in sorted(type_names()) if name.startswith("aws_")}
    return {name: facts.tags for name, facts in found.items() if facts and facts.tags}


def compile_facts(dictionary: Dictionary, unit: str = "", mandatory_on: MandatoryOn = "taggable") -> dict[str, Any]:
    """Return the facts as JSON: types, and for each key what is demanded of it in an organizational unit.

    `unit` is the path of the unit that the resources live in, "" for any. Mandatory keys are demanded on every type
    that takes tags, or on the types that the dictionary names for them. Raises: nothing.
    """
    types = taggable_types()
    keys = {key: _key(dictionary, key, tag, unit, types, mandatory_on) for key, tag in dictionary.tags.items()}
    return {"unit": unit, "types": types, "keys": keys}


def _key(  # noqa: PLR0913, PLR0917 (of one tag)
    dictionary: Dictionary, key: str, tag: Tag, unit: str, types: Mapping[str, str], mandatory_on: MandatoryOn
) -> dict[str, Any]:
    mandatory: bool | list[str] = tag.mandatory
    if tag.mandatory and mandatory_on == "dictionary":
        wanted = dictionary.mandatory_types(key)
        mandatory = [name for name in types if (facts := terraform_type(name)) and facts.cloudformation in wanted]
    everywhere, elsewhere = allowed_values(tag, unit)
    return {
        "mandatory": mandatory,
        "values": everywhere,
        "elsewhere": elsewhere,
        "pattern": tag.pattern,
        "deprecated": list(tag.deprecated_spellings),
        "forbids_pii": tag.pii == "forbidden",
        "default": tag.default,
    }


def allowed_values(tag: Tag, unit: str) -> tuple[list[str], list[str]]:
    """Return the values that are allowed in a unit and all units below it, and those that are in some of these.

    Both are empty where any value is allowed. Raises: nothing.
    """
    if tag.values is None:
        return [], []
    below = f"{unit}/" if unit else ""
    here = list(tag.values)
    for path, change in sorted(tag.values_by_ou.items(), key=lambda item: item[0].count("/")):
        if unit == path or unit.startswith(f"{path}/"):
            here = [value for value in (*here, *change.append) if value not in change.remove]
    deeper = [change for path, change in tag.values_by_ou.items() if path.startswith(below) and path != unit]
    removed = {value for change in deeper for value in change.remove}
    appended = [value for change in deeper for value in change.append if value not in here]
    everywhere = [value for value in here if value not in removed]
    return everywhere, [*(value for value in here if value in removed), *dict.fromkeys(appended)]
