"""Make an organisation of any size from a seed: units five deep, accounts, and tag policies attached all over."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from harness.packing import canonical_json

ROOT = "r-bench"

_DEPTH = 5
_PER_NODE = 10  # AWS lets a node have no more
_CHARACTERS = 10_000
_KEYS = 60
_TYPES = tuple(f"service{number}:type{number % 7}" for number in range(94))
_LIMITS = (["@@all"], ["@@append"], ["@@append", "@@remove"], ["@@none"])


@dataclass(frozen=True, slots=True)
class Place:
    """Hold a node's id, its parent's, and the ids of the policies attached to it, in order; units are called `ou-`."""

    id: str
    parent: str | None
    policies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Organization:
    """Hold policy id -> JSON text, and the nodes, parents first."""

    policies: Mapping[str, str]
    places: tuple[Place, ...]


def generate(units: int, accounts: int, policies: int, seed: int = 1) -> Organization:
    """Return an organisation: ten policies at the root, up to three at a unit, one or two at every fifth account."""
    random = Random(seed)  # noqa: S311 (not for secrets)
    texts = {f"p-{number:08d}": _document(random) for number in range(policies)}
    names = list(texts)
    root = Place(ROOT, None, tuple(names[:_PER_NODE]))
    levels = _levels(random, units, names)
    below = [place.id for level in levels for place in level]
    places = [root, *(place for level in levels for place in level)]
    for number in range(accounts):
        own = random.sample(names, random.randint(1, 2)) if number % 5 == 0 else []
        places.append(Place(f"{number:012d}", random.choice(below or [ROOT]), tuple(own)))
    return Organization(texts, tuple(places))


def _levels(random: Random, units: int, names: Sequence[str]) -> list[list[Place]]:
    """Return the units level by level; each level has twice as many as the one above it."""
    levels: list[list[Place]] = []
    above, number = [ROOT], 0
    for depth in range(_DEPTH):
        size = units - number if depth == _DEPTH - 1 else units * 2**depth // (2**_DEPTH - 1)
        level = [
            Place(
                f"ou-bench-{number + count:08d}",
                random.choice(above),
                tuple(random.sample(names, random.randint(0, min(3, len(names))))),
            )
            for count in range(size)
        ]
        levels.append(level)
        above, number = [place.id for place in level] or above, number + size
    return levels


def _document(random: Random) -> str:
    """Return the text of a policy on up to a dozen keys; one that is too long for AWS loses keys."""
    tags: dict[str, Any] = {}
    for number in random.sample(range(_KEYS), random.randint(1, 12)):
        tags[f"Key{number}"] = dict(_entry(random, f"Key{number}"))
    while len(canonical_json({"tags": tags})) > _CHARACTERS:
        tags.popitem()
    return json.dumps({"tags": tags})


def _entry(random: Random, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if random.random() < 0.7:
        yield "tag_key", {"@@assign": key if random.random() < 0.9 else key.lower()}
    lists = {"tag_value": [f"value-{number}" for number in range(40)], "enforced_for": _TYPES}
    for element, known in {**lists, "report_required_tag_for": _TYPES}.items():
        if random.random() < 0.7:
            operator = random.choices(["@@assign", "@@append", "@@remove"], [3, 3, 1])[0]
            limit = {"@@operators_allowed_for_child_policies": random.choice(_LIMITS)} if random.random() < 0.02 else {}
            yield element, {operator: random.sample(known, random.randint(1, 20)), **limit}
