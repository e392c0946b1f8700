"""A policy's kind is told by its content; what cannot be judged says why, and what can be judged is judged."""

import json
from typing import Any

import pytest

from harness.facts import load_facts
from harness.policy.lint import Given, PolicyKind, UnreadablePolicyError, line_of, lint, read_policy
from harness.policy.lint.lines import _lines

DENY = {"Sid": "A", "Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"}


def document(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"tags": {"a": {"tag_key": {"@@assign": "a"}}}}', "tag"),
        ('{"tags": {}}', "tag"),
        ('{"tags": {"a": {"tag_key": "A", "tag_value": ["x"]}}}', "effective"),
        ('{"tags": {"a": {"tag_key": {"@@assign": "a"}, "tag_value": ["x"]}}}', "tag"),
        (document(DENY), "scp"),
        (document({**DENY, "Principal": "*"}), "resource"),
        (document({**DENY, "NotPrincipal": {"AWS": "111111111111"}}), "resource"),
        ('{"Statement": "none"}', "scp"),
    ],
)
def test_the_content_tells_the_kind(text: str, kind: PolicyKind) -> None:
    assert read_policy("p.json", text).kind == kind


@pytest.mark.parametrize("kind", ["rcp", "resource"])
def test_a_kind_that_is_given_overrides_the_content(kind: PolicyKind) -> None:
    assert read_policy("p.json", document({**DENY, "Principal": "*"}), kind).faults == ()
    assert read_policy("p.json", document({**DENY, "Principal": "*"}), "scp").faults != ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", r"p\.json:1: must be JSON; .* Do mend the syntax"),
        ("[1]", r"p\.json:1: must be an object with .*; got \[1\]\. Do name a file"),
        ('{"plans": {}}', r"got plans\. Do name a file that holds one policy, or --kind"),
        ("{}", r"got \{\}\. "),
        ("[" * 100_000, "must be nested a few levels deep"),
    ],
)
def test_what_is_no_policy_says_so(text: str, words: str) -> None:
    with pytest.raises(UnreadablePolicyError, match=words):
        read_policy("p.json", text)


def found(text: str, kind: PolicyKind | None = None) -> list[tuple[str, str]]:
    given = Given((read_policy("p.json", text, kind),), load_facts().limits)
    return [(hit.rule.id, hit.lint.path) for hit in lint(given) if hit.rule.severity != "info"]


def test_a_statement_with_a_fault_leaves_the_others_to_be_judged() -> None:
    broken = {**DENY, "Sid": "B", "Effect": "deny"}
    unknown = {**DENY, "Sid": "C", "Action": "iam:CreateUserr"}
    assert found(document(broken, unknown)) == [
        ("malformed-policy", "Statement[0].Effect"),
        ("unknown-action", "Statement[1].Action"),
    ]


def test_statement_1_is_not_statement_10() -> None:
    many = [{**DENY, "Sid": f"S{index}", "Action": f"iam:CreateUser{index}"} for index in range(11)]
    many[10]["Effect"] = "deny"
    assert ("unknown-action", "Statement[1].Action") in found(document(*many))


def test_a_repeated_sid_does_not_hide_what_else_is_wrong() -> None:
    assert [rule for rule, _ in found(document({**DENY, "Action": "iam:Nothing"}, DENY))] == [
        "malformed-policy",
        "malformed-policy",
        "unknown-action",
    ]


def test_a_statement_needs_no_list() -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": {**DENY, "Action": "iam:Nothing"}})
    assert found(text) == [("unknown-action", "Statement.Action")]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"Version": "2012-10-17", "Version": "2012-10-17", "Statement": []}', "Version"),
        ('{"tags": {"a": {"tag_key": {"@@assign": "a"}, "tag_key": {"@@assign": "a"}}}}', "tags.a.tag_key"),
        ('{"tags": {"a": 5}}', 'tags["a"]'),
        ('{"tags": {"a": {"tag_value": {"@@assign": "x"}}}}', 'tags["a"].tag_value.@@assign'),
        ('{"tags": {"a": {"tag_value": ["x"], "enforced_for": {"@@assign": []}}}}', 'tags["a"].tag_value'),
        ('{"tags": {"a": {"tag_value": {"@@operators_allowed_for_child_policies": ["@@some"]}}}}', None),
        ('{"tags": {}, "Version": "1"}', ""),
    ],
)
def test_what_aws_refuses_is_malformed(text: str, path: str | None) -> None:
    hits = found(text)
    assert hits
    assert {rule for rule, _ in hits} == {"malformed-policy"}
    assert path is None or hits[0][1] == path


def test_what_a_rule_of_its_own_says_is_said_once() -> None:
    text = '{"tags": {"Owner": {"tag_key": {"@assign": "Owner"}, "tag_value": {"@@assign": ["a*b*c"]}}}}'
    assert [rule for rule, _ in found(text)] == [
        "misspelt-operator",
        "two-wildcards-in-value",
        "capitals-without-tag-key",
    ]


def test_an_effective_policy_is_judged_by_its_own_paths() -> None:
    text = '{"tags": {"owner": {"tag_key": "Owner", "enforced_for": ["ec2:instances"]}}}'
    assert set(found(text)) == {
        ("effective-policy", "tags"),
        ("unknown-resource-type", 'tags["owner"].enforced_for[0]'),
    }


PRETTY = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "a \\"quoted\\" [0] word", "Effect": "Deny"},
    {
      "Sid": "b",
      "Condition": {
        "Null": {"aws:RequestTag/Owner": "true"}
      },
      "Action": [
        "s3:*",
        "ec2:*"
      ]
    }
  ]
}
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("", 1),
        ("Version", 2),
        ("Statement", 3),
        ("Statement[0]", 4),
        ("Statement[1]", 5),
        ("Statement[1].Sid", 6),
        ('Statement[1].Condition.Null["aws:RequestTag/Owner"]', 8),
        ("Statement[1].Action[1]", 12),
        ("Statement[1].Action[7]", 10),
        ("Statement[1].NotThere", 5),
        ("Nothing", 1),
    ],
)
def test_a_path_has_its_line(path: str, line: int) -> None:
    assert line_of(PRETTY, path) == line


def test_a_long_policy_is_judged_once_a_line_and_not_once_a_finding() -> None:
    _lines.cache_clear()
    text = document(*({**DENY, "Sid": f"S{index}", "Action": "iam:Nothing"} for index in range(50)))
    assert len(found(text)) >= 50
    assert _lines.cache_info().misses == 1
