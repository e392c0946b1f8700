"""Make the resources of a synthetic organisation: account, service, region, and tags of every state that bills show.

A resource has its tags for good. Some have none; of the others each key is mostly right, and at times missing, wrong,
in other capitals or under a spelling that the dictionary has given up. Owner, business unit and cost centre follow the
application. What each tag amounts to is noted as it is made, so that nobody has to judge it from the bill.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from harness.costs.charges import literal
from harness.dictionary import load_dictionary

ROOT = Path(__file__).parents[2]
# Service, product code, usage type, and the SageMaker component or "".
SERVICES = (
    ("Amazon SageMaker", "AmazonSageMaker", "EUC1-Train:ml.m5.large", "Training"),
    ("Amazon SageMaker", "AmazonSageMaker", "EUC1-Host:ml.g5.xlarge", "Hosting"),
    ("Amazon SageMaker", "AmazonSageMaker", "EUC1-Notebk:ml.t3.medium", "Notebooks"),
    ("Amazon SageMaker", "AmazonSageMaker", "EUC1-Processing:ml.c5.2xlarge", "Processing"),
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "EUC1-BoxUsage:m5.large", ""),
    ("Amazon Simple Storage Service", "AmazonS3", "EUC1-TimedStorage-ByteHrs", ""),
    ("Amazon Relational Database Service", "AmazonRDS", "EUC1-InstanceUsage:db.t3", ""),
    ("AWS Lambda", "AWSLambda", "EUC1-Lambda-GB-Second", ""),
    ("Amazon Bedrock", "AmazonBedrock", "EUC1-Input-Tokens", ""),
    ("Amazon DynamoDB", "AmazonDynamoDB", "EUC1-ReadRequestUnits", ""),
)
REGIONS = ("eu-central-1", "us-east-1", "eu-west-1")
DIVISIONS = ("Finance", "Platform", "Research", "Retail")
_BY_APPLICATION = ("owner", "business-unit", "cost-center")
_APPLICATIONS = 300
_FREE_VALUES = {"application-id": _APPLICATIONS, "owner": 60, "name": 500, "cluster": 50, "version": 20}
_IN_CAPITALS = ("owner", "cluster")  # of the free ones: they are still allowed, and several spellings of one value


class Key(NamedTuple):
    """Hold what a bill needs of a key: its spellings, the allowed values (none for a free one), whether it must be."""

    name: str
    deprecated: tuple[str, ...]
    values: tuple[str, ...]
    has_pattern: bool
    mandatory: bool

    @property
    def last(self) -> str:
        """Return the last part of its name."""
        return self.name.rpartition(":")[2]


def read_keys() -> tuple[Key, ...]:
    """Return the keys of the shipped dictionary."""
    tags = load_dictionary(ROOT / "envs" / "tags.yaml").tags
    return tuple(
        Key(name, tuple(tag.deprecated_spellings), tuple(tag.values or ()), bool(tag.pattern), tag.mandatory)
        for name, tag in tags.items()
    )


def make_resources(connection: Any, count: int, accounts: int, seed: int, spell: Callable[[str], str]) -> None:
    """Make the table `resources`; `spell` writes a key as the layout does.

    Column `tags` holds the tags; s0, s1, … say whether each key is covered, wrong or missing, v0, v1, … its value as it
    counts.
    """
    connection.execute(
        f"CREATE TABLE drawn AS SELECT res, {_random(seed, 'app')} % {_APPLICATIONS} AS app, "
        f"{_random(seed, 'bare')} % 100 < 6 AS is_bare, {_random(seed, 'account')} % {accounts} AS number, "
        f"(1 + {_random(seed, 'service')} % {len(SERVICES)})::BIGINT AS kind, "
        f"(1 + {_random(seed, 'region')} % {len(REGIONS)})::BIGINT AS place FROM RANGE({count}) t(res)"
    )
    keys = read_keys()
    columns = ", ".join(column for at, key in enumerate(keys) for column in _drawn(key, at, seed))
    written = ", ".join(column for at, key in enumerate(keys) for column in _written(key, at, spell))
    entries = ", ".join(f"{{'k': n{at}, 'v': w{at}}}" for at in range(len(keys)))
    kept = ", ".join(f"s{at}, v{at}" for at in range(len(keys)))
    services, codes, usages, components = (_list(held) for held in zip(*SERVICES, strict=True))
    connection.execute(
        f"CREATE TABLE resources AS WITH chosen AS (SELECT *, {columns} FROM drawn), "
        f"written AS (SELECT *, {written} FROM chosen) "
        f"SELECT res, PRINTF('%012d', 100000000000 + number) AS account, 'account-' || number AS name, "
        f"{_list(DIVISIONS)}[(1 + number % {len(DIVISIONS)})::BIGINT] AS division, {services}[kind] AS service, "
        f"{codes}[kind] AS code, {usages}[kind] AS usage, {components}[kind] AS component, "
        f"{_list(REGIONS)}[place] AS region, CASE WHEN {codes}[kind] = 'AmazonEC2' THEN PRINTF('i-%017x', res) "
        f"ELSE 'arn:aws:' || LOWER({codes}[kind]) || ':::thing-' || res END AS resource, "
        f"MAP_FROM_ENTRIES(LIST_FILTER([{entries}], LAMBDA e: e.v IS NOT NULL)) AS tags, {kept} "
        "FROM written ORDER BY res"
    )
    connection.execute("DROP TABLE drawn")


def _random(seed: int, purpose: str, by: str = "res") -> str:
    """Return SQL of a number that depends on the resource, the seed and what it is for; the same in every release."""
    return f"(md5_number_lower('{seed}:{purpose}:' || {by}) % 1000000007)"


def _list(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(map(literal, texts))}]"


def _drawn(key: Key, at: int, seed: int) -> Iterator[str]:
    """Yield the columns of chance (of a thousand) and of the allowed value."""
    yield f"CASE WHEN is_bare THEN 0 ELSE {_random(seed, key.name)} % 1000 END AS c{at}"
    if key.last == "application-id":
        yield f"'app-' || app AS a{at}"
        return
    pick = _random(seed, f"{key.name} value", "app" if key.last in _BY_APPLICATION else "res")
    if key.values:
        yield f"{_list(key.values)}[(1 + {pick} % {len(key.values)})::BIGINT] AS a{at}"
    elif key.has_pattern:
        yield f"'1.' || ({pick} % {_FREE_VALUES[key.last]}) AS a{at}"
    else:
        yield f"'{key.last}-' || ({pick} % {_FREE_VALUES[key.last]}) AS a{at}"


def _written(key: Key, at: int, spell: Callable[[str], str]) -> Iterator[str]:
    """Yield the columns of name, value as written, state, and value as it counts."""
    missing, wrong, capitals, old = (f"c{at} < {most}" for most in (90, 120, 145, 170))
    other = f"CASE WHEN UPPER(a{at}) <> a{at} THEN UPPER(a{at}) ELSE LOWER(a{at}) END"
    may_be_wrong = bool(key.values) or key.has_pattern
    tells = bool(key.values) or key.last in _IN_CAPITALS
    bad = f"WHEN {wrong} THEN '_old ' || a{at} " if may_be_wrong else ""
    shout = f"WHEN {capitals} THEN {other} " if tells else ""
    name = literal(spell(key.name))
    if key.deprecated:
        spellings = _list(tuple(map(spell, key.deprecated)))
        is_old = f"c{at} >= 145 AND {old}"
        yield f"CASE WHEN {is_old} THEN {spellings}[1 + res % {len(key.deprecated)}] ELSE {name} END AS n{at}"
    else:
        is_old = "FALSE"
        yield f"{name} AS n{at}"
    yield f"CASE WHEN {missing} THEN NULL {bad}{shout}ELSE a{at} END AS w{at}"
    is_wrong = [is_old]
    if may_be_wrong:
        is_wrong.append(wrong)
    if key.values:
        is_wrong.append(f"({capitals} AND {other} <> a{at})")
    yield f"CASE WHEN {missing} THEN 'missing' WHEN {' OR '.join(is_wrong)} THEN 'wrong' ELSE 'covered' END AS s{at}"
    yield f"CASE WHEN {missing} THEN NULL {bad}ELSE a{at} END AS v{at}"
