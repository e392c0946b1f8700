"""Check the values of one tag: AWS's limits, the pattern, units, default and personal data agree with each other."""

import re
from collections.abc import Iterator

from harness.dictionary.model import Tag
from harness.facts import Facts
from harness.policy.compliance import value_matches
from harness.spelling import nearest
from harness.tag_text import looks_personal, ou_path_faults, value_faults
from harness.yaml_source import Path_

Faults = Iterator[tuple[Path_, str]]

# Terraform's RE2 and AWS's Guard do not know these of Python's: lookaround, back references, and \Z.
_PYTHON_ONLY = re.compile(r"\(\?(?:=|!|<=|<!|P=|\()|(?<!\\)(?:\\\\)*\\[1-9Z]")


def value_rules(at: Path_, tag: Tag, facts: Facts) -> Faults:
    """Yield every fault of a tag's values as its path and message; `at` is the tag's place."""
    yield from _values(at, tag, facts)
    yield from _units(at, tag, facts)
    yield from _pattern(at, tag)
    yield from _default(at, tag, facts)
    yield from _personal(at, tag)


def _written(at: Path_, tag: Tag) -> Iterator[tuple[Path_, str]]:
    """Yield each value that the tag names anywhere, with its place."""
    for index, value in enumerate(tag.values or ()):
        yield (*at, "values", index), value
    for path, change in tag.values_by_ou.items():
        for index, value in enumerate(change.append):
            yield (*at, "values_by_ou", path, "append", index), value
    if tag.default is not None:
        yield (*at, "default"), tag.default


def _values(at: Path_, tag: Tag, facts: Facts) -> Faults:
    if tag.values is None:
        return
    if not tag.values:
        rule = "must name a value; got an empty list, which forbids the tag"
        yield (*at, "values"), f"{rule}. Do list values, or leave it out"
    for index, value in enumerate(tag.values):
        place = (*at, "values", index)
        for fault in value_faults(value, facts.limits, wildcard=True):
            yield place, fault
        yield from _twins(place, value, tag.values[:index])


def _twins(place: Path_, value: str, before: tuple[str, ...]) -> Faults:
    """Refuse a value that stands in `before`, as it is or in another case: people would mix them up."""
    if value in before:
        yield place, f'must appear once; got "{value}" again. Do remove it'
        return
    twin = next((other for other in before if other.lower() == value.lower()), None)
    if twin is not None:
        yield place, f'must differ from "{twin}" in more than case; got "{value}". Do keep one spelling'


def _units(at: Path_, tag: Tag, facts: Facts) -> Faults:
    if tag.values_by_ou and tag.values is None:
        message = "must be left out, since the tag allows any value. Do list values, or remove values_by_ou"
        yield (*at, "values_by_ou"), message
        return
    values = tag.values or ()
    for path, change in tag.values_by_ou.items():
        place: Path_ = (*at, "values_by_ou", path)
        for fault in ou_path_faults(path, facts.limits):
            yield place, fault
        if bool(change.append) == bool(change.remove):
            yield place, "must have exactly one of append and remove, with a value. Do keep one of them"
        yield from _appended(place, change.append, values, facts)
        for index, value in enumerate(change.remove):
            if value not in values:
                message = f'must be one of values; got "{value}".{nearest(value, values) or " Do remove it here"}'
                yield (*place, "remove", index), message
        if change.remove and values and not tag.values_at(path):
            others = [f'"{unit}"' for unit, at in tag.values_by_ou.items() if at.remove and path.startswith(f"{unit}/")]
            got = f"all of values, some of them at {' and '.join(others)}" if others else "all of values"
            yield (*place, "remove"), f"must leave a value; got {got}. Do keep one"


def _appended(at: Path_, appended: tuple[str, ...], values: tuple[str, ...], facts: Facts) -> Faults:
    for index, value in enumerate(appended):
        place = (*at, "append", index)
        for fault in value_faults(value, facts.limits, wildcard=True):
            yield place, fault
        if value in values:
            yield place, f'must be new; "{value}" is allowed everywhere. Do remove it here'
        else:
            yield from _twins(place, value, (*values, *appended[:index]))


def _pattern(at: Path_, tag: Tag) -> Faults:
    if tag.pattern is None:
        return
    place = (*at, "pattern")
    try:
        pattern = re.compile(tag.pattern)
    except re.error as error:
        yield place, f'must be a regular expression; got "{tag.pattern}": {error}. Do correct it'
        return
    if "\n" in tag.pattern:
        yield place, "must stand on one line; got a line break. Do write \\s in its place"
    if found := _PYTHON_ONLY.search(tag.pattern):
        rule = "must be a regular expression that Terraform and AWS Guard know"
        yield place, f'{rule}; got "{found[0]}" in "{tag.pattern}". Do write it without'
    for where, value in _written(at, tag):
        if "*" not in value and not pattern.fullmatch(value):
            yield where, f'must match the pattern {tag.pattern}; got "{value}". Do correct one of them'


def _default(at: Path_, tag: Tag, facts: Facts) -> Faults:
    if tag.default is None:
        return
    for fault in value_faults(tag.default, facts.limits, wildcard=False):
        yield (*at, "default"), fault
    if tag.values is not None and not allows(tag.values, tag.default):
        guess = nearest(tag.default, tag.values) or " Do choose one of them"
        yield (*at, "default"), f'must be one of values; got "{tag.default}".{guess}'


def _personal(at: Path_, tag: Tag) -> Faults:
    if tag.pii == "allowed":
        return
    for where, value in _written(at, tag):
        if looks_personal(value):
            message = f'must not be personal data, since pii is forbidden; got "{value}". '
            yield where, message + "Do name a team or role, or set pii: allowed"


def allows(values: tuple[str, ...], value: str) -> bool:
    """Tell whether one of `values` allows `value`; `*` stands for any text, case counts.

    >>> allows(("dev", "Sales-*"), "Sales-5045"), allows(("dev",), "Dev")
    (True, False)
    """
    return any(value_matches(allowed, value) for allowed in values)


def matches(pattern: str, value: str) -> bool:
    """Tell whether a pattern matches a whole value; one that is no pattern, which is refused elsewhere, matches all.

    >>> matches("[a-z]+", "ml"), matches("[a-z]+", "ml-1")
    (True, False)
    """
    try:
        return "\n" in pattern or bool(re.fullmatch(pattern, value))
    except re.error:
        return True
