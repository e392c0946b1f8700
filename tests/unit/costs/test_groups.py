"""Costs by several dimensions at once, by month and by day, as `--by` asks for them."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from harness.costs.groups import By
from harness.costs.model import Grouping
from harness.errors import TagrailError
from harness.report.costs.tables import write_tables
from harness.report.costs.text import render_text
from tests.unit.costs.bills import WANTED, focus, report_of, write_csv

LINES = [
    focus(Tags='{"team:owner": "ml"}', EffectiveCost="5"),
    focus(Tags='{"team:owner": "ml"}', EffectiveCost="2", ChargePeriodStart="2026-10-03T00:00:00Z"),
    focus(Tags='{"team:owner": "ml"}', EffectiveCost="1", ServiceName="Amazon S3"),
    focus(EffectiveCost="4", BilledCost="3"),
]


def asked(tmp_path: Path, by: By) -> Grouping:
    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", LINES), wanted=WANTED._replace(by=by))
    assert report.grouping is not None
    return report.grouping


def test_two_dimensions_by_month_dearest_first(tmp_path: Path) -> None:
    found = asked(tmp_path, By(("team:owner", "ServiceName")))

    assert [(group.values, group.costs.effective) for group in found.groups] == [
        (("ml", "Amazon SageMaker"), Decimal(7)),
        (("", "Amazon SageMaker"), Decimal(4)),
        (("ml", "Amazon S3"), Decimal(1)),
    ]
    assert [list(group.periods) for group in found.groups] == [["2026-10"]] * 3


def test_days_are_told_apart_and_add_up(tmp_path: Path) -> None:
    found = asked(tmp_path, By(("team:owner",), "day"))

    (group, untagged) = found.groups
    days = {day: costs.effective for day, costs in group.periods.items()}
    assert days == {"2026-10-02": Decimal(6), "2026-10-03": Decimal(2)}
    assert (group.costs.effective, untagged.costs.billed) == (Decimal(8), Decimal(3))


def test_a_report_by_day_differs_in_nothing_else(tmp_path: Path) -> None:
    bill = write_csv(tmp_path / "bill.csv", LINES)
    daily = report_of(tmp_path / "s", bill, wanted=WANTED._replace(by=By(("team:owner",), "day")))
    plain = report_of(tmp_path / "s", bill)

    assert plain.grouping is None
    assert daily.breakdowns == plain.breakdowns
    assert (daily.coverage, daily.faults, daily.days, daily.cube) == (
        plain.coverage,
        plain.faults,
        plain.days,
        plain.cube,
    )


def test_another_dimension_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TagrailError, match='dimension "Colour": must be one of SubAccountId, ServiceName'):
        asked(tmp_path, By(("Colour",)))


def test_groups_are_printed_and_written_as_a_table(tmp_path: Path) -> None:
    wanted = WANTED._replace(by=By(("team:owner", "x_Component"), "day"))
    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", LINES), wanted=wanted)

    write_tables([report], tmp_path / "out", "csv")

    assert "by team:owner, x_Component" in render_text(report)
    with (tmp_path / "out" / "groups.csv").open(encoding="utf-8") as content:
        rows = list(csv.DictReader(content))
    assert list(rows[0]) == ["currency", "team:owner", "x_Component", "day", "billed", "effective", "amortized"]
    assert sum(Decimal(row["effective"]) for row in rows) == Decimal(12)
