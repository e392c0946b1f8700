"""What is written is read as the same, by the strict reader as by any other."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from harness.snapshot.yaml_text import render_yaml, scalar
from harness.yaml_source import read_source

AWKWARD = ["y", "No", "1e3", "0o17", "12:30", "2026-01-01", "null", "~", "<<", "=", "- a", "a: b", "a #b", "'", "''\""]
AWKWARD += [
    "\x85",
    "\u2028",
    "\ufeff",
    "\x00",
    "\t",
    "a\tb\n\tc",
    "\n",
    "a\n",
    "a\n\n",
    "a\n b",
    " a\nb",
    "a\n   ",
    "a \nb",
]
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"])) | st.sampled_from(AWKWARD)
DATA = st.recursive(
    TEXTS | st.booleans() | st.integers(-999, 999),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("yaml")


def read(folder: Path, text: str) -> Any:
    file = folder / "file.yaml"
    file.write_bytes(text.encode())
    return read_source(file, "file.yaml").data


@given(data=st.dictionaries(TEXTS, DATA, min_size=1, max_size=4), more=st.sets(TEXTS, max_size=3))
def test_reading_gives_what_was_written(folder: Path, data: dict[str, Any], more: set[str]) -> None:
    assert read(folder, render_yaml(data, frozenset(data) | more)) == data


@pytest.mark.parametrize("text", AWKWARD)
def test_other_readers_agree(text: str) -> None:
    assert yaml.safe_load(render_yaml({"a": text, "b": [text]}, frozenset("b"))) == {"a": text, "b": [text]}


def test_a_policy_of_one_line_stays_readable() -> None:
    assert scalar('{"tags":{"a":{}}}') == """'{"tags":{"a":{}}}'"""


def test_text_of_several_lines_stands_as_it_is() -> None:
    assert render_yaml({"a": "{\n  1\n}"}, frozenset()) == "a: |-\n  {\n    1\n  }\n"


def test_what_is_no_plain_data_is_refused() -> None:
    with pytest.raises(TypeError, match="must be plain data; got float"):
        render_yaml({"a": 1.5}, frozenset())
