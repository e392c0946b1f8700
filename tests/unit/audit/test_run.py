"""Runs stand beside each other: what is new, gone, still there, or could not be seen again; which one can go on."""

import datetime
from pathlib import Path

from harness.audit.model import AuditFinding, Gap
from harness.audit.run import (
    Change,
    Comparison,
    Run,
    finished,
    new_folder,
    read_run,
    runs,
    seen_folder,
    unfinished,
    write_run,
)
from harness.audit.tables import Table, read_rows

READ = {("1", "eu-central-1"), ("2", "eu-central-1"), ("3", "eu-central-1"), ("3", "us-east-1")}
NOW = datetime.datetime(2026, 11, 27, 9, 15, tzinfo=datetime.UTC)


def finding(number: int, account: str = "1", region: str = "eu-central-1") -> AuditFinding:
    mark = f"{number:016x}"
    return AuditFinding(
        mark,
        "missing-key",
        "fail",
        f"arn:aws:sqs:{region}:{account}:{number}",
        account,
        region,
        "T",
        "n",
        "k",
        wanted=("a", "b"),
    )


def previous(folder: Path, *found: AuditFinding) -> Path:
    with Table(folder, "findings") as table:
        table.add(found)
    return folder


def test_findings_come_back_from_their_table(tmp_path: Path) -> None:
    previous(tmp_path, finding(1), finding(2, account="2"))
    rows = list(read_rows(tmp_path, "findings", ["fingerprint", "account", "wanted", "is_new"]))
    assert rows == [("0" * 15 + "1", "1", ["a", "b"], True), ("0" * 15 + "2", "2", ["a", "b"], True)]
    assert [file.name for file in tmp_path.iterdir()] == ["findings.parquet"]


def test_an_empty_table_is_a_table(tmp_path: Path) -> None:
    previous(tmp_path)
    assert list(read_rows(tmp_path, "findings", ["arn"])) == []


def test_without_a_last_run_everything_is_new() -> None:
    comparison = Comparison(None)
    assert comparison.is_new("00000000000000ff")
    assert comparison.change((), READ) == Change(new=1)


def test_findings_are_new_gone_or_still_there(tmp_path: Path) -> None:
    comparison = Comparison(previous(tmp_path, finding(1), finding(2), finding(3)))
    assert [comparison.is_new(f"{number:016x}") for number in (2, 4)] == [False, True]
    assert comparison.change((), READ) == Change(tmp_path.name, new=1, fixed=2, remaining=1)


def test_what_could_not_be_read_again_is_not_fixed(tmp_path: Path) -> None:
    held = (finding(1), finding(2, "2"), finding(3, "3", "us-east-1"), finding(4, "3"))
    comparison = Comparison(previous(tmp_path, *held))
    gaps = (Gap("account", "2", "", "all", "suspended"), Gap("tagging", "3", "us-east-1", "all", "denied"))
    assert comparison.change(gaps, READ) == Change(tmp_path.name, new=0, fixed=2, remaining=0, unseen=2)


def test_where_nobody_looked_this_time_nothing_is_fixed(tmp_path: Path) -> None:
    comparison = Comparison(previous(tmp_path, finding(1), finding(2, region="us-west-2"), finding(3, "4")))
    assert comparison.change((), READ) == Change(tmp_path.name, new=0, fixed=1, remaining=0, unseen=2)


def test_an_account_of_the_organisation_is_looked_at_in_every_run(tmp_path: Path) -> None:
    arn = "arn:aws:organizations::1:account/o-1/9"
    held = AuditFinding("0" * 16, "missing-key", "fail", arn, "9", "global", "T", "n", "k")
    assert Comparison(previous(tmp_path, held)).change((), READ) == Change(tmp_path.name, fixed=1)


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
