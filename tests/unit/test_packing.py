"""Packing cuts entries into parts that fit, under names that other entries do not change."""

import json
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.packing import canonical_json, digest, pack

ROOM = 100
keys = st.text("abcdefgh", min_size=1, max_size=4)
sizes = st.dictionaries(keys, st.integers(1, ROOM), max_size=30)
mosts = st.none() | st.integers(1, 7)


@given(sizes, mosts)
def test_every_key_stands_in_exactly_one_part(entries: dict[str, int], most: int | None) -> None:
    assert sorted(chain.from_iterable(pack(entries, ROOM, most).values())) == sorted(entries)


@given(sizes, mosts)
def test_no_part_is_larger_than_the_room_or_has_too_many_keys(entries: dict[str, int], most: int | None) -> None:
    parts = pack(entries, ROOM, most).values()
    assert [part for part in parts if sum(entries[key] for key in part) > ROOM] == []
    assert [part for part in parts if most and len(part) > most] == []


@given(sizes, mosts, keys, st.integers(1, ROOM))
def test_a_new_key_takes_no_name_away(entries: dict[str, int], most: int | None, key: str, size: int) -> None:
    before = pack({name: own for name, own in entries.items() if name != key}, ROOM, most)
    after = pack({**entries, key: size}, ROOM, most)
    assert set(before) <= set(after)


@given(sizes, keys, st.integers(1, ROOM))
def test_a_new_key_does_not_move_a_key_with_a_part_of_its_own(entries: dict[str, int], key: str, size: int) -> None:
    before = pack({name: own for name, own in entries.items() if name != key}, ROOM)
    after = pack({**entries, key: size}, ROOM)
    assert [label for label, part in before.items() if label.startswith("own-") and after[label] != part] == []


@given(sizes)
def test_the_order_of_entries_does_not_matter(entries: dict[str, int]) -> None:
    assert pack(dict(reversed(list(entries.items()))), ROOM) == pack(entries, ROOM)


@given(st.dictionaries(keys, st.integers(1, 3), max_size=30))
def test_there_is_one_part_while_everything_fits(entries: dict[str, int]) -> None:
    assert list(pack(entries, ROOM)) == (["1"] if entries else [])


@given(sizes)
def test_parts_are_at_most_about_twice_as_many_as_needed(entries: dict[str, int]) -> None:
    total = sum(entries.values())
    assert len(pack(entries, ROOM)) <= 2 * -(-total // ROOM) + 1


def test_a_key_of_half_the_room_is_shared_and_one_above_is_not() -> None:
    assert pack({"a": 50, "b": 51}, ROOM) == {"1": ("a",), "own-e9d71f5e": ("b",)}


def test_a_key_above_the_room_still_gets_its_part_for_the_caller_to_refuse() -> None:
    assert pack({"a": 101}, ROOM) == {"own-86f7e437": ("a",)}


@pytest.mark.parametrize(
    ("entries", "parts"),
    [
        ({"a": 40, "b": 40, "c": 40}, {"1": ("a", "b"), "2": ("c",)}),
        ({"c": 40, "a": 40, "b": 20}, {"1": ("a", "b", "c")}),
        ({"a": 10, "b": 50, "c": 50, "d": 10}, {"1": ("a", "b"), "2": ("c",), "3": ("d",)}),
        ({}, {}),
    ],
)
def test_parts_go_by_the_sum_of_the_sizes_before(entries: dict[str, int], parts: dict[str, tuple[str, ...]]) -> None:
    assert pack(entries, ROOM) == parts


def test_short_keys_fill_each_part_up_to_the_limit_of_keys() -> None:
    found = pack(dict.fromkeys("abcdefg", 10), ROOM, most=3)
    assert found == {"1": ("a", "b", "c"), "2": ("d", "e", "f"), "3": ("g",)}


def test_json_is_minified_sorted_and_keeps_letters() -> None:
    assert canonical_json({"b": ["ü", "部"], "a": None}) == '{"a":null,"b":["ü","部"]}'
    assert json.loads(canonical_json({"b": 1})) == {"b": 1}


def test_a_digest_is_a_stable_label() -> None:
    assert digest("anycompany:workload:environment", 8) == digest("anycompany:workload:environment", 40)[:8]
