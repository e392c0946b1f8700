"""Write out Fn::ForEach of AWS::LanguageExtensions.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from harness.errors import InputError, Problem
from harness.plan_check.cloudformation.functions import as_text, evaluate
from harness.plan_check.cloudformation.scope import Opaque, Scope, Undecided

LOOP: Final = "Fn::ForEach::"
_MOST_TURNS: Final = 10_000  # of all loops of one mapping; a stack holds 500 resources


def expand(held: Mapping[str, Any], scope: Scope, name: str) -> Iterator[tuple[str, Any, str]]:
    """Yield key, value and the key as written of a mapping whose loops are written out.

    The body of a loop over what is known only at deployment comes once, with its identifier unknown.
    Raises: InputError with the file `name` when loops turn more than 10,000 times.
    """
    turns = [0]
    for key, value in held.items():
        if key.startswith(LOOP):
            for inner, body in _turns(key, value, scope, name, turns):
                yield inner, body, key
        else:
            yield key, value, key


def _turns(loop: str, held: Any, scope: Scope, name: str, turns: list[int]) -> Iterator[tuple[str, Any]]:
    is_loop = isinstance(held, list) and len(held) == 3 and isinstance(held[0], str) and isinstance(held[2], dict)
    if not is_loop:
        message = "must hold an identifier, a collection and a mapping. Do write the three as a list"
        raise InputError([Problem(name, 0, loop, message)])
    identifier, collection, body = held
    for item in _collection(collection, scope):
        turns[0] += 1
        if turns[0] > _MOST_TURNS:
            raise InputError([Problem(name, 0, loop, f"must turn at most {_MOST_TURNS:,} times. Do shorten its list")])
        for key, value in _replaced(body, identifier, item).items():
            if key.startswith(LOOP):
                yield from _turns(key, value, scope, name, turns)
            else:
                yield key, value


def _collection(value: Any, scope: Scope) -> list[str | None]:
    """Return the items of a collection; one None for those that only the deployment knows."""
    try:
        found = evaluate(value, scope)
        if not isinstance(found, list):
            return [None]
        texts: list[str | None] = []
        for item in found:
            inner = evaluate(item, scope)
            for part in inner if isinstance(inner, list) else [inner]:
                text = as_text(part, scope)
                texts.append(None if isinstance(text, Opaque) else text)
    except Undecided:
        return [None]
    return [None] if None in texts else texts


def _replaced(value: Any, identifier: str, item: str | None) -> Any:
    """Return a copy in which an identifier is replaced; where the item is unknown, texts with it become Fn::Sub."""
    marks = (f"${{{identifier}}}", f"&{{{identifier}}}")
    if isinstance(value, str) and any(mark in value for mark in marks):
        if item is None:
            return {"Fn::Sub": value}
        return value.replace(marks[0], item).replace(marks[1], re.sub(r"[^A-Za-z0-9]", "", item))
    if isinstance(value, list):
        return [_replaced(part, identifier, item) for part in value]
    if not isinstance(value, dict):
        return value
    if item is not None and value == {"Ref": identifier}:
        return item
    return {
        key if item is None else _replaced(key, identifier, item): _replaced(part, identifier, item)
        for key, part in value.items()
    }
