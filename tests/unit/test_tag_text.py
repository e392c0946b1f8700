"""Keys, values, types and paths are judged by AWS's rules."""

import pytest

from harness.facts import load_facts
from harness.tag_text import (
    CLOUDFORMATION_TYPE,
    POLICY_TYPE,
    bad_characters,
    key_faults,
    looks_personal,
    ou_path_faults,
    value_faults,
)

LIMITS = load_facts().limits


@pytest.mark.parametrize("text", ["abc", "A:b/c=d+e-f@g.h_i", "Größe", "部署", "١٢", "a b", "a\u00a0b"])
def test_letters_digits_spaces_and_some_signs_are_allowed(text: str) -> None:
    assert bad_characters(text) == ""


@pytest.mark.parametrize("sign", [*list(",;#$%&*()[]{}<>?!'\"\\|~^`"), "\t", "\n", "€", "😀"])
def test_other_signs_are_named(sign: str) -> None:
    assert bad_characters(f"a{sign}b{sign}") == sign


@pytest.mark.parametrize("key", ["a", "x" * 128, "awsome:team", "team:aws:x"])
def test_a_key_that_aws_takes_has_no_fault(key: str) -> None:
    assert list(key_faults(key, LIMITS)) == []


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "1 character"),
        ("x" * 129, "128 characters"),
        ("Aws:x", 'begin with "aws:"'),
        (" a", "space"),
        ("a,b", '","'),
    ],
)
def test_a_key_that_aws_refuses_has_one_fault(key: str, words: str) -> None:
    (fault,) = key_faults(key, LIMITS)
    assert words in fault


@pytest.mark.parametrize("value", ["a", "x" * 256, "*", "*@example.com", "a*"])
def test_a_value_may_hold_one_wildcard(value: str) -> None:
    assert list(value_faults(value, LIMITS, wildcard=True)) == []


@pytest.mark.parametrize(
    ("value", "words"), [("a**", "got 2"), ("x" * 257, "256"), (" ", "empty"), ("a ", "space"), ("a|b", '"|"')]
)
def test_a_value_that_aws_refuses_has_one_fault(value: str, words: str) -> None:
    (fault,) = value_faults(value, LIMITS, wildcard=True)
    assert words in fault


def test_a_single_value_holds_no_wildcard() -> None:
    (fault,) = value_faults("a*", LIMITS, wildcard=False)
    assert '"*"' in fault


@pytest.mark.parametrize("path", ["Sandbox", "Workloads/Prod", "A/B/C/D/E", "Roots", "Team root/root"])
def test_a_path_of_units_has_five_levels_at_most(path: str) -> None:
    assert list(ou_path_faults(path, LIMITS)) == []


@pytest.mark.parametrize("path", ["", "/", "A/", "/A", "A//B", "root", "ROOT/A", "A/B/C/D/E/F"])
def test_a_path_with_an_empty_part_the_root_or_six_levels_is_refused(path: str) -> None:
    assert len(list(ou_path_faults(path, LIMITS))) == 1


@pytest.mark.parametrize("name", ["AWS::S3::Bucket", "AWS::ElasticLoadBalancingV2::LoadBalancer"])
def test_cloudformation_types(name: str) -> None:
    assert CLOUDFORMATION_TYPE.fullmatch(name)


@pytest.mark.parametrize("name", ["ec2:instance", "ec2:*", "s3:ALL_SUPPORTED", "sagemaker:model-package-group"])
def test_tag_policy_types(name: str) -> None:
    assert POLICY_TYPE.fullmatch(name)


@pytest.mark.parametrize("name", ["ec2", "EC2:instance", "ec2:", "ec2:inst*", "ec2:a:b", "*:*"])
def test_what_no_tag_policy_type_is(name: str) -> None:
    assert not POLICY_TYPE.fullmatch(name)


def test_an_address_is_personal_and_a_wildcard_over_a_domain_is_not() -> None:
    assert looks_personal("jane.doe@example.com")
    assert not looks_personal("*@example.com")
    assert not looks_personal("team@home")
