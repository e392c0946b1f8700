"""Each rule finds its mistake in a wrong policy and none in the right one, which is the wrong one after the repair."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.facts import load_facts
from harness.policy.lint import RULES, Given, Hit, lint, read_policy

FOLDER = Path(__file__).parent / "cases"
IDS = [rule.id for rule in RULES]


@dataclass(frozen=True)
class Case:
    """Hold a rule's wrong and right policies, and what the finding says of which place."""

    path: str
    says: str
    wrong: Any
    right: Any
    kind: Any = None
    same_target: bool = False
    limits: Any = None

    def hits(self, policies: Any) -> list[Hit]:
        listed = policies if isinstance(policies, list) else [policies]
        texts = [
            each if isinstance(each, str) else json.dumps(each, separators=(",", ":"), ensure_ascii=False)
            for each in listed
        ]
        read = tuple(read_policy(f"policy-{index}.json", text, self.kind) for index, text in enumerate(texts))
        limits = {**load_facts().limits, **(self.limits or {})}
        return list(lint(Given(read, limits, same_target=self.same_target)))


def load(rule: str) -> Case:
    return Case(**yaml.safe_load((FOLDER / f"{rule}.yaml").read_text(encoding="utf-8")))


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert sorted(IDS) == sorted(file.stem for file in FOLDER.iterdir())


def test_ids_are_unique() -> None:
    assert len(set(IDS)) == len(IDS)


@pytest.mark.parametrize("rule", IDS)
def test_a_rule_finds_its_mistake(rule: str) -> None:
    case = load(rule)
    found = [hit.lint for hit in case.hits(case.wrong) if hit.rule.id == rule]
    assert len(found) == 1
    assert found[0].path == case.path
    assert case.says in found[0].why
    assert found[0].repair.startswith("Do ")


@pytest.mark.parametrize("rule", IDS)
def test_the_repair_ends_the_finding_and_makes_no_error(rule: str) -> None:
    case = load(rule)
    assert [hit for hit in case.hits(case.right) if hit.rule.id == rule or hit.rule.severity == "error"] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.id))
def test_a_rule_names_its_page(rule: Any) -> None:
    assert rule.page.startswith(("https://docs.aws.amazon.com/", "https://aws.amazon.com/"))
    assert rule.says
    assert not rule.says.endswith(".")
