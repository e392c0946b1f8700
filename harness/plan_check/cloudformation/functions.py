"""Evaluate CloudFormation's functions as far as the template and the given parameters tell their results.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from harness.plan_check.cloudformation.conditions import holds
from harness.plan_check.cloudformation.scope import NO_VALUE, Opaque, Scope, Undecided
from harness.plan_check.cloudformation.text import Unclear

_PLACEHOLDER: Final = re.compile(r"\$\{([^{}]*)\}")
_DYNAMIC: Final = "{{resolve:"
_LONGEST: Final = 65_536  # characters of a text that functions may make


def evaluate(value: Any, scope: Scope) -> Any:
    """Return what a value comes to be: plain data, NO_VALUE or Opaque. Mappings come back as they are written.

    Raises: Undecided when a condition or parameter decides that may come out in few ways, unless the scope is lenient.
    """
    kind = type(value)
    if kind is dict:
        return _called(value, scope)
    if kind is Unclear:
        return Opaque(f'CloudFormation may change the unquoted "{value}" to another number or word')
    if kind is str and _DYNAMIC in value:
        return Opaque("a dynamic reference is read at deployment")
    return value


def _called(value: dict[str, Any], scope: Scope) -> Any:
    """Return the result of a function, and any other mapping as it is."""
    if len(value) != 1:
        return Opaque("Fn::Transform decides") if "Fn::Transform" in value else value
    name, argument = next(iter(value.items()))
    function = _FUNCTIONS.get(name)
    if function is not None:
        return function(argument, scope)
    is_function = name.startswith("Fn::") and not name.startswith("Fn::ForEach::")
    return Opaque(f"{name} is worked out at deployment") if is_function else value


def as_text(value: Any, scope: Scope) -> str | Opaque | None:
    """Return a scalar as CloudFormation writes it, true as "true"; None for what is no scalar or is left out.

    Raises: Undecided, as evaluate.
    """
    found = evaluate(value, scope)
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, int):
        return str(found)
    return found if isinstance(found, str | Opaque) else None


def _ref(name: Any, scope: Scope) -> Any:
    if not isinstance(name, str):
        return Opaque("Ref names no text")
    if name == "AWS::NoValue":
        return NO_VALUE
    if name in scope.assumed:
        return scope.assumed[name]
    if name in scope.values:
        if name in scope.choices and not scope.lenient:
            raise Undecided(name, scope.choices[name], f"the parameter {name}")
        return scope.values[name]
    if name.startswith("AWS::") or name in scope.resources:
        return Opaque(f"{name} is known at deployment")
    return Opaque(f"the template does not say what {name} is")


def _sub(argument: Any, scope: Scope) -> Any:
    given: Mapping[str, Any] = {}
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], dict):
        argument, given = argument
    if not isinstance(argument, str):
        return Opaque("Fn::Sub holds no text")
    if len(argument) > _LONGEST or _DYNAMIC in argument:
        return Opaque("a dynamic reference is read at deployment" if _DYNAMIC in argument else "the text is too long")
    parts: list[str | Opaque] = []
    end = 0
    for place in _PLACEHOLDER.finditer(argument):
        name = place.group(1).strip()
        text = _placeholder(name, given, scope)
        if text is None:
            return Opaque(f"{name} is no text")
        parts += (argument[end : place.start()], text)
        end = place.end()
    return _joined([*parts, argument[end:]], "")


def _placeholder(name: str, given: Mapping[str, Any], scope: Scope) -> str | Opaque | None:
    if name.startswith("!"):
        return f"${{{name[1:]}}}"
    if name in given:
        return as_text(given[name], scope)
    return as_text({"Ref": name}, scope) if "." not in name else Opaque(f"{name} is known at deployment")


def _join(argument: Any, scope: Scope) -> Any:
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
        return Opaque("Fn::Join has no separator and list")
    parts = _items(argument[1], scope)
    return parts if isinstance(parts, Opaque) else _joined(parts, argument[0])


def _joined(parts: Sequence[str | Opaque], between: str) -> Any:
    """Return the whole text; where parts are not known, the first reason, with what is known of the text."""
    texts = [part.form or "*" if isinstance(part, Opaque) else part for part in parts]
    if sum(map(len, texts)) + len(between) * len(texts) > _LONGEST:
        return Opaque("the text becomes too long")
    unknown = next((part for part in parts if isinstance(part, Opaque)), None)
    text = between.join(texts)
    if unknown is None:
        return text
    if between:  # what is not known may be left out together with its separator
        text = text.replace(f"{between}*", "*").replace(f"*{between}", "*")
    form = re.sub(r"\*+", "*", text)
    return Opaque(unknown.because, "" if form == "*" else form)


def _items(value: Any, scope: Scope) -> list[str | Opaque] | Opaque:
    """Return a list of texts, without what AWS::NoValue leaves out."""
    found = evaluate(value, scope)
    if not isinstance(found, list):
        return found if isinstance(found, Opaque) else Opaque("a function is given no list")
    texts: list[str | Opaque] = []
    for item in found:
        text = as_text(item, scope)
        if text is not None:
            texts.append(text)
    return texts


def _split(argument: Any, scope: Scope) -> Any:
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str) or not argument[0]:
        return Opaque("Fn::Split has no separator and text")
    text = as_text(argument[1], scope)
    return text.split(argument[0]) if isinstance(text, str) else text or Opaque("Fn::Split is given no text")


def _select(argument: Any, scope: Scope) -> Any:
    if not isinstance(argument, list) or len(argument) != 2:
        return Opaque("Fn::Select has no index and list")
    index, found = as_text(argument[0], scope), evaluate(argument[1], scope)
    for held in (index, found):
        if isinstance(held, Opaque):
            return held
    if not isinstance(found, list) or not isinstance(index, str) or not re.fullmatch(r"[0-9]{1,5}", index):
        return Opaque("Fn::Select has no index and list")
    chosen = evaluate(found[int(index)], scope) if int(index) < len(found) else None
    return Opaque("Fn::Select goes beyond its list") if chosen is None or chosen is NO_VALUE else chosen


def _find_in_map(argument: Any, scope: Scope) -> Any:
    if not isinstance(argument, list) or len(argument) not in (3, 4):
        return Opaque("Fn::FindInMap has no map and two keys")
    held: Any = scope.mappings
    for part in argument[:3]:
        key = as_text(part, scope)
        if not isinstance(key, str):
            return key or Opaque("a key of Fn::FindInMap is no text")
        held = held.get(key) if isinstance(held, dict) else None
    if held is None and len(argument) == 4 and isinstance(argument[3], dict) and "DefaultValue" in argument[3]:
        return evaluate(argument[3]["DefaultValue"], scope)
    if isinstance(held, list) and not any(isinstance(item, dict | list) for item in held):
        return held
    is_found = held is not None and not isinstance(held, dict | list)
    return evaluate(held, scope) if is_found else Opaque("Fn::FindInMap finds nothing under these keys")


def _if(argument: Any, scope: Scope) -> Any:
    if not isinstance(argument, list) or len(argument) != 3:
        return Opaque("Fn::If has no condition and two values")
    try:
        chosen = argument[1] if holds(argument[0], scope, as_text) else argument[2]
    except Undecided as question:
        if not scope.lenient:
            raise
        return Opaque(f"{question.label} is decided at deployment")
    return evaluate(chosen, scope)


def _base64(argument: Any, scope: Scope) -> Any:
    text = as_text(argument, scope)
    if not isinstance(text, str):
        return text or Opaque("Fn::Base64 is given no text")
    return base64.b64encode(text.encode()).decode()


_FUNCTIONS: Final[Mapping[str, Callable[[Any, Scope], Any]]] = {
    "Ref": _ref,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::FindInMap": _find_in_map,
    "Fn::If": _if,
    "Fn::Base64": _base64,
}
