"""Compare patterns of `*` and `?` with each other: whether one matches all that another does, or anything of it."""

import re
from functools import lru_cache

_ARN_PARTS = 6
_LOOSE = re.compile(r"[*?]{2,}")


def covers(pattern: str, other: str) -> bool:
    """Tell whether a pattern matches every text that another one matches; both may be plain texts.

    >>> covers("ec2:*", "ec2:Run?"), covers("ec2:Run*", "ec2:*"), covers("a?*", "a*?"), covers("a?*", "a*")
    (True, False, True, False)
    """
    return pattern in {other, "*"} or _covers(_ordered(pattern), _ordered(other))


def overlaps(pattern: str, other: str) -> bool:
    """Tell whether there is a text that both patterns match.

    >>> overlaps("a*c", "ab*"), overlaps("a*", "b*")
    (True, False)
    """
    return _overlaps(pattern, other)


def arn_covers(pattern: str, other: str) -> bool:
    """Tell whether a Resource pattern matches every ARN that another one matches: part by part.

    >>> arn_covers("arn:*:s3:::*", "arn:aws:s3:::a/*"), arn_covers("arn:aws:s3:*", "*")
    (True, False)
    """
    if pattern in {other, "*"}:
        return True
    return all(map(covers, _parts(pattern), _parts(other)))


def arn_overlaps(pattern: str, other: str) -> bool:
    """Tell whether there may be an ARN that both patterns match. Raises: nothing."""
    return "*" in {pattern, other} or all(map(overlaps, _parts(pattern), _parts(other)))


def _parts(pattern: str) -> list[str]:
    parts = pattern.split(":", _ARN_PARTS - 1)
    return parts + ["*"] * (_ARN_PARTS - len(parts))


def _ordered(pattern: str) -> str:
    """Return a pattern in which a run of wildcards has its `?` first and one `*` at most."""
    return _LOOSE.sub(lambda run: "?" * run[0].count("?") + "*" * ("*" in run[0]), pattern)


@lru_cache(maxsize=65536)
def _covers(pattern: str, other: str) -> bool:
    """Match a pattern against another one, whose wildcards count as characters that wildcards alone match."""
    reached = {0}
    for char in other:
        reached = _after_stars(pattern, reached)
        step = {at for at in reached if at < len(pattern) and pattern[at] == "*"}
        reached = step | {at + 1 for at in reached if at < len(pattern) and _takes(pattern[at], char)}
    return len(pattern) in _after_stars(pattern, reached)


def _takes(own: str, char: str) -> bool:
    return own == char if own != "?" else char != "*"


def _after_stars(pattern: str, reached: set[int]) -> set[int]:
    found = set(reached)
    for at in range(len(pattern)):
        if at in found and pattern[at] == "*":
            found.add(at + 1)
    return found


@lru_cache(maxsize=65536)
def _overlaps(one: str, two: str) -> bool:
    """Walk through both patterns side by side."""
    waiting, seen = [(0, 0)], {(0, 0)}
    while waiting:
        left, right = waiting.pop()
        if left == len(one) and right == len(two):
            return True
        for step in _steps(one, two, left, right):
            if step not in seen:
                seen.add(step)
                waiting.append(step)
    return False


def _steps(one: str, two: str, left: int, right: int) -> list[tuple[int, int]]:
    own, other = one[left : left + 1], two[right : right + 1]
    found = []
    if own == "*":
        found += [(left + 1, right)] + ([(left, right + 1)] if other else [])
    if other == "*":
        found += [(left, right + 1)] + ([(left + 1, right)] if own else [])
    if own and other and "*" not in {own, other} and (own == other or "?" in {own, other}):
        found.append((left + 1, right + 1))
    return found
