"""Files of `audit --report`: refused before an audit, named where they cannot be written, and written again."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.audit.run import Change
from harness.cli.audit_reports import Reports, check_reports, write_reports
from harness.dictionary import load_dictionary
from harness.errors import InputError
from tests.audit_runs import day, platform
from tests.project import REPOSITORY, Tagrail, copy_project

DICTIONARY = load_dictionary(REPOSITORY / "envs" / "tags.yaml")


@pytest.fixture(scope="module")
def tagrail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tagrail]:
    root = copy_project(tmp_path_factory.mktemp("reports"))
    platform(root / ".tagrail" / "audit" / "local" / day(26), 100, target="emulator", environment="local")
    yield Tagrail(root)
    assert not (root / ".tagrail" / "emulator").exists()  # nobody asked AWS


def test_files_that_cannot_be_written_are_refused_before_all_else(tagrail: Tagrail, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    wrong = {"csv": tmp_path, "json": tmp_path / "file" / "x.json"}
    reports = [part for form, path in wrong.items() for part in ("--report", f"{form}={path}")]
    done = tagrail("audit", "--env", "local", *reports, "--report", f"html={tmp_path}/new/x.html")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"--report csv={tmp_path}: must be a file; got a folder. Do name a file in it" in done.stderr
    assert f"--report json={tmp_path}/file/x.json: must be a file that can be written; got " in done.stderr
    assert "checkov" not in done.stderr
    assert list((tmp_path / "new").iterdir()) == []


def test_a_file_that_is_there_and_a_pipe_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("old", encoding="utf-8")
    os.mkfifo(tmp_path / "pipe")
    check_reports([("csv", tmp_path / "old.csv"), ("json", tmp_path / "pipe")])
    assert (tmp_path / "old.csv").read_text(encoding="utf-8") == "old"
    with pytest.raises(InputError, match="must be a file that can be written; got"):
        check_reports([("csv", Path("/proc/nope/x.csv"))])


@pytest.mark.parametrize(("new", "code"), [(3, 1), (0, 2)])
def test_a_report_that_cannot_be_written_keeps_no_other_from_being(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], new: int, code: int
) -> None:
    run = platform(tmp_path / "run", 100, gaps=(), change=Change(new=new))
    wanted = Reports("text", [("csv", Path("/dev/full")), ("json", tmp_path / "x.json")], "new")
    assert write_reports(run, "prod", wanted, DICTIONARY, ()) == code
    out, err = capsys.readouterr()
    assert "error: /dev/full: must be writable; got No space left on device" in err
    assert "Do free it, then run tagrail audit --env prod --last --report csv=/dev/full" in err
    assert (tmp_path / "x.json").stat().st_size
    assert out.startswith("audit of prod")


def test_the_last_run_is_reported_again_without_asking_aws(tagrail: Tagrail, tmp_path: Path) -> None:
    page = tagrail.root / ".tagrail" / "audit" / "local" / day(26) / "report.html"
    page.write_text("with what checkov found", encoding="utf-8")
    done = tagrail("audit", "--env", "local", "--last", "--report", f"csv={tmp_path}/x.csv")
    assert page.read_text(encoding="utf-8") == "with what checkov found"
    assert (done.returncode, day(26) in done.stderr) == (1, True)
    assert (tmp_path / "x.csv").read_text(encoding="utf-8").count("true,") > 0  # what was new is new
    other = tagrail("audit", "--env", "local", "--last", "--resume", "--region", "eu-west-1")
    assert "--last: must be without options of what an audit asks for; got --region, --resume" in other.stderr
    none = tagrail("audit", "--env", "prod", "--last")
    assert "--last: must find an audit of target aws that was finished in " in none.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--env", "nope"), 'environment "nope": must be a folder of envs/'),
        (("--env", "local", "--target", "aws", "--last"), "--last: must find an audit of target aws"),
    ],
)
def test_what_no_audit_can_be_run_with_is_refused_before_checkov(
    tagrail: Tagrail, options: tuple[str, ...], message: str
) -> None:
    done = tagrail("audit", *options)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {message}")
