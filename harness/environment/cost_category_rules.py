"""Check what the cost categories of an environment mean: names, rules that AWS can hold, values that exist."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain

from harness.dictionary import Dictionary, allows
from harness.environment.cost_model import CategoryRule, CostCategory, CostConditions
from harness.environment.model import Environment
from harness.environment.named_accounts import account_name_faults
from harness.environment.split_charge_rules import split_charge_faults
from harness.facts import Facts
from harness.spelling import nearest
from harness.yaml_source import Path_

Faults = Iterator[tuple[Path_, str]]

_AT: Path_ = ("cost_categories",)
_KINDS = ("value", "per_value_of", "inherit_tag", "inherit")
_PATTERN = re.compile(r"\*?[^*]+\*?")


def cost_category_faults(environment: Environment, dictionary: Dictionary, facts: Facts) -> Faults:
    """Yield every fault of `cost_categories` as its path and message. Raises: nothing."""
    most = facts.limits["cost_categories_per_payer"]
    if len(environment.cost_categories) > most:
        yield _AT, f"must hold {most} cost categories at most; got {len(environment.cost_categories)}. Do merge some"
    for name, category in environment.cost_categories.items():
        at: Path_ = (*_AT, name)
        yield from ((at, fault) for fault in name_faults(name, facts))
        yield from (((*at, "default"), fault) for fault in name_faults(category.default, facts))
        for index, rule in enumerate(category.rules):
            yield from _rule((*at, "rules", index), rule, dictionary, facts)
        yield from _count(at, category, dictionary, facts)
        yield from split_charge_faults(at, category, named_values(category, dictionary), facts)


def possible_values(category: CostCategory, dictionary: Dictionary) -> frozenset[str] | None:
    """Return every value that the category can give; None where a rule inherits values. Raises: nothing."""
    if any(rule.inherit or rule.inherit_tag for rule in category.rules):
        return None
    return named_values(category, dictionary)


def named_values(category: CostCategory, dictionary: Dictionary) -> frozenset[str]:
    """Return the default and the values that rules name, without those that they inherit. Raises: nothing."""
    keys = (rule.per_value_of for rule in category.rules if rule.per_value_of in dictionary.tags)
    given = (rule.value for rule in category.rules if rule.value is not None)
    return frozenset(chain([category.default], given, *(dictionary.every_value(key) for key in keys if key)))


def name_faults(name: str, facts: Facts) -> Iterator[str]:
    """Yield what AWS would refuse in the name or in a value of a cost category, as message texts. Raises: nothing."""
    most = facts.limits["cost_category_name_characters"]
    if not name.strip():
        yield 'must have 1 character or more; got "". Do name it'
    elif name != name.strip():
        yield f'must not begin or end with a space; got "{name}". Do write "{name.strip()}"'
    if (size := len(name.encode())) > most:
        rule = f"must have {most} characters at most, and no more bytes, which the AWS provider counts"
        yield f'{rule}; got {size} bytes in "{name}". Do shorten it'
    bad = "".join(dict.fromkeys(sign for sign in name if not _allowed(sign)))
    if bad:
        yield f'must hold letters, digits, spaces, _ and - only; got "{bad}" in "{name}". Do remove it'


def _allowed(sign: str) -> bool:
    category = unicodedata.category(sign)
    return sign in "_-" or category == "Zs" or category[0] in "LN"


def _rule(at: Path_, rule: CategoryRule, dictionary: Dictionary, facts: Facts) -> Faults:
    given = [kind for kind in _KINDS if getattr(rule, kind) is not None]
    if len(given) != 1:
        found = " and ".join(given) or "none"
        message = f"must have exactly one of {', '.join(_KINDS[:-1])} and {_KINDS[-1]}; got {found}. "
        yield at, message + ("Do write one rule each" if given else "Do add one")
        return
    conditional = [name for name in ("tags", "accounts", "service_codes", "charge_types") if getattr(rule, name)]
    conditional += ["unless"] if rule.unless != CostConditions() else []
    if given[0].startswith("inherit") and conditional:
        rule_text = f"must be left out beside {given[0]}: such a rule of AWS's has no conditions"
        yield (*at, conditional[0]), f"{rule_text}. Do write rules with value above it"
    if rule.value is not None:
        yield from (((*at, "value"), fault) for fault in name_faults(rule.value, facts))
        if not conditional:
            yield at, "must name costs; got no condition. Do add tags, accounts, service_codes or charge_types"
    if rule.inherit_tag is not None:
        yield from billed_key_faults((*at, "inherit_tag"), rule.inherit_tag, dictionary)
    if rule.per_value_of is not None:
        yield from _per_value((*at, "per_value_of"), rule.per_value_of, rule, dictionary, facts)
    yield from _conditions(at, rule, dictionary, facts)
    yield from _conditions((*at, "unless"), rule.unless, dictionary, facts)


def _per_value(at: Path_, key: str, rule: CategoryRule, dictionary: Dictionary, facts: Facts) -> Faults:
    yield from billed_key_faults(at, key, dictionary)
    if key not in dictionary.tags:
        return
    if key in rule.tags or key in rule.unless.tags:
        yield at, f'must not stand beside tags of the same key; got "{key}". Do remove it there'
    values = dictionary.every_value(key)
    if not values:
        yield at, f'must be a key with values; "{key}" allows any. Do use inherit_tag, or list its values in tags.yaml'
    for value in values:
        if "*" in value:
            yield (
                at,
                f'must be a key with whole values; "{key}" allows "{value}". Do use inherit_tag, or tags and value',
            )
        else:
            yield from ((at, f'for the value "{value}": {fault}') for fault in name_faults(value, facts))


def _conditions(at: Path_, named: CostConditions, dictionary: Dictionary, facts: Facts) -> Faults:
    yield from account_name_faults((*at, "accounts"), named.accounts)
    for field in ("service_codes", "charge_types"):
        values: tuple[str, ...] = getattr(named, field)
        for index, value in enumerate(values):
            if not value.strip() or value in values[:index]:
                yield (*at, field, index), f'must be a name that appears once; got "{value}". Do correct it'
            elif field == "service_codes" and " " in value:
                example = value.replace(" ", "")
                rule = "must be a service code, since AWS sorts costs by no other name of a service"
                yield (*at, field, index), f'{rule}; got "{value}". Do write a code such as "{example}"'
            elif field == "charge_types" and value not in facts.charge_types:
                known = sorted(facts.charge_types)
                guess = nearest(value, known) or f" Do choose one of {', '.join(known)}"
                yield (*at, field, index), f'must be a charge type of cost categories; got "{value}".{guess}'
    for key, patterns in named.tags.items():
        yield from _tag((*at, "tags", key), key, patterns, dictionary)


def _tag(at: Path_, key: str, patterns: tuple[str, ...], dictionary: Dictionary) -> Faults:
    yield from billed_key_faults(at, key, dictionary)
    if not patterns:
        yield at, "must name a value; got an empty list. Do name one"
    allowed = dictionary.every_value(key) if key in dictionary.tags else ()
    for index, pattern in enumerate(patterns):
        if not _PATTERN.fullmatch(pattern):
            rule = 'must be a value, with "*" at its beginning, its end or both'
            yield (*at, index), f'{rule}; got "{pattern}". Do split it, or write it so'
        elif "*" not in pattern and allowed and not allows(allowed, pattern):
            guess = nearest(pattern, allowed) or f" Do choose one of {', '.join(allowed)}"
            yield (*at, index), f'must be an allowed value of the dictionary; got "{pattern}".{guess}'
        if pattern in patterns[:index]:
            yield (*at, index), f'must appear once; got "{pattern}" again. Do remove it'
    ends = {(pattern.startswith("*"), pattern.endswith("*")): pattern for pattern in reversed(patterns)}
    if len(ends) > 1:
        found = " and ".join(f'"{pattern}"' for pattern in sorted(ends.values()))
        yield at, f'must have "*" at the same place in all values, or nowhere; got {found}. Do write one rule for each'


def billed_key_faults(place: Path_, key: str, dictionary: Dictionary) -> Faults:
    """Yield why a key is none that billing knows: a rule on any other matches nothing. Raises: nothing."""
    if key not in dictionary.tags:
        guess = nearest(key, dictionary.tags) or " Do name a key of the dictionary"
        yield place, f'must be a key of the dictionary; got "{key}".{guess}'
    elif not dictionary.tags[key].cost_allocation:
        rule = "must be a cost allocation tag, else it matches nothing"
        yield place, f'{rule}; got "{key}". Do set cost_allocation: true'


def _count(at: Path_, category: CostCategory, dictionary: Dictionary, facts: Facts) -> Faults:
    if not category.rules:
        yield (*at, "rules"), "must hold a rule; got an empty list. Do add one, or remove the cost category"
    most = facts.limits["cost_category_rules"]
    count = sum(_rules_of(rule, dictionary) for rule in category.rules)
    if count > most:
        rule_text = f"must come to {most} rules at most, those of per_value_of included"
        yield (*at, "rules"), f"{rule_text}; got {count}. Do use inherit_tag, or fewer rules"


def _rules_of(rule: CategoryRule, dictionary: Dictionary) -> int:
    key = rule.per_value_of
    if key is None or key not in dictionary.tags:
        return 1
    return len(dictionary.every_value(key)) * (1 + len(dictionary.tags[key].deprecated_spellings))
