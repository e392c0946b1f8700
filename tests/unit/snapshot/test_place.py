"""A snapshot's file is refused before the organisation is read, where it could not be written."""

from pathlib import Path

import pytest

from harness.cli import run


def test_a_folder_that_is_not_there_is_refused_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["snapshot", "--out", str(tmp_path / "none" / "snapshot.yaml")]) == 2
    said = capsys.readouterr().err
    assert f"must be in a folder that exists; got {tmp_path / 'none'}. Do make the folder" in said
    assert "read accounts" not in said
