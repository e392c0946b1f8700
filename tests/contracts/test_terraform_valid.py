"""The Terraform modules render the same documents as the Python harness, byte for byte after canonical JSON."""

from pathlib import Path
from typing import Any

import pytest

from tests.contracts.case import Case, case_files, read_case
from tests.contracts.documents_json import canonical, documents_json, render
from tests.contracts.terraform_root import make_common_root

pytestmark = pytest.mark.terraform

VALID = [read_case(path) for path in case_files("valid")]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory, url: str) -> dict[str, Any]:
    root = make_common_root(tmp_path_factory.mktemp("valid"), VALID, url)
    assert [refusal.text for refusal in root.plan()] == []
    return root.planned()


@pytest.mark.parametrize("case", VALID, ids=lambda case: case.name)
def test_both_render_the_same_documents(planned: dict[str, Any], case: Case, tmp_path: Path) -> None:
    python = documents_json(render(case, case.project(tmp_path)))
    assert {plane: canonical(document) for plane, document in planned[case.name].items()} == python
