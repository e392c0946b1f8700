"""Make text of outsiders harmless for people: tag keys, values and addresses may hold anything.

A terminal obeys control characters, and bidirectional marks make text read other than it is.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from posixpath import normpath

from harness.plan_check.model import CheckFinding
from harness.plan_check.result import CheckResult, Counts

_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
# What CI systems obey when a job prints it: "::set-output", "##[command]", "##vso[...]", "##teamcity[...]".
_COMMAND = re.compile(r"^([ \t]*)::|##(?=\w*\[)", re.MULTILINE)


def visible(text: str) -> str:
    r"""Return a text whose control, direction and invisible characters are written out, but tabs and ends of lines.

    Raises: nothing.

    >>> visible("red \x1b[31m"), visible("one\ntwo")
    ('red \\x1b[31m', 'one\ntwo')
    """
    return _HARMFUL.sub(_escape, text)


def one_line(text: str) -> str:
    r"""Return a text as visible does, on one line. Raises: nothing.

    >>> one_line("one\n  two")
    'one two'
    """
    return " ".join(visible(text).split())


def disarmed(text: str) -> str:
    r"""Return a text in which no line is a command to a CI system that shows it. Raises: nothing.

    >>> disarmed("::add-mask::a"), disarmed("##[error]a")
    ('\\::add-mask::a', '##\\[error]a')
    """
    return _COMMAND.sub(lambda found: f"{found[1]}\\::" if found[1] is not None else "##\\", text)


def shorten(text: str, most: int) -> str:
    """Return a text of at most `most` characters, and how long it was where it is cut. Raises: nothing.

    >>> shorten("abcdef", 3)
    'abc... (6 characters)'
    """
    return text if len(text) <= most else f"{text[:most]}... ({len(text)} characters)"


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def place(finding: CheckFinding) -> str:
    """Return file and line of a finding as people write them, "" where they are not known. Raises: nothing."""
    if not finding.file:
        return ""
    return f"{finding.file}:{finding.line}" if finding.line else finding.file


def path_of(finding: CheckFinding) -> str:
    """Return the file to show a finding at, with slashes: where the resource is written, else the input that has it.

    It is named from the working directory on where it lies below that. Raises: nothing.
    """
    name = (finding.file or finding.input).replace("\\", "/")
    return "stdin" if name in ("", "-") else normpath(name).removeprefix(f"{Path.cwd().as_posix()}/")


def say_counts(counts: Counts) -> str:
    """Return the numbers of findings in words. Raises: nothing.

    >>> say_counts(Counts(3, 0, 1))
    '3 fail, 0 unknown, 1 in the baseline'
    """
    return f"{counts.fail} fail, {counts.unknown} unknown, {counts.old} in the baseline"


def say_totals(result: CheckResult, most_types: int = 10) -> str:
    """Return in words what was judged, what was not and why. Raises: nothing."""
    said = f"{_many(result.judged, 'resource')} judged"
    if result.skipped:
        said += f", {sum(result.skipped.values())} not ({_reasons(result.skipped)})"
    if types := result.unknown_types:
        more = f" and {len(types) - most_types} more" if len(types) > most_types else ""
        said += f"; {_many(len(types), 'unknown type')}: {one_line(', '.join(types[:most_types]))}{more}"
    return said


def say_more(hidden: Counts) -> str:
    """Return in words how many findings are not shown. Raises: nothing."""
    return f"and {sum(hidden)} more ({say_counts(hidden)}); --format json has all"


def _reasons(skipped: Mapping[str, int]) -> str:
    ordered = sorted(skipped.items(), key=lambda item: (-item[1], item[0]))
    return one_line(", ".join(f"{number} {reason}" for reason, number in ordered))


def _many(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
