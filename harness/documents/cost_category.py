"""Render the cost categories of an environment, equal to what modules/cost-category renders in HCL.

A document is flat and in order, so that a report can sort costs by it without AWS: of the rules the first whose
conditions all hold decides, else the default.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from harness.dictionary import Dictionary
from harness.environment import CategoryRule, CostCategory, CostConditions, Environment

AccountId = Callable[[str], str]
Match = Literal["EQUALS", "STARTS_WITH", "ENDS_WITH", "CONTAINS"]


@dataclass(frozen=True, slots=True, order=True)
class ConditionDocument:
    """Hold one condition: any of the sorted values matches, or none where it is negated.

    `kind` is TAG with a tag key, or DIMENSION with LINKED_ACCOUNT, SERVICE_CODE or RECORD_TYPE.
    """

    negated: bool
    kind: str
    key: str
    match: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CategoryRuleDocument:
    """Hold one rule: a value for costs that meet all conditions, or what the value is inherited from.

    `inherits` is LINKED_ACCOUNT_NAME or TAG with `inherited_key`; it matches costs that have such a value.
    """

    value: str | None = None
    conditions: tuple[ConditionDocument, ...] = ()
    inherits: str | None = None
    inherited_key: str | None = None


@dataclass(frozen=True, slots=True)
class SplitChargeDocument:
    """Hold how the costs of `source` are divided; `percents` stand beside the targets, in their order, with FIXED."""

    source: str
    method: str
    targets: tuple[str, ...]
    percents: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class CostCategoryDocument:
    """Hold one cost category: rules in order, split charges sorted by their source."""

    default: str
    rules: tuple[CategoryRuleDocument, ...]
    split_charges: tuple[SplitChargeDocument, ...] = ()


def render_cost_categories(
    dictionary: Dictionary, environment: Environment, account_id: AccountId
) -> dict[str, CostCategoryDocument]:
    """Return name -> document; `account_id` turns an account's name or id into its id.

    Raises: what `account_id` raises for an account that does not exist.
    """
    return {
        name: CostCategoryDocument(
            category.default,
            tuple(each for rule in category.rules for each in _rules(dictionary, rule, account_id)),
            tuple(sorted(_splits(category), key=lambda split: split.source)),
        )
        for name, category in environment.cost_categories.items()
    }


def _rules(dictionary: Dictionary, rule: CategoryRule, account_id: AccountId) -> Iterator[CategoryRuleDocument]:
    """Yield what one rule of env.yaml stands for.

    Of a key with deprecated spellings the right one decides where a resource carries both.
    """
    if rule.per_value_of is not None:
        further = conditions_of(rule, account_id)
        values = dictionary.every_value(rule.per_value_of)
        for key in (rule.per_value_of, *dictionary.tags[rule.per_value_of].deprecated_spellings):
            for value in values:
                own = ConditionDocument(negated=False, kind="TAG", key=key, match="EQUALS", values=(value,))
                yield CategoryRuleDocument(value, tuple(sorted((own, *further))))
    elif rule.inherit_tag is not None:
        yield CategoryRuleDocument(inherits="TAG", inherited_key=rule.inherit_tag)
    elif rule.inherit is not None:
        yield CategoryRuleDocument(inherits="LINKED_ACCOUNT_NAME")
    else:
        yield CategoryRuleDocument(rule.value, conditions_of(rule, account_id))


def conditions_of(rule: CategoryRule, account_id: AccountId) -> tuple[ConditionDocument, ...]:
    """Return the conditions of a rule, sorted. Raises: as `account_id` does."""
    found = [*_conditions(rule, account_id, negated=False), *_conditions(rule.unless, account_id, negated=True)]
    return tuple(sorted(found))


def _conditions(named: CostConditions, account_id: AccountId, *, negated: bool) -> Iterator[ConditionDocument]:
    dimensions = {
        "LINKED_ACCOUNT": tuple(account_id(account) for account in named.accounts),
        "RECORD_TYPE": named.charge_types,
        "SERVICE_CODE": named.service_codes,
    }
    for key, values in dimensions.items():
        if values:
            yield ConditionDocument(negated, "DIMENSION", key, "EQUALS", tuple(sorted(values)))
    for key, patterns in named.tags.items():
        plain = tuple(sorted(pattern.strip("*") for pattern in patterns))
        yield ConditionDocument(negated, "TAG", key, match_of(patterns[0]), plain)


def match_of(pattern: str) -> Match:
    """Return how AWS calls the match of a value with a `*` at one end or at both.

    >>> match_of("ml-*"), match_of("*ml*"), match_of("ml")
    ('STARTS_WITH', 'CONTAINS', 'EQUALS')
    """
    kinds: Mapping[tuple[bool, bool], Match] = {
        (False, False): "EQUALS",
        (False, True): "STARTS_WITH",
        (True, False): "ENDS_WITH",
        (True, True): "CONTAINS",
    }
    return kinds[pattern.startswith("*"), pattern.endswith("*")]


def _splits(category: CostCategory) -> Iterator[SplitChargeDocument]:
    for split in category.split_charges:
        targets = split.targets or tuple(split.percents)
        yield split_charge(split.source, split.method.upper(), targets, tuple(split.percents.values()))


def split_charge(source: str, method: str, targets: Sequence[str], percents: Sequence[float]) -> SplitChargeDocument:
    """Return a split charge with its targets in one order; where as many percents are given, each stays at its target.

    Raises: nothing.
    """
    paired = len(percents) == len(targets)
    order = sorted(range(len(targets)), key=lambda index: provider_order(targets[index]))
    shares = tuple(percents[index] for index in order) if paired else tuple(percents)
    return SplitChargeDocument(source, method, tuple(targets[index] for index in order), shares)


def provider_order(target: str) -> str:
    """Return what Terraform's AWS provider sorts the targets of a split charge by.

    It keeps them as a set, and sends them in the order of their hashes, written out as text, whatever the
    configuration says: percents that stand in another order would charge the wrong value.
    Source: hashicorp/terraform-provider-aws issue 42836; terraform-plugin-sdk helper/schema/set.go.

    >>> sorted(["Finance", "Retail"], key=provider_order)
    ['Retail', 'Finance']
    """
    return str(zlib.crc32(f"{target};".encode()))
