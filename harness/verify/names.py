"""Find what env.yaml names and the organisation does not have: a finding of its plane, not the end of verify."""

from collections.abc import Callable, Iterable

from harness.errors import TagrailError
from harness.finding import Finding

_WHERE = "env.yaml"


def gone(plane: str, names: Iterable[str], find: Callable[[str], object]) -> dict[str, Finding]:
    """Return name -> finding of each name that `find` refuses. Raises: nothing."""
    found = {}
    for name in sorted({*names}):
        try:
            find(name)
        except TagrailError as error:
            found[name] = refused(plane, name, error)
    return found


def refused(plane: str, subject: str, error: TagrailError) -> Finding:
    """Return an error about names of the environment as a finding that fails. Raises: nothing."""
    rule, _, repair = str(error).rpartition(". Do ")
    return Finding(plane, _WHERE, subject, "fail", rule, "a name that the organisation has", f"Do {repair}")
