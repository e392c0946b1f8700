"""Backfill checks its limits before it asks billing, and asks it once."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.emulator.process import start, stop
from harness.errors import TagrailError
from harness.operations.backfill import backfill
from harness.operations.session import Session
from harness.project import load_project
from harness.targets.emulator import make_emulator_target

pytestmark = pytest.mark.emulator

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime.datetime.now(tz=datetime.UTC)
THIS_MONTH = f"{NOW:%Y-%m}"


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("emulator")
    running = start("backfill", folder, ROOT / "envs/local/organization.yaml")
    project = load_project(ROOT, ["local"])
    target = make_emulator_target(running.url, "eu-central-1")
    yield Session(ROOT, "local", project.dictionary, project.environments["local"], target, running.instance_id)
    stop("backfill", folder)


def yes(_: str) -> bool:
    return True


@pytest.mark.parametrize(
    ("month", "words"),
    [
        ("2026-6", r'--from: must be a month; got "2026-6"\. Do write it as "2026-06"'),
        ("2020-01", r'--from: must be \d{4}-\d\d to \d{4}-\d\d; got "2020-01"'),
        (f"{NOW.year + 1}-12", "--from: must be"),
    ],
)
def test_a_month_out_of_reach_is_refused(session: Session, month: str, words: str) -> None:
    with pytest.raises(TagrailError, match=words):
        backfill(session, month, yes, NOW)


def test_nothing_is_asked_for_without_a_yes_and_one_a_day_with(session: Session) -> None:
    client = session.target.client("ce")
    questions: list[str] = []

    def no(question: str) -> bool:
        questions.append(question)
        return False

    with pytest.raises(TagrailError, match="nothing was asked for"):
        backfill(session, THIS_MONTH, no, NOW)
    assert "ALL keys" in questions[0]
    assert client.list_cost_allocation_tag_backfill_history()["BackfillRequests"] == []
    assert backfill(session, THIS_MONTH, yes, NOW) == "PROCESSING"
    with pytest.raises(TagrailError, match=r"must be the only one|must be 24 hours after the last"):
        backfill(session, THIS_MONTH, yes, datetime.datetime.now(tz=datetime.UTC))
    assert len(client.list_cost_allocation_tag_backfill_history()["BackfillRequests"]) == 1
