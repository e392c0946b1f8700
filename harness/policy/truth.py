"""Judge with three values: what rests on something unknown is unknown, unless the rest settles it."""

from collections.abc import Iterable
from enum import Enum
from typing import NoReturn


class Truth(Enum):
    """Say yes, no, or that it cannot be told; it has no truth value of its own, so none is taken by accident."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __bool__(self) -> NoReturn:
        """Refuse. Raises: TypeError always, since `if truth` would take unknown for yes."""
        raise TypeError("compare a Truth with `is`")

    def negated(self) -> "Truth":
        """Return the opposite; the opposite of unknown is unknown. Raises: nothing."""
        if self is Truth.UNKNOWN:
            return self
        return Truth.NO if self is Truth.YES else Truth.YES


def told(value: bool) -> Truth:  # noqa: FBT001 (this is what makes a Truth of a bool)
    """Return the Truth of a bool. Raises: nothing."""
    return Truth.YES if value else Truth.NO


def every(values: Iterable[Truth]) -> Truth:
    """Return no when one is no, else unknown when one is unknown, else yes.

    >>> every([Truth.UNKNOWN, Truth.NO])
    <Truth.NO: 'no'>

    Raises: nothing.
    """
    return some(value.negated() for value in values).negated()


def some(values: Iterable[Truth]) -> Truth:
    """Return yes when one is yes, else unknown when one is unknown, else no.

    >>> some([Truth.UNKNOWN, Truth.NO])
    <Truth.UNKNOWN: 'unknown'>

    Raises: nothing.
    """
    found = set(values)
    if Truth.YES in found:
        return Truth.YES
    return Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.NO
