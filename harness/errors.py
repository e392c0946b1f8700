"""Expected errors of the harness; every layer above raises these and only the command line prints them."""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN_PROBLEMS = 10


class TagrailError(Exception):
    """Stop with a message that a user can act on; shown without a traceback.

    `exit_code` is 2 (bad input or usage) unless a subclass says otherwise.
    """

    exit_code = 2


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Name one fault of an input: where it stands, which rule it breaks, what was found, how to mend it.

    `line` counts from 1; 0 means the whole file. `path` is the place inside the document (`tags["a"].values[0]`).
    """

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        """Return `file:line: path: message`."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class InputError(TagrailError):
    """Report all problems of the input at once, sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep every problem; the text shows the first ten and counts the rest."""
        self.problems = tuple(sorted(set(problems)))
        super().__init__(str(self))

    def __str__(self) -> str:
        """Return one problem a line, then `and N more` past ten."""
        lines = [str(problem) for problem in self.problems[:SHOWN_PROBLEMS]]
        hidden = len(self.problems) - SHOWN_PROBLEMS
        if hidden > 0:
            lines.append(f"and {hidden} more")
        return "\n".join(lines)
