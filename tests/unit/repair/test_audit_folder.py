"""A plan is made of an audit's own tables, lineage included."""

from pathlib import Path

import pytest

from harness.audit.model import Edge
from harness.audit.tables import Table
from harness.dictionary import load_dictionary
from harness.errors import TagrailError
from harness.operations.repair import Governed, check_place, plan_repair, write_plan
from harness.plan_check.compiling import compile_requirements
from harness.repair.audit_folder import newest_folder, read_audit
from harness.repair.journal import journal_of
from tests.unit.repair.world import DEV, ENV, ORGANIZATION, OWNER, PAYER, ROOT, finding, keys_of, resource

MODEL = f"arn:aws:sagemaker:eu-central-1:{DEV}:model/m"
ENDPOINT = f"arn:aws:sagemaker:eu-central-1:{DEV}:endpoint-config/e"
STACK = f"arn:aws:cloudformation:eu-central-1:{DEV}:stack/web/1"
ACCOUNT = f"arn:aws:organizations::{PAYER}:account/o-1/{DEV}"
REQUIRED = compile_requirements(load_dictionary(ROOT / "envs" / "tags.yaml"), None, "Workloads/Test")
GOVERNED = Governed(ORGANIZATION, lambda _: REQUIRED, keys_of, 50)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    model = resource(MODEL, {OWNER: "ml", ENV: "test"}, type="AWS::SageMaker::Model")
    tags = {"aws:cloudformation:stack-id": STACK}
    endpoint = resource(ENDPOINT, tags, type="AWS::SageMaker::EndpointConfig")
    stack = resource(STACK, {ENV: "test"}, type="AWS::CloudFormation::Stack", name="web")
    account = resource(ACCOUNT, None, account=DEV, region="global", type="AWS::Organizations::Account")
    aside = resource(f"arn:aws:sqs:eu-central-1:{DEV}:aside", {"Name": "x"})
    with Table(tmp_path, "resources") as resources, Table(tmp_path, "findings") as findings:
        resources.add([model, endpoint, stack, account, aside])
        findings.add([finding(endpoint, "missing-key", OWNER), finding(endpoint, "missing-key", ENV)])
    with Table(tmp_path, "edges") as edges:
        edges.add([Edge(MODEL, ENDPOINT, "ProductionVariants.ModelName")])
    return tmp_path


def test_of_the_resources_only_those_that_matter_are_read(folder: Path) -> None:
    found = read_audit(folder)
    assert set(found.resources) == {ENDPOINT, STACK, ACCOUNT}
    assert found.resources[ACCOUNT].tags is None
    assert [one.key for one in found.findings] == [OWNER, ENV]


def test_lineage_and_stack_prove_values(folder: Path) -> None:
    planned = plan_repair(GOVERNED, folder)
    assert [(one.key, one.becomes) for one in planned.changes] == [(OWNER, "ml"), (ENV, "test")]
    assert planned.changes[0].evidence.startswith("lineage: ")
    assert [part.partition(":")[0] for part in planned.changes[1].evidence.split("; ")] == ["lineage", "stack"]


def test_the_newest_run_that_has_its_tables_is_taken(tmp_path: Path) -> None:
    with pytest.raises(TagrailError, match=r"must hold an audit; got none. Do run tagrail audit first"):
        newest_folder(tmp_path)
    for name in ("2026-11-01T00-00-00Z", "2026-11-02T00-00-00Z", "2026-11-03T00-00-00Z"):
        (tmp_path / name).mkdir()
        for table in ("findings", "resources"):
            if "03" not in name[:10]:
                (tmp_path / name / f"{table}.parquet").touch()
    assert newest_folder(tmp_path).name == "2026-11-02T00-00-00Z"


def test_what_is_no_audit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TagrailError, match=r"--audit .*: must hold findings.parquet; got none"):
        read_audit(tmp_path)
    for name in ("findings.parquet", "resources.parquet"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    with pytest.raises(TagrailError, match=r"--audit .*: must be readable; got .* Do run tagrail audit anew"):
        read_audit(tmp_path)


def test_a_plan_that_may_have_been_edited_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "repair.csv"
    check_place(file)
    write_plan([], file)
    with pytest.raises(TagrailError, match=r"--out .*: must be new"):
        check_place(file)
    file.unlink()
    journal_of(file).touch()
    with pytest.raises(TagrailError, match=r"must be new; .*journal.jsonl is there"):
        check_place(file)
    with pytest.raises(TagrailError, match="must be in a folder that exists"):
        check_place(tmp_path / "no" / "repair.csv")
