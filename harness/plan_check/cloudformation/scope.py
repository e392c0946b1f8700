"""Hold what a template's functions may refer to, and stand for what is known only at deployment."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import msgspec

from harness.errors import InputError, Problem

_MOST_WORLDS: Final = 16
_MOST_CHOICES: Final = 8  # values of a parameter that are gone through one by one

T = TypeVar("T")


class Opaque(msgspec.Struct, frozen=True):
    """Stand for a value that is known only at deployment; `because` says why, as part of a sentence.

    `form` is what is known of a text, with * for the rest: `kubernetes.io/cluster/*`; "" for nothing.
    """

    because: str
    form: str = ""


class _NoValue:
    __slots__ = ()


NO_VALUE: Final = _NoValue()  # AWS::NoValue: the property, item or tag is left out


class Undecided(Exception):  # noqa: N818 (a question, no error)
    """Ask what a parameter or a comparison comes to be; `options` are all that it can be, `label` names it."""

    def __init__(self, name: str, options: tuple[Any, ...], label: str) -> None:
        """Keep the question."""
        super().__init__(label)
        self.name = name
        self.options = options
        self.label = label


class Scope(msgspec.Struct, frozen=True):
    """Hold what functions refer to.

    `values` maps parameters to what is known of them, `choices` parameters to the few values that they may have.
    `assumed` answers the questions of Undecided; with `lenient`, nothing is asked and such values are Opaque.
    `names` keeps how comparisons are called, by the identity of their part of the template; `decided` what conditions
    came to, `worlds` the scopes with other assumptions.
    """

    values: Mapping[str, Any]
    choices: Mapping[str, tuple[str, ...]]
    mappings: Mapping[str, Any]
    conditions: Mapping[str, Any]
    resources: frozenset[str]
    assumed: Mapping[str, Any] = {}
    lenient: bool = False
    names: dict[int, str] = {}
    decided: dict[str, "bool | Undecided"] = {}
    worlds: dict[tuple[tuple[str, Any], ...], "Scope"] = {}

    def assuming(self, assumed: Mapping[str, Any]) -> "Scope":
        """Return the scope with these answers, the same one for the same answers. Raises: nothing."""
        key = tuple(assumed.items())
        found = self.worlds.get(key)
        if found is None:
            found = self.worlds[key] = msgspec.structs.replace(self, assumed=assumed, decided={})
        return found

    def asking_nothing(self) -> "Scope":
        """Return the scope in which what is undecided is Opaque. Raises: nothing."""
        return msgspec.structs.replace(self, lenient=True, decided={})


def each_world(scope: Scope, read: Callable[[Scope], T]) -> tuple[list[T], tuple[str, ...]]:
    """Return what `read` finds for each way in which conditions and parameters can come out, and what decides.

    One result where nothing is undecided. Past 16 ways, one result in which undecided values are Opaque.
    Raises: what `read` raises.
    """
    found: list[T] = []
    labels: dict[str, None] = {}
    pending: list[Mapping[str, Any]] = [{}]
    while pending:
        assumed = pending.pop()
        try:
            found.append(read(scope.assuming(assumed) if assumed else scope))
        except Undecided as question:
            labels[question.label] = None
            pending.extend({**assumed, question.name: option} for option in reversed(question.options))
            if len(pending) + len(found) > _MOST_WORLDS:
                return [read(scope.asking_nothing())], ()
    return found, tuple(labels)


def template_scope(data: Mapping[str, Any], given: Mapping[str, str], name: str) -> Scope:
    """Return the scope of a template; `given` are parameters of the deployment, `AWS::Region` and the like included.

    Parameters that the template does not declare are ignored, as one file may serve several templates.
    Raises: InputError when a section is no mapping, or a parameter is given a value that it does not allow.
    """
    sections = {
        part: {} if (held := data.get(part)) is None else held
        for part in ("Parameters", "Mappings", "Conditions", "Resources")
    }
    problems = [
        Problem(name, 0, part, "must be a mapping. Do write keys below it")
        for part, held in sections.items()
        if not isinstance(held, dict)
    ]
    if problems:
        raise InputError(problems)
    values: dict[str, Any] = {key: text for key, text in given.items() if key.startswith("AWS::")}
    choices: dict[str, tuple[str, ...]] = {}
    for parameter, declared in sections["Parameters"].items():
        row = declared if isinstance(declared, dict) else {}
        allowed = _allowed(row)
        if parameter in given and allowed and given[parameter] not in allowed:
            rule = f"must be one of {', '.join(allowed)}"
            problems.append(
                Problem(name, 0, f"Parameters.{parameter}", f'{rule}; got "{given[parameter]}". Do correct it')
            )
        values[parameter] = _parameter(parameter, row, allowed, given)
        if isinstance(values[parameter], Opaque) and 1 < len(allowed) <= _MOST_CHOICES and not _is_masked(row):
            choices[parameter] = allowed
    if problems:
        raise InputError(problems)
    return Scope(
        values=values,
        choices=choices,
        mappings=sections["Mappings"],
        conditions=sections["Conditions"],
        resources=frozenset(sections["Resources"]),
    )


def _parameter(name: str, row: Mapping[str, Any], allowed: tuple[str, ...], given: Mapping[str, str]) -> Any:
    kind = str(row.get("Type", "String"))
    if _is_masked(row):
        return Opaque(f"the parameter {name} is secret (NoEcho)")
    if kind.startswith("AWS::SSM::Parameter::"):
        return Opaque(f"the parameter {name} names a parameter of Systems Manager, which is read at deployment")
    text = given.get(name, allowed[0] if len(allowed) == 1 else None)
    if text is None:
        default = row.get("Default")
        held = f'; its default "{default}" may be overridden' if isinstance(default, str | int) else ""
        return Opaque(f"the parameter {name} is given at deployment{held}")
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return [part.strip() for part in text.split(",")]
    return text


def _is_masked(row: Mapping[str, Any]) -> bool:
    return row.get("NoEcho") in (True, "true", "True")


def _allowed(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the values that a parameter may have; none where one of them is no plain text or number."""
    held = row.get("AllowedValues")
    if not isinstance(held, list) or str(row.get("Type", "String")) not in ("String", "Number"):
        return ()
    if not all(type(value) in (str, int, bool) for value in held):
        return ()
    return tuple(dict.fromkeys(str(value).lower() if isinstance(value, bool) else str(value) for value in held))
