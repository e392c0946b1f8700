"""The command `tagrail costs`: forms, tables, exit codes, words for what is wrong."""

import json
from pathlib import Path

import duckdb
import pytest

from harness.cli import run
from tests.unit.costs.bills import focus, write_csv

ROOT = Path(__file__).parents[3]
RIGHT = json.dumps({"anycompany:finance:owner": "ml", "anycompany:workload:environment": "prod"})


@pytest.fixture(autouse=True)
def _project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.fixture
def bill(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "bill.csv", [focus(Tags=RIGHT), focus(ServiceName="Amazon S3", BilledCost="2.5")])


def test_text_says_totals_and_that_they_agree(bill: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["costs", str(bill)]) == 0

    shown = capsys.readouterr().out
    assert "agrees with the bill's own sum, 3.50, to the cent" in shown
    assert "anycompany:finance:owner" in shown
    assert "ml-prod (222222222222)" in shown
    assert "aws resourcegroupstaggingapi tag-resources" in shown


def test_json_has_numbers_with_all_their_digits(bill: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["costs", str(bill), "--format", "json"]) == 0

    (report,) = json.loads(capsys.readouterr().out, parse_float=str)["reports"]
    assert report["total"]["billed"] == "3.500000000000"
    assert report["reconciliation"]["agrees"] is True


def test_page_is_written_with_addresses_masked(bill: Path, tmp_path: Path) -> None:
    rows = [focus(Tags=json.dumps({"anycompany:finance:owner": "jane.doe@example.com"})), focus(Tags=RIGHT)]

    assert run(["costs", str(write_csv(bill, rows)), "--out", f"html={tmp_path / 'out' / 'costs.html'}"]) == 0

    page = (tmp_path / "out" / "costs.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "ml-prod" in page
    assert "jane.doe" not in page


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_tables_for_bi_sum_up_to_the_bill(bill: Path, tmp_path: Path, form: str) -> None:
    assert run(["costs", str(bill), "--out", f"{form}={tmp_path / 'out'}", "--env", "local"]) == 0

    names = sorted(file.name for file in (tmp_path / "out").iterdir())
    assert names == [f"{name}.{form}" for name in ("budgets", "costs", "coverage", "days", "faults", "splits", "units")]
    table = f"'{tmp_path / 'out' / f'costs.{form}'}'"
    found = duckdb.sql(f"SELECT SUM(billed) FROM {table} WHERE dimension = 'ServiceName'").fetchall()  # noqa: S608
    assert float(found[0][0]) == 3.5


def test_budgets_of_an_environment_are_set_beside(bill: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["costs", str(bill), "--env", "prod"]) == 0

    assert "budget anycompany-ml-platform 2026-10:" in capsys.readouterr().out


@pytest.mark.parametrize(("least", "code"), [("0", 0), ("100", 1)])
def test_coverage_that_was_asked_for_sets_the_exit_code(bill: Path, least: str, code: int) -> None:
    assert run(["costs", str(bill), "--min-coverage", least]) == code


def test_coverage_that_nobody_knows_does_not_pass(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill.csv", [{key: value for key, value in focus().items() if key != "Tags"}])

    assert run(["costs", str(file), "--min-coverage", "0"]) == 1


def test_sum_that_does_not_agree_sets_the_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write_csv(tmp_path / "bill.csv", [focus(), focus(BilledCost="many")])

    assert run(["costs", str(file)]) == 1
    assert "DOES NOT agree" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "must be a file or folder of a bill"),
        (["BILL", "--out", "pdf=x"], '--out "pdf=x": must be FORM=PATH with a form of'),
        (["BILL", "--out", "json="], "must be FORM=PATH"),
        (["BILL", "--owner", "team"], "must be a key of the dictionary"),
        (["BILL", "--env", "nowhere"], "must be a folder of envs/"),
        (["BILL", "--metrics", "nowhere.csv"], "must be a CSV file"),
        ([], "must have one source"),
    ],
)
def test_wrong_words_are_refused(
    bill: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["costs", *(str(bill) if word == "BILL" else word for word in words)]) == 2

    assert message in " ".join(capsys.readouterr().err.split())


def test_sums_by_several_dimensions_are_printed(bill: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["costs", str(bill), "--by", "anycompany:finance:owner, ServiceName", "--period", "day"]) == 0

    assert "by anycompany:finance:owner, ServiceName" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--period", "day"], "--period: must go with --by; got no --by"),
        (["--by", " , "], "must name a dimension; got none. Do write --by SubAccountId,ServiceName"),
        (["--by", "Colour"], 'dimension "Colour": must be one of SubAccountId'),
    ],
)
def test_what_cannot_be_summed_by_is_refused(
    bill: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert run(["costs", str(bill), *options]) == 2

    assert said in capsys.readouterr().err
