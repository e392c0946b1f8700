"""Guard texts do in the real engine what the dictionary says."""

import json

import guardpycfn
import pytest

from harness.documents.guard import TagCheck, guard_policy, presence_block, value_block


def status(text: str, tags: dict[str, str]) -> str:
    answer = guardpycfn.validate_with_guard(json.dumps({"resourceType": "AWS::S3::Bucket", "tags": tags}), text)
    assert answer["success"], answer
    return str(answer["result"]["status"])


CHECKS = [
    (TagCheck(("dev", "v1.*"), None), ["dev", "v1.", "v1.5"], ["Dev", "devel", "v1x5", "xv1.5", "", " "]),
    (TagCheck(("a+b", "a/b", "*@x.com"), None), ["a+b", "a/b", "me@x.com"], ["aab", "a-b", "me@x-com"]),
    (TagCheck((), "a|bc"), ["a", "bc"], ["ac", "abc", "c"]),
    (TagCheck((), "[a-z]+/[0-9]+"), ["ab/12"], ["ab12", "ab/", "xab/12 "]),
    (TagCheck((), r"[a-z]+\/[0-9]+"), ["ab/12"], ["ab12"]),
    (TagCheck((), r"[0-9]+\.[0-9]+"), ["1.2"], ["1x2"]),
    (TagCheck(("Straße 5", "部署"), None), ["Straße 5", "部署"], ["Strasse 5", "部"]),
    (TagCheck((), None), ["anything"], ["", "\t"]),
]


@pytest.mark.parametrize(("check", "right", "wrong"), CHECKS)
@pytest.mark.parametrize("key", ["team", "any:team/a b", "Größe"])
def test_a_value_passes_exactly_when_it_is_allowed(
    check: TagCheck, right: list[str], wrong: list[str], key: str
) -> None:
    for rule, block in (("required_tags", presence_block), ("tag_values", value_block)):
        text = guard_policy(rule, [block(key, check)])
        assert [value for value in right if status(text, {key: value}) != "PASS"] == []
        assert [value for value in wrong if status(text, {key: value}) != "FAIL"] == []


def test_absence_fails_the_required_rule_and_is_no_matter_of_the_value_rule() -> None:
    check = TagCheck(("dev",), None)
    assert status(guard_policy("required_tags", [presence_block("team", check)]), {}) == "FAIL"
    assert status(guard_policy("tag_values", [value_block("team", check)]), {}) == "SKIP"


@pytest.mark.parametrize(
    ("key", "other"),
    [
        ("Team", "team"),
        ("team", "Team"),
        ("cost-center", "CostCenter"),
        ("cost-center", "cost_center"),
        ("cost-center", "Cost-Center"),
        ("any:work:stage", "AnyWorkStage"),
        ("any:work:stage", "any_work_stage"),
    ],
)
def test_a_key_in_another_spelling_is_another_key(key: str, other: str) -> None:
    """Guard's plain `tags.'cost-center'` finds CostCenter too; tag keys are case sensitive."""
    check = TagCheck(("ml",), None)
    assert status(guard_policy("required_tags", [presence_block(key, check)]), {other: "ml"}) == "FAIL"
    assert status(guard_policy("tag_values", [value_block(key, check)]), {other: "no such value"}) == "SKIP"


def test_every_block_of_a_rule_must_hold() -> None:
    blocks = [presence_block(key, TagCheck(("x",), None)) for key in ("a", "b")]
    text = guard_policy("required_tags", blocks)
    assert status(text, {"a": "x", "b": "x"}) == "PASS"
    assert status(text, {"a": "x"}) == "FAIL"
    assert status(text, {"a": "y", "b": "x"}) == "FAIL"
