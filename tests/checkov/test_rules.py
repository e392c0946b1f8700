"""Every rule of the dictionary as a check of checkov, by the names of the resources that pass, fail and are unknown."""

from collections.abc import Callable

import pytest
import yaml

from .conftest import HERE, Answer, Verdicts

pytestmark = pytest.mark.checkov

RULES = tuple(map(str, range(1, 9)))


def expected(name: str) -> Verdicts:
    """Return the verdicts of a file: what it lists neither as failing nor as unknown passes."""
    cases = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return {
        address: {
            rule: "fail" if int(rule) in case.get("fail", ()) else "pass"
            for rule in RULES
            if int(rule) not in case.get("unknown", ())
        }
        for address, case in cases.items()
    }


def differences(answer: Answer, name: str) -> dict[str, object]:
    wanted = {address: rules for address, rules in expected(name).items() if rules}
    return {
        address: {"expected": wanted.get(address), "got": answer.verdicts.get(address)}
        for address in sorted({*wanted, *answer.verdicts})
        if wanted.get(address) != answer.verdicts.get(address)
    }


@pytest.fixture(scope="module")
def hcl(judged: Callable[..., Answer]) -> Answer:
    return judged("--framework", "terraform", "--directory", HERE / "hcl")


@pytest.fixture(scope="module")
def plan(judged: Callable[..., Answer]) -> Answer:
    return judged("--framework", "terraform_plan", "--file", HERE / "plan" / "plan.json")


def test_hcl_gets_the_verdict_of_each_rule(hcl: Answer) -> None:
    assert differences(hcl, "hcl.yaml") == {}
    assert "ERROR" not in hcl.log


def test_a_plan_gets_the_verdict_of_each_rule(plan: Answer) -> None:
    assert differences(plan, "plan.yaml") == {}
    assert "ERROR" not in plan.log


def test_a_fault_says_what_must_be_there_and_what_to_do(hcl: Answer) -> None:
    assert hcl.details["aws_sns_topic.deprecated", "5"] == [
        'tags: must have "any:app"; got "app", a deprecated spelling of it. Do rename it'
    ]
    assert hcl.details["aws_sns_topic.wrong_value", "3"] == [
        'tags["any:env"]: must be one of dev, prod, pre-*; got "Dev". Do choose one of them'
    ]
    assert hcl.details["aws_sns_topic.null_value", "1"] == [
        'tags: must have "any:owner"; got none. Do add "any:owner" = "..."'
    ]
