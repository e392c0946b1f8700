"""What was seen is kept whatever breaks off, and all of one ARN comes together."""

import resource
import signal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.audit.model import Gap, Seen
from harness.audit.seen import Done, SeenFiles

ARN = "arn:aws:sqs:eu-central-1:111111111111:q-{}"


def row(number: int, source: str = "tagging") -> Seen:
    return Seen(ARN.format(number), "111111111111", "eu-central-1", source, tags={"k": str(number)})  # type: ignore[arg-type]


def arns(files: SeenFiles) -> list[list[str]]:
    return [[found.arn for found in rows] for group in files.groups() for rows in group]


def test_all_that_was_seen_of_an_arn_comes_together(tmp_path: Path) -> None:
    files = SeenFiles(tmp_path / "seen")
    files.add(row(number) for number in range(1000))
    files.add(row(number, "config") for number in range(0, 1000, 2))
    found = arns(files)
    assert len(found) == 1000
    assert {len(each) for each in found} == {1, 2}
    assert sorted(each[0] for each in found) == sorted(ARN.format(number) for number in range(1000))


def test_accounts_come_first(tmp_path: Path) -> None:
    files = SeenFiles(tmp_path / "seen")
    files.add([row(1), Seen("arn:aws:organizations::1:account/o/2", "2", "global", "organizations")])
    assert arns(files)[0] == ["arn:aws:organizations::1:account/o/2"]


def test_a_later_run_goes_on_where_one_was_broken_off(tmp_path: Path) -> None:
    first = SeenFiles(tmp_path / "seen")
    first.add([row(1)])
    gap = Gap("listing", "1", "eu-central-1", "x", "denied")
    first.end(Done("tagging 1 eu-central-1", ("sqs:",), 2))
    first.end(Done("tagging 1 eu-central-1", ("sqs:",), 3, (gap,)))
    first.add([row(2)])  # never on disk: nobody ended the task
    later = SeenFiles(tmp_path / "seen")
    assert later.done == {"tagging 1 eu-central-1": Done("tagging 1 eu-central-1", ("sqs:",), 3, (gap,))}
    assert arns(later) == [[ARN.format(1)]]
    assert later.gaps() == (gap,)


@given(cut=st.integers(min_value=0, max_value=400))
def test_a_file_may_end_anywhere(tmp_path_factory: object, cut: int) -> None:
    folder = tmp_path_factory.mktemp("cut") / "seen"  # type: ignore[attr-defined]
    files = SeenFiles(folder)
    files.add([row(7), row(7, "config"), row(7, "explorer")])
    files.flush()
    (held,) = [file for file in folder.iterdir() if file.stat().st_size]
    text = held.read_bytes()
    held.write_bytes(text[: min(cut, len(text))])
    whole = text[: min(cut, len(text))].count(b"\n")
    again = SeenFiles(folder)
    again.add([row(7)])
    assert [len(each) for each in arns(again)] == [whole + 1]


def test_half_a_surrogate_pair_is_kept_as_no_character(tmp_path: Path) -> None:
    files = SeenFiles(tmp_path / "seen")
    tags = {"a\ud800": "\udfff", "b": "\U0001f600ä"}
    files.add([Seen(ARN.format(1), "111111111111", "eu-central-1", "tagging", tags=tags)])
    ((found,),) = [rows for group in files.groups() for rows in group]
    assert found.tags == {"a\ufffd": "\ufffd", "b": "\U0001f600ä"}


def test_a_full_disk_leaves_whole_lines(tmp_path: Path) -> None:
    folder = tmp_path / "seen"
    files = SeenFiles(folder)
    files.add([row(1)])
    files.flush()
    (held,) = (file for file in folder.iterdir() if file.stat().st_size)
    whole = held.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    former = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 20, limits[1]))
        files.add([row(1, "config")])
        with pytest.raises(OSError, match="File too large"):
            files.end(Done("tagging 1 eu-central-1"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, former)
    assert held.read_bytes() == whole
    assert files.done == {}
    assert len(arns(files)[0]) == 2  # what waited is written once there is room


def test_only_what_was_read_to_its_end_counts_as_read(tmp_path: Path) -> None:
    files = SeenFiles(tmp_path / "seen")
    files.end(Done("tagging 1 eu-central-1"))
    files.end(Done("tagging 2 eu-central-1", gaps=(Gap("tagging", "2", "eu-central-1", "x", "denied"),)))
    files.end(Done("listing 3 eu-central-1"))
    assert files.read() == {("1", "eu-central-1")}


def test_files_go_when_a_run_is_finished(tmp_path: Path) -> None:
    files = SeenFiles(tmp_path / "seen")
    files.add([row(1)])
    files.end(Done("t"))
    files.remove()
    assert list(tmp_path.iterdir()) == []
