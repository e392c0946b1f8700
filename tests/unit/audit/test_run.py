"""Runs stand beside each other: which is compared, and which one can go on."""

import datetime
from pathlib import Path

from harness.audit.run import (
    Run,
    finished,
    new_folder,
    read_run,
    runs,
    seen_folder,
    unfinished,
    write_run,
)

NOW = datetime.datetime(2026, 11, 27, 9, 15, tzinfo=datetime.UTC)


def test_the_newest_finished_run_is_compared_and_the_newest_unfinished_one_goes_on(tmp_path: Path) -> None:
    assert finished(tmp_path / "none") is None
    folders = [new_folder(tmp_path, NOW) for _ in range(3)]
    assert [folder.name for folder in folders] == [
        "2026-11-27T09-15-00Z",
        *(f"2026-11-27T09-15-00Z-{n}" for n in (2, 3)),
    ]
    for folder, state in zip(folders, ("finished", "finished", "interrupted"), strict=True):
        write_run(folder, Run("local", "emulator", "now", state=state))  # type: ignore[arg-type]
    assert finished(tmp_path) == folders[1]
    assert unfinished(tmp_path) is None  # nothing of what was seen is left
    seen_folder(folders[2]).mkdir()
    assert unfinished(tmp_path) == folders[2]
    assert [folder for folder, _ in runs(tmp_path)] == folders[::-1]
    assert read_run(folders[2]).state == "interrupted"
