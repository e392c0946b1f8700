"""Find the dearest spend that lacks mandatory keys or has wrong ones, and say what mends it."""

import json
import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from harness.costs.bill import Part, reading
from harness.costs.breakdowns import Scope
from harness.costs.charges import literal
from harness.costs.coverage import verdict_case
from harness.costs.engine import DuckDb, Engine
from harness.costs.ledger import MOST_RESOURCES, Ledger, LedgerKey
from harness.costs.meanings import key_meanings, value_meanings
from harness.costs.model import Fault, FaultTable
from harness.costs.queries import resources_query
from harness.plan_check.requirements import Requirements

MOST: Final = 100  # rows of a table by account, service or owner
_MOST_NAMED: Final = 500  # values of a key in a query, which Athena takes up to 262,144 bytes of


class Judged(NamedTuple):
    """Hold the keys that are judged, and the accounts' names."""

    keys: tuple[LedgerKey, ...]
    accounts: Mapping[str, str]
    owner: str


def fault_tables(ledger: Ledger, scope: Scope, judged: Judged) -> Iterator[FaultTable]:
    """Yield the dearest spend with faults by account, service and owner. Raises: nothing."""
    if not judged.keys:
        return
    columns: dict[Literal["account", "service", "owner"], str] = {"account": "SubAccountId", "service": "ServiceName"}
    if judged.owner:
        columns["owner"] = ledger.column(judged.owner)
    for by, column in columns.items():
        yield _table(ledger, scope, judged, by, column)


def _table(
    ledger: Ledger, scope: Scope, judged: Judged, by: Literal["account", "service", "owner"], column: str
) -> FaultTable:
    verdicts = ", ".join(f"{verdict_case(key)} AS v{number}" for number, key in enumerate(judged.keys))
    faulty = " OR ".join(f"v{number} IN ('wrong', 'missing')" for number in range(len(judged.keys)))
    sums = ", ".join(
        f"SUM(CASE WHEN v{number} = '{verdict}' THEN EffectiveCost ELSE 0 END)"
        for number in range(len(judged.keys))
        for verdict in ("missing", "wrong")
    )
    rows = ledger.rows(
        f"SELECT name, SUM(EffectiveCost) AS cost, {sums} FROM (SELECT COALESCE({column}, '') AS name, "
        f"EffectiveCost, {verdicts} FROM facts WHERE {scope.where}) WHERE {faulty} GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    found = tuple(_group(by, row, judged) for row in rows[:MOST])
    return FaultTable(by, found, sum((row[1] for row in rows), Decimal(0)))


def _group(by: str, row: Sequence[Any], judged: Judged) -> Fault:
    name, cost, *amounts = row
    keys: dict[str, str] = {}
    for number, key in enumerate(judged.keys):
        missing, wrong = amounts[2 * number], amounts[2 * number + 1]
        parts = [f"{what} on {amount:.2f}" for what, amount in (("missing", missing), ("wrong", wrong)) if amount]
        if parts:
            keys[key.key] = ", ".join(parts)
    label = judged.accounts.get(name, "") if by == "account" else ""
    repair = "see its resources below" if by != "owner" else "ask this owner, or the account's, for the resources below"
    return Fault(name, label, cost, keys, repair, account=name if by == "account" else "")


def resource_faults(
    parts: Sequence[Part], engine: Engine, ledger: Ledger, requirements: Requirements, mandatory: Sequence[str]
) -> dict[str, FaultTable]:
    """Return the dearest resources with faults, by currency, at most MOST_RESOURCES each.

    A resource has a row for each set of tags that it had. The total is that of all that have faults where DuckDB reads
    the bill, of those that are listed elsewhere.

    Raises: TagrailError for a file that cannot be read.
    """
    found: dict[str, list[Fault]] = {}
    totals: dict[str, Decimal | None] = {}
    if isinstance(engine, DuckDb):
        answers = [_judged_resources(ledger)]
    else:
        told = [part for part in parts if "ResourceId" not in part.charges.missing and part.has_tags]
        covered = [_covered(part, requirements, mandatory, _judged_values(ledger, mandatory)) for part in told]
        answers = [_likely_resources(part, engine, ledger, sql) for part, sql in zip(told, covered, strict=True)]
    for rows in answers:
        for currency, *place, cost, total, tags in rows:
            totals[currency or ""] = total
            found.setdefault(currency or "", []).append(_resource(place, cost, tags, requirements, mandatory))
    return {currency: _resource_table(faults, totals[currency]) for currency, faults in found.items()}


def _resource_table(faults: Sequence[Fault], total: Decimal | None) -> FaultTable:
    costs: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for one in faults:
        costs[_identity(one)] += one.effective
    dearest = {*sorted(costs, key=lambda one: (-costs[one], one))[:MOST_RESOURCES]}
    listed = tuple(
        sorted((one for one in faults if _identity(one) in dearest), key=lambda one: (-one.effective, one.name))
    )
    return FaultTable(
        "resource", listed, sum((one.effective for one in listed), Decimal(0)) if total is None else total
    )


def _identity(fault: Fault) -> tuple[str, ...]:
    return fault.name, fault.account, fault.service, fault.region


def _judged_resources(ledger: Ledger) -> list[tuple[Any, ...]]:
    """Return the dearest resources whose tags the ledger has judged to be wrong."""
    return ledger.rows("SELECT * FROM dear")


def _likely_resources(part: Part, engine: Engine, ledger: Ledger, is_covered: str) -> list[tuple[Any, ...]]:
    """Return the resources whose tags another engine finds wrong, as far as its SQL can tell."""
    with reading(part, ledger.connection):
        rows = ledger.rows(f"SELECT * FROM {engine.relation(resources_query(part, is_covered, MOST_RESOURCES))}")
    return [(*row[:5], row[-3], None, part.tags_of(row[5:])) for row in rows]


class _Values(NamedTuple):
    """Hold values of a key as the ledger has judged them, of which SQL would take some for the other."""

    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


def _judged_values(ledger: Ledger, mandatory: Sequence[str]) -> Mapping[str, _Values]:
    found = {}
    for key in ledger.keys:
        if key.key in mandatory:
            rows = ledger.rows(
                f"SELECT DISTINCT {key.written}, {key.fault} = '' FROM judged WHERE {key.written} IS NOT NULL "
                f"AND NOT STARTS_WITH({key.fault}, 'key written ') ORDER BY ALL"
            )
            right, wrong = (tuple(value for value, is_right in rows if is_right is side) for side in (True, False))
            found[key.key] = _Values(right, wrong)
    return found


def _covered(
    part: Part, requirements: Requirements, mandatory: Sequence[str], judged: Mapping[str, _Values] | None = None
) -> str:
    """Return SQL that tells whether a line has every mandatory key with a value that is right.

    Values are compared as SQL of every engine can: listed ones exactly, those with * by LIKE, others as not empty. What
    the ledger has judged otherwise is named, as far as a query may be long. What is let through and is wrong
    nevertheless, the tables by account and service still show.
    """
    rules = {rule.key: rule for rule in requirements.keys}
    tests = (_right(part, key, rules[key].values, (judged or {}).get(key, _Values())) for key in mandatory)
    return " AND ".join(f"({test})" for test in tests) or "TRUE"


def _right(part: Part, key: str, values: tuple[str, ...] | None, judged: _Values) -> str:
    names = part.tag_texts(key)
    if not names:
        return "FALSE"
    text = names[0] if len(names) == 1 else f"COALESCE({', '.join(names)})"
    if values is None:
        return f"{text} <> ''{_refused(text, judged.wrong)}"
    plain = [value for value in values if "*" not in value]
    patterns = [value for value in values if "*" in value]
    further = [value for value in judged.right if value not in plain][:_MOST_NAMED] if not patterns else []
    tests = [f"{text} IN ({', '.join(map(literal, (*plain, *further)))})"] if plain or further else []
    tests += [f"{text} LIKE {_like(value)}" for value in patterns]
    either = " OR ".join(tests) or "FALSE"
    wrong = judged.wrong if patterns else tuple(value for value in judged.wrong if value in plain)
    return f"({either}){_refused(text, wrong)}" if wrong else either


def _refused(text: str, wrong: Sequence[str]) -> str:
    return f" AND {text} NOT IN ({', '.join(map(literal, wrong[:_MOST_NAMED]))})" if wrong else ""


def _like(value: str) -> str:
    """Return a value with one * as a pattern of LIKE, in which % and _ mean themselves."""
    escaped = value.replace("^", "^^").replace("%", "^%").replace("_", "^_")
    return f"{literal(escaped.replace('*', '%'))} ESCAPE '^'"


def _resource(
    place: Sequence[Any], cost: Decimal, tags: Mapping[str, str], requirements: Requirements, mandatory: Sequence[str]
) -> Fault:
    account, service, region, name = place
    meanings = key_meanings(tags, requirements)
    held: dict[str, dict[str, int]] = {}
    for written, meaning in meanings.items():
        held.setdefault(meaning.key, {})[tags[written]] = 1
    values = value_meanings(held, requirements)
    keys: dict[str, str] = {}
    known: dict[str, str] = {}
    carried = {"SubAccountId": account or "", "ServiceName": service or ""}
    for key in mandatory:
        names = [written for written, meaning in meanings.items() if meaning.key == key]
        faults = [meanings[written].fault or values[key, tags[written]].fault for written in names]
        carried[key] = next(
            (values[key, tags[written]].joined for written in sorted(names, key=lambda one: meanings[one].fault)), ""
        )
        if names and not all(faults):
            continue
        keys[key] = faults[0] if names else "missing"
        meant = (values[key, tags[written]].joined for written in names)
        if value := next((value for value in meant if value and _is_allowed(value, requirements, key)), ""):
            known[key] = value
    repair = repair_command(name, service or "", region or "", {key: known.get(key) for key in keys}, requirements)
    return Fault(name, "", cost, keys, repair, account or "", service or "", region or "", carried)


def _is_allowed(value: str, requirements: Requirements, key: str) -> bool:
    return not value_meanings({key: {value: 1}}, requirements)[key, value].fault


def repair_command(
    resource: str, service: str, region: str, keys: Mapping[str, str | None], requirements: Requirements
) -> str:
    """Return a command that adds keys; a value that is not known is shown as what it may be, in angle brackets.

    Raises: nothing.
    """
    rules = {rule.key: rule for rule in requirements.keys}
    wanted = {key: _example(rules[key].values) if value is None else value for key, value in keys.items()}
    place = f" --region {region}" if region and region != "global" else ""
    if resource.startswith(("i-", "vol-", "snap-", "eni-", "nat-", "vpc-", "sg-", "subnet-", "ami-", "eipalloc-")):
        tags = " ".join(shlex.quote(f"Key={key},Value={value}") for key, value in wanted.items())
        return f"aws ec2 create-tags{place} --resources {resource} --tags {tags}"
    arn = f"arn:aws:s3:::{resource}" if "S3" in service or "Simple Storage" in service else resource
    if not arn.startswith("arn:"):
        return f"tag {resource} in {service or 'its service'}: {', '.join(keys)}"
    tags = json.dumps(wanted, ensure_ascii=False)
    named = f"--resource-arn-list {shlex.quote(arn)} --tags {shlex.quote(tags)}"
    return f"aws resourcegroupstaggingapi tag-resources{place} {named}"


def _example(values: tuple[str, ...] | None) -> str:
    if values is None:
        return "<value>"
    return values[0] if len(values) == 1 and "*" not in values[0] else f"<{'|'.join(values[:6])}>"
