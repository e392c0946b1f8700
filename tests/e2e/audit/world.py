"""Make an organisation of 5,000 resources with planted faults: its seed, and the findings that must come of it.

What is planted where is a list: the committed one (planted.yaml), or one drawn at random from a seed that is printed.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from harness.emulator.resource_explorer.types import explored_type

HERE = Path(__file__).parent
REGIONS = ("eu-central-1", "us-east-1", "eu-west-1")
RESOURCES = 5_000
RIGHT = {
    "anycompany:workload:application-id": "fraud-model",
    "anycompany:workload:environment": "test",
    "anycompany:finance:owner": "fraud-team",
    "anycompany:finance:business-unit": "Retail",
    "anycompany:finance:cost-center": "Retail-3300",
    "anycompany:security:data-classification": "internal",
}
Expected = set[tuple[str, str, str]]


@dataclass(frozen=True)
class Place:
    """Name one resource: an account, a region, and which type."""

    account: str
    region: str
    type: str


def kinds() -> Mapping[str, Mapping[str, Any]]:
    """Return the kinds of faults by name."""
    return dict(yaml.safe_load((HERE / "kinds.yaml").read_text(encoding="utf-8")))


def types() -> list[str]:
    """Return the types, as the ends of their ARNs."""
    return list(yaml.safe_load((HERE / "types.yaml").read_text(encoding="utf-8")))


def committed() -> list[tuple[str, Place]]:
    """Return the list of planted.yaml: which kind of fault is where."""
    rows = yaml.safe_load((HERE / "planted.yaml").read_text(encoding="utf-8"))
    return [(row[0], Place(*row[1:])) for row in rows]


def drawn(seed: int, accounts: Sequence[str], count: int = 250) -> list[tuple[str, Place]]:
    """Return a random list: each kind at least once."""
    chance = random.Random(seed)  # noqa: S311 (no secret)
    names = list(kinds())
    return [
        (name, _anywhere(name, chance, accounts)) for name in (*names, *chance.choices(names, k=count - len(names)))
    ]


def _anywhere(name: str, chance: random.Random, accounts: Sequence[str]) -> Place:
    kind = kinds()[name]
    allowed = [one for one in kind.get("only", accounts) if one not in kind.get("not_in", ())]
    ends = [one for one in types() if not kind.get("never") or _is_explored(one)]
    ends = [one for one in ends if one.startswith("s3 ")] if "bucket" in kind else ends
    return Place(chance.choice(allowed), chance.choice(REGIONS), chance.choice(ends))


def _is_explored(end: str) -> bool:
    """Tell whether Resource Explorer shows a type: of others nobody shows what never had a tag."""
    service, _, name = end.partition(" ")
    account = "eu-central-1:111111111111" if service != "s3" else ":"
    return explored_type(f"arn:aws:{service}:{account}:{name.format(n='1')}") is not None


def make(
    planted: Sequence[tuple[str, Place]], accounts: Mapping[str, str], mandatory: Sequence[str]
) -> tuple[list[dict[str, Any]], Expected]:
    """Return the seed's groups of resources, and what an audit has to find: ARN, rule and key.

    `accounts` maps names to ids. Beside the planted ones there are right resources, of every type everywhere.
    """
    groups: list[dict[str, Any]] = []
    expected: Expected = set()
    for number, (name, place) in enumerate(planted):
        kind = kinds()[name]
        arn = _arn(place, accounts, number, str(kind.get("bucket", "")))
        groups.append(_group(place, arn, kind))
        for rule, keys in kind["expect"].items():
            expected |= {(arn, rule, key) for key in (mandatory if keys == "all" else keys)}
    groups += _right(accounts, len(planted))
    return groups, expected


def _group(place: Place, arn: str, kind: Mapping[str, Any]) -> dict[str, Any]:
    group: dict[str, Any] = {"account": place.account, "region": place.region, "arns": [arn]}
    if kind.get("never"):
        return group
    if kind.get("once"):
        return {**group, "once_tagged": True}
    tags = dict(kind.get("only_tags") or RIGHT)
    for key in kind.get("drop", ()):
        del tags[key]
    for key, spelling in kind.get("rename", {}).items():
        tags[spelling] = tags.pop(key)
    tags |= kind.get("set", {})
    tags |= {f"team-{number:02}": "x" for number in range(kind.get("fill", 0))}
    return {**group, "tags": tags}


def _right(accounts: Mapping[str, str], planted: int) -> Iterator[dict[str, Any]]:
    """Yield the resources that are right, as many as are missing to RESOURCES."""
    ends, names = types(), list(accounts)
    by_place: dict[tuple[str, str], list[str]] = {}
    for number in range(planted, RESOURCES):
        region = REGIONS[number // len(ends) % len(REGIONS)]
        place = Place(names[number // (len(ends) * len(REGIONS)) % len(names)], region, ends[number % len(ends)])
        by_place.setdefault((place.account, region), []).append(_arn(place, accounts, number))
    for (account, region), arns in by_place.items():
        yield {"account": account, "region": region, "tags": RIGHT, "arns": arns}


def _arn(place: Place, accounts: Mapping[str, str], number: int, bucket: str = "") -> str:
    service, _, end = place.type.partition(" ")
    if service == "s3":
        return f"arn:aws:s3:::{bucket.format(number=number) or end.format(n=f'{number:08}')}"
    account = "" if service == "apigateway" else accounts[place.account]
    return f"arn:aws:{service}:{place.region}:{account}:{end.format(n=f'{number:08}')}"
