"""YAML is read with the line of every value, and refused where readers of YAML 1.1 and 1.2 disagree."""

import datetime
import socket
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import InputError
from harness.yaml_source import Source, describe, read_source, show_path

TEXT = """\
# A comment.
version: 1
tags:
  team:
    values: [ml,
      retail]
  "a b": {purpose: &purpose Text}
list:
  - first
  -
    second: *purpose
"""


def read(folder: Path, text: str | bytes) -> Source:
    path = folder / "a.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_source(path, "a.yaml")


def test_the_deepest_that_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "[" * 64 + "]" * 64).data is not None
    with pytest.raises(InputError, match=r"a\.yaml:2: must be YAML; nested more than 64 levels deep at column 65\. Do"):
        read(tmp_path, "# x\n" + "[" * 65 + "]" * 65)


@pytest.mark.parametrize("text", ["[" * 3000, "{a: " * 3000, "- " * 3000])
def test_brackets_without_end_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="nested more than 64 levels deep"):
        read(tmp_path, text)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    """A socket cannot be read by anybody, even by those whom no permission stops."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "a.yaml"))
        with pytest.raises(InputError, match='must be a file that can be read; got "No such device or address"'):
            read_source(tmp_path / "a.yaml", "a.yaml")


def test_values_are_plain_data(tmp_path: Path) -> None:
    assert read(tmp_path, TEXT).data == yaml.safe_load(TEXT)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("version",), 2),
        (("tags", "team"), 4),
        (("tags", "team", "values"), 5),
        (("tags", "team", "values", 1), 6),
        (("tags", "a b", "purpose"), 7),
        (("list", 1, "second"), 11),
        (("tags", "team", "missing"), 4),
        (("missing",), 2),
        ((), 2),
    ],
)
def test_each_value_has_its_line_and_a_missing_one_that_of_what_encloses_it(
    tmp_path: Path, path: tuple[str | int, ...], line: int
) -> None:
    assert read(tmp_path, TEXT).line(path) == line


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("False", False),
        ("1", 1),
        ("-7", -7),
        ("1.50", 1.5),
        ("0", 0),
        ("", None),
        ("~", None),
        ("null", None),
        ("text", "text"),
        ("a:b:c", "a:b:c"),
        ("1.2.3", "1.2.3"),
        ("v1e3", "v1e3"),
        ("12-30", "12-30"),
        ("yesterday", "yesterday"),
        ("'yes'", "yes"),
        ("'0123'", "0123"),
        ("'1e3'", "1e3"),
        ("'2027-06-30'", "2027-06-30"),
        ('"true"', "true"),
        ("=", "="),
        ("2027-06-30", datetime.date(2027, 6, 30)),
    ],
)
def test_a_scalar_that_all_readers_understand_alike_is_kept(tmp_path: Path, written: str, value: object) -> None:
    assert read(tmp_path, f"key: {written}\n").data == {"key": value}


@pytest.mark.parametrize(
    "written",
    [
        "0123",
        "0x1F",
        "0b11",
        "0o17",
        "1e3",
        "1E-3",
        "+5",
        "1_000",
        "1:30",
        "190:20:30",
        ".5",
        "5.",
        ".inf",
        "-.INF",
        ".nan",
        "00",
    ],
)
def test_a_number_that_readers_disagree_on_is_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(InputError, match=r'a\.yaml:1: key: must be a plain decimal number or quoted text; got "'):
        read(tmp_path, f"key: {written}\n")


@pytest.mark.parametrize("written", ["yes", "No", "ON", "off", "y", "N"])
def test_a_word_that_some_readers_take_for_true_or_false_is_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(InputError, match=rf'must be true, false or quoted text; got "{written}"'):
        read(tmp_path, f"key: {written}\n")


def test_a_number_of_any_length_is_refused_and_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.yaml:1: key: must .+in quotes"):
        read(tmp_path, f"key: {'9' * 5000}\n")


def test_an_alias_is_read_as_what_it_stands_for(tmp_path: Path) -> None:
    assert read(tmp_path, "a: &x [1, 2]\nb: *x\n").data == {"a": [1, 2], "b": [1, 2]}


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfversion: 1\n").data == {"version": 1}


def test_windows_line_ends_count_as_one_line(tmp_path: Path) -> None:
    assert read(tmp_path, b"a: 1\r\nb: 2\r\n").line(("b",)) == 2


def test_all_faults_of_a_file_are_named_together(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read(tmp_path, "a: yes\nb: 0123\na: 1\n5: x\n")
    assert [problem.line for problem in refused.value.problems] == [1, 2, 3, 4]


def test_an_absent_file_keeps_its_cause(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^b\.yaml: must exist") as refused:
        read_source(tmp_path / "b.yaml", "b.yaml")
    assert isinstance(refused.value.__cause__, FileNotFoundError)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ((), ""),
        (("a", "b"), "a.b"),
        (("a", 0, "b"), "a[0].b"),
        (("tags", "a:b"), 'tags["a:b"]'),
        (("a b",), '["a b"]'),
        (("tags", "5x"), 'tags["5x"]'),
    ],
)
def test_a_path_reads_as_people_write_it(path: tuple[str | int, ...], shown: str) -> None:
    assert show_path(path) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a", '"a"'),
        (5, "5 (a number)"),
        (True, "true (true or false)"),
        (None, "nothing"),
        ([], "a list"),
        ({}, "a mapping"),
        (datetime.date(2027, 6, 30), "2027-06-30 (a date)"),
    ],
)
def test_a_found_value_is_shown_with_its_kind(value: object, shown: str) -> None:
    assert describe(value) == shown


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-1000, 1000)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C"]))
)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc :-", min_size=1), inner, max_size=3),
)


@given(documents)
def test_whatever_pyyaml_writes_is_read_back(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    """PyYAML quotes what YAML 1.1 would take for something else, so nothing it writes is ambiguous."""
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(yaml.safe_dump({"value": value}, allow_unicode=True), encoding="utf-8")
    try:
        found = read_source(path, "any.yaml").data
    except InputError as error:  # text such as 0o17 is plain in YAML 1.1 and a number in 1.2
        assert all("must be" in str(problem) for problem in error.problems)  # noqa: PT017 (refusal is the other right answer)
    else:
        assert found == {"value": value}
