"""Reports of a table in Athena are those of the same lines read here; queries are watched, stopped, kept for a day."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from harness.costs.athena import Athena, Place, open_table, parse_table
from harness.costs.engine import DuckDb, connect
from harness.costs.model import Report
from harness.costs.report import make_reports
from harness.errors import TagrailError
from tests.unit.costs.athena_tables import TABLES, FakeAthena, as_files_are_read, fill
from tests.unit.costs.bills import NOW, WANTED

TABLE = parse_table("d.t")


class Run:
    """Open the table of a layout in a fake Athena."""

    def __init__(self, folder: Path, name: str = "cur-2", **options: Any) -> None:
        self.connection = connect(512, 2, str(folder))
        fill(self.connection, name)
        self.athena = FakeAthena(name, self.connection.cursor(), **options)
        self.part = open_table(TABLE, self.athena)
        self.said: list[str] = []
        self.waited: list[float] = []
        self.folder = folder

    def engine(self, day: str = "2026-11-27", **changed: Any) -> Athena:
        place = Place("", "", self.folder / "cache", "123456789012 eu-central-1", day, **changed)
        return Athena(self.part, place, self.athena, self.said.append, self.waited.append)

    def report(self, engine: Any) -> Report:
        is_here = engine.name == "DuckDB"
        part = self.part._replace(source=as_files_are_read(self.athena.name)) if is_here else self.part
        (report,) = make_reports([part], engine, self.connection, WANTED, NOW)
        return report


@pytest.mark.parametrize("way", ["s3", "pages"])
@pytest.mark.parametrize("name", sorted(TABLES))
def test_report_is_that_of_the_same_lines_read_here(tmp_path: Path, name: str, way: str) -> None:
    run = Run(tmp_path, name, s3=way == "s3")

    here, there = run.report(DuckDb()), run.report(run.engine())

    assert there.engine == "Athena"
    assert {**_fields(there), "engine": ""} == {**_fields(here), "engine": ""}
    assert here.total.billed > 0
    assert len(here.coverage) == 2


def _fields(report: Report) -> dict[str, Any]:
    return {name: getattr(report, name) for name in report.__struct_fields__}


def test_answers_of_today_are_not_asked_for_again(tmp_path: Path) -> None:
    run = Run(tmp_path)
    first = run.report(run.engine())
    asked = len(run.athena.asked)

    assert run.report(run.engine()) == first
    assert len(run.athena.asked) == asked
    run.report(run.engine(fresh=True))
    assert len(run.athena.asked) == 2 * asked
    run.report(run.engine(day="2026-11-28"))
    assert len(run.athena.asked) == 3 * asked


def test_another_account_has_answers_of_its_own(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.engine().relation('SELECT COUNT(*) AS Lines FROM "d"."t"')
    place = Place("", "", tmp_path / "cache", "210987654321 eu-central-1", "2026-11-27")

    Athena(run.part, place, run.athena, run.said.append).relation('SELECT COUNT(*) AS Lines FROM "d"."t"')

    assert len(run.athena.asked) == 2


def test_workgroup_and_output_are_passed_on(tmp_path: Path) -> None:
    run = Run(tmp_path)
    place = Place("finance", "s3://mine/athena/", tmp_path / "cache", "1", "2026-11-27")

    Athena(run.part, place, run.athena, run.said.append).relation('SELECT COUNT(*) AS Lines FROM "d"."t"')

    (asked,) = run.athena.asked
    assert asked["WorkGroup"] == "finance"
    assert asked["ResultConfiguration"] == {"OutputLocation": "s3://mine/athena/"}


def test_waiting_backs_off_and_says_what_is_scanned(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.athena.states = [{"State": "QUEUED"}, *[{"State": "RUNNING"}] * 9]

    run.engine().relation('SELECT COUNT(*) AS Lines FROM "d"."t"')

    assert run.waited == [0.25, 0.5, 1, 2, 4, 5, 5, 5, 5, 5]
    assert run.said == [
        "Athena: running, 3.0 MiB scanned",
        "Athena: running, 3.0 MiB scanned",
        "Athena: 3.0 MiB scanned, 3.0 in all",
    ]


def test_interrupt_stops_the_query(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.athena.states = [{"State": "RUNNING"}]

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    engine = Athena(run.part, Place("", "", tmp_path / "c", "", "2026-11-27"), run.athena, run.said.append, interrupt)
    with pytest.raises(KeyboardInterrupt):
        engine.relation('SELECT COUNT(*) AS Lines FROM "d"."t"')

    assert run.athena.stopped == ["0"]
    assert not list((tmp_path / "c").glob("*.csv"))


@pytest.mark.parametrize(
    ("reason", "repair"),
    [
        ("COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved", "see more"),
        ("Bytes scanned limit was exceeded", "raise the limit of the workgroup"),
        ("Access Denied (Service: Amazon S3; Status Code: 403)", "Do allow s3:GetObject"),
    ],
)
def test_failed_query_shows_the_reason(tmp_path: Path, reason: str, repair: str) -> None:
    run = Run(tmp_path)
    run.athena.states = [{"State": "FAILED", "StateChangeReason": reason}]

    with pytest.raises(TagrailError) as error:
        run.report(run.engine())

    assert f"must succeed; it failed: {reason}. Do " in str(error.value)
    assert repair in str(error.value)


@pytest.mark.parametrize(
    ("code", "message", "repair"),
    [
        ("AccessDeniedException", "not authorized", "Do add athena:StartQueryExecution to the caller's permissions"),
        ("InvalidRequestException", "No output location provided.", "Do pass --athena-output s3://BUCKET/FOLDER/"),
        ("InvalidRequestException", "WorkGroup finance is not found.", "Do name another by --workgroup"),
    ],
)
def test_refused_query_says_what_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, message: str, repair: str
) -> None:
    run = Run(tmp_path)
    monkeypatch.setattr(run.athena, "start_query_execution", refusing(code, message, "StartQueryExecution"))

    with pytest.raises(TagrailError, match=repair):
        run.report(run.engine())


def refusing(code: str, message: str, operation: str) -> Any:
    def refuse(**_: Any) -> Any:
        raise ClientError({"Error": {"Code": code, "Message": message}}, operation)

    return refuse


def test_table_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(tmp_path)
    monkeypatch.setattr(run.athena, "get_table", refusing("EntityNotFoundException", "Entity Not Found", "GetTable"))

    with pytest.raises(TagrailError, match=r"--athena d\.t: must be a table of the Glue catalogue; .* Do check name"):
        open_table(TABLE, run.athena)


def test_who_may_not_ask_glue_asks_athena(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(tmp_path)
    monkeypatch.setattr(run.athena, "get_table", refusing("AccessDeniedException", "no", "GetTable"))
    columns = [{"Name": name, "Type": kind} for name, kind in TABLES["cur-2"].items()]
    told = {"TableMetadata": {"Columns": columns}}
    monkeypatch.setattr(run.athena, "get_table_metadata", lambda **_: told, raising=False)

    assert open_table(TABLE, run.athena).types == run.part.types


@pytest.mark.parametrize("text", ["table", "a.b.c", ".b", "a."])
def test_table_needs_its_database(text: str) -> None:
    with pytest.raises(TagrailError, match=r"must be DATABASE\.TABLE"):
        parse_table(text)
