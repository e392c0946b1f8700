from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from harness.warm_provider.schema import trim_schema, used_names
from harness.warm_provider.wire import content, field, fields, flag


@given(st.lists(st.tuples(st.integers(1, 3000), st.binary(min_size=1, max_size=300))))
def test_fields_come_back_as_they_were_written(written: list[tuple[int, bytes]]) -> None:
    message = b"".join(field(number, value) for number, value in written)
    read = list(fields(message))
    assert [(number, value) for number, value, _ in read] == written
    assert b"".join(raw for *_, raw in read) == message


def test_numbers_between_fields_are_stepped_over() -> None:
    # Fields 1 = 300 (varint), 2 = 8 bytes, 3 = 4 bytes, 4 = "a": protobuf.dev/programming-guides/encoding.
    message = b"\x08\xac\x02" + b"\x11" + bytes(8) + b"\x1d" + bytes(4) + field(4, b"a")
    assert [number for number, *_ in fields(message)] == [1, 2, 3, 4]
    assert content(message, 4) == b"a"


def test_the_last_field_of_a_number_counts() -> None:
    assert content(field(1, b"a") + flag(2) + field(1, b"b"), 1) == b"b"
    assert content(flag(2), 1) == b""


def test_an_empty_field_is_not_written() -> None:
    assert field(1, b"") == b""


def entry(number: int, name: str) -> bytes:
    return field(number, field(1, name.encode()) + field(2, b"schema"))


def test_the_schema_keeps_what_is_used_and_what_is_no_type() -> None:
    own = field(1, b"provider") + field(6, b"capabilities")
    kept = entry(2, "aws_kms_key") + entry(3, "aws_ce_tags") + entry(7, "arn_parse")
    dropped = entry(2, "aws_instance") + entry(3, "aws_kms_key_pair") + entry(8, "aws_kms_secrets")
    trimmed = trim_schema(own + dropped + kept, {"aws_kms_key", "aws_ce_tags", "arn_parse"})
    assert trimmed == own + kept


def test_names_are_found_in_configuration_and_state(tmp_path: Path) -> None:
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "main.tf").write_text('resource "aws_kms_key" "this" {}\n# provider::aws::arn_parse(x)\n')
    (tmp_path / "terraform.tfstate").write_text('{"type": "aws_sns_topic"}')
    (tmp_path / ".terraform").mkdir()
    (tmp_path / ".terraform" / "old.tf").write_text('resource "aws_instance" "this" {}')
    (tmp_path / "notes.md").write_text("aws_vpc")
    assert used_names(tmp_path) == {"aws_kms_key", "aws_sns_topic", "arn_parse"}
