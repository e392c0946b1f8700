"""The Terraform modules judge each case as the Python loader does."""

import pytest

from tests.contracts.case import Case, case_files, read_case
from tests.contracts.terraform_root import Refusal, Root, make_common_root, make_root

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
    left = [case for case in INVALID if case in accepted or not case.acceptance]
    for first in range(0, len(left), CASES_A_ROOT):
        root = make_root(tmp_path_factory.mktemp("refused"), left[first : first + CASES_A_ROOT], url)
        for refusal in refused_of(root, left[first : first + CASES_A_ROOT]):
            assert refusal.case, f"a refusal that is about no case: {refusal.text}"
            found[refusal.case].append(refusal.text)
    return found


def refused_of(root: Root, cases: list[Case]) -> list[Refusal]:
    """Return what `validate` refuses, and what `plan` does without that, where it would stop."""
    refused = root.validate()
    names = {refusal.case for refusal in refused}
    return refused + root.holding(case for case in cases if case.name not in names).plan()


@pytest.mark.parametrize("case", INVALID, ids=lambda case: case.name)
def test_terraform_refuses_what_python_refuses(refusals: dict[str, list[str]], case: Case) -> None:
    if case.acceptance:
        assert refusals[case.name] == []
    else:
        assert any(case.refusal in text for text in refusals[case.name]), refusals[case.name]
