"""A dictionary says what a key means once its defaults are resolved."""

from pathlib import Path
from typing import Any

import pytest

from harness.dictionary import Dictionary, allows, load_dictionary
from harness.dictionary.value_rules import value_rules
from harness.errors import InputError
from harness.facts import load_facts

DEFAULTS = {
    "mandatory_for": ["AWS::S3::Bucket", "AWS::EC2::Instance", "AWS::S3::Bucket"],
    "enforced_for": ["s3:bucket"],
    "report_required_tag_for": ["ec2:instance"],
}


def dictionary(**tag: Any) -> Dictionary:
    return Dictionary.model_validate(
        {"version": 1, "defaults": DEFAULTS, "tags": {"team": {"purpose": "Team.", **tag}}}
    )


def test_a_mandatory_tag_takes_the_default_types_sorted_and_once() -> None:
    assert dictionary(mandatory=True).mandatory_types("team") == ("AWS::EC2::Instance", "AWS::S3::Bucket")


def test_types_of_its_own_replace_the_default_ones() -> None:
    assert dictionary(mandatory=True, mandatory_for=["AWS::RDS::DBInstance"]).mandatory_types("team") == (
        "AWS::RDS::DBInstance",
    )


def test_an_optional_tag_is_mandatory_nowhere() -> None:
    assert dictionary().mandatory_types("team") == ()
    assert dictionary().reported_types("team") == ()


def test_a_tag_with_values_is_enforced_on_the_default_types() -> None:
    assert dictionary(values=["ml"]).enforced_types("team") == ("s3:bucket",)
    assert dictionary().enforced_types("team") == ()


def test_an_empty_list_switches_enforcement_off() -> None:
    assert dictionary(values=["ml"], enforced_for=[]).enforced_types("team") == ()


def test_absence_of_a_mandatory_tag_is_reported_on_the_default_types() -> None:
    assert dictionary(mandatory=True).reported_types("team") == ("ec2:instance",)
    assert dictionary(mandatory=True, report_required_tag_for=[]).reported_types("team") == ()


def test_every_value_holds_those_of_every_unit_and_keeps_removed_ones() -> None:
    changes = {"A": {"append": ["lab", "core"]}, "B": {"remove": ["ml"]}}
    assert dictionary(values=["retail", "ml"], values_by_ou=changes).every_value("team") == (
        "core",
        "lab",
        "ml",
        "retail",
    )


NESTED = {"A/B": {"remove": ["retail"]}, "A": {"append": ["lab"]}, "AB": {"append": ["play"]}, "C": {"remove": ["ml"]}}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("root", ("ml", "retail")),
        ("A", ("ml", "retail", "lab")),
        ("A/B", ("ml", "lab")),
        ("A/B/C", ("ml", "lab")),
        ("AB/C", ("ml", "retail", "play")),
        ("C", ("retail",)),
    ],
)
def test_a_unit_has_the_values_that_those_above_it_leave(path: str, values: tuple[str, ...]) -> None:
    assert dictionary(values=["ml", "retail"], values_by_ou=NESTED).tags["team"].values_at(path) == values
    assert dictionary().tags["team"].values_at(path) is None


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"A": {"remove": ["ml"]}, "A/B": {"remove": ["retail"]}}, ["A/B"]),
        ({"A/B/C": {"remove": ["retail"]}, "A": {"remove": ["ml"]}}, ["A/B/C"]),
        ({"A": {"remove": ["ml"]}, "AB": {"remove": ["retail"]}}, []),
        ({"A": {"remove": ["ml"]}, "A/B": {"append": ["lab"]}, "A/B/C": {"remove": ["retail"]}}, []),
        ({"A": {"append": ["lab"]}, "A/B": {"remove": ["ml", "retail"]}}, []),
    ],
)
def test_units_that_leave_no_value_are_refused(changes: dict[str, Any], refused: list[str]) -> None:
    tag = dictionary(values=["ml", "retail"], values_by_ou=changes).tags["team"]
    found = [path[-2] for path, message in value_rules((), tag, load_facts()) if "must leave a value" in message]
    assert found == refused
    assert refused == [path for path in changes if tag.values_at(path) == ()]


def test_a_tag_with_any_value_has_none_to_list() -> None:
    assert dictionary().every_value("team") == ()


@pytest.mark.parametrize(
    ("allowed", "value", "answer"),
    [
        (("dev",), "dev", True),
        (("dev",), "Dev", False),
        (("dev",), "devel", False),
        (("Sales-*",), "Sales-", True),
        (("*-2045",), "HR-2045", True),
        (("v1.*",), "v1x", False),
        (("a+b",), "aab", False),
        ((), "dev", False),
    ],
)
def test_a_wildcard_stands_for_any_text_and_nothing_else_does(
    allowed: tuple[str, ...], value: str, *, answer: bool
) -> None:
    assert allows(allowed, value) is answer


def test_a_dictionary_is_loaded_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "tags.yaml"
    path.write_text("version: 1\ntags:\n  team: {purpose: Team}\n", encoding="utf-8")
    assert load_dictionary(path).tags["team"].purpose == "Team"


def test_every_problem_of_the_file_is_raised_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "tags.yaml"
    path.write_text('version: 1\ntags:\n  " a": {purpose: Team, values: []}\n', encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_dictionary(path, "shown.yaml")
    assert {problem.file for problem in refused.value.problems} == {"shown.yaml"}
    assert len(refused.value.problems) == 2
