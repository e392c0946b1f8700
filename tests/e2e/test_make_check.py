"""`make check` and fresh plans: every resource of an environment is planned and judged, and nothing is left running."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.project import REPOSITORY, without_make

pytestmark = pytest.mark.terraform


def make_check(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `make check` of a project with this Python's tagrail instead of one of its own."""
    venv = root / "venv"
    (venv / "bin").mkdir(parents=True, exist_ok=True)
    for name in ("pyproject.toml", "Makefile"):
        shutil.copy(REPOSITORY / name, root / name)
    shutil.copytree(REPOSITORY / "requirements", root / "requirements", dirs_exist_ok=True)
    command = venv / "bin" / "tagrail"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m harness "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    (venv / ".installed").touch()
    make = shutil.which("make")
    assert make, "this test needs make on PATH"
    environ = without_make() | {"PYTHONPATH": str(REPOSITORY), "NO_COLOR": "1"}
    call = [make, "check", f"VENV={venv}", *words]
    return subprocess.run(call, cwd=root, env=environ, capture_output=True, text=True, check=False)


def emulators(root: Path) -> list[int]:
    commands = {found.pid: found.info["cmdline"] or [] for found in psutil.process_iter(["cmdline"])}
    return [
        pid
        for pid, words in commands.items()
        if "harness.emulator.server" in words and any(word.startswith(str(root)) for word in words)
    ]


def test_every_environment_of_the_project_is_clean_by_its_own_dictionary(tagrail: Any) -> None:
    done = make_check(tagrail.root)
    assert done.returncode == 0, done.stdout + done.stderr
    titles = [line for line in done.stdout.splitlines() if line.startswith("envs/")]
    assert titles == ["envs/dev", "envs/local", "envs/prod", "envs/staging"]
    assert done.stdout.count("pass: 0 fail, 0 unknown") == 4
    assert "0 resources judged" not in done.stdout
    assert emulators(tagrail.root) == []


def test_a_tag_that_our_own_resources_lack_is_found_at_its_line(tagrail: Any) -> None:
    file = tagrail.root / "envs" / "dev" / "env.yaml"
    before = file.read_text(encoding="utf-8")
    # With exports of the bill env.yaml itself is refused, since their bucket is of a type that must carry the key.
    bare = re.sub(r"(?m)^cost_exports:\n(?:  .*\n)+", "", before)
    file.write_text(bare.replace("  anycompany:finance:owner: platform-team\n", ""), encoding="utf-8")
    try:
        done = make_check(tagrail.root, "ENV=dev", "ARGS=--format json")
    finally:
        file.write_text(before, encoding="utf-8")
    assert done.returncode == 2  # make's own for a command that fails
    report = json.loads(done.stdout)
    assert {each["key"] for each in report["findings"]} == {"anycompany:finance:owner"}
    assert {each["file"].split("/")[0] for each in report["findings"]} == {"modules"}
    assert all(each["line"] for each in report["findings"])


def test_a_fresh_plan_holds_all_although_the_environment_is_applied(tagrail: Any, tmp_path: Path) -> None:
    tagrail.ok("apply")
    tagrail.ok("plan", "--out", str(tmp_path / "now.json"))
    tagrail.ok("plan", "--fresh", "--out", str(tmp_path / "fresh.json"))
    made = {
        name: sum(change["change"]["actions"] == ["create"] for change in json.loads(text)["resource_changes"])
        for name in ("now", "fresh")
        for text in [(tmp_path / f"{name}.json").read_text(encoding="utf-8")]
    }
    assert made["now"] == 0
    assert made["fresh"] > 90
    assert len(emulators(tagrail.root)) == 1  # the one that was applied to


@pytest.mark.parametrize("words", [("--target", "aws"), ("--endpoint", "s3=http://127.0.0.1:1")])
def test_a_fresh_plan_has_no_other_target(tagrail: Any, words: tuple[str, ...]) -> None:
    done = tagrail("plan", "--fresh", *words)
    assert done.returncode == 2
    assert "--fresh: must be without another target or --endpoint" in " ".join(done.stderr.split())
