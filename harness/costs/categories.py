"""Sort costs into the cost categories of env.yaml where the bill does not do it, and split what is shared."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final, NamedTuple

from harness.costs.breakdowns import Scope
from harness.costs.charges import literal
from harness.costs.filters import Tag, account_ids, tag_of
from harness.costs.ledger import Ledger
from harness.costs.model import Share, Split
from harness.documents import ConditionDocument, CostCategoryDocument, SplitChargeDocument

_DIMENSIONS: Final = {"LINKED_ACCOUNT": "SubAccountId", "SERVICE_CODE": "x_ServiceCode", "RECORD_TYPE": "x_RecordType"}

FOR_CATEGORIES: Final = ("x_ServiceCode", "x_RecordType")  # columns that nothing else needs


class Sorted(NamedTuple):
    """Hold the ledger with every category that can be told, and why the others cannot."""

    ledger: Ledger
    notes: tuple[str, ...]


def with_categories(
    ledger: Ledger,
    documents: Mapping[str, CostCategoryDocument],
    accounts: Mapping[str, str],
    lacking: frozenset[str] = frozenset(),
) -> Sorted:
    """Return the ledger with the categories that the bill itself does not have.

    `accounts` maps id to name; `lacking` are FOCUS columns that some file does not tell. Raises: nothing.
    """
    found = dict(ledger.categories)
    notes = []
    known = _Known(ledger, accounts, lacking)
    for name, document in documents.items():
        if name in found:
            continue
        try:
            found[name] = _value(known, document)
        except _UnknownError as error:
            notes.append(f"cost category {name} is not told: {error}")
    return Sorted(ledger._replace(categories=found), tuple(notes))


class _UnknownError(Exception):
    """Say what a bill lacks to sort costs by a rule."""


class _Known(NamedTuple):
    """Hold what a bill tells: accounts by id, and the columns that it lacks."""

    ledger: Ledger
    accounts: Mapping[str, str]
    lacking: frozenset[str]


def _value(known: _Known, document: CostCategoryDocument) -> str:
    """Return SQL of a category's value: the first rule whose conditions all hold decides, else the default."""
    cases = []
    for rule in document.rules:
        if rule.inherits == "TAG":
            tag = _tag(known.ledger, rule.inherited_key or "")
            cases.append(f"WHEN {tag.is_exact} AND {tag.value} <> '' THEN {tag.value}")
        elif rule.inherits:
            if not known.accounts:
                raise _UnknownError("the bill names no accounts")
            names = known.accounts.items()
            cases += [f"WHEN SubAccountId = {literal(number)} THEN {literal(name)}" for number, name in names]
        else:
            tests = " AND ".join(_condition(known, one) for one in rule.conditions)
            cases.append(f"WHEN {tests} THEN {literal(rule.value or '')}")
    return f"CASE {' '.join(cases)} ELSE {literal(document.default)} END"


def _condition(known: _Known, condition: ConditionDocument) -> str:
    if condition.kind == "TAG":
        tag = _tag(known.ledger, condition.key)
        test = f"({tag.is_exact} AND {_matches(tag.value, condition)})"
    else:
        column = _DIMENSIONS[condition.key]
        if column in known.lacking:
            raise _UnknownError(f"the bill has no {column}")
        if column == "SubAccountId":
            ids, instead = account_ids(condition.values, known.accounts)
            if instead:
                raise _UnknownError(f"the bill has {instead[0]}")
            condition = replace(condition, values=ids)
        test = _matches(column, condition)
    return f"NOT COALESCE({test}, FALSE)" if condition.negated else f"COALESCE({test}, FALSE)"


def _tag(ledger: Ledger, key: str) -> Tag:
    """Return a tag of exactly this key.

    Raises: _UnknownError for a key that is no spelling of the dictionary's, or charges whose tags nobody knows.
    """
    tag = tag_of(ledger, key)
    if tag is None:
        raise _UnknownError(f"{key} is no key of the dictionary")
    if not ledger.has_tags:
        raise _UnknownError("the bill has no tags for some or all charges")
    return tag


def _matches(column: str, condition: ConditionDocument) -> str:
    values = condition.values
    if condition.match == "EQUALS":
        return f"{column} IN ({', '.join(map(literal, values))})"
    function = {"STARTS_WITH": "STARTS_WITH", "ENDS_WITH": "ENDS_WITH", "CONTAINS": "CONTAINS"}[condition.match]
    return f"({' OR '.join(f'{function}({column}, {literal(value)})' for value in values)})"


def splits(ledger: Ledger, scope: Scope, documents: Mapping[str, CostCategoryDocument]) -> Iterator[Split]:
    """Yield who gets which part of each shared cost, month by month as AWS splits it, summed up. Raises: nothing."""
    for name, document in documents.items():
        column = ledger.categories.get(name)
        if column and document.split_charges:
            rows = ledger.rows(
                f"SELECT Month, {column} AS value, SUM(EffectiveCost) FROM facts WHERE {scope.where} GROUP BY ALL"
            )
            costs = {(month, value): cost for month, value, cost in rows}
            for split in document.split_charges:
                yield _split(name, split, costs, scope.months)


def _split(
    name: str, split: SplitChargeDocument, costs: Mapping[tuple[str, str], Decimal], months: tuple[str, ...]
) -> Split:
    received = dict.fromkeys(split.targets, Decimal(0))
    whole = Decimal(0)
    for month in months:
        amount = costs.get((month, split.source), Decimal(0))
        own = [costs.get((month, target), Decimal(0)) for target in split.targets]
        whole += amount
        for target, part in zip(split.targets, _parts(split, amount, own), strict=True):
            received[target] += part
    shares = []
    for target in split.targets:
        own_cost = sum((costs.get((month, target), Decimal(0)) for month in months), Decimal(0))
        shares.append(Share(target, own_cost, received[target], own_cost + received[target]))
    method = {"EVEN": "even", "PROPORTIONAL": "proportional", "FIXED": "fixed"}[split.method]
    shown = tuple(sorted(shares, key=lambda share: (-share.received, share.value)))
    return Split(name, split.source, method, whole, shown)  # type: ignore[arg-type]


def _parts(split: SplitChargeDocument, amount: Decimal, own: list[Decimal]) -> list[Decimal]:
    """Return the targets' parts of an amount, which sum up to it; what division leaves over goes to the first.

    Where no target has costs of its own in proportion to which it could be split, nobody gets anything, as on AWS.
    """
    weights = {
        "EVEN": [Decimal(1)] * len(own),
        "FIXED": [Decimal(str(percent)) for percent in split.percents],
        "PROPORTIONAL": [max(cost, Decimal(0)) for cost in own],
    }[split.method]
    total = sum(weights, Decimal(0))
    if not total:
        return [Decimal(0)] * len(own)
    parts = [(amount * weight / total).quantize(Decimal("1E-12")) for weight in weights]
    parts[0] += amount - sum(parts, Decimal(0))
    return parts
