"""What must hold of every policy: it comes back from its own text, and case of keys and actions does not matter."""

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.policy.context import context_of
from harness.policy.evaluation import Access, Level, Policy, judge
from harness.policy.json_text import PolicyError
from harness.policy.statement import parse_policy, policy_size, render_policy
from harness.policy.syntax import Kind

pytestmark = pytest.mark.thorough

MANY = settings(max_examples=300)
KINDS: tuple[Kind, ...] = ("scp", "rcp", "identity", "resource")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KEYS = st.sampled_from(["aws:RequestTag/Owner", "aws:TagKeys", "aws:PrincipalTag/a b", "s3:prefix"])


def one_or_many(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(items, st.lists(items, min_size=1, max_size=3))


ACTIONS = one_or_many(st.sampled_from(["s3:*", "sqs:CreateQueue", "ec2:*Tags", "EC2:createtags"]))
RESOURCES = one_or_many(st.sampled_from(["*", "arn:aws:s3:::b/*", "arn:aws:sqs:*:*:${aws:username}", "arn:aws:sqs"]))
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "StringEquals": st.dictionaries(KEYS, one_or_many(TEXTS), max_size=2),
        "ForAnyValue:StringNotLikeIfExists": st.dictionaries(KEYS, one_or_many(TEXTS), max_size=2),
        "Null": st.dictionaries(KEYS, st.sampled_from([True, False, "true", ["false"]]), max_size=2),
        "NumericLessThan": st.dictionaries(KEYS, one_or_many(st.integers(-9, 9)), max_size=2),
        "DateGreaterThan": st.dictionaries(KEYS, one_or_many(st.dates().map(str)), max_size=2),
    },
)
PRINCIPALS = st.one_of(
    st.just("*"),
    st.dictionaries(
        st.sampled_from(["AWS", "Service"]), one_or_many(st.sampled_from(["1", "2"])), min_size=1, max_size=2
    ),
)


@st.composite
def statements(draw: st.DrawFn, kind: Kind) -> dict[str, Any]:
    body: dict[str, Any] = {"Effect": "Deny" if kind == "rcp" else draw(st.sampled_from(["Allow", "Deny"]))}
    body["Action" if kind == "rcp" or draw(st.booleans()) else "NotAction"] = draw(ACTIONS)
    body["Resource" if draw(st.booleans()) else "NotResource"] = draw(RESOURCES)
    if kind in ("rcp", "resource"):
        body["Principal"] = "*" if kind == "rcp" else draw(PRINCIPALS)
    if draw(st.booleans()):
        body["Condition"] = draw(CONDITIONS)
    return body


@st.composite
def policies(draw: st.DrawFn) -> tuple[Kind, dict[str, Any]]:
    kind = draw(st.sampled_from(KINDS))
    bodies = draw(st.lists(statements(kind), min_size=1, max_size=3))
    return kind, {"Version": "2012-10-17", "Statement": bodies[0] if len(bodies) == 1 else bodies}


@MANY
@given(policies(), st.sampled_from([None, 2]))
def test_a_policy_comes_back_from_its_canonical_text(policy: tuple[Kind, dict[str, Any]], indent: int | None) -> None:
    kind, body = policy
    document = parse_policy(json.dumps(body, indent=indent), kind)
    canonical = render_policy(document)
    assert parse_policy(canonical, kind) == document
    assert render_policy(parse_policy(canonical, kind)) == canonical
    assert policy_size(canonical, "identity") == policy_size(canonical, "scp") == len(canonical)
    assert policy_size(json.dumps(body, indent=2), kind) >= policy_size(json.dumps(body, indent=2), "identity")


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["Version", "Statement", "Effect", "Action", "Condition", "x"]), inner, max_size=4
        ),
    ),
    max_leaves=12,
)


@MANY
@given(JSON.filter(lambda value: value != []), st.sampled_from(KINDS))  # a resource may have a policy that says nothing
def test_what_is_no_policy_is_refused_with_a_repair(value: Any, kind: Kind) -> None:
    assume(kind != "resource" or value != [])  # a topic may have lost its last statement
    body = {"Version": "2012-10-17", "Statement": value}
    with pytest.raises(PolicyError) as failure:
        parse_policy(json.dumps(body), kind)
    assert all(": must " in problem and ". Do " in problem for problem in failure.value.problems)


@MANY
@given(statements("scp"), st.sampled_from(["ml", "Owner", ""]), st.sampled_from([str.lower, str.upper, str.title]))
def test_the_case_of_keys_and_actions_does_not_matter(body: dict[str, Any], value: str, recase: Any) -> None:
    content = json.dumps({"Version": "2012-10-17", "Statement": [body]})
    levels = [Level("service control policy", "r-1", (Policy("p-1", "p", parse_policy(content, "scp")),))]
    held = {"aws:RequestTag/Owner": value, "aws:TagKeys": ["Owner"], "s3:prefix": "5", "aws:username": "jobs"}
    one, other = (
        judge(levels, Access(action, "arn:aws:sqs:eu:1:jobs", context_of(context)))
        for action, context in (
            ("sqs:CreateQueue", held),
            (recase("sqs:CreateQueue"), {recase(key): item for key, item in held.items()}),
        )
    )
    assert one == other
