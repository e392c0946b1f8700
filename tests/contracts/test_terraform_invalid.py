"""The Terraform modules judge each case as the Python loader does."""

import re

import pytest

from tests.contracts.case import Case, case_files, read_case
from tests.contracts.terraform_root import PROJECT, Refusal, Root, make_common_root, make_root

pytestmark = pytest.mark.terraform

CASES_A_ROOT = 40  # terraform takes about 50 MiB for each case

INVALID = [read_case(path) for path in case_files("invalid")]


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory, url: str) -> dict[str, list[str]]:
    """Case -> what terraform refuses in it. Accepted ones are judged one by one if not all of them are accepted."""
    found: dict[str, list[str]] = {case.name: [] for case in INVALID}
    accepted = [case for case in INVALID if case.acceptance]
    common = make_common_root(tmp_path_factory.mktemp("accepted"), accepted, url)
    if common.plan() == []:
        assert common.planned().keys() == {case.name for case in accepted}
        accepted = []
    left = in_order([case for case in INVALID if case in accepted or not case.acceptance])
    for first in range(0, len(left), CASES_A_ROOT):
        root = make_root(tmp_path_factory.mktemp("refused"), left[first : first + CASES_A_ROOT], url)
        for refusal in refused_of(root, left[first : first + CASES_A_ROOT]):
            assert refusal.case, f"a refusal that is about no case: {refusal.text}"
            found[refusal.case].append(refusal.text)
    return found


def refused_of(root: Root, cases: list[Case]) -> list[Refusal]:
    """Return what a plan refuses, and the plans of the cases that were not: the first one stops at what is read."""
    found = refused = root.plan()
    while refused and (cases := [case for case in cases if case.name not in {each.case for each in refused}]):
        refused = root.holding(cases).plan()
        found = found + refused
    return found


def in_order(cases: list[Case]) -> list[Case]:
    """Return first the cases that terraform probably refuses as it reads its input: a root of others is planned once.

    Those are what it refuses in its own words, and what the variables of modules/governance refuse.
    """
    inputs = PROJECT / "modules" / "governance" / "variables.tf"
    later = wording("".join(path.read_text("utf-8") for path in (PROJECT / "modules").rglob("*.tf") if path != inputs))
    early = wording(inputs.read_text("utf-8"))
    return sorted(cases, key=lambda case: wording(case.refusal) in later and wording(case.refusal) not in early)


def wording(text: str) -> str:
    """Return a text with N for its numbers, and for the places of its values as they stand in a module."""
    return re.sub(r"\$\{[^}]*\}|\d+", "N", text).replace("\\", "")


@pytest.mark.parametrize("case", INVALID, ids=lambda case: case.name)
def test_terraform_refuses_what_python_refuses(refusals: dict[str, list[str]], case: Case) -> None:
    if case.acceptance:
        assert refusals[case.name] == []
    else:
        assert any(case.refusal in text for text in refusals[case.name]), refusals[case.name]
