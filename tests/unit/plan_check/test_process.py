"""Prove how the process of a check ends: with its code, its report whole, and never with a code that means findings."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

_ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "plan.json"
    change = {"actions": ["create"], "after": {"tags_all": {}}, "after_unknown": {}}
    row = {"address": "aws_sqs_queue.jobs", "type": "aws_sqs_queue", "change": change}
    file.write_text(json.dumps({"format_version": "1.2", "resource_changes": [row]}))
    return file


def _command(plan: Path) -> list[str]:
    return [sys.executable, "-m", "harness", "check", str(plan), "--format", "json"]


def test_report_is_whole_and_code_is_that_of_findings(plan: Path) -> None:
    done = subprocess.run(_command(plan), cwd=ROOT, env=_ENVIRONMENT, capture_output=True, check=False)

    assert done.returncode == 1
    assert json.loads(done.stdout)["findings"]


def test_reader_that_leaves_early_is_told_apart_from_findings(plan: Path) -> None:
    with subprocess.Popen(_command(plan), cwd=ROOT, env=_ENVIRONMENT, stdout=-1, stderr=-1) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        said = process.stderr.read()

    assert process.returncode == 141
    assert said == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full, /dev/full")
def test_report_that_cannot_be_written_is_no_finding(plan: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(_command(plan), cwd=ROOT, env=_ENVIRONMENT, stdout=full, stderr=-1, check=False)

    assert done.returncode == 3
    assert b"No space left" in done.stderr
