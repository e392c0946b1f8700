"""Mask personal data and secrets in the texts of a page that people pass on."""

import re
from collections.abc import Iterable

from harness.personal_data import masked, may_be_personal, personal_parts

_WORD = re.compile(r"[^\s'\"`<>()\[\]{},;|]+")
# Where an ARN begins: an account is nobody's data, and looks like a number that may be, twelve digits of a card.
_PLACE = re.compile(r"arn:[a-z-]+:[a-z0-9-]*:[a-z0-9-]*:(?:\d{12})?:")
_EDGES = ".:!?"


class Mask:
    """Mask texts: a value the same way wherever it stands, and two values never alike, so that rows stay apart.

    `allowed` are the values that stay as they are, since the dictionary allows them.
    """

    def __init__(self, allowed: frozenset[str]) -> None:
        """Remember nothing yet."""
        self._allowed = allowed
        self._shown: dict[str, str] = {}
        self._taken: dict[str, int] = {}

    def text(self, text: str) -> str:
        """Return a text with its personal parts masked. Raises: nothing."""
        if text in self._allowed:
            return text
        place = _PLACE.match(text)
        return text[: place.end()] + self._parts(text[place.end() :]) if place else self._parts(text)

    def _parts(self, text: str) -> str:
        if not may_be_personal(text):
            return text
        for parts in (_parts_of_words, _parts_of_several_words):
            found = dict.fromkeys(part for part in parts(text) if part not in self._allowed)
            for part in sorted(found, key=len, reverse=True):  # the longest first: another may be inside of it
                text = text.replace(part, self._name(part))
        return text

    def hidden(self, text: str) -> str:
        """Return a text masked as a whole, whatever it looks like. Raises: nothing."""
        return text if text in self._allowed else self._name(text)

    def _name(self, part: str) -> str:
        if part not in self._shown:
            name = masked(part)
            self._taken[name] = number = self._taken.get(name, 0) + 1
            self._shown[part] = name if number == 1 else f"{name} no. {number}"
        return self._shown[part]


def _parts_of_words(text: str) -> Iterable[str]:
    """Yield what is personal in single words: "jane@example.com:" in a sentence is no path of a host."""
    return (part for word in _WORD.findall(text) for part in personal_parts(word.strip(_EDGES)))


def _parts_of_several_words(text: str) -> Iterable[str]:
    """Yield what only several words make: numbers that are written in groups."""
    return (part for part in personal_parts(text) if " " in part)
