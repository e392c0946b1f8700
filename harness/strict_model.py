"""Turn plain data into frozen pydantic models, and pydantic's complaints into problems with file, line and repair."""

import datetime
import types
import typing
from typing import Annotated, Any, TypeVar

import pydantic
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from harness.errors import Problem
from harness.spelling import nearest
from harness.yaml_source import Path_, Source, describe


class StrictModel(BaseModel):
    """Refuse unknown keys and every silent conversion; instances do not change."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _date_or_text(value: object) -> object:
    """Refuse numbers, which pydantic would take for seconds since 1970."""
    if isinstance(value, datetime.datetime) or not isinstance(value, str | datetime.date):
        raise ValueError(f'must be a date; got {describe(value)}. Do write it as "2027-06-30"')  # noqa: TRY004 (pydantic reports ValueError)
    return value


Strings = Annotated[tuple[str, ...], Field(strict=False)]
Date = Annotated[datetime.date, Field(strict=False), BeforeValidator(_date_or_text)]
Model = TypeVar("Model", bound=StrictModel)

_WANTED = {
    "string_type": ("text", "quote it"),
    "bool_type": ("true or false", "write true or false"),
    "int_type": ("a whole number", "write digits without quotes"),
    "int_from_float": ("a whole number", "write digits without a point"),
    "float_type": ("a number", "write digits without quotes"),
    "tuple_type": ("a list", "write [a, b]"),
    "dict_type": ("a mapping", "write key: value pairs"),
    "model_type": ("a mapping", "write key: value pairs"),
    "model_attributes_type": ("a mapping", "write key: value pairs"),
    "date_from_datetime_parsing": ("a date", 'write it as "2027-06-30"'),
    "date_from_datetime_inexact": ("a date", 'write it as "2027-06-30"'),
    "date_parsing": ("a date", 'write it as "2027-06-30"'),
}


def build(model: type[Model], source: Source) -> tuple[Model | None, tuple[Problem, ...]]:
    """Return the model of a source's data, or None and every problem that stands in its way.

    Raises: nothing of the input's; problems are returned, so that several files can be refused together.
    """
    if source.data is None:
        return None, (source.problem((), "must not be empty. Do copy the shipped example"),)
    try:
        return model.model_validate(source.data), ()
    except ValidationError as error:
        return None, tuple(_problem(model, source, details) for details in error.errors())


def _problem(model: type[BaseModel], source: Source, details: Any) -> Problem:
    kind: str = details["type"]
    path: Path_ = tuple(part for part in details["loc"] if part != "[key]")
    name = str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        known = sorted(_fields_at(model, path[:-1]))
        message = f'must be one of {", ".join(known)}; got "{name}".{nearest(name, known) or " Do remove it"}'
    elif kind == "missing":
        message = "must be given. Do add it"
    elif kind == "value_error":
        message = str(details["ctx"]["error"])
    elif kind == "literal_error":
        wanted = details["ctx"]["expected"].replace("'", "")
        guess = nearest(str(details["input"]), wanted.replace(" or ", ", ").split(", "))
        message = f"must be {wanted}; got {describe(details['input'])}.{guess or ' Do choose one of them'}"
    elif kind == "too_short":
        message = f"must hold {details['ctx']['min_length']} item or more; got none. Do add one"
    elif kind in _WANTED:
        wanted, repair = _WANTED[kind]
        message = f"must be {wanted}; got {describe(details['input'])}. Do {repair}"
    else:
        rule = details["msg"][0].lower() + details["msg"][1:]
        message = f"must hold: {rule}; got {describe(details['input'])}. Do correct it"
    return source.problem(path, message)


def _fields_at(model: type[BaseModel], path: Path_) -> set[str]:
    """Return the field names of the model that stands at `path` inside `model`."""
    current: object = model
    for part in path:
        if isinstance(current, type) and issubclass(current, BaseModel):
            current = _plain(current.model_fields[str(part)].annotation)
        else:
            current = _plain(typing.get_args(current)[0 if typing.get_origin(current) is tuple else -1])
    if isinstance(current, type) and issubclass(current, BaseModel):
        return set(current.model_fields)
    raise pydantic.PydanticUserError(f"no model at {path}", code=None)


def _plain(annotation: object) -> object:
    """Return an annotation without `| None` and `Annotated`."""
    if typing.get_origin(annotation) is Annotated:
        return _plain(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        return _plain(next(arg for arg in typing.get_args(annotation) if arg is not type(None)))
    return annotation
