"""Read what AWS Config rules demand: which key of which resource type must be there, with which values.

docs.aws.amazon.com/config/latest/developerguide/required-tags.html: REQUIRED_TAGS takes tag1Key to tag6Key, each with
the values of tagNValue, joined by commas, or any. Guard rules are read as modules/required-tags writes them.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from harness.plan_check.weakening.globs import covers

_CLAUSE = re.compile(r"tags\[ keys == '([^']*)' \] (!empty|!= /\^\\s\*\$/|IN \[(.*)\]|== (/.*/)) <<.*>>")
_WHEN = re.compile(r"when tags\[ keys == '[^']*' \] !empty \{")
_RULE = re.compile(r"rule [A-Za-z_]\w* \{")
_EVERY_TYPE = "*"


class Demand(NamedTuple):
    """Hold one demand on a tag key: `kind` is present, filled, value or pattern.

    `values` are those allowed, with * as in a dictionary; or the pattern.
    """

    key: str
    kind: str
    values: tuple[str, ...] = ()

    def met_by(self, other: "Demand") -> bool:
        """Tell whether who meets `other` meets this one too."""
        if self.key != other.key:
            return False
        if self.kind == "filled":
            return other.kind in {"filled", "value"}
        if self.kind != "value" or other.kind != "value":
            return self == other
        return all(any(covers(own, value) for own in self.values) for value in other.values)


def demands_of(kind: str, text: Any) -> tuple[Demand, ...] | None:
    """Return the demands of a rule, `kind` is its identifier or "guard"; None where they cannot be told.

    Raises: nothing.
    """
    if kind == "REQUIRED_TAGS":
        return _required_tags(text)
    return _guard(text) if kind == "guard" and isinstance(text, str) else None


def types_of(scope: Any) -> frozenset[str]:
    """Return the resource types of a scope; all of them where it names none. Raises: nothing."""
    return frozenset(map(str, scope)) if isinstance(scope, list) and scope else frozenset({_EVERY_TYPE})


def has_type(types: frozenset[str], name: str) -> bool:
    """Tell whether a scope has a resource type. Raises: nothing."""
    return name in types or _EVERY_TYPE in types


def _required_tags(text: Any) -> tuple[Demand, ...] | None:
    try:
        parameters = json.loads(text or "{}")
    except (TypeError, ValueError, RecursionError):
        return None
    return tuple(_of_parameters(parameters)) if isinstance(parameters, Mapping) else None


def _of_parameters(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    for number in range(1, 7):
        key, values = parameters.get(f"tag{number}Key"), parameters.get(f"tag{number}Value")
        if isinstance(key, str) and key:
            yield Demand(key, "present")
            if isinstance(values, str) and values:
                yield Demand(key, "value", tuple(sorted(part.strip() for part in values.split(","))))


def _guard(text: str) -> tuple[Demand, ...] | None:
    found: list[Demand] = []
    for line in map(str.strip, text.splitlines()):
        if not line or line == "}" or _RULE.fullmatch(line) or _WHEN.fullmatch(line):
            continue
        clause = _CLAUSE.fullmatch(line)
        demand = _of_clause(clause) if clause else None
        if demand is None:
            return None
        found.append(demand)
    return tuple(found)


def _of_clause(clause: re.Match[str]) -> Demand | None:
    key, words, listed, pattern = clause.groups()
    if words == "!empty":
        return Demand(key, "present")
    if listed is not None:
        values = tuple(_value(each) for each in re.findall(r'"[^"]*"|/\^.*?\$/', listed))
        return Demand(key, "value", tuple(sorted(values))) if values else None
    return Demand(key, "pattern", (pattern,)) if pattern else Demand(key, "filled")


def _value(literal: str) -> str:
    """Return a value as the dictionary writes it: a regular expression of the module stands for a value with a *."""
    if literal.startswith('"'):
        return literal[1:-1]
    text = literal[2:-2].replace(".*", "*")
    return re.sub(r"\\(.)", r"\1", text)
