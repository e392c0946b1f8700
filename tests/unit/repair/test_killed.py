"""Whenever a repair or an undo dies, going on ends as if it had not: nothing written twice, nothing lost."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.repair.applying import apply_changes
from harness.repair.journal import Journal, opened, read_entries
from harness.repair.model import Change
from harness.repair.undoing import undo
from tests.unit.repair.world import DEV, ENV, OWNER, PROD, FakeAws, Killed, finding, planned, queue, resource

SETS = ({"env": "prod"}, {ENV: "PROD"}, {ENV: "Prod", "env": "prod", "Name": "x"}, {"stage": "test", "env": "test"})
SETS += ({"owner": "ml"}, {"Owner": "ml", "env": "test", OWNER: "ml"}, {ENV: "", "team": "b"}, {})

tag_sets = st.sampled_from([dict(each) for each in SETS])
places = st.sampled_from([(DEV, "eu-central-1"), (DEV, "us-east-1"), (PROD, "eu-central-1")])


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, dict[str, str]]:
    found = draw(st.lists(st.tuples(places, tag_sets), min_size=1, max_size=12))
    return {queue(f"q{number}", *place): dict(tags) for number, (place, tags) in enumerate(found)}


def plan(tags: dict[str, dict[str, str]]) -> list[Change]:
    resources = [resource(arn, each) for arn, each in tags.items()]
    found = [finding(one, "missing-key", key) for one in resources for key in (ENV, OWNER)]
    return [change for change in planned(resources, found) if change.do]


@contextmanager
def dying(aws: FakeAws, after: int, torn: float) -> Iterator[list[int]]:
    """Die at the n-th step: a call before or after it is carried out, or a line of the journal, written in part."""
    steps = [0]

    def step(_: str = "") -> None:
        steps[0] += 1
        if steps[0] > after:
            raise Killed

    whole = Journal._append

    def append(self: Any, entry: Any) -> None:
        try:
            step()
        except Killed:
            content = b'{"type":"outcome","number":1,"failed":{}}\n'
            self._file.write(content[: int(len(content) * torn * 0.99)])
            self._file.flush()
            raise
        whole(self, entry)

    aws.on_call = step
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Journal, "_append", append)
        yield steps
    aws.on_call = lambda _: None


def apply_all(aws: FakeAws, changes: list[Change], path: Path) -> None:
    with opened(path) as journal:
        apply_changes(changes, aws.repair(journal), lambda _: None)


def undo_all(aws: FakeAws, path: Path) -> None:
    with opened(path) as journal:
        undo(journal.entries, aws.accounts(), journal, lambda _: None)


@given(
    worlds(), st.lists(st.tuples(st.integers(0, 40), st.floats(0, 1)), max_size=3), st.integers(0, 40), st.floats(0, 1)
)
def test_a_repair_that_dies_anywhere_ends_as_an_unbroken_one_and_so_does_its_undo(
    world: dict[str, dict[str, str]], deaths: list[tuple[int, float]], undo_after: int, torn: float
) -> None:
    changes, unbroken, aws = plan(world), FakeAws(world), FakeAws(world)
    with tempfile.TemporaryDirectory() as folder:
        apply_all(unbroken, changes, Path(folder, "unbroken"))
        path = Path(folder, "broken")
        for after, part in deaths:
            with dying(aws, after, part), suppress(Killed):
                apply_all(aws, changes, path)
        apply_all(aws, changes, path)
        assert aws.tags == unbroken.tags
        assert aws.in_vain == []
        with dying(aws, undo_after, torn), suppress(Killed):
            undo_all(aws, path)
        undo_all(aws, path)
        assert aws.tags == {arn: dict(tags) for arn, tags in world.items()}
        assert aws.in_vain == []
        read_entries(path.read_bytes(), "journal")


@pytest.mark.thorough
@given(worlds(), st.integers(0, 40), st.floats(0, 1))
def test_an_undo_of_a_broken_repair_gives_back_all_former_tags(
    world: dict[str, dict[str, str]], after: int, torn: float
) -> None:
    changes, aws = plan(world), FakeAws(world)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "journal")
        with dying(aws, after, torn), suppress(Killed):
            apply_all(aws, changes, path)
        undo_all(aws, path)
    assert aws.tags == {arn: dict(tags) for arn, tags in world.items()}


_PROGRAM = """
import json, os, signal, sys
from pathlib import Path
from tests.unit.repair.world import FakeAws
from tests.unit.repair.test_killed import apply_all, plan, undo_all

store, journal, verb, after = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
world = json.loads(Path(sys.argv[5]).read_text())
aws = FakeAws(json.loads(store.read_text()))
left = after

def on_call(step):
    global left
    if step.startswith("after"):
        store.write_text(json.dumps(aws.tags))
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

aws.on_call = on_call
apply_all(aws, plan(world), journal) if verb == "apply" else undo_all(aws, journal)
"""


@pytest.mark.processes
def test_sigkill_at_each_call_of_a_repair_and_of_its_undo(tmp_path: Path) -> None:
    world = {queue(f"q{number}"): dict(tags) for number, tags in enumerate(SETS[:4])}
    unbroken = FakeAws(world)
    apply_all(unbroken, plan(world), tmp_path / "unbroken")
    store, journal, given_ = tmp_path / "store", tmp_path / "journal", tmp_path / "world"
    for file in (store, given_):
        file.write_text(json.dumps(world), encoding="utf-8")

    def until_it_ends(verb: str) -> int:
        deaths = 0
        while True:
            command = [sys.executable, "-c", _PROGRAM, *map(str, (store, journal, verb, deaths + 1, given_))]
            code = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(Path.cwd())}, check=False).returncode
            if code == 0:
                return deaths
            assert code == -signal.SIGKILL
            deaths += 1

    assert until_it_ends("apply") > 3
    assert json.loads(store.read_text(encoding="utf-8")) == unbroken.tags
    assert until_it_ends("undo") > 3
    assert json.loads(store.read_text(encoding="utf-8")) == world
