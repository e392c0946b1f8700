"""Rules on the keys, values and operators of tag policies."""

import difflib
from collections.abc import Iterable, Iterator, Mapping

from harness.policy.lint import pages
from harness.policy.lint.model import TAGS, Find, Given, Lint, LintedPolicy, Rule, Severity, listed
from harness.policy.lint.tag_elements import entries, uses
from harness.policy.tag_policy import ASSIGN, CONTROL, ELEMENTS, OPERATORS
from harness.tag_text import bad_characters, key_faults


def _effective(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    if policy.told:
        return
    why = "it has no operators, as AWS shows an effective policy; AWS takes none of this form"
    yield Lint(
        "tags", why, 'Do write each element with an operator to use it as a policy: "tag_value": {"@@assign": [...]}'
    )


def _misspelt_operators(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, _key, entry in entries(policy):
        for element, operators in entry.items():
            if element in ELEMENTS and isinstance(operators, Mapping):
                known = sorted(OPERATORS if element != "tag_key" else {ASSIGN})
                yield from _misspelt(f"{path}.{element}", operators, [*known, CONTROL], "operator")


def _misspelt_elements(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, _key, entry in entries(policy):
        yield from _misspelt(path, entry, [*ELEMENTS, CONTROL], "element")


def _misspelt(path: str, names: Iterable[str], known: list[str], what: str) -> Iterator[Lint]:
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6)
            repair = f'Do write "{near[0]}"' if near else f"Do write one of {', '.join(known)}"
            yield Lint(f"{path}.{name}", f'AWS knows no {what} "{name}" here and refuses the policy', repair)


def _other_key(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for use in uses(policy, "tag_key"):
        if use.operator == ASSIGN and use.values[0].lower() != use.key.lower():
            why = f'tag_key "{use.values[0]}" is not the policy key "{use.key}", even without case; AWS refuses that'
            yield Lint(use.path, why, f'Do write "{use.key}" in both places')


def _other_capitals(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for use in uses(policy, "tag_key"):
        value = use.values[0] if use.operator == ASSIGN else use.key
        if value.lower() == use.key.lower() and use.key not in (value, value.lower()):
            why = f'tags must be spelt "{value}": the capitals of the policy key "{use.key}" count for nothing'
            yield Lint(use.path, why, f'Do write "{value}" in both places, or the one that is meant')


def _no_tag_key(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    spelt = {use.key for use in uses(policy, "tag_key") if use.operator == ASSIGN}
    for path, key, _entry in entries(policy):
        if key not in spelt and key != key.lower():
            why = f'without tag_key here or above AWS takes "{key.lower()}": tags spelt "{key}" do not comply'
            yield Lint(path, why, f'Do add "tag_key": {{"@@assign": "{key}"}}')


def _same_key(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    seen: dict[str, str] = {}
    for path, key, _entry in entries(policy):
        first = seen.setdefault(key.lower(), key)
        if first != key:
            yield Lint(path, f'"{key}" and "{first}" are one policy key, since case does not count', "Do merge the two")


def _reserved(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, key, _entry in entries(policy):
        if key.lower().startswith("aws:"):
            why = f'"{key}" begins with aws:, which AWS reserves: nobody can set such a tag'
            yield Lint(path, why, f'Do choose another key: "{key[4:] or "owner"}"')


def _impossible_key(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    for path, key, _entry in entries(policy):
        for fault in key_faults(key, given.limits):
            rule, _point, repair = fault.rpartition(". Do ")
            if not key.lower().startswith("aws:"):
                yield Lint(path, f"no tag can have this key: it {rule}", f"Do {repair}")


def _empty(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for use in uses(policy, "tag_value"):
        if not use.values and use.operator != "@@remove":
            why = "an empty list allows no value, not even an empty one: the key cannot be used where this is enforced"
            yield Lint(use.path, why, "Do remove tag_value, if any value is allowed")


def _two_stars(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for use in uses(policy, "tag_value"):
        for index, value in enumerate(use.values):
            if value.count("*") > 1:
                why = f'"{value}" has {value.count("*")} stars, and AWS takes one in a value'
                start, _star, rest = value.partition("*")
                near = f"{start}*{rest.rpartition('*')[2]}" if start else f"*{rest.replace('*', '')}"
                yield Lint(use.place(index), why, f'Do write one: "{near}"')


def _impossible_value(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    most = given.limits["tag_value_characters"]
    for use in uses(policy, "tag_value"):
        for index, value in enumerate(use.values):
            bad = bad_characters(value.replace("*", ""))
            if bad:
                allowed = "letters, digits, spaces and _ . : / = + - @"
                why = f'no tag can have the value "{value}": AWS allows {allowed}, no "{bad}"'
                yield Lint(use.place(index), why, "Do remove these characters")
            if len(value) > most:
                why = f"no tag can have this value: it has {len(value)} characters of {most}"
                yield Lint(use.place(index), why, "Do shorten it")


def _outer_space(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for use in uses(policy, "tag_value"):
        for index, value in enumerate(use.values):
            if value != value.strip():
                why = f'"{value}" begins or ends with a space, which reports cut off: the plain value does not match'
                yield Lint(use.place(index), why, f'Do write "{value.strip()}"')


def _values_in_two_cases(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for use in uses(policy, "tag_value"):
        seen: dict[str, str] = {}
        for index, value in enumerate(use.values):
            first = seen.setdefault(value.lower(), value)
            if first != value:
                why = f'"{value}" and "{first}" are two values, since case counts: costs split in two'
                yield Lint(use.place(index), why, "Do keep one of them, unless both are meant")


def _untagged(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    found = [use for use in uses(policy, "enforced_for") if use.values]
    if found:
        why = "a tag policy denies wrong tags, never absent ones: what is created without tags passes"
        repair = "Do demand the tags by a service control policy, and report_required_tag_for for reports"
        yield Lint(found[0].path, why, repair)


def _spelling_only(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    valued = {use.key.lower() for use in uses(policy, "tag_value")}
    found = [use for use in uses(policy, "enforced_for") if use.values and use.key.lower() not in valued]
    if found:
        names = listed(f'"{use.key}"' for use in found)
        why = (
            f"{names}: without tag_value here or above any value passes, and only the capitals of the key are enforced"
        )
        yield Lint(
            found[0].path, why, 'Do list the values, if any are meant: "tag_value": {"@@assign": ["dev", "prod"]}'
        )


def _rule(name: str, severity: Severity, says: str, find: Find, page: str = pages.TAG_SYNTAX) -> Rule:
    return Rule(name, severity, TAGS, says, page, find)


RULES = (
    Rule(
        "effective-policy",
        "warning",
        frozenset({"effective"}),
        "a tag policy has operators",
        pages.TAG_EFFECTIVE,
        _effective,
    ),
    _rule("misspelt-operator", "error", "an operator is spelt as AWS spells it", _misspelt_operators),
    _rule("misspelt-element", "error", "an element is spelt as AWS spells it", _misspelt_elements),
    _rule("tag-key-of-another-key", "error", "tag_key is the policy key, but for case", _other_key),
    _rule(
        "tag-key-capitals", "warning", "tag_key has the capitals of the policy key, where that has any", _other_capitals
    ),
    _rule("capitals-without-tag-key", "warning", "a key with capitals has a tag_key", _no_tag_key),
    _rule("keys-differ-in-case-only", "error", "two keys differ in more than case", _same_key),
    _rule("reserved-key", "error", "no key begins with aws:", _reserved, pages.TAG_RULES),
    _rule("impossible-key", "error", "a tag can have the key", _impossible_key, pages.TAG_RULES),
    _rule("no-value-allowed", "warning", "a list of values has one", _empty),
    _rule("two-wildcards-in-value", "error", "a value has one * at most", _two_stars),
    _rule("impossible-value", "error", "a tag can have the value", _impossible_value, pages.TAG_RULES),
    _rule("value-with-outer-space", "warning", "no value begins or ends with a space", _outer_space, pages.TAG_RULES),
    _rule("values-differ-in-case-only", "warning", "two values differ in more than case", _values_in_two_cases),
    _rule("untagged-not-denied", "info", "absence is denied by another plane", _untagged, pages.TAG_ENFORCEMENT),
    _rule("enforced-for-spelling-only", "info", "an enforced key lists its values", _spelling_only),
)
