"""Say which values an environment offers in Service Catalog, and check what it says of them."""

import re
from collections.abc import Iterator, Mapping

from harness.dictionary import Dictionary
from harness.environment.model import Environment, TagOption
from harness.facts import Facts
from harness.spelling import nearest
from harness.tag_text import key_faults, value_faults
from harness.yaml_source import Path_

Faults = Iterator[tuple[Path_, str]]

_AT: Path_ = ("tag_option",)
_IDS = {"portfolios": "port", "products": "prod"}


def offered_values(dictionary: Dictionary, environment: Environment) -> dict[str, tuple[str, ...]]:
    """Return key -> every value that some unit allows, those with a `*` among them; nothing without `tag_option`.

    Keys are sorted; those that the dictionary does not have are left out. Raises: nothing.
    """
    section = environment.tag_option
    if section is None:
        return {}
    mandatory = (key for key in dictionary.mandatory_keys() if dictionary.every_value(key))
    keys = sorted({*(mandatory if section.keys is None else section.keys)} & dictionary.tags.keys())
    return {key: dictionary.every_value(key) for key in keys}


def tag_option_faults(environment: Environment, dictionary: Dictionary, facts: Facts) -> Faults:
    """Yield every fault of `tag_option` as its path and message. Raises: nothing."""
    section = environment.tag_option
    if section is None:
        return
    yield from _keys(section, dictionary)
    yield from _ids(section)
    offered = offered_values(dictionary, environment)
    if not (section.keys or offered or section.retired):
        found = "an empty list" if section.keys == () else "none, and no mandatory key has values"
        yield (*_AT, "keys"), f"must name a key; got {found}. Do name one, or remove tag_option"
    yield from _retired(section, offered, facts)
    yield from _counts(section, offered, facts)


def _keys(section: TagOption, dictionary: Dictionary) -> Faults:
    keys = section.keys or ()
    for index, key in enumerate(keys):
        place: Path_ = (*_AT, "keys", index)
        if key not in dictionary.tags:
            guess = nearest(key, dictionary.tags) or " Do name a key of the dictionary"
            yield place, f'must be a key of the dictionary; got "{key}".{guess}'
        elif all("*" in value for value in dictionary.every_value(key)):
            rule = 'must be a key with a value without "*", since a TagOption is one value'
            yield place, f'{rule}; got "{key}". Do list its values in tags.yaml'
        if key in keys[:index]:
            yield place, f'must appear once; got "{key}" again. Do remove it'


def _ids(section: TagOption) -> Faults:
    for field, prefix in _IDS.items():
        ids: tuple[str, ...] = getattr(section, field)
        for index, found in enumerate(ids):
            place = (*_AT, field, index)
            if not re.fullmatch(rf"{prefix}-[a-z0-9]{{1,95}}", found):
                rule = f"must be {prefix}- and 1 to 95 of a-z and 0-9"
                yield place, f'{rule}; got "{found}". Do copy the id from Service Catalog'
            if found in ids[:index]:
                yield place, f'must appear once; got "{found}" again. Do remove it'


def _retired(section: TagOption, offered: Mapping[str, tuple[str, ...]], facts: Facts) -> Faults:
    for key, values in section.retired.items():
        at: Path_ = (*_AT, "retired", key)
        for fault in key_faults(key, facts.limits):
            yield at, fault
        if not values:
            yield at, "must name a value; got an empty list. Do name one, or remove the key"
        for index, value in enumerate(values):
            for fault in value_faults(value, facts.limits, wildcard=False):
                yield (*at, index), fault
            if value in offered.get(key, ()):
                rule = f'must be no value of "{key}" in the dictionary, which offers it'
                yield (*at, index), f'{rule}; got "{value}". Do remove it here or there'
            if value in values[:index]:
                yield (*at, index), f'must appear once; got "{value}" again. Do remove it'


def _counts(section: TagOption, offered: Mapping[str, tuple[str, ...]], facts: Facts) -> Faults:
    """Keep the quotas: values of a key, inactive ones too, and TagOptions of one portfolio or product."""
    whole = {key: [value for value in values if "*" not in value] for key, values in offered.items()}
    most = facts.limits["tag_option_values_per_key"]
    for key in sorted({*whole, *section.retired}):
        count = len({*whole.get(key, ()), *section.retired.get(key, ())})
        if count > most:
            repair = "Do leave the key out of keys, or shorten its values or those retired"
            yield _AT, f'must need {most} TagOptions a key at most; got {count} for "{key}". {repair}'
    most = facts.limits["tag_options_per_resource"]
    count = sum(map(len, whole.values()))
    if (section.portfolios or section.products) and count > most:
        found = ", ".join(f"{key} ({len(values)})" for key, values in whole.items())
        rule = f"must offer {most} values at most in one portfolio or product"
        yield (*_AT, "keys"), f"{rule}; got {count}: {found}. Do name fewer keys"
