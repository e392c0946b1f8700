"""The condition keys of a request: values, nothing, or a value that cannot be known.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html: names of keys fold case, the tag
key in `aws:RequestTag/Owner` included; values do not, so those of `aws:TagKeys` compare by the operator's own rule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unknown:
    """Stand for the value of a condition key that cannot be known; `reason` names it for a person."""

    reason: str


Values = Sequence[str] | Unknown | None
Context = Callable[[str], Values]

# Keys that hold a list whatever its length:
# docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_LISTS = frozenset(
    {
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
    }
)


def is_list(key: str, values: Sequence[str]) -> bool:
    """Tell whether a key is multivalued: by its name, or because the request has several values of it.

    Raises: nothing.
    """
    return len(values) > 1 or key.lower() in _LISTS


def tag_of(tags: Mapping[str, str], wanted: str) -> Values:
    """Return a tag by the key after the slash of a condition key, which IAM compares without case.

    >>> tag_of({"Owner": "ml"}, "OWNER")
    ['ml']

    Raises: nothing.
    """
    return next(([value] for key, value in tags.items() if key.lower() == wanted.lower()), None)


def context_of(values: Mapping[str, Sequence[str] | str | Unknown]) -> Context:
    """Return a context with these keys; any other key is absent.

    >>> context_of({"aws:RequestTag/Owner": "ml"})("AWS:requesttag/OWNER")
    ('ml',)

    Raises: nothing.
    """
    held: dict[str, Sequence[str] | Unknown] = {
        key.lower(): (value,) if isinstance(value, str) else value for key, value in values.items()
    }
    return lambda key: held.get(key.lower())
