"""A journal is bound to its plan, cut where it is torn, and opened once."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from harness.errors import TagrailError
from harness.operations import repair as operations
from harness.operations.repair import Governed, apply_repair, undo_repair
from harness.repair.journal import Begin, Undone, journal_of, opened, read_entries, since_undone
from harness.repair.model import Change
from harness.repair.plan_file import plan_text
from tests.unit.repair.world import DEV, ENV, HOME, ORGANIZATION, FakeAws, keys_of, queue

GOVERNED = Governed(ORGANIZATION, lambda _: keys_of(DEV), keys_of, 50)  # type: ignore[arg-type, return-value]


class Entered:
    """Stand where accounts are entered."""

    def __init__(self, aws: FakeAws) -> None:
        self.accounts = aws.accounts


def change(name: str = "a", becomes: str = "prod") -> Change:
    return Change(do=True, account=DEV, region=HOME, type="", arn=queue(name), key=ENV, becomes=becomes)


def apply(aws: FakeAws, file: Path, *changes: Change, resume: bool = False) -> list[str]:
    file.write_text(plan_text(changes), encoding="utf-8", newline="")
    entered: operations.EnteredAccounts = Entered(aws)  # type: ignore[assignment]
    return [one.state for one in apply_repair(file, changes, GOVERNED, entered, resume=resume)]


def undo(aws: FakeAws, file: Path) -> list[str]:
    return [one.state for one in undo_repair(file, Entered(aws))]  # type: ignore[arg-type]


def test_a_begun_plan_is_resumed_or_undone_and_nothing_else(tmp_path: Path) -> None:
    aws, file = FakeAws({queue("a"): {}}), tmp_path / "p.csv"
    with pytest.raises(TagrailError, match=r"--resume: must find .*; got none"):
        apply(aws, file, change(), resume=True)
    with pytest.raises(TagrailError, match=r"--undo: must find .*; got none"):
        undo(aws, file)
    aws.closed[DEV] = "no"
    assert apply(aws, file, change()) == ["failed"]
    aws.closed.clear()
    with pytest.raises(TagrailError, match=r"must be continued or undone; it was begun. Do pass --resume or --undo"):
        apply(aws, file, change())
    assert apply(aws, file, change(), resume=True) == ["done"]
    assert apply(aws, file, change(), resume=True) == ["already"]
    assert undo(aws, file) == ["done"]
    assert undo(aws, file) == []
    assert apply(aws, file, change()) == ["done"]  # what was undone may begin again


def test_a_plan_that_was_carried_out_says_when_and_what_comes_next(tmp_path: Path) -> None:
    aws, file = FakeAws({queue("a"): {}}), tmp_path / "p.csv"
    assert apply(aws, file, change()) == ["done"]
    words = r"still to be done; it was carried out at \d{4}-.*\. Do audit again and plan what is left, or pass --undo"
    with pytest.raises(TagrailError, match=words):
        apply(aws, file, change())


def test_what_is_broken_off_says_how_far_it_came_and_how_it_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    aws, file = FakeAws({queue("a"): {}, queue("b", region="us-east-1"): {}}), tmp_path / "a plan.csv"
    second = msgspec.structs.replace(change("b"), region="us-east-1", arn=queue("b", region="us-east-1"))

    def stop_at_second_place(step: str) -> None:
        if step.startswith("before") and any(len(calls) for calls in aws.calls):
            raise KeyboardInterrupt

    aws.on_call = stop_at_second_place
    with pytest.raises(KeyboardInterrupt):
        apply(aws, file, change(), second)
    told = capsys.readouterr().err
    done = "1 tags were written or removed now, for 2 changes in all"
    assert f"broken off: {done}; the journal is {journal_of(file)}. " in told
    assert f"tagrail repair apply '{file}' --resume goes on, --undo takes it back" in told
    with pytest.raises(KeyboardInterrupt):
        undo(aws, file)
    told = capsys.readouterr().err
    assert "broken off: 0 tags were written or removed now, for 2 changes in all" in told
    assert f"tagrail repair apply '{file}' --undo goes on" in told


def test_the_journal_of_another_plan_is_refused(tmp_path: Path) -> None:
    aws, file = FakeAws({queue("a"): {}, queue("b"): {}}), tmp_path / "p.csv"
    apply(aws, file, change())
    for more in (change("b"), change("a", "test")):
        with pytest.raises(TagrailError, match="must be of this plan; it is of another one, or the plan was edited"):
            apply(aws, file, change() if more.arn != queue("a") else more, more, resume=True)
        with pytest.raises(TagrailError, match="must be of this plan"):
            undo(aws, file)


def test_an_undo_that_failed_in_part_is_ended_before_anything_else(tmp_path: Path) -> None:
    aws, file = FakeAws({queue("a"): {}, queue("b"): {}}), tmp_path / "p.csv"
    apply(aws, file, change("a"), change("b"))
    aws.denied[queue("b")] = {"StatusCode": 400, "ErrorCode": "AccessDenied"}
    assert sorted(undo(aws, file)) == ["done", "failed"]
    with pytest.raises(TagrailError, match=r"must be undone to its end; that was begun. Do pass --undo"):
        apply(aws, file, change("a"), change("b"), resume=True)
    aws.denied.clear()
    assert sorted(undo(aws, file)) == ["already", "done"]
    assert aws.tags == {queue("a"): {}, queue("b"): {}}


def test_a_torn_last_line_is_cut_off_and_a_broken_one_before_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "j"
    with opened(path) as journal:
        journal.write(Begin("p", "now"))
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"type":"outc')
    with opened(path) as journal:
        assert journal.entries == (Begin("p", "now"),)
        journal.write(Undone())
    assert since_undone(read_entries(path.read_bytes(), "j")[0]) == ()
    path.write_bytes(b"{}\n" + whole)
    with pytest.raises(TagrailError, match=r"j:1: must be an entry of a journal"), opened(path):
        pass


@pytest.mark.processes
def test_two_repairs_of_one_plan_do_not_run_at_once(tmp_path: Path) -> None:
    path = journal_of(tmp_path / "p.csv")
    program = (
        "import sys; from pathlib import Path; from harness.repair.journal import opened\n"
        "with opened(Path(sys.argv[1])): print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(TagrailError, match="must be open once; another repair has it open"), opened(path):
            pass
