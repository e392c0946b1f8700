"""Prove each module by its case folders: `<case>.tfvars` and `<case>.yaml` (values, counts, outputs, or error)."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from .planning import HERE, MODULES, Case, Planned, cases, modules

pytestmark = pytest.mark.terraform

_BLOCK = re.compile(r"^ +(validation|precondition) \{$")


def differences(expected: Any, found: Any, path: str = "") -> list[str]:
    """Return where `found` lacks something that `expected` names; lists must be equal in length and order."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return [
            text
            for key, value in expected.items()
            for text in (
                differences(value, found[key], f"{path}[{key}]") if key in found else [f"{path}[{key}]: missing"]
            )
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [text for index, (one, other) in pairs for text in differences(one, other, f"{path}[{index}]")]
    return [] if expected == found else [f"{path}: expected {expected!r}; got {found!r}"]


def name_of(case: Case) -> str:
    return f"{case.module}/{case.name}"


@pytest.mark.parametrize("case", cases(refused=False), ids=name_of)
def test_plan_holds_what_the_case_expects(case: Case, planned: Callable[[Case], Planned]) -> None:
    plan = planned(case)
    counts = {"resources": len(plan.values), **Counter(plan.types.values())}
    expected = case.expected
    wanted = {"values": expected.get("values", {}), "outputs": expected.get("outputs", {})}
    found = {"values": plan.values, "outputs": plan.outputs}
    wrong_counts = {
        kind: number for kind, number in expected.get("counts", {}).items() if counts.get(kind, 0) != number
    }
    assert not wrong_counts, f"expected {wrong_counts}; got {counts}"
    assert differences(wanted, found) == []


@pytest.mark.parametrize("case", cases(refused=True), ids=name_of)
def test_refusal_names_offender_rule_and_repair(case: Case, planned: Callable[[Case], Planned]) -> None:
    texts = [" ".join(refusal.text.split()) for refusal in planned(case).refusals]
    words = case.expected["error"]
    assert [text for text in texts if all(word in text for word in words)], f"{words} not in one of {texts}"
    assert all("Do " in text for text in texts), texts


@pytest.mark.parametrize("module", modules())
def test_every_rule_of_a_module_has_a_case_that_breaks_it(module: str, planned: Callable[[Case], Planned]) -> None:
    broken = {
        (refusal.file, refusal.line) for case in cases(module, refused=True) for refusal in planned(case).refusals
    }
    rules = [
        (f"{module}/{file.name}", number)
        for file in sorted((MODULES / module).glob("*.tf"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if _BLOCK.match(line)
    ]
    # Terraform names the block of a validation, but the condition inside a precondition.
    unproven = [
        rule for rule in rules if not any(name == rule[0] and 0 <= line - rule[1] <= 1 for name, line in broken)
    ]
    assert unproven == []


def test_every_case_belongs_to_a_module_and_has_both_files() -> None:
    stems = {
        suffix: {file.relative_to(HERE).with_suffix("") for file in HERE.glob(f"*/*{suffix}")}
        for suffix in (".tfvars", ".yaml")
    }
    assert stems[".tfvars"] == stems[".yaml"]
    assert {stem.parent.name for stem in stems[".yaml"]} == set(modules())
