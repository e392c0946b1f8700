"""A run over two accounts whose tags were cut: the audit names the cut, repair restores, undo takes everything back.

Every place where a tag can stop is cut in tests/behaviour/test_lineage.py; these cuts go through the commands.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.behaviour.lineage_seed import EDGES, REGION, SEED, SERVES, SERVING, TRAINING, TRAINS
from tests.project import Tagrail, copy_project

pytestmark = pytest.mark.terraform

RIGHT = {
    "anycompany:workload:application-id": "churn",
    "anycompany:workload:environment": "test",
    "anycompany:finance:owner": "churn-team",
    "anycompany:finance:business-unit": "Retail",
    "anycompany:finance:cost-center": "Retail-3300",
    "anycompany:security:data-classification": "internal",
}
KEY = "anycompany:finance:cost-center"
PLACES = {"T": TRAINING, "S": SERVING}
CUTS = ("T:training-job/churn-train", "S:model-package/churn/1", "S:model/churn", "S:endpoint/churn")
ROLE = ("--role", "OrganizationAccountAccessRole")
Tags = Mapping[str, Mapping[str, str]]


def full(end: str) -> str:
    place, _, rest = end.partition(":")
    return f"{PLACES[place]}:{rest}" if place in PLACES else end


def below(end: str) -> set[str]:
    """Return a resource with all that comes from it; files and executions carry no tags."""
    found, waiting = set[str](), [end]
    while waiting:
        one = waiting.pop()
        found.add(one)
        waiting += [child for parent, child in EDGES if parent == one and child not in found]
    return {full(one) for one in found if not one.startswith("s3:") and "/execution/" not in one}


@pytest.fixture(scope="module")
def tagrail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tagrail]:
    """A project whose organisation has the run, in its payer and one member account."""
    from harness.emulator.process import stop  # noqa: PLC0415 (as the other fixtures do)

    found = Tagrail(copy_project(tmp_path_factory.mktemp("lineage")))
    file = found.root / "envs" / "local" / "organization.yaml"
    seed = yaml.safe_load(file.read_text(encoding="utf-8"))
    text = json.dumps({name: SEED[name] for name in ("resources", "pipeline_runs")})
    text = text.replace('"account": "payer"', f'"account": "{TRAINS}"').replace(
        '"account": "member"', f'"account": "{SERVES}"'
    )
    accounts = seed["organization"]["accounts"]
    kept = [accounts[0], {**accounts[2], "id": SERVES}]
    for account in kept:
        account["tags"] = RIGHT
    seed |= json.loads(text) | {"config_recorders": [], "catalog_items": [], "tagged_resources": []}
    seed["organization"]["accounts"] = kept
    seed["explorer_indexes"] = [{"regions": [REGION], "organization_view": True}]
    costs = file.with_name("costs.yaml")
    seed["billing"] = {"cost_allocation_tags": seed["billing"]["cost_allocation_tags"]}
    costs.unlink()
    file.write_text(yaml.safe_dump(seed, allow_unicode=True), encoding="utf-8")
    found.ok("emulator", "start")
    yield found
    stop("local", found.root / ".tagrail" / "emulator")


def sagemaker(tagrail: Tagrail, arn: str) -> Any:
    account = arn.split(":")[4]
    if account == TRAINS:
        return tagrail.client("sagemaker")
    from harness.targets.role import assume_role  # noqa: PLC0415 (beside its only use)

    role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    return tagrail.target().client("sagemaker", credentials=assume_role(tagrail.client("sts"), role, "test"))


def tags_now(tagrail: Tagrail, arns: set[str]) -> dict[str, dict[str, str]]:
    """Return what carries which of the dictionary's tags."""
    found = {}
    for arn in arns:
        tags = sagemaker(tagrail, arn).list_tags(ResourceArn=arn)["Tags"]
        found[arn] = {tag["Key"]: tag["Value"] for tag in tags if tag["Key"].startswith("anycompany:")}
    return found


def every() -> set[str]:
    return {full(end) for edge in EDGES for end in edge if not end.startswith("s3:") and "/execution/" not in end}


def audit(tagrail: Tagrail) -> Path:
    tagrail("audit", "--env", "local", "--live-only", "--region", REGION, *ROLE)
    return max((tagrail.root / ".tagrail" / "audit" / "local").iterdir())


def cuts(folder: Path, table: str = "findings") -> set[tuple[str, str]]:
    rows = duckdb.sql(f"SELECT arn, key FROM '{folder / f'{table}.parquet'}' WHERE rule = 'lineage-cut'")  # noqa: S608
    return set(rows.fetchall())


def proposed(file: Path) -> set[tuple[str, str, str]]:
    """Return what a plan does, as ARN, key and value."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["do"] == "yes"]
    return {(row["arn"], row["key"], row["becomes"].removeprefix("'")) for row in rows}


@pytest.mark.parametrize("cut", CUTS)
def test_a_cut_is_named_repaired_and_taken_back(tagrail: Tagrail, tmp_path: Path, cut: str) -> None:
    lacking = below(cut)
    for arn in every():
        tags = [{"Key": key, "Value": value} for key, value in RIGHT.items()]
        sagemaker(tagrail, arn).add_tags(ResourceArn=arn, Tags=tags)
    for arn in lacking:
        sagemaker(tagrail, arn).delete_tags(ResourceArn=arn, TagKeys=[KEY])
    before = tags_now(tagrail, every())
    folder = audit(tagrail)
    assert cuts(folder) == {(full(cut), KEY)}

    plan = tmp_path / "repair.csv"
    tagrail.ok("repair", "plan", "--env", "local", "--audit", str(folder), "--out", str(plan), *ROLE)
    assert {row for row in proposed(plan) if ":sagemaker:" in row[0]} == {(arn, KEY, RIGHT[KEY]) for arn in lacking}
    tagrail.ok("repair", "apply", str(plan), "--env", "local", "--yes", *ROLE)
    assert tags_now(tagrail, every()) == dict.fromkeys(every(), RIGHT)
    repaired = audit(tagrail)
    assert cuts(repaired) == set()
    assert cuts(repaired, "fixed") == {(full(cut), KEY)}

    tagrail.ok("repair", "apply", str(plan), "--env", "local", "--yes", "--undo", *ROLE)
    assert tags_now(tagrail, every()) == before
