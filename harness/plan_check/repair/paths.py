"""Take the path of a set of tags apart, into steps that a file writes one inside the other."""

import re

_STEP = re.compile(r"[^.\[\]]+|\[[^\]]*\]")
_VIEWS = frozenset({"[PropagateAtLaunch]"})  # part of a list of tags, which no file writes apart


def steps_of(path: str) -> tuple[str, ...]:
    """Return the steps of a path: names, and in brackets which of several is meant, by number or by kind.

    Raises: nothing.

    >>> steps_of("root_block_device[0].tags"), steps_of("Tags[PropagateAtLaunch]")
    (('root_block_device', '[0]', 'tags'), ('Tags',))
    """
    return tuple(step for step in _STEP.findall(path) if step not in _VIEWS)


def path_of(steps: tuple[str, ...]) -> str:
    """Return steps as one path. Raises: nothing.

    >>> path_of(("a", "[0]", "b"))
    'a[0].b'
    """
    return ".".join(steps).replace(".[", "[")


def is_choice(step: str) -> bool:
    """Tell whether a step says which of several is meant. Raises: nothing."""
    return step.startswith("[")


def kind_of(step: str) -> str:
    """Return the kind that a step asks for; "" for a name or a number. Raises: nothing.

    >>> kind_of("[volume]"), kind_of("[0]"), kind_of("tags")
    ('volume', '', '')
    """
    return step[1:-1] if is_choice(step) and not step[1:-1].isdigit() else ""
