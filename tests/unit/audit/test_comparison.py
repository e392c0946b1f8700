"""Two runs beside each other: what is new, what remains, what is fixed, and what nobody could see again."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harness.audit.comparison import Comparison, Looked
from harness.audit.model import AuditFinding, AuditResource
from harness.audit.run import Change
from harness.audit.tables import Table, read_rows

READ = {("1", "eu-central-1"), ("2", "eu-central-1"), ("3", "eu-central-1"), ("3", "us-east-1")}
LOOKED = Looked(READ)


def finding(number: int, account: str = "1", region: str = "eu-central-1", **changes: Any) -> AuditFinding:
    place = {"arn": f"arn:aws:sqs:{region}:{account}:{number}", "account": account, "region": region}
    fields = {"rule": "missing-key", "verdict": "fail", "type": "T", "name": "n", "key": "k", "wanted": ("a", "b")}
    return AuditFinding(f"{number:016x}", **place | fields | changes)


def resource(found: AuditFinding, tags: Mapping[str, str] | None) -> AuditResource:
    return AuditResource(found.arn, found.account, found.region, "T", "n", "", tags, ("tagging",))


def written(folder: Path, *found: AuditFinding, shown: Iterable[AuditResource] = ()) -> Path:
    folder.mkdir(exist_ok=True)
    with Table(folder, "findings") as findings, Table(folder, "resources") as resources:
        findings.add(found)
        resources.add(shown)
    return folder


def compared(
    folder: Path,
    held: Iterable[AuditFinding],
    now: Iterable[AuditFinding] = (),
    looked: Looked = LOOKED,
    shown: Iterable[AuditResource] = (),
) -> tuple[set[str], Change]:
    """Return the ends of the ARNs that are fixed, and the change, where a run finds and shows other things."""
    comparison, found = Comparison(written(folder / "last", *held)), [*now]
    for each in found:
        comparison.is_new(each.fingerprint)
    this = written(folder / "this", *found, shown=shown)
    fixed = [*comparison.fixed(this, looked)]
    assert len(fixed) == comparison.change().fixed
    return {each.arn.rpartition(":")[2] for each in fixed}, comparison.change()


def test_findings_come_back_from_their_table(tmp_path: Path) -> None:
    written(tmp_path, finding(1), finding(2, account="2"))
    rows = list(read_rows(tmp_path, "findings", ["fingerprint", "account", "wanted", "is_new"]))
    assert rows == [("0" * 15 + "1", "1", ["a", "b"], True), ("0" * 15 + "2", "2", ["a", "b"], True)]
    assert {file.name for file in tmp_path.iterdir()} == {"findings.parquet", "resources.parquet"}


def test_an_empty_table_is_a_table(tmp_path: Path) -> None:
    written(tmp_path)
    assert list(read_rows(tmp_path, "findings", ["arn"])) == []


def test_a_table_takes_rows_one_after_the_other(tmp_path: Path) -> None:
    with Table(tmp_path, "fixed") as table:
        table.add(finding(number) for number in range(45_000))
        assert table.rows == 45_000
    assert sum(1 for _ in read_rows(tmp_path, "fixed", ["arn"])) == 45_000


def test_without_a_last_run_everything_is_new_and_nothing_fixed(tmp_path: Path) -> None:
    comparison = Comparison(None)
    assert comparison.is_new("00000000000000ff")
    assert list(comparison.fixed(tmp_path, LOOKED)) == []
    assert comparison.change() == Change(new=1)


def test_findings_are_new_fixed_or_still_there(tmp_path: Path) -> None:
    fixed, change = compared(tmp_path, map(finding, (1, 2, 3)), map(finding, (2, 4)))
    assert fixed == {"1", "3"}
    assert change == Change("last", new=1, fixed=2, remaining=1)


def test_a_fixed_finding_is_as_the_last_run_had_it_but_not_new(tmp_path: Path) -> None:
    held = finding(1, held="x", because="why", owner="team", cost="1.50")
    comparison = Comparison(written(tmp_path / "last", held))
    (fixed,) = comparison.fixed(written(tmp_path / "this"), LOOKED)
    assert fixed == msgspec.structs.replace(held, is_new=False)


def test_what_could_not_be_read_again_is_not_fixed(tmp_path: Path) -> None:
    held = (finding(1), finding(2, "2"), finding(3, "3", "us-east-1"), finding(4, "3"))
    looked = Looked(READ, frozenset({("2", ""), ("3", "us-east-1")}))
    assert compared(tmp_path, held, looked=looked) == ({"1", "4"}, Change("last", fixed=2, unseen=2))


@pytest.mark.parametrize("gap", [("", "eu-central-1"), ("", "")])
def test_a_source_of_all_accounts_that_could_not_be_read_hides_all_of_them(
    tmp_path: Path, gap: tuple[str, str]
) -> None:
    looked = Looked(READ, frozenset({gap}))
    assert compared(tmp_path, [finding(1)], looked=looked) == (set(), Change("last", unseen=1))


def test_where_nobody_looked_this_time_nothing_is_fixed(tmp_path: Path) -> None:
    held = (finding(1), finding(2, region="us-west-2"), finding(3, "4"))
    assert compared(tmp_path, held) == ({"1"}, Change("last", fixed=1, unseen=2))


def test_a_rule_that_nobody_asked_for_is_not_fixed(tmp_path: Path) -> None:
    held = (finding(1), finding(2, rule="not-on-bill"))
    looked = Looked(READ, unasked={"not-on-bill"})
    assert compared(tmp_path, held, looked=looked) == ({"1"}, Change("last", fixed=1, unseen=1))


def test_a_resource_that_was_judged_is_fixed_though_a_source_there_could_not_be_read(tmp_path: Path) -> None:
    held, looked = (finding(1), finding(2)), Looked((), frozenset({("1", "eu-central-1")}))
    shown = [resource(held[0], {"k": "a"})]
    assert compared(tmp_path, held, looked=looked, shown=shown) == ({"1"}, Change("last", fixed=1, unseen=1))


def test_a_resource_whose_tags_nobody_could_read_this_time_is_not_fixed(tmp_path: Path) -> None:
    held = (finding(1), finding(2))
    shown = [resource(held[0], None), resource(held[1], {})]
    assert compared(tmp_path, held, shown=shown) == ({"2"}, Change("last", fixed=1, unseen=1))


def test_a_cut_is_mended_where_the_tag_is_there(tmp_path: Path) -> None:
    held = (finding(1, rule="lineage-cut"), finding(2, rule="lineage-cut"), finding(3, rule="lineage-cut"))
    shown = [resource(held[0], {"k": "a"}), resource(held[1], {"other": "a"})]
    assert compared(tmp_path, held, shown=shown) == ({"1", "3"}, Change("last", fixed=2, unseen=1))


def test_a_run_that_was_broken_off_fixes_nothing(tmp_path: Path) -> None:
    held = (finding(1), finding(2, arn="", account="", region=""))
    assert compared(tmp_path, held, looked=Looked(READ, is_whole=False)) == (set(), Change("last", unseen=2))


def test_an_account_of_the_organisation_is_looked_at_in_every_run(tmp_path: Path) -> None:
    held = finding(9, arn="arn:aws:organizations::1:account/o-1/9", account="9", region="global")
    assert compared(tmp_path, [held])[1] == Change("last", fixed=1)


def test_a_finding_that_the_last_run_had_twice_is_fixed_once(tmp_path: Path) -> None:
    assert compared(tmp_path, [finding(1), finding(1)]) == ({"1"}, Change("last", fixed=1))
