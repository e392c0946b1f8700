"""Do by hand's rules what a reader does with a repair: paste its lines where `repair_at` says.

The files are written for it: one argument a line, each block and map over several lines.
"""

import re
from collections.abc import Callable, Mapping

Lines = list[str]
Words = tuple[str, ...]

_VALUES = (
    (r"<text that matches \[0-9\]\{4\}>", "1234"),
    (r"<([^<>|]+?) \| [^<>]*>", r"\1"),
    (r"<a team's name or an id>", "team-a"),
    (r"aws_launch_template\.<name>", "aws_launch_template.tagged"),
    (r"<launch template>", "Template"),
    (r"<the same expression>", "dev"),
    (r"<(?!what is there now)[a-zA-Z' -]+>", "team-a"),
)


def filled_in(text: str) -> str:
    """Return a repair with values for what its reader has to fill in."""
    for pattern, value in _VALUES:
        text = re.sub(pattern, value, text)
    return text


def block_at(lines: Lines, opening: str, number: int = 0, first: int = 0) -> tuple[int, int]:
    """Return the first and last line of the block, map or list that a line matching `opening` begins."""
    for start in range(first, len(lines)):
        if re.match(opening, lines[start].strip()):
            if number:
                number -= 1
                continue
            depth = 0
            for end in range(start, len(lines)):
                depth += len(re.findall(r"[{\[(]", lines[end])) - len(re.findall(r"[}\])]", lines[end]))
                if depth == 0:
                    return start, end
    raise AssertionError(f"{opening} is not in {lines}")


def inside(lines: Lines, path: str) -> tuple[int, int]:
    """Return first and last line of what a path such as root_block_device[0].tags names, within a block."""
    start, end = 0, len(lines) - 1
    for name, _, number in re.findall(r"(\w+)(\[(\d+)\])?", path):
        start, end = block_at(lines, rf"{name} *=? *[{{\[]", int(number or 0), start + 1)
    return start, end


def without(lines: Lines, keys: Words) -> Lines:
    """Return the lines without those of some arguments or keys."""
    patterns = [rf'"?{re.escape(key)}"? *=' for key in keys]
    return [line for line in lines if not any(re.match(pattern, line.strip()) for pattern in patterns)]


def pasted(block: str, address: str, repair: str, at: str) -> str:
    """Return a block of HCL after a repair; `at` must be a place in it."""
    lines, new = block.strip("\n").split("\n"), filled_in(repair).split("\n")
    at = at.partition(", or the same tags in ")[0] if ", or the same" in at else at
    for pattern, paste in _PLACES.items():
        found = re.fullmatch(pattern.replace("ADDRESS", re.escape(address)), at)
        if found:
            return "\n".join(paste(lines, new, found.groupdict(default="")))
    raise AssertionError(f"no reader understands: {at}")


def _keys(words: Mapping[str, str]) -> Words:
    return tuple(re.findall(r'"([^"]*)"', words["keys"])) if words.get("keys") else ()


def _append(lines: Lines, new: Lines, words: Mapping[str, str]) -> Lines:
    instead = (words["old"],) if words.get("old") else ()
    lines = without(lines, instead)
    end = inside(lines, words["path"])[1] if words.get("path") else len(lines) - 1
    return [*lines[:end], *new, *lines[end:]]


def _insert(lines: Lines, new: Lines, words: Mapping[str, str]) -> Lines:
    start, end = inside(lines, words["path"])
    kept = without(lines[start + 1 : end], _keys(words))
    return [*lines[: start + 1], *new, *kept, *lines[end:]]


def _replace(lines: Lines, new: Lines, words: Mapping[str, str]) -> Lines:
    name = words["path"]
    number = next(index for index, line in enumerate(lines) if re.match(rf"{name} *=", line.strip()))
    start, end = (number, number) if not lines[number].rstrip().endswith(("{", "(")) else block_at(lines, rf"{name} *=")
    was = "\n".join(lines[start : end + 1]).partition("=")[2].strip()
    return [*lines[:start], "\n".join(new).replace("<what is there now>", was), *lines[end + 1 :]]


def _remove(lines: Lines, _: Lines, words: Mapping[str, str]) -> Lines:
    start, end = inside(lines, words["path"])
    return [*lines[: start + 1], *without(lines[start + 1 : end], _keys(words)), *lines[end:]]


def _in_pair(lines: Lines, new: Lines, words: Mapping[str, str]) -> Lines:
    number = next(index for index, line in enumerate(lines) if re.fullmatch(rf' *key *= "{words["key"]}"', line))
    start = max(index for index in range(number) if lines[index].strip() == "tag {")
    end = block_at(lines, "tag {", 0, start)[1]
    return [*lines[: start + 1], *new, *without(lines[start + 1 : end], ("propagate_at_launch",)), *lines[end:]]


def _instead_of_pair(lines: Lines, new: Lines, words: Mapping[str, str]) -> Lines:
    for key in _keys(words):
        number = next(index for index, line in enumerate(lines) if re.fullmatch(rf' *key *= "{key}"', line))
        start = max(index for index in range(number) if lines[index].strip() == "tag {")
        end = block_at(lines, "tag {", 0, start)[1]
        lines = [*lines[:start], *lines[end + 1 :]]
    return [*lines[:-1], *new, lines[-1]]


_INSTEAD = '(, in place of (?P<keys>".*"))?'
_PLACES: Mapping[str, Callable[[Lines, Lines, Mapping[str, str]], Lines]] = {
    r'in the block tag of "(?P<key>.*)" in ADDRESS': _in_pair,
    r"in place of (?P<path>\w+) in ADDRESS" + _INSTEAD: _replace,
    r'remove (?P<keys>".*") from (?P<path>[\w.\[\]]+) of ADDRESS': _remove,
    r"inside (what )?(?P<path>[\w.\[\]]+) of ADDRESS( come from)?" + _INSTEAD: _insert,
    r'in ADDRESS, in place of (?P<keys>".*")': _instead_of_pair,
    r"in ((?P<path>[\w.\[\]]+) of )?ADDRESS(, in place of (?P<old>\w+))?": _append,
}
