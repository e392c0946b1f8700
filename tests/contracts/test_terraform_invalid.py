"""The Terraform modules judge each case as the Python loader does."""

import pytest

from tests.contracts.case import Case, case_files, read_case
from tests.contracts.terraform_root import make_root

pytestmark = pytest.mark.terraform

CASES_A_ROOT = 60  # terraform takes about 10 MiB for each case

INVALID = [read_case(path) for path in case_files("invalid")]


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory, url: str) -> dict[str, list[str]]:
    """Case -> what terraform refuses in it; what `validate` refuses is left out of the plan, which would stop there."""
    found: dict[str, list[str]] = {case.name: [] for case in INVALID}
    for step in ("validate", "plan"):
        left = [case for case in INVALID if not found[case.name]]
        for cases in (left[first : first + CASES_A_ROOT] for first in range(0, len(left), CASES_A_ROOT)):
            root = make_root(tmp_path_factory.mktemp(step), cases, url)
            for refusal in root.validate() if step == "validate" else root.plan():
                assert refusal.case, f"a refusal that is about no case: {refusal.text}"
                found[refusal.case].append(refusal.text)
    return found


@pytest.mark.parametrize("case", INVALID, ids=lambda case: case.name)
def test_terraform_refuses_what_python_refuses(refusals: dict[str, list[str]], case: Case) -> None:
    if case.acceptance:
        assert refusals[case.name] == []
    else:
        assert any(case.refusal in text for text in refusals[case.name]), refusals[case.name]
