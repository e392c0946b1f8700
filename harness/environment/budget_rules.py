"""Check what a budget of an environment means: one limit, one scope, thresholds and values that exist."""

import re
from collections.abc import Iterator

from harness.dictionary import Dictionary, allows
from harness.environment.cost_category_rules import possible_values
from harness.environment.model import Budget, Environment
from harness.facts import Facts
from harness.spelling import nearest
from harness.tag_text import EMAIL
from harness.yaml_source import Path_

Faults = Iterator[tuple[Path_, str]]

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_PLANNED = {"monthly": "budget_planned_months", "quarterly": "budget_planned_quarters"}


def budget_faults(environment: Environment, dictionary: Dictionary, facts: Facts) -> Faults:
    """Yield every fault of the budgets as its path and message."""
    owners: dict[str, str] = {}
    for name, budget in environment.budgets.items():
        at: Path_ = ("budgets", name)
        values = dictionary.every_value(budget.per_value_of) if budget.per_value_of in dictionary.tags else ()
        stem = f"{environment.name}-{name}"
        names = [f"{stem}-{value}" for value in values] or [stem]
        yield from _names(at, names, facts)
        for full in names:
            owner = owners.setdefault(full, name)
            if owner != name:
                message = f'must give each budget a name of its own; got "{full}" from "{owner}" too. Do rename it'
                yield at, message
        yield from _limit(at, budget)
        yield from _planned(at, budget, facts)
        yield from _auto_adjust(at, budget, facts)
        yield from _scope(at, budget, dictionary)
        yield from _categories((*at, "cost_categories"), budget, environment, dictionary)
        yield from _per_value(at, budget, dictionary)
        yield from _alerts(at, budget, facts)
        yield from email_faults((*at, "emails"), budget.emails or (), facts)


def email_faults(at: Path_, emails: tuple[str, ...], facts: Facts) -> Faults:
    """Yield what AWS Budgets would refuse in a list of addresses."""
    most = facts.limits["budget_emails_per_notification"]
    if len(emails) > most:
        yield at, f"must hold {most} addresses at most; got {len(emails)}. Do use a mailing list or the topic"
    for index, email in enumerate(emails):
        if not EMAIL.fullmatch(email):
            yield (*at, index), f'must be an e-mail address; got "{email}". Do correct it'
        if email in emails[:index]:
            yield (*at, index), f'must appear once; got "{email}" again. Do remove it'


def _names(at: Path_, names: list[str], facts: Facts) -> Faults:
    most = facts.limits["budget_name_characters"]
    for name in names:
        if re.search(r"[:\\]|/action/", name):
            yield at, f'must not hold ":", "\\" or "/action/" in its name; got "{name}". Do rename it'
        if len(name) > most:
            yield at, f'must have {most} characters at most in its name; got {len(name)} in "{name}". Do shorten it'


def _limit(at: Path_, budget: Budget) -> Faults:
    kinds = ("limit_usd", "planned_limits_usd", "auto_adjust")
    given = [kind for kind in kinds if getattr(budget, kind) not in (None, {})]
    given += ["limits_usd"] if budget.limits_usd and budget.limit_usd is None else []
    if len(given) != 1:
        found = " and ".join(given) or "none"
        message = f"must have exactly one of limit_usd, planned_limits_usd and auto_adjust; got {found}. "
        yield at, message + ("Do keep one" if given else "Do add one")
    amounts: list[tuple[Path_, float]] = [] if budget.limit_usd is None else [((*at, "limit_usd"), budget.limit_usd)]
    for field in ("limits_usd", "planned_limits_usd"):
        amounts += [((*at, field, key), amount) for key, amount in getattr(budget, field).items()]
    for place, amount in amounts:
        if amount <= 0:
            yield place, f"must be more than 0 USD; got {amount:g}. Do write the amount in USD"


def _planned(at: Path_, budget: Budget, facts: Facts) -> Faults:
    if not budget.planned_limits_usd:
        return
    place = (*at, "planned_limits_usd")
    row = _PLANNED.get(budget.time_unit)
    most = facts.limits[row] if row else 0
    if row is None:
        yield place, "must be left out with time_unit: annually. Do use limit_usd"
    elif len(budget.planned_limits_usd) != most:
        count = len(budget.planned_limits_usd)
        rule = f"must hold {most} periods with time_unit: {budget.time_unit}"
        yield place, f"{rule}; got {count}. Do plan each period from the first on"
    bad = [month for month in budget.planned_limits_usd if not _MONTH.fullmatch(month)]
    for month in bad:
        yield (*place, month), f'must be a month; got "{month}". Do write it as "2026-12"'
    if row and not bad:
        yield from _successive(
            place, sorted(budget.planned_limits_usd), months=1 if budget.time_unit == "monthly" else 3
        )


def _successive(place: Path_, starts: list[str], months: int) -> Faults:
    """Demand periods that follow each other, quarters of the calendar year (botocore budgets PlannedBudgetLimits)."""
    counts = [int(start[:4]) * 12 + int(start[5:]) - 1 for start in starts]
    for start, count, before in zip(starts, counts, [None, *counts], strict=False):
        if count % months:
            yield (*place, start), f'must be the first month of a quarter; got "{start}". Do write 01, 04, 07 or 10'
        elif before is not None and count != before + months:
            yield (
                (*place, start),
                f'must follow the period before it; got "{start}" after a gap. Do add what lies between',
            )


def _auto_adjust(at: Path_, budget: Budget, facts: Facts) -> Faults:
    adjust = budget.auto_adjust
    if adjust is None:
        return
    most = facts.limits["budget_auto_adjust_periods"]
    place = (*at, "auto_adjust", "periods")
    if adjust.type == "historical" and not (adjust.periods and 1 <= adjust.periods <= most):
        found = "none" if adjust.periods is None else adjust.periods
        yield (
            place,
            f"must be 1 to {most} with type: historical; got {found}. Do write how many periods to look back",
        )
    if adjust.type == "forecast" and adjust.periods is not None:
        yield place, f"must be left out with type: forecast; got {adjust.periods}. Do remove it"


def _scope(at: Path_, budget: Budget, dictionary: Dictionary) -> Faults:
    for field in ("accounts", "services"):
        values: tuple[str, ...] = getattr(budget, field)
        for index, value in enumerate(values):
            if not value.strip() or value in values[:index]:
                yield (*at, field, index), f'must be a name that appears once; got "{value}". Do correct it'
    if budget.tag is None:
        return
    yield from _billed_key((*at, "tag", "key"), budget.tag.key, dictionary)
    if not budget.tag.values:
        yield (*at, "tag", "values"), "must name a value; got an empty list. Do name one"
    allowed = dictionary.every_value(budget.tag.key) if budget.tag.key in dictionary.tags else ()
    for index, value in enumerate(budget.tag.values):
        if "*" in value:
            place = (*at, "tag", "values", index)
            yield place, f'must be a whole value, since budgets match no other; got "{value}". Do write it out'
        elif allowed and not allows(allowed, value):
            guess = nearest(value, allowed) or f" Do choose one of {', '.join(allowed)}"
            yield (*at, "tag", "values", index), f'must be an allowed value of the dictionary; got "{value}".{guess}'


def _categories(at: Path_, budget: Budget, environment: Environment, dictionary: Dictionary) -> Faults:
    """Refuse values that a cost category of env.yaml cannot give; the payer may have others, made elsewhere."""
    known = {name.casefold(): name for name in environment.cost_categories}
    for name, values in budget.cost_categories.items():
        if not values:
            yield (*at, name), "must name a value; got an empty list. Do name one"
        meant = known.get(name.casefold(), name)
        if meant != name:
            rule = "must be spelled as under cost_categories, else it matches nothing"
            yield (*at, name), f'{rule}; got "{name}". Did you mean "{meant}"?'
        category = environment.cost_categories.get(meant)
        possible = possible_values(category, dictionary) if category else None
        for index, value in enumerate(values if possible is not None else ()):
            if possible is not None and value not in possible:
                guess = nearest(value, possible) or f" Do choose one of {', '.join(sorted(possible))}"
                yield (*at, name, index), f'must be a value of the cost category; got "{value}".{guess}'


def _billed_key(place: Path_, key: str, dictionary: Dictionary) -> Faults:
    """Demand a key that billing knows: a filter on any other key matches nothing (budgets-create-filters)."""
    if key not in dictionary.tags:
        guess = nearest(key, dictionary.tags) or " Do name a key of the dictionary"
        yield place, f'must be a key of the dictionary; got "{key}".{guess}'
    elif not dictionary.tags[key].cost_allocation:
        yield (
            place,
            f'must be a cost allocation tag, else it matches nothing; got "{key}". Do set cost_allocation: true',
        )


def _per_value(at: Path_, budget: Budget, dictionary: Dictionary) -> Faults:
    key = budget.per_value_of
    if key is None:
        if budget.limits_usd:
            yield (*at, "limits_usd"), "must be left out without per_value_of. Do add per_value_of, or use limit_usd"
        return
    place = (*at, "per_value_of")
    yield from _billed_key(place, key, dictionary)
    if budget.tag:
        yield place, "must not stand beside tag: a budget filters on one tag key. Do remove one of them"
    if key in dictionary.tags:
        yield from _values(at, key, budget, dictionary.every_value(key))


def _values(at: Path_, key: str, budget: Budget, values: tuple[str, ...]) -> Faults:
    place = (*at, "per_value_of")
    if not values:
        yield place, f'must be a key with values; "{key}" allows any. Do list its values in tags.yaml'
    for value in values:
        if "*" in value:
            yield place, f'must be a key with whole values; "{key}" allows "{value}". Do name the budgets one by one'
        elif budget.limit_usd is None and budget.limits_usd and value not in budget.limits_usd:
            message = f'must hold each value of "{key}"; "{value}" is missing. Do add it, or give limit_usd'
            yield (*at, "limits_usd"), message
    for value in budget.limits_usd:
        if value not in values:
            guess = nearest(value, values) or f" Do choose one of {', '.join(values)}"
            yield (*at, "limits_usd", value), f'must be a value of "{key}"; got "{value}".{guess}'


def _alerts(at: Path_, budget: Budget, facts: Facts) -> Faults:
    most = facts.limits["budget_notifications"]
    if not 1 <= len(budget.alerts) <= most:
        yield (
            (*at, "alerts"),
            f"must hold 1 to {most} alerts; got {len(budget.alerts)}. Do {'drop some' if budget.alerts else 'add one'}",
        )
    seen: set[object] = set()
    for index, alert in enumerate(budget.alerts):
        place = (*at, "alerts", index)
        given = alert.given()
        if len(given) != 1:
            fields = "actual_percent, actual_usd, forecasted_percent and forecasted_usd"
            found = " and ".join(kind for kind, _ in given) or "none"
            yield place, f"must have exactly one of {fields}; got {found}. Do write one alert each"
            continue
        if given[0][1] <= 0:
            yield (*place, given[0][0]), f"must be more than 0; got {given[0][1]:g}. Do write percent or USD"
        if given in seen:
            yield place, f"must appear once; got {given[0][0]}: {given[0][1]:g} again. Do remove it"
        seen.add(given)
