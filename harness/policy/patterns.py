"""Match texts against what a policy writes: `*`, `?`, policy variables, and the parts of ARNs.

Wildcards: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html. Variables:
docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html; the value of one is never a wildcard.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from harness.policy.context import Context, Unknown, is_list
from harness.policy.truth import Truth, some


class Wild(Enum):
    """Name the wildcards: any number of characters, or one."""

    MANY = "*"
    ONE = "?"


Token = str | Wild
Tokens = tuple[Token, ...]

_ARN_PARTS = 6
_VARIABLE = re.compile(r"\$\{([^}]+)\}")
_DEFAULT = re.compile(r"([^,]+), '([^']*)'")
_WILD = {wild.value: wild for wild in Wild}


def tokens_of(text: str) -> Tokens:
    """Return a text as characters and wildcards, without looking for variables. Raises: nothing."""
    return tuple(_WILD.get(char, char) for char in text)


def filled(text: str, context: Context) -> Tokens | Unknown | None:
    """Return a text with its policy variables filled in: `${key}`, `${key, 'default'}`, `${*}`, `${?}`, `${$}`.

    None when a variable has no value and no default, or names a multivalued key: such a text matches nothing.
    Raises: nothing.
    """
    found: list[Token] = []
    end = 0
    for variable in _VARIABLE.finditer(text):
        value = _value(variable[1], context)
        if value is None or isinstance(value, Unknown):
            return value
        found += [*tokens_of(text[end : variable.start()]), *value]
        end = variable.end()
    return (*found, *tokens_of(text[end:]))


def spelled(tokens: Tokens) -> str:
    """Return tokens as a text in which wildcards are plain characters. Raises: nothing."""
    return "".join(token.value if isinstance(token, Wild) else token for token in tokens)


def like(pattern: str, text: str) -> bool:
    """Tell whether a text matches a pattern of `*` and `?`, as in StringLike and Action.

    >>> like("a?c*", "abcde")
    True

    Raises: nothing.
    """
    return tokens_match(tokens_of(pattern), text)


def tokens_match(tokens: Tokens, text: str) -> bool:
    """Tell whether a text matches tokens; wildcards stand for any character. Raises: nothing."""
    return _compiled(tokens, in_parts=False).matches(text)


def arn_matches(tokens: Tokens, arn: str) -> bool:
    """Tell whether an ARN matches as the ARN operators compare: each of the six parts by itself.

    docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN.
    Raises: nothing.
    """
    patterns, parts = list(_parts(tokens)), arn.split(":", _ARN_PARTS - 1)
    if not len(patterns) == len(parts) == _ARN_PARTS:
        return False
    return all(tokens_match(pattern, part) for pattern, part in zip(patterns, parts, strict=True))


def resource_matches(tokens: Tokens, arn: str) -> bool:
    """Tell whether an ARN matches a pattern of a Resource element.

    Wildcards stay inside their part of the ARN, but for a `*` that ends a part and for the part of the resource. An
    ARN of fewer than six parts also stands for one with `*` in those that are missing
    (docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html). Raises: nothing.
    """
    return tokens == (Wild.MANY,) or any(glob.matches(arn) for glob in _resource_globs(tokens))


def open_resource_matches(tokens: Tokens, arn: str) -> Truth:
    """Tell whether a pattern of a Resource element matches an ARN whose `*` stand for names that are not known.

    A name is any text without a colon; an ARN that is `*` may be any. Raises: nothing.
    """
    if tokens == (Wild.MANY,):
        return Truth.YES
    if arn == Wild.MANY.value:
        return Truth.UNKNOWN
    return some(glob.matches_open(arn) for glob in _resource_globs(tokens))


def _resource_globs(tokens: Tokens) -> Iterator["_Glob"]:
    missing = _ARN_PARTS - 1 - tokens.count(":")
    completed = tokens + (":", Wild.MANY) * missing
    yield from (_compiled(each, in_parts=True) for each in {tokens, completed})


def resource_tokens(pattern: str, context: Context) -> Tokens | Unknown | None:
    """Return a Resource pattern with its variables filled in, which may stand after the fifth colon only.

    Raises: nothing.
    """
    head = re.match(r"(?:(?:\$\{[^}]*\}|[^:])*:){5}", pattern)
    if head is None:
        return tokens_of(pattern)
    tail = filled(pattern[head.end() :], context)
    return tail if tail is None or isinstance(tail, Unknown) else tokens_of(head[0]) + tail


def _value(variable: str, context: Context) -> Sequence[str] | Unknown | None:
    if variable in ("*", "?", "$"):
        return variable
    with_default = _DEFAULT.fullmatch(variable)
    name = with_default[1] if with_default else variable
    values = context(name)
    if isinstance(values, Unknown):
        return values
    if values and not is_list(name, values):
        return values[0]
    return with_default[2] if with_default else None


def _parts(tokens: Tokens) -> Iterator[Tokens]:
    """Yield what the first five colons separate."""
    rest = tokens
    for _ in range(_ARN_PARTS - 1):
        if ":" not in rest:
            break
        end = rest.index(":")
        yield rest[:end]
        rest = rest[end + 1 :]
    yield rest


@dataclass(frozen=True, slots=True)
class _Glob:
    """Match by the set of tokens that the text may have reached, one bit each, so that no pattern takes long."""

    steps: Mapping[str, int]
    one: int
    one_in_part: int
    many: int
    many_in_part: int
    length: int

    def matches(self, text: str) -> bool:
        """Tell whether the whole text matches."""
        return bool(self._step(self._beyond_stars(1), text) >> self.length & 1)

    def _step(self, reached: int, text: str) -> int:
        for char in text:
            if not reached:
                break
            inside = char != ":"
            step = self.steps.get(char, 0) | self.one | (self.one_in_part if inside else 0)
            stay = self.many | (self.many_in_part if inside else 0)
            reached = self._beyond_stars((reached & step) << 1 | reached & stay)
        return reached

    def matches_open(self, text: str) -> Truth:
        """Tell whether a text matches in which `*` is any name: surely where stars alone meet it, else perhaps."""
        if self._reach(text, lambda reached: self._beyond_stars(reached & (self.many | self.many_in_part))):
            return Truth.YES
        return Truth.UNKNOWN if self._reach(text, self._beyond_names) else Truth.NO

    def _reach(self, text: str, at_star: Callable[[int], int]) -> bool:
        pieces = text.split("*")
        reached = self._beyond_stars(1)
        for index, piece in enumerate(pieces):
            reached = self._step(at_star(reached) if index else reached, piece)
        return bool(reached >> self.length & 1)

    def _beyond_names(self, reached: int) -> int:
        named = ((1 << self.length) - 1) & ~self.steps.get(":", 0)
        while (further := reached | (reached & named) << 1) != reached:
            reached = further
        return reached

    def _beyond_stars(self, reached: int) -> int:
        stars = self.many | self.many_in_part
        while (further := reached | (reached & stars) << 1) != reached:
            reached = further
        return reached


@lru_cache(maxsize=4096)
def _compiled(tokens: Tokens, *, in_parts: bool) -> _Glob:
    steps: dict[str, int] = defaultdict(int)
    masks = {(wild, narrow): 0 for wild in Wild for narrow in (False, True)}
    colons = 0
    for index, each in enumerate(tokens):
        if isinstance(each, Wild):
            narrow = in_parts and colons < _ARN_PARTS - 1
            if narrow and each is Wild.MANY:
                narrow = index + 1 < len(tokens) and tokens[index + 1] != ":"
            masks[each, narrow] |= 1 << index
        else:
            steps[each] |= 1 << index
            colons += each == ":"
    return _Glob(
        steps=dict(steps),
        one=masks[Wild.ONE, False],
        one_in_part=masks[Wild.ONE, True],
        many=masks[Wild.MANY, False],
        many_in_part=masks[Wild.MANY, True],
        length=len(tokens),
    )
