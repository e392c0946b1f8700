"""`tagrail costs` takes one source by its options, and keeps what it fetched in the project's own folder."""

import datetime
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from harness.cli import run
from harness.cli.costs_sources import Caller
from harness.costs.athena import Athena, Place, open_table, parse_table
from tests.unit.costs.athena_tables import FakeAthena, database, fill
from tests.unit.costs.bills import focus, write_csv
from tests.unit.costs.explored import FakeExplorer, Line

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "envs", tmp_path / "envs", ignore=shutil.ignore_patterns(".terraform", "*.tfstate*"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        yield


@pytest.mark.parametrize(
    ("arguments", "got"),
    [([], "none"), (["a.csv", "--athena", "d.t"], "files and --athena")],
)
def test_source_is_one(project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], got: str) -> None:
    assert run(["costs", *arguments]) == 2
    assert f"must have one source: files and folders, s3://BUCKET/PREFIX, --athena or --cost-explorer; got {got}" in (
        capsys.readouterr().err
    )


def test_bill_in_s3_is_read(project: Path, aws: None, capsys: pytest.CaptureFixture[str]) -> None:
    file = write_csv(project / "a.csv", [focus(BilledCost="7.25", EffectiveCost="7.25")])
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket="billing")
    client.put_object(Bucket="billing", Key="x/a.csv", Body=file.read_bytes())

    assert run(["costs", "s3://billing/x", "--format", "json"]) == 0

    (report,) = json.loads(capsys.readouterr().out)["reports"]
    assert report["total"]["billed"] == 7.25
    assert report["sources"][0]["name"] == "s3://billing/x/a.csv"
    assert list((project / ".tagrail" / "cache" / "costs" / "s3").rglob("a.csv"))


def test_table_in_athena_is_read_and_its_answers_are_kept(
    project: Path, aws: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    connection = database()
    fill(connection, "cur-2")
    athena = FakeAthena("cur-2", connection)
    client = Caller.client
    monkeypatch.setattr(Caller, "client", lambda self, name: client(self, name) if name == "sts" else athena)

    run(["costs", "--athena", "d.t", "--format", "json"])
    first = capsys.readouterr()
    asked = len(athena.asked)
    run(["costs", "--athena", "d.t", "--format", "json"])
    second = capsys.readouterr()
    run(["costs", "--athena", "d.t", "--format", "json", "--fresh"])

    (report,), (again,) = (json.loads(one.out)["reports"] for one in (first, second))
    assert report["engine"] == "Athena"
    assert report["total"]["billed"] > 0
    assert {**again, "made": ""} == {**report, "made": ""}
    assert "asking Athena for d.t, which bills what it scans" in first.err
    assert len(list((project / ".tagrail" / "cache" / "costs" / "athena").glob("*.csv"))) == asked
    assert len(athena.asked) == 2 * asked


def test_athena_takes_the_calls_as_they_are_made(tmp_path: Path, aws: None) -> None:
    def clients(name: str) -> Any:
        return boto3.client(name, region_name="eu-central-1")

    clients("s3").create_bucket(Bucket="answers", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    glue = clients("glue")
    glue.create_database(DatabaseInput={"Name": "d"})
    columns = [{"Name": "billedcost", "Type": "double"}, {"Name": "tags", "Type": "map<string,string>"}]
    glue.create_table(DatabaseName="d", TableInput={"Name": "t", "StorageDescriptor": {"Columns": columns}})
    from moto.athena.models import QueryResults, athena_backends  # noqa: PLC0415 (slow)

    rows = [{"Data": [{"VarCharValue": cell}]} for cell in ("lines", "42")]
    athena_backends["123456789012"]["eu-central-1"].query_results_queue.append(QueryResults(rows, []))
    said: list[str] = []
    place = Place("primary", "s3://answers/x/", tmp_path, "", "2026-11-27")

    relation = Athena(open_table(parse_table("d.t"), clients), place, clients, said.append, lambda _: None).relation(
        'SELECT COUNT(*) AS Lines FROM "d"."t"'
    )

    assert database().execute(f"FROM {relation}").fetchall() == [(42,)]
    assert said[-1] == "Athena: 0.0 MiB scanned, 0.0 in all"


def test_cost_explorer_needs_no_bill_and_its_answers_are_kept(
    project: Path, aws: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    day = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=3)
    explorer = FakeExplorer((Line(f"{day:%Y-%m-%d}", "222222222222", "Amazon S3", "7.25"),))
    explorer.has_forecast = False
    client = Caller.client
    monkeypatch.setattr(Caller, "client", lambda self, name: client(self, name) if name == "sts" else explorer)

    assert run(["costs", "--cost-explorer", "--most-requests", "3"]) == 2
    assert "must need 3 requests at most" in capsys.readouterr().err
    assert explorer.asked == []
    assert run(["costs", "--cost-explorer", "--format", "json", "--min-coverage", "0"]) == 1
    first = capsys.readouterr()
    asked = [one for one in explorer.asked if "Metrics" in one]
    assert run(["costs", "--cost-explorer", "--format", "json"]) == 0

    (report,) = json.loads(first.out)["reports"]
    assert (report["engine"], report["total"]["billed"]) == ("Cost Explorer", 7.25)
    assert {row["taggable_share"] for row in report["coverage"]} == {None}
    assert "requests of 0.01 USD each" in first.err
    assert [one for one in explorer.asked if "Metrics" in one] == asked
