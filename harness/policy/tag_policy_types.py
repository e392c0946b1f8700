"""Say which resource types AWS knows in a tag policy, for each of the two elements that name types.

docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_supported-resources-enforcement.html, as
harness/data/tag-policy-types.yaml keeps it. AWS adds types often, so a type that is not there is doubtful, not wrong.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

Element = Literal["enforced_for", "report_required_tag_for"]
ELEMENTS: tuple[Element, Element] = ("enforced_for", "report_required_tag_for")
Standing = Literal["known", "older-spelling", "everything", "other-element", "neither", "renamed", "whole", "unknown"]

WHOLE = "ALL_SUPPORTED"


@dataclass(frozen=True, slots=True)
class ServiceTypes:
    """Hold a service's types, in lower case, and the elements that take all of them as `ALL_SUPPORTED`.

    `neither` are in AWS's table and in no element; `old` stood there once.
    """

    types: Mapping[Element, frozenset[str]]
    whole: frozenset[Element]
    neither: frozenset[str]
    old: frozenset[str]


@dataclass(frozen=True, slots=True)
class TypeJudgement:
    """Say how a name stands in an element, and which names come near that AWS knows there."""

    standing: Standing
    nearest: tuple[str, ...] = ()


def judge_type(name: str, element: Element) -> TypeJudgement:
    """Return how `service:type`, `service:ALL_SUPPORTED` or `service:*` stands in an element; case does not count.

    >>> judge_type("EC2:Instance", "enforced_for").standing, judge_type("sagemaker:endpoint", "enforced_for").standing
    ('known', 'other-element')

    Raises: nothing.
    """
    service, _, kind = name.lower().partition(":")
    found = _services().get(service)
    if service == "*":
        return TypeJudgement("everything")
    if found is None:
        return TypeJudgement("unknown", _near_services(service))
    if kind in ("*", WHOLE.lower()):
        return _judge_whole(service, kind, found, element)
    standing = _standing(kind, found, element)
    return TypeJudgement(standing, () if standing == "known" else _near(service, kind, found, element))


def _judge_whole(service: str, kind: str, found: ServiceTypes, element: Element) -> TypeJudgement:
    if element not in found.whole:
        return TypeJudgement("whole", tuple(f"{service}:{each}" for each in sorted(found.types[element])))
    return TypeJudgement("known") if kind != "*" else TypeJudgement("older-spelling", (f"{service}:{WHOLE}",))


def _standing(kind: str, found: ServiceTypes, element: Element) -> Standing:
    if kind in found.types[element]:
        return "known"
    if any(kind in types for types in found.types.values()):
        return "other-element"
    if kind in found.neither:
        return "neither"
    return "renamed" if kind in found.old else "unknown"


def known_types(element: Element) -> tuple[str, ...]:
    """Return every `service:type` that AWS's table has for an element, sorted. Raises: nothing."""
    return tuple(sorted(f"{service}:{kind}" for service, found in _services().items() for kind in found.types[element]))


def data_date() -> str:
    """Return the month in which the types were read. Raises: nothing."""
    return str(_rows()["date"])


def _near(service: str, kind: str, found: ServiceTypes, element: Element) -> tuple[str, ...]:
    """Return names that end as this one does (`queue` and `instance/queue`), else those spelt like it."""
    known = sorted(found.types[element])
    ends = [each for each in known if each.rpartition("/")[2] == kind.rpartition("/")[2]]
    close = ends or difflib.get_close_matches(kind, known, n=2, cutoff=0.75)
    return tuple(f"{service}:{each}" for each in close)


def _near_services(service: str) -> tuple[str, ...]:
    return tuple(f"{each}:" for each in difflib.get_close_matches(service, _services(), n=1, cutoff=0.75))


@cache
def _rows() -> Mapping[str, Any]:
    text = (files("harness") / "data" / "tag-policy-types.yaml").read_text(encoding="utf-8")
    rows: Mapping[str, Any] = yaml.safe_load(text)
    return rows


@cache
def _services() -> Mapping[str, ServiceTypes]:
    return {str(service).lower(): _service(row) for service, row in _rows()["services"].items()}


def _service(row: Mapping[str, Any]) -> ServiceTypes:
    both = frozenset(_lower(row.get("both", ())))
    whole = frozenset(element for element in ELEMENTS if element in row.get("whole", ()))
    types = {element: both | frozenset(_lower(row.get(element, ()))) for element in ELEMENTS}
    return ServiceTypes(types, whole, frozenset(_lower(row.get("neither", ()))), frozenset(_lower(row.get("old", ()))))


def _lower(names: Any) -> Iterator[str]:
    return (str(name).lower() for name in names)
