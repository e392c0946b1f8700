import json
import shutil
from pathlib import Path

import pytest

from harness.build_folder import prepare, remove_stale, render_override
from harness.errors import TagrailError
from harness.terraform import Terraform


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in {
        "envs/tags.yaml": "version: 1\n",
        "envs/local/main.tf": "# local\n",
        "envs/local/env.yaml": "version: 1\n",
        "envs/local/terraform.tfstate": "{}",
        "envs/local/.terraform/providers/big": "",
        "envs/prod/env.yaml": "version: 1\n",
        "modules/aws-facts.yaml": "limits: {}\n",
        "modules/budget/main.tf": "# budget\n",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_aws_runs_in_the_environment_itself(project: Path) -> None:
    assert prepare(project, "prod", "aws") == project / "envs" / "prod"
    assert not (project / ".tagrail").exists()


def test_emulator_runs_in_a_copy_without_state_and_caches(project: Path) -> None:
    folder = prepare(project, "local", "emulator", instance="i-1")
    build = project / ".tagrail" / "build" / "local-emulator-i-1"
    assert folder == build / "envs" / "local"
    assert files(build) == {
        "build.json",
        "envs/local/env.yaml",
        "envs/local/main.tf",
        "envs/local/tagrail_override.tf",
        "envs/prod/env.yaml",
        "envs/tags.yaml",
        "modules/aws-facts.yaml",
        "modules/budget/main.tf",
    }


def test_update_follows_the_project_and_keeps_what_terraform_made(project: Path) -> None:
    folder = prepare(project, "local", "emulator", instance="i-1")
    kept = ("terraform.tfstate", "terraform.tfstate.backup", ".terraform.lock.hcl", ".terraform/providers/x")
    for name in kept:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("terraform's")
    (project / "envs/tags.yaml").write_text("version: 2\n")
    (project / "modules/budget/main.tf").rename(project / "modules/budget/topic.tf")
    unchanged = (folder / "main.tf").stat().st_mtime_ns
    assert prepare(project, "local", "emulator", instance="i-1") == folder
    assert {(folder / name).read_text() for name in kept} == {"terraform's"}
    assert (folder / "../tags.yaml").read_text() == "version: 2\n"
    assert (folder / "main.tf").stat().st_mtime_ns == unchanged
    assert files(folder / "../../modules") == {"aws-facts.yaml", "budget/topic.tf"}


def test_unknown_environment_is_refused_with_the_known_ones(project: Path) -> None:
    with pytest.raises(
        TagrailError, match=r'must be the folder of an environment; got "stage"\. Do choose one of local, prod'
    ):
        prepare(project, "stage", "aws")


def test_build_folder_that_cannot_be_made_is_named(project: Path) -> None:
    (project / ".tagrail").write_text("")
    with pytest.raises(TagrailError, match=r"local-emulator: must be a folder that can be written"):
        prepare(project, "local", "emulator")


def test_only_stopped_instances_of_the_target_are_removed(project: Path) -> None:
    prepare(project, "local", "emulator", instance="i-1")
    prepare(project, "local", "emulator", instance="i-2")
    prepare(project, "prod", "emulator", instance="i-3")
    prepare(project, "local", "other", instance="i-4")
    prepare(project, "local", "emulator")
    (project / ".tagrail/build/of-a-user").mkdir()
    removed = remove_stale(project, "emulator", {"i-2"})
    assert [folder.name for folder in removed] == ["local-emulator-i-1", "prod-emulator-i-3"]
    left = {folder.name for folder in (project / ".tagrail/build").iterdir()}
    assert left == {"local-emulator", "local-emulator-i-2", "local-other-i-4", "of-a-user"}


@pytest.mark.parametrize("half", ["", '{"environment": "local", "tar'])
def test_a_folder_whose_marker_was_cut_off_is_stale_unless_its_instance_runs(project: Path, half: str) -> None:
    for instance in ("i-1", "i-2"):
        prepare(project, "local", "emulator", instance=instance)
    for marker in project.glob(".tagrail/build/*/build.json"):
        marker.write_text(half)
    assert [folder.name for folder in remove_stale(project, "emulator", {"i-2"})] == ["local-emulator-i-1"]
    assert remove_stale(project, "other", set()) == ()
    prepare(project, "local", "emulator", instance="i-2")
    assert json.loads((project / ".tagrail/build/local-emulator-i-2/build.json").read_text())["instance"] == "i-2"


def test_override_covers_every_provider() -> None:
    text = render_override(["us_east_1", "eu_west_1"])
    assert text.count('provider "aws"') == 3
    assert text.count("s3_use_path_style           = true") == 3
    assert 'alias = "eu_west_1"' in text
    assert 'backend "local" {}' in text


@pytest.mark.terraform
def test_terraform_takes_the_override_instead_of_the_backend(project: Path) -> None:
    binary = shutil.which("terraform")
    assert binary, "this test needs terraform on PATH"
    (project / "envs/local/main.tf").write_text(
        'terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "k"\n    region = "r"\n  }\n}\n'
        'resource "terraform_data" "a" {}\n'
    )
    folder = prepare(project, "local", "emulator")
    # Without its provider blocks: those need the AWS provider, which the life cycle tests prove.
    (folder / "tagrail_override.tf").write_text(render_override([]).split("provider")[0])
    terraform = Terraform(Path(binary), folder, {"TF_CLI_CONFIG_FILE": None})
    terraform.init()
    terraform.plan(folder / "p")
    terraform.apply(folder / "p")
    assert (folder / "terraform.tfstate").is_file()
