"""Each rule, in a plan and in a template: what passes, what fails, what is unknown, by address."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.plan_check.cloudformation import read_template
from harness.plan_check.model import Fault
from harness.plan_check.rules import RULES
from tests.unit.plan_check.plans import change, faults, plan, read
from tests.unit.plan_check.required import requirements

FOLDER = Path(__file__).parent / "cases"
FILES = sorted(FOLDER.glob("*.yaml"))
# No set of tags breaks these: tests of their own are named beside them.
ELSEWHERE = {
    "expired-exemption": "test_exemptions.py",
}


def said(found: list[Fault]) -> list[str]:
    """Verdict, rule and key of each fault, as the cases have them."""
    return sorted(f"{one.verdict} {one.rule} {one.key}".strip() for one in found)


def cases(form: str) -> list[Any]:
    contents = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in FILES}
    return [
        pytest.param(content.get("unit", ""), address, case, id=f"{name}-{address}")
        for name, content in contents.items()
        for address, case in content[form].items()
    ]


@pytest.mark.parametrize(("unit", "address", "case"), cases("terraform"))
def test_in_a_plan(unit: str, address: str, case: Mapping[str, Any]) -> None:
    after = case.get("after", {"tags": case.get("tags"), "tags_all": case.get("tags") or {}})
    more = {name: case[name] for name in ("unknown", "actions") if name in case}
    if case.get("unknown"):
        after = {name: value for name, value in after.items() if case["unknown"].get(name) is not True}
    found = read(plan([change(address, after, **more)], case.get("configuration")))
    assert said(faults(found, requirements(unit))[address]) == sorted(case["expect"])


@pytest.mark.parametrize(("unit", "address", "case"), cases("cloudformation"))
def test_in_a_template(unit: str, address: str, case: Mapping[str, Any]) -> None:
    tags = [{"Key": key, "Value": value} for key, value in (case.get("tags") or {}).items()]
    properties = case.get("properties", {"Tags": tags} if tags else {})
    body = {"Type": case.get("type", "AWS::SQS::Queue"), "Properties": properties}
    template = {
        "Parameters": {"Stage": {"Type": "String"}},
        "Conditions": {"C": {"Fn::Equals": [{"Ref": "Stage"}, "x"]}},
    }
    found = read_template(json.dumps({**template, "Resources": {address: body}}).encode(), "template.json")
    assert said(faults(found, requirements(unit))[address]) == sorted(case["expect"])


@pytest.mark.parametrize("form", ["terraform", "cloudformation"])
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_case_passes_and_one_does_not(file: Path, form: str) -> None:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    verdicts = {line.split(" ")[0] for case in content[form].values() for line in case["expect"]}
    assert [] in [case["expect"] for case in content[form].values()], "one that passes"
    wanted = content.get(f"verdicts_{form}", content["verdicts"])
    assert wanted == sorted(verdicts), "what the rule can say, apart from pass"


def test_every_rule_has_cases() -> None:
    weakening = {name for name, rule in RULES.items() if rule.weakens}
    assert {file.stem for file in FILES} == set(RULES) - weakening - set(ELSEWHERE)
