"""A wrong word is answered with the nearest known one."""

import pytest

from harness.spelling import nearest


@pytest.mark.parametrize(("word", "guess"), [("mandatry", "mandatory"), ("VALUES", "values"), ("value", "values")])
def test_the_nearest_known_word_is_named(word: str, guess: str) -> None:
    assert nearest(word, ["mandatory", "values"]) == f' Did you mean "{guess}"?'


def test_no_word_is_named_when_none_is_near() -> None:
    assert nearest("xyzzy", ["mandatory", "values"]) == ""
    assert nearest("xyzzy", []) == ""
