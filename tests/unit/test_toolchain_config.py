import shutil
import subprocess
from pathlib import Path

import pytest

from harness.errors import TagrailError
from harness.toolchain import Binary
from harness.toolchain_config import cli_config, cli_variables, render_cli_config
from harness.toolchain_mirror import find_provider_mirror, locked_version, search_mirror
from harness.toolchain_release import current_platform

PLATFORM = current_platform()
HOST = "registry.terraform.io"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr("harness.toolchain_mirror._USUAL_PLACES", (str(tmp_path / "opt"),))
    return home


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    empty = str(tmp_path / "empty")
    return {"XDG_DATA_HOME": empty, "XDG_DATA_DIRS": empty, "XDG_CACHE_HOME": str(tmp_path / "cache")}


def write_unpacked(mirror: Path, version: str = "5.100.0", *, platform: str = PLATFORM, host: str = HOST) -> Path:
    folder = mirror / host / "hashicorp" / "aws" / version / platform
    folder.mkdir(parents=True)
    (folder / f"terraform-provider-aws_v{version}_x5").touch()
    return mirror


def write_packed(mirror: Path, version: str = "5.100.0") -> Path:
    folder = mirror / HOST / "hashicorp" / "aws"
    folder.mkdir(parents=True)
    (folder / f"terraform-provider-aws_{version}_{PLATFORM}.zip").touch()
    return mirror


def test_existing_config_of_the_user_wins(environ: dict[str, str], tmp_path: Path) -> None:
    write_unpacked(tmp_path / "opt" / "plugins")
    own = tmp_path / "own.rc"
    own.touch()
    assert cli_config(tmp_path / "build", environ=environ | {"TF_CLI_CONFIG_FILE": str(own)}) == own
    assert not (tmp_path / "build").exists()


def test_missing_config_of_the_user_is_hidden_from_terraform(environ: dict[str, str], tmp_path: Path) -> None:
    binary = Binary(Path("/bin/terraform"), "1.11.4", "terraform")
    variables = cli_variables(tmp_path, binary, environ=environ | {"TF_CLI_CONFIG_FILE": "/nowhere"})
    assert variables["TF_CLI_CONFIG_FILE"] is None


def test_home_config_that_installs_providers_wins(environ: dict[str, str], tmp_path: Path, home: Path) -> None:
    write_unpacked(tmp_path / "opt" / "plugins")
    (home / ".terraformrc").write_text("provider_installation {\n  direct {}\n}\n")
    assert cli_config(tmp_path / "build", environ=environ) is None


def test_without_mirror_downloads_are_kept(environ: dict[str, str], tmp_path: Path) -> None:
    binary = Binary(Path("/bin/terraform"), "1.11.4", "terraform")
    variables = cli_variables(tmp_path, binary, environ=environ)
    assert variables["TF_PLUGIN_CACHE_DIR"] == str(tmp_path / "cache" / "tagrail" / "providers")
    assert (tmp_path / "cache" / "tagrail" / "providers").is_dir()


def test_plugin_cache_of_the_user_is_left_alone(environ: dict[str, str], tmp_path: Path) -> None:
    binary = Binary(Path("/bin/terraform"), "1.11.4", "terraform")
    environ["TF_PLUGIN_CACHE_DIR"] = str(tmp_path)
    assert cli_variables(tmp_path, binary, environ=environ) == {"TF_CLI_CONFIG_FILE": None}


@pytest.mark.parametrize("place", ["opt", "opt/a", "opt/a/b/c", "home/.terraform.d/plugins", "home/work/mirror"])
def test_unpacked_mirror_is_found(environ: dict[str, str], tmp_path: Path, place: str) -> None:
    write_unpacked(tmp_path / place)
    assert find_provider_mirror(environ=environ) == tmp_path / place


def test_packed_mirror_is_found(environ: dict[str, str], tmp_path: Path) -> None:
    write_packed(tmp_path / "opt" / "mirror")
    assert find_provider_mirror(environ=environ) == tmp_path / "opt" / "mirror"


@pytest.mark.parametrize("version", ["5.99.1", "4.67.0", "7.0.0", "6.0.0-beta1"])
def test_mirror_with_an_unsupported_version_does_not_count(
    environ: dict[str, str], tmp_path: Path, version: str
) -> None:
    write_unpacked(tmp_path / "opt" / "mirror", version)
    assert find_provider_mirror(environ=environ) is None


def test_mirror_for_another_platform_does_not_count(environ: dict[str, str], tmp_path: Path) -> None:
    write_unpacked(tmp_path / "opt" / "mirror", platform="plan9_mips")
    assert find_provider_mirror(environ=environ) is None


def test_mirror_without_the_locked_version_does_not_count(environ: dict[str, str], tmp_path: Path) -> None:
    write_unpacked(tmp_path / "opt" / "mirror", "5.100.0")
    assert find_provider_mirror(locked="6.2.0", environ=environ) is None


def test_locked_version_is_read_from_the_lock_file(tmp_path: Path) -> None:
    lock = tmp_path / ".terraform.lock.hcl"
    lock.write_text(f'# made by init\nprovider "{HOST}/hashicorp/aws" {{\n  version     = "6.2.0"\n}}\n')
    assert locked_version(lock, "terraform") == "6.2.0"
    assert locked_version(lock, "tofu") is None
    assert locked_version(tmp_path / "missing", "terraform") is None


def test_tofu_looks_for_its_own_registry(environ: dict[str, str], tmp_path: Path) -> None:
    write_unpacked(tmp_path / "opt" / "a")
    wanted = write_unpacked(tmp_path / "opt" / "b", host="registry.opentofu.org")
    assert find_provider_mirror(flavour="tofu", environ=environ) == wanted


def test_named_mirror_wins_over_a_found_one(environ: dict[str, str], tmp_path: Path) -> None:
    write_unpacked(tmp_path / "opt" / "mirror")
    named = write_unpacked(tmp_path / "named")
    assert find_provider_mirror(environ=environ | {"TAGRAIL_PROVIDER_MIRROR": str(named)}) == named


def test_named_mirror_without_registry_folder_is_refused(environ: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(TagrailError, match=rf"TAGRAIL_PROVIDER_MIRROR: must name a folder that holds {HOST}; got"):
        find_provider_mirror(environ=environ | {"TAGRAIL_PROVIDER_MIRROR": str(tmp_path)})


def test_named_mirror_without_fitting_provider_is_refused(environ: dict[str, str], tmp_path: Path) -> None:
    write_unpacked(tmp_path / "named", "5.1.0")
    with pytest.raises(TagrailError, match=rf"must hold {HOST}/hashicorp/aws >= 5\.100, < 7\.0 for {PLATFORM}"):
        find_provider_mirror(environ=environ | {"TAGRAIL_PROVIDER_MIRROR": str(tmp_path / "named")})


@pytest.mark.parametrize("place", ["a/b/c/d/e", "node_modules", ".git"])
def test_search_is_bounded(tmp_path: Path, place: str) -> None:
    write_unpacked(tmp_path / "opt" / place)
    assert search_mirror([tmp_path / "opt"], HOST, PLATFORM) is None


def test_search_that_runs_out_of_time_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert search_mirror([tmp_path], HOST, PLATFORM, seconds=-1) is None
    assert "set TAGRAIL_PROVIDER_MIRROR if there is one" in capsys.readouterr().err


def test_config_takes_only_what_the_mirror_holds(environ: dict[str, str], tmp_path: Path) -> None:
    mirror = write_unpacked(tmp_path / "opt" / "mirror")
    write_unpacked(tmp_path / "opt" / "mirror", "5.101.0", platform="plan9_mips")
    (mirror / HOST / "hashicorp" / "null" / "3.2.0" / "plan9_mips").mkdir(parents=True)
    config = cli_config(tmp_path / "build", environ=environ)
    assert config == tmp_path / "build" / "terraform.rc"
    text = config.read_text()
    assert f'path    = "{mirror}"' in text
    assert text.count(f'["{HOST}/hashicorp/aws"]') == 2


@pytest.mark.terraform
def test_terraform_reads_the_config(tmp_path: Path) -> None:
    terraform = shutil.which("terraform")
    assert terraform, "this test needs terraform on PATH"
    mirror = write_unpacked(tmp_path / 'mirror with "quotes"')
    config = tmp_path / "terraform.rc"
    config.write_text(render_cli_config(mirror, flavour="terraform", platform=PLATFORM))
    variables = {"TF_CLI_CONFIG_FILE": str(config), "CHECKPOINT_DISABLE": "1", "HOME": str(tmp_path)}
    run = subprocess.run([terraform, "version"], env=variables, capture_output=True, text=True, check=True)
    assert run.stderr == ""
    assert "problems with the CLI configuration" not in run.stdout
