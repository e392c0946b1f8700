"""Init runs again only after a change, and a provider that cannot stay warm is no obstacle."""

import sys
from pathlib import Path

import pytest

from harness.operations import warm
from harness.terraform import Terraform

# Leaves a provider, as init does, and counts its runs.
INIT = f"""#!{sys.executable}
import pathlib, sys
assert sys.argv[1] == "init"
place = pathlib.Path(".terraform/providers/registry.terraform.io/hashicorp/aws/5.100.0/any/terraform-provider-aws")
place.parent.mkdir(parents=True, exist_ok=True)
place.write_text("#!/bin/sh\\nexit 1\\n")
place.chmod(0o755)
with open("runs", "a") as runs:
    print("init", file=runs)
"""


@pytest.fixture
def terraform(tmp_path: Path) -> Terraform:
    binary = tmp_path / "terraform"
    binary.write_text(INIT)
    binary.chmod(0o755)
    folder = tmp_path / "build" / "envs" / "local"
    folder.mkdir(parents=True)
    (folder / "main.tf").write_text("")
    return Terraform(binary, folder)


def runs(terraform: Terraform) -> int:
    return len((terraform.folder / "runs").read_text().splitlines())


def ready(terraform: Terraform) -> None:
    warm.make_ready(terraform, terraform.folder.parents[1])


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAGRAIL_WARM_PROVIDER", "0")


@pytest.mark.usefixtures("cold")
def test_init_runs_once_and_again_after_each_change(terraform: Terraform) -> None:
    ready(terraform)
    ready(terraform)
    assert runs(terraform) == 1
    modules = terraform.folder.parents[1] / "modules"
    modules.mkdir()
    (modules / "main.tf").write_text('module "more" {}')
    ready(terraform)
    ready(terraform)
    assert runs(terraform) == 2
    (terraform.folder / ".terraform.lock.hcl").write_text("another version")
    ready(terraform)
    assert runs(terraform) == 3
    next(terraform.folder.glob(".terraform/providers/*/*/*/*/*/*")).unlink()
    ready(terraform)
    assert runs(terraform) == 4
    assert terraform.reattach == {}


def test_without_a_warm_provider_terraform_goes_on_and_it_is_said(
    terraform: Terraform, capsys: pytest.CaptureFixture[str]
) -> None:
    ready(terraform)
    assert terraform.reattach == {}
    said = capsys.readouterr().err
    assert "note: warm provider: must be ready within 30 s; got provider: must say where it listens" in said
    assert "terraform starts its own provider" in said


@pytest.mark.processes
def test_a_provider_is_shared_by_the_runs_of_a_process(terraform: Terraform, tmp_path: Path) -> None:
    fake = Path(__file__).parents[1] / "warm_provider" / "fake_provider.py"
    root = Path(__file__).parents[3]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAGRAIL_WARM_PROVIDER", "0")
        ready(terraform)
    next(terraform.folder.glob(".terraform/providers/*/*/*/*/*/*")).unlink()
    text = f'#!/bin/sh\nPYTHONPATH="{root}" exec "{sys.executable}" "{fake}" "$@"\n'
    binary = next(terraform.folder.glob(".terraform/providers/*/*/*/*/*")) / "terraform-provider-aws"
    binary.write_text(text)
    binary.chmod(0o755)
    ready(terraform)
    first = dict(terraform.reattach)
    again = Terraform(terraform.binary, terraform.folder)
    ready(again)
    assert again.reattach == first != {}
    other = Terraform(terraform.binary, terraform.folder, {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"})
    ready(other)
    assert other.reattach != first
    warm.stop_all()
    ready(again)
    assert again.reattach not in (first, other.reattach)
    warm.stop_all()
