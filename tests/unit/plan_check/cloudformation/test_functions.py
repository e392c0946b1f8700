"""What a function comes to, and what stays unknown, with its reason."""

import time
from typing import Any

import pytest

from harness.errors import InputError
from harness.plan_check.model import UNKNOWN
from tests.unit.plan_check.cloudformation.templates import bucket, read, value


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("plain", "plain"),
        ("true", "true"),
        ("5045", "5045"),
        ('"012"', "012"),
        ("1.5", "1.5"),
        ("2010-09-09", "2010-09-09"),
        ("!!str 012", "012"),
        ("!Ref One", "prod"),
        ('!Sub "a-${One}-${!One}"', "a-prod-${One}"),
        ('!Sub ["a-${x}", {x: !Ref One}]', "a-prod"),
        ('!Join ["-", [a, !Ref One, !Ref "AWS::NoValue", 1]]', "a-prod-1"),
        ('!Select [1, !Split [",", "a,b"]]', "b"),
        ("!FindInMap [Centers, !Ref One, Code]", "HR-2045"),
        ("!FindInMap [Centers, dev, Code]", "5045"),
        ("!Select [0, !FindInMap [Centers, dev, List]]", "x"),
        ("!FindInMap [Centers, test, Code, {DefaultValue: none}]", "none"),
        ("!If [Always, a, b]", "a"),
        ("!If [Never, a, b]", "b"),
        ("!Base64 a", "YQ=="),
        ('{"Fn::Sub": "${One}"}', "prod"),
    ],
)
def test_a_value_is_known(text: str, known: str) -> None:
    assert value(text)[0] == known


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("!Ref Free", 'the parameter Free is given at deployment; its default "dev" may be overridden'),
        ("!Ref Secret", "the parameter Secret is secret"),
        ("!Ref Path", "names a parameter of Systems Manager"),
        ("!Select [0, !Ref Names]", "the parameter Names is given at deployment"),
        ('!Ref "AWS::StackName"', "AWS::StackName is known at deployment"),
        ("!Ref A", "A is known at deployment"),
        ("!Ref Nobody", "the template does not say what Nobody is"),
        ("!GetAtt A.Arn", "Fn::GetAtt is worked out at deployment"),
        ('!Sub "${A.Arn}"', "A.Arn is known at deployment"),
        ('!Sub "${Free}-x"', "the parameter Free"),
        ('!Join ["-", [a, !Ref Free]]', "the parameter Free"),
        ("!ImportValue x", "Fn::ImportValue is worked out"),
        ("!Transform {Name: M}", "Fn::Transform is worked out"),
        ('"{{resolve:ssm:/a}}"', "a dynamic reference is read at deployment"),
        ('!Sub "a{{resolve:ssm:/a}}"', "a dynamic reference is read at deployment"),
        ("!FindInMap [Centers, test, Code]", "finds nothing under these keys"),
        ("!Select [7, [a]]", "goes beyond its list"),
        ("!If [IsEast, a]", "Fn::If has no condition and two values"),
        ("012", 'may change the unquoted "012"'),
        ("123456789012", 'may change the unquoted "123456789012"'),
        ("yes", 'may change the unquoted "yes"'),
        ("1.10", 'may change the unquoted "1.10"'),
        ("1e3", 'may change the unquoted "1e3"'),
        ("12:30", 'may change the unquoted "12:30"'),
    ],
)
def test_a_value_is_unknown_with_its_reason(text: str, why: str) -> None:
    held, found = value(text)
    assert held is UNKNOWN
    assert why in (found.why or {})["k"]
    assert found.more == ""


@pytest.mark.parametrize(
    ("text", "given", "known"),
    [
        ("!Ref Free", {"Free": "test"}, "test"),
        ("!Ref Stage", {"Stage": "prod"}, "prod"),
        ("!If [IsProd, a, b]", {"Stage": "dev"}, "b"),
        ("!Select [1, !Ref Names]", {"Names": "a, b"}, "b"),
        ('!Sub "${AWS::Region}"', {"AWS::Region": "eu-west-1"}, "eu-west-1"),
        ("!If [IsEast, a, b]", {"AWS::Region": "us-east-1"}, "a"),
        ("!Ref Free", {"Free": "x", "Other": "ignored"}, "x"),
    ],
)
def test_given_parameters_make_values_known(text: str, given: dict[str, str], known: str) -> None:
    assert value(text, given)[0] == known


def test_secret_and_systems_manager_parameters_stay_unknown() -> None:
    assert value("!Ref Secret", {"Secret": "s"})[0] is UNKNOWN
    assert value("!Ref Path", {"Path": "/b"})[0] is UNKNOWN


def test_a_parameter_that_is_not_allowed_is_refused() -> None:
    with pytest.raises(InputError, match=r'Parameters\.Stage: must be one of dev, prod; got "live"'):
        value("a", {"Stage": "live"})


@pytest.mark.parametrize(
    ("text", "choices", "why"),
    [
        ("!Ref Stage", {"dev", "prod"}, "the parameter Stage decides"),
        ('!Sub "x-${Stage}"', {"x-dev", "x-prod"}, "the parameter Stage decides"),
        ("!FindInMap [Centers, !Ref Stage, Code]", {"5045", "HR-2045"}, "the parameter Stage decides"),
        ("!If [IsProd, a, b]", {"a", "b"}, "the parameter Stage decides"),
        ("!If [IsEast, a, b]", {"a", "b"}, "the condition IsEast decides"),
        ("!If [IsEast, !If [NotEast, x, a], b]", {"a", "b"}, "the condition IsEast decides"),
    ],
)
def test_a_value_with_few_outcomes_lists_them(text: str, choices: set[str], why: str) -> None:
    held, found = value(text)
    assert held is UNKNOWN
    assert set((found.choices or {})["k"]) == choices
    assert found.why == {"k": why}


@pytest.mark.parametrize("text", ["!If [IsEast, a, a]", "!If [IsEast, !If [NotEast, x, a], a]"])
def test_a_value_that_all_outcomes_share_is_known(text: str) -> None:
    assert value(text)[0] == "a"


def test_an_outcome_may_be_unknown_too() -> None:
    held, found = value("!If [IsEast, !Ref Free, a]")
    assert held is UNKNOWN
    assert found.choices is None


def test_too_many_outcomes_are_unknown() -> None:
    head = "Conditions:\n" + "".join(f"  C{i}: !Equals [!ImportValue p{i}, x]\n" for i in range(6)) + "Resources:\n"
    tags = ", ".join(f"{{Key: k{i}, Value: !If [C{i}, a, b]}}" for i in range(6))
    _, (found,) = read(f"A:\n  Type: AWS::S3::Bucket\n  Properties:\n    Tags: [{tags}]", head=head)
    assert set(found.sets[0].tags.values()) == {UNKNOWN}
    assert (found.sets[0].why or {})["k0"] == "the condition C0 is decided at deployment"


def test_outcomes_of_many_resources_are_worked_out_once() -> None:
    head = "Conditions:\n" + "".join(f'  C{i}: !Equals [!Ref "AWS::Region", r{i}]\n' for i in range(4)) + "Resources:\n"
    tags = ", ".join(f"{{Key: k{i}, Value: !If [C{i}, a, b]}}" for i in range(4))
    before = time.perf_counter()
    _, found = read(
        "\n".join(f"R{i}: {{Type: AWS::S3::Bucket, Properties: {{Tags: [{tags}]}}}}" for i in range(500)), head=head
    )
    assert time.perf_counter() - before < 5
    assert all(set(one.sets[0].choices or {}) == {"k0", "k1", "k2", "k3"} for one in found)


def test_conditions_that_refer_to_one_another_end() -> None:
    deep = "".join(f"  C{i}: !And [!Condition C{i + 1}, !Condition C{i + 1}]\n" for i in range(80))
    head = f"Conditions:\n{deep}  C80: !Condition C0\n  M: !Condition M\nResources:\n"
    for name in ("C0", "C40", "M"):
        _, (found,) = read(
            f"A: {{Type: AWS::S3::Bucket, Properties: {{Tags: [{{Key: k, Value: !If [{name}, a, b]}}]}}}}", head=head
        )
        assert set((found.sets[0].choices or {})["k"]) == {"a", "b"}


def test_a_map_that_looks_itself_up_ends() -> None:
    head = 'Mappings: {M: {a: {b: {"Fn::FindInMap": [M, a, b]}}}}\nResources:\n'
    _, (found,) = read(
        "A: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: k, Value: !FindInMap [M, a, b]}]}}", head=head
    )
    assert found.sets[0].tags["k"] is UNKNOWN


@pytest.mark.parametrize(
    ("condition", "there"),
    [("Never", False), ("Always", True), ("IsEast", True), ("IsProd", True), ("Nobody", True)],
)
def test_a_resource_is_left_out_only_where_its_condition_is_false(condition: str, there: Any) -> None:
    made, found = read(f"A: {{Type: AWS::S3::Bucket, Condition: {condition}}}")
    assert bool(found) is there
    assert made.skipped == ({} if there else {"condition is false": 1})


def test_a_condition_decides_a_resource_by_given_parameters() -> None:
    made, found = read("A: {Type: AWS::S3::Bucket, Condition: IsProd}", {"Stage": "dev"})
    assert not found
    assert made.skipped == {"condition is false": 1}


def test_tags_are_those_of_the_outcomes_in_which_the_resource_exists() -> None:
    _, (found,) = read(
        "A:\n  Type: AWS::S3::Bucket\n  Condition: IsProd\n"
        "  Properties: {Tags: [{Key: k, Value: !Ref Stage}, {Key: c, Value: !If [IsProd, a, b]}]}"
    )
    assert found.sets[0].tags == {"k": "prod", "c": "a"}


def test_a_bucket_without_tags_has_an_empty_set() -> None:
    found = bucket("[]")
    assert found.sets[0].tags == {}
    assert (found.sets[0].path, found.sets[0].more, found.action) == ("Tags", "", "create")
