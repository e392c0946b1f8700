"""What tagrail itself renders has no error and no warning."""

from pathlib import Path

import pytest

from harness.documents import guardrail_targets, policy_targets, render_guardrails, render_tag_policies
from harness.environment import Environment, facts_of
from harness.policy.lint import Given, Hit, LintedPolicy, lint, read_policy
from harness.project import load_project

PROJECT = load_project(Path(__file__).parents[4])
ENVIRONMENTS = PROJECT.environments


def mistakes(policies: list[LintedPolicy], environment: Environment) -> list[Hit]:
    given = Given(tuple(policies), facts_of(environment).limits, same_target=True)
    return [hit for hit in lint(given) if hit.rule.severity != "info"]


@pytest.mark.parametrize("exact", [True, False], ids=["exact-spelling", "any-spelling"])
@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_guardrails_of_a_target_have_no_mistake(name: str, exact: bool) -> None:  # noqa: FBT001 (a parameter)
    environment = ENVIRONMENTS[name]
    settings = environment.guardrail.model_copy(update={"exact_spelling": exact})
    environment = environment.model_copy(update={"guardrail": settings})
    targets = guardrail_targets(PROJECT.dictionary, environment, organization=None)
    documents = render_guardrails(environment, targets, facts_of(environment).limits)
    assert documents
    for target in {document.target for document in documents.values()}:
        read = [read_policy(key, each.text(), "scp") for key, each in documents.items() if each.target == target]
        assert mistakes(read, environment) == []


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_tag_policies_of_a_target_have_no_mistake(name: str) -> None:
    environment = ENVIRONMENTS[name]
    targets = policy_targets(PROJECT.dictionary, environment, organization=None)
    documents = render_tag_policies(PROJECT.dictionary, environment.name, targets, facts_of(environment).limits)
    assert documents
    for target in {document.target for document in documents.values()}:
        read = [read_policy(key, each.text()) for key, each in documents.items() if each.target == target]
        assert {policy.kind for policy in read} == {"tag"}
        assert mistakes(read, environment) == []
