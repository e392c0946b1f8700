"""A plan survives editors and spreadsheets, and says every fault that they or people made."""

import codecs
import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import InputError
from harness.repair.cells import guarded, unguarded
from harness.repair.checking import plan_problems
from harness.repair.model import Change
from harness.repair.plan_file import COLUMNS, plan_hash, plan_text, read_plan
from tests.unit.repair.world import CENTER, DEV, ENV, HOME, ORGANIZATION, OWNER, PROD, keys_of, queue

VALUES = ["5045", "007", "1e5", "true", "=1+1", "+1", "-1", "@x", "a;b", 'a "b"', "a,b", "Mar 5", "x", " x ", "'x", "ä"]


def change(value: str = "5045", **more: object) -> Change:
    given_ = {"do": True, "account": DEV, "region": HOME, "type": "AWS::SQS::Queue", "arn": queue("a"), "key": CENTER}
    return Change(**{**given_, "becomes": value, **more})  # type: ignore[arg-type]


def read_back(text: str | bytes, path: Path) -> list[Change]:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    rows, problems = read_plan(path)
    assert problems == []
    assert all(row.id == row.change.id for row in rows)
    return [row.change for row in rows]


def as_a_spreadsheet_takes_it(cell: str) -> str:
    """What Excel and LibreOffice make of a cell of CSV that they open and save again."""
    if re.fullmatch(r"[+-]?\d+([.]\d+)?(e[+-]?\d+)?", cell, re.I):
        number = float(cell)
        return f"{number:.5E}" if abs(number) > 1e11 else f"{number:g}" if number != int(number) else str(int(number))
    if cell.lower() in ("true", "false"):
        return cell.upper()
    if cell[:1] in ("=", "+", "-", "@"):
        return "#NAME?"
    if re.fullmatch(r"(?i)(jan|feb|mar|sep)[a-z]* \d+", cell):
        return "05.03.2026"
    return cell


def saved_by_a_spreadsheet(
    text: str, delimiter: str = ",", *, quotes: int = csv.QUOTE_MINIMAL, bom: bool = True
) -> bytes:
    out = io.StringIO()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    writer = csv.writer(out, delimiter=delimiter, quoting=quotes, lineterminator="\r\n")
    writer.writerows([as_a_spreadsheet_takes_it(cell) for cell in row] for row in rows)
    writer.writerow([""] * len(COLUMNS))
    return (codecs.BOM_UTF8 if bom else b"") + out.getvalue().encode()


MANGLED: dict[str, Callable[[str], bytes]] = {
    "as written": lambda text: text.encode(),
    "Excel": saved_by_a_spreadsheet,
    "Excel where the comma is decimal": lambda text: saved_by_a_spreadsheet(text, ";"),
    "LibreOffice, all quoted": lambda text: saved_by_a_spreadsheet(text, quotes=csv.QUOTE_ALL, bom=False),
    "with sep=": lambda text: b"sep=;\r\n" + saved_by_a_spreadsheet(text, ";", bom=False),
    "an editor with LF": lambda text: text.replace("\r\n", "\n").removeprefix("\ufeff").encode(),
    "Unicode text": lambda text: saved_by_a_spreadsheet(text, "\t", bom=False).decode().encode("utf-16"),
}


@pytest.mark.parametrize("how", MANGLED)
def test_a_plan_is_the_same_after_a_round_trip(how: str, tmp_path: Path) -> None:
    changes = [
        change(value, now=value, owner=value, evidence=value, arn=queue(f"q{at}")) for at, value in enumerate(VALUES)
    ]
    assert read_back(MANGLED[how](plan_text(changes)), tmp_path / "plan.csv") == changes


@given(st.text())
def test_every_cell_survives_a_spreadsheet(text: str) -> None:
    assert unguarded(as_a_spreadsheet_takes_it(guarded(text))) == text


@pytest.mark.parametrize("how", MANGLED)
@given(data=st.data())
def test_every_value_survives_a_round_trip(
    how: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    texts = {name: data.draw(st.text()) for name in ("key", "now", "becomes", "remove", "evidence", "owner")}
    changes = [change(**texts)]
    assert read_back(MANGLED[how](plan_text(changes)), tmp_path_factory.getbasetemp() / "plan.csv") == changes


@pytest.mark.parametrize(
    ("value", "cell"),
    [("line1\nline2", r"line1\nline2"), ("a\u2028b", r"a\u2028b"), ("a\\nb", r"a\\nb"), ("a\x00b", r"a\u0000b")],
)
def test_what_editors_change_is_written_as_an_escape(value: str, cell: str) -> None:
    assert guarded(value) == cell


def test_a_backslash_that_people_write_stays_one() -> None:
    assert unguarded(r"a\b") == r"a\b"


def test_a_value_that_looks_rounded_and_is_not_is_kept(tmp_path: Path) -> None:
    assert read_back(plan_text([change(now="1E+5")]), tmp_path / "p.csv")[0].now == "1E+5"


def test_what_people_type_without_a_guard_is_taken_as_it_is(tmp_path: Path) -> None:
    text = plan_text([change("x")]).replace(",x,", ",5045,")
    assert read_back(text, tmp_path / "p.csv")[0].becomes == "5045"


def test_the_hash_of_a_plan_is_that_of_what_is_done_however_it_is_sorted() -> None:
    one, two, left = change(), change(arn=queue("b")), change(do=False, arn=queue("c"))
    assert plan_hash([one, two]) == plan_hash([two, left, one])
    assert plan_hash([one]) != plan_hash([one, two])
    assert plan_hash([one]) != plan_hash([change("HR-2045")])


def problems(text: str, path: Path) -> list[str]:
    path.write_text(text, encoding="utf-8")
    rows, found = read_plan(path)
    found += plan_problems(rows, str(path), ORGANIZATION, keys_of)
    return [f"{one.line}: {one.path}: {one.message}" for one in sorted(found)]


HEADER = ",".join(COLUMNS)


def row(**cells: str) -> str:
    usual = {"do": "yes", "account": DEV, "region": HOME, "arn": queue("a"), "key": ENV, "becomes": "dev"}
    return ",".join(({**usual, **cells}).get(name, "") for name in COLUMNS)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"do": "perhaps"}, 'do: must be yes or no; got "perhaps"'),
        ({"account": "999999999999"}, 'account: must be an account of organisation o-1; got "999999999999"'),
        ({"account": PROD}, f"account: must be that of the ARN, {DEV}"),
        ({"account": "2.22222E+11"}, "account: must be whole; got 2.22222E+11, which a spreadsheet has rounded"),
        ({"region": "eu-centarl-1"}, 'region: must be an AWS region that botocore knows; got "eu-centarl-1"'),
        ({"region": "us-east-1"}, f"region: must be that of the ARN, {HOME}"),
        ({"arn": "queue-a"}, 'arn: must be an ARN; got "queue-a"'),
        (
            {"key": "anycompany:finance:ownr"},
            f'key: must be a key of the dictionary; got "anycompany:finance:ownr". Did you mean "{OWNER}"?',
        ),
        ({"becomes": "stage"}, "becomes: must be a value that the dictionary allows in this account ("),
        ({"becomes": ""}, 'becomes: must be a value where do is yes; got "". Do write one, or no'),
        ({"do": "no", "becomes": "stage"}, "becomes: must be a value that the dictionary allows"),
        ({"key": OWNER, "becomes": "j@example.com"}, "becomes: must be no data of a person (e-mail address)"),
        ({"remove": "Name"}, f'remove: must be a wrong spelling of {ENV}, which alone may be removed; got "Name"'),
        ({"remove": OWNER}, f"remove: must be a wrong spelling of {ENV}"),
        ({"id": "r-000000000000"}, "id: must be that of the row: account, region, arn, key, now or remove is not as"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(cells: dict[str, str], words: str, tmp_path: Path) -> None:
    found = problems(f"{HEADER}\n{row(arn=queue('z'))}\n{row(**cells)}\n", tmp_path / "p.csv")
    assert len(found) == 1, found
    assert found[0].startswith(f"3: {words}")


def test_a_change_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    found = problems("\n".join((HEADER, row(), row(), row(remove="env", becomes="prod"))), tmp_path / "p.csv")
    assert [one.partition(";")[0] for one in found] == [
        "3: key: must be changed once",
        '4: becomes: must be as in line 2, "dev"',
    ]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    found = problems("\n".join((HEADER, row(key="x"), row(do="?"), row(account="1", becomes="x"))), tmp_path / "p.csv")
    assert [one.partition(": must")[0] for one in found] == ["2: key", "3: do", "4: account"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("do,acount,region,arn,key,now,becomes,remove\n", "must be one of do, account, region, type, arn, key, now"),
        ("do,region,arn,key,now,becomes,remove\n", "must be a column; got none"),
        (f"{HEADER},do\n", "must be one column; got two"),
        ("", "must be a column; got none"),
    ],
)
def test_a_wrong_header_is_refused(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(words)):
        read_plan(tmp_path / "p.csv")


def test_a_plan_in_another_encoding_or_absent_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes(f"{HEADER}\n{row(owner='Müller')}".encode("cp1252"))
    with pytest.raises(InputError, match=r"must be UTF-8; byte \d+ is not. Do save it as CSV UTF-8"):
        read_plan(tmp_path / "p.csv")
    with pytest.raises(InputError, match="must be a file that can be read"):
        read_plan(tmp_path / "q.csv")
