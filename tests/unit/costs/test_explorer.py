"""Cost Explorer's report has what it tells, and says unknown of the rest; requests are counted, bounded and kept."""

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.costs.engine import connect
from harness.costs.explorer import Explorer, Memory
from harness.costs.explorer_report import explorer_report
from harness.costs.model import Report
from harness.costs.units import Metric
from harness.documents import BudgetDocument, LimitDocument
from harness.errors import TagrailError
from harness.report.costs import render
from tests.unit.costs.bills import NOW, WANTED
from tests.unit.costs.explored import LINES, FakeExplorer, Line, refusal


class Run:
    """Make a report, and keep what was said and how long was waited."""

    def __init__(self, folder: Path, client: FakeExplorer | None = None, **options: Any) -> None:
        self.folder = folder
        self.client = client or FakeExplorer(**options)
        self.said: list[str] = []
        self.waited: list[float] = []
        self.sent = 0

    def report(
        self, *, most: int = 200, wanted: Any = WANTED, made: datetime.datetime = NOW, fresh: bool = False
    ) -> Report:
        memory = Memory(self.folder / "cache", "aws 1", f"{made:%Y-%m-%d}", fresh)
        explorer = Explorer(self.client, memory, most, self.said.append, self.waited.append)
        found = explorer_report(explorer, connect(256, 1, str(self.folder)), wanted, made)
        self.sent = explorer.sent
        return found


def shown(report: Report, dimension: str) -> dict[str, str]:
    table = next(one for one in report.breakdowns if one.dimension == dimension)
    return {row.value: f"{row.costs.billed:.2f}" for row in table.rows}


def test_costs_are_broken_down_by_one_thing_at_a_time(tmp_path: Path) -> None:
    report = Run(tmp_path, categories=("Team",)).report()

    assert (report.currency, report.engine, len(report.months)) == ("USD", "Cost Explorer", 13)
    assert (report.months[0], report.months[-1], report.partial_month) == ("2025-11", "2026-11", "2026-11")
    assert (report.total.billed, report.total.effective) == (Decimal(215), Decimal("193.5"))
    assert shown(report, "SubAccountId") == {"222222222222": "166.00", "333333333333": "49.00"}
    assert shown(report, "ServiceName") == {"Amazon SageMaker": "166.00", "Amazon S3": "30.00", "Tax": "19.00"}
    assert shown(report, "RegionId") == {"eu-central-1": "166.00", "": "49.00"}
    assert shown(report, "ChargeCategory") == {"Usage": "196.00", "Tax": "19.00"}
    assert shown(report, "team:unit") == {"Retail": "196.00", "": "19.00"}
    assert shown(report, "Team") == {"Red": "30.00", "": "185.00"}
    assert report.accounts == {"222222222222": "ml-prod"}
    assert [day.day for day in report.days] == ["2026-09-03", "2026-10-03", "2026-10-04", "2026-10-05", "2026-11-10"]
    assert [one.value for one in report.variants] == ["Retail"]
    assert report.reconciliation.agrees
    assert "x_Component" not in {table.dimension for table in report.breakdowns}
    assert sum(row[-3] for row in report.cube.rows) == 21_500
    assert {reason.reason: reason.effective for reason in report.untaggable} == {"taxes": Decimal("17.1")}


def test_what_carries_no_key_is_unknown_and_never_a_pass(tmp_path: Path) -> None:
    report = Run(tmp_path).report()

    owner, unit = report.coverage
    assert {name: f"{amount:.2f}" for name, amount in owner.amounts.items()} == {
        "covered": "149.40",
        "wrong": "0.00",
        "missing": "0.00",
        "untaggable": "17.10",
        "unknown": "27.00",
    }
    assert owner.taggable_share is None
    assert owner.share == pytest.approx(149.4 / 193.5)
    assert owner.note == "Cost Explorer does not tell which usage without a tag could carry one"
    assert owner.months[-3:] == (1.0, pytest.approx(40 / 89), 1.0)
    assert f"{unit.amounts['wrong']:.2f}" == "36.00"
    assert report.faults == ()
    assert "unknown are resources" in report.notes[0]
    assert render((report,), "text")


def test_key_that_is_not_activated_is_unknown(tmp_path: Path) -> None:
    report = Run(tmp_path).report(wanted=WANTED._replace(activated=frozenset({"team:unit"})))

    owner = report.coverage[0]
    assert (owner.share, owner.taggable_share, owner.amounts["unknown"]) == (None, None, Decimal("193.5"))
    assert "active for cost allocation" in owner.note


def test_key_without_any_value_is_unknown(tmp_path: Path) -> None:
    lines = tuple(line._replace(tags={}) for line in LINES)

    owner = Run(tmp_path, lines=lines).report().coverage[0]

    assert (owner.share, owner.taggable_share) == (None, None)
    assert owner.note == "carries no value anywhere: not active for cost allocation, or never used"


def test_sums_that_differ_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(tmp_path)
    ask = run.client.get_cost_and_usage

    def lossy(**asked: Any) -> Any:
        answer = ask(**asked)
        if asked.get("GroupBy", [{}])[0].get("Key") == "REGION":
            answer["ResultsByTime"].pop()
        return answer

    monkeypatch.setattr(run.client, "get_cost_and_usage", lossy)
    report = run.report()

    assert not report.reconciliation.agrees
    assert report.reconciliation.notes == ("costs by region sum up to 189.00",)


def test_requests_are_announced_counted_and_kept_for_the_day(tmp_path: Path) -> None:
    run = Run(tmp_path)
    first = run.report()

    assert run.said[1].startswith("Cost Explorer: 9 requests of 0.01 USD each, 0.09 USD, and as much for each further")
    assert run.sent == 10
    assert run.report() == first
    assert run.sent == 0
    run.report(fresh=True)
    assert run.sent == 10


def test_no_request_is_sent_beyond_the_bound(tmp_path: Path) -> None:
    run = Run(tmp_path)

    with pytest.raises(
        TagrailError, match=r"5 requests at most, which are billed; got 10, 0\.10 USD\. Do pass --most-requests 10"
    ):
        run.report(most=5)

    assert run.client.asked == []


def test_further_pages_are_read_and_count(tmp_path: Path) -> None:
    assert Run(tmp_path / "a", page=1).report().total.billed == 215
    with pytest.raises(TagrailError, match=r"11 requests at most, .* got 12"):
        Run(tmp_path / "b", page=1).report(most=11)


def test_throttled_request_is_sent_again_after_longer_and_longer(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.client.errors = [refusal("LimitExceededException", "Rate exceeded")] * 3

    assert run.report().total.billed == 215
    assert run.waited == [1, 2, 4]


def test_missing_permission_is_named(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.client.errors = [refusal("AccessDeniedException", "User is not authorized")]

    with pytest.raises(TagrailError, match=r"Do add ce:GetCostAndUsage to the caller's permissions"):
        run.report()


def test_what_it_does_not_tell_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(tmp_path)
    run.client.has_forecast = False
    ask = run.client.get_cost_and_usage

    def without_regions(**asked: Any) -> Any:
        if asked.get("GroupBy", [{}])[0].get("Key") == "REGION":
            raise refusal("NotImplemented", "no cost data by REGION")
        return ask(**asked)

    monkeypatch.setattr(run.client, "get_cost_and_usage", without_regions)
    report = run.report()

    assert report.forecast == ()
    assert any(note.startswith("no forecast: ") for note in report.notes)
    assert any("no cost data by REGION" in note for note in report.notes)
    assert not [table for table in report.breakdowns if table.dimension == "RegionId"]


def test_forecast_has_this_month_and_those_after_it(tmp_path: Path) -> None:
    months = Run(tmp_path).report().forecast

    assert [(one.month, one.billed) for one in months[:2]] == [("2026-11", Decimal(30)), ("2026-12", Decimal(31))]
    assert (len(months), months[-1].month) == (12, "2027-10")
    assert (months[0].lower, months[0].upper) == (Decimal(28), Decimal(34))


BUDGETS = {
    "month": BudgetDocument(LimitDocument("fixed", usd=28.0), "MONTHLY", {}, ()),
    "year": BudgetDocument(LimitDocument("fixed", usd=5_000.0), "ANNUALLY", {"LinkedAccount": ("ml-prod",)}, ()),
    "unit": BudgetDocument(
        LimitDocument("fixed", usd=10.0), "QUARTERLY", {"TagKeyValue": ("user:team:unit$Retail",)}, ()
    ),
    "gone": BudgetDocument(LimitDocument("fixed", usd=10.0), "MONTHLY", {"LinkedAccount": ("nobody",)}, ()),
}


def test_budgets_have_cost_explorers_forecast_or_the_pace(tmp_path: Path) -> None:
    run = Run(tmp_path)
    lines = {one.name: one for one in run.report(wanted=WANTED._replace(budgets=BUDGETS)).budgets}

    assert (lines["month"].actual, lines["month"].forecast, lines["month"].forecast_by) == (26, 30, "Cost Explorer")
    assert lines["month"].status == "forecast over"
    assert (lines["year"].actual, lines["year"].forecast) == (166, 166 + 4 + 31)
    assert (lines["unit"].actual, lines["unit"].status) == (56, "over")
    assert (lines["gone"].status, lines["gone"].note) == ("unknown", "Cost Explorer names no account nobody")
    run.client.has_forecast = False
    again = {one.name: one for one in run.report(wanted=WANTED._replace(budgets=BUDGETS), fresh=True).budgets}
    assert (again["month"].forecast, again["month"].forecast_by) == (30, "the pace of the period so far")


def test_limits_in_another_currency_are_not_compared(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.client.unit = "CNY"

    (found,) = run.report(wanted=WANTED._replace(budgets={"month": BUDGETS["month"]})).budgets

    assert (found.limit, found.status) == (None, "unknown")
    assert found.note == "its limit is in USD, and costs are in CNY"


def test_first_day_of_a_month_asks_for_whole_months_before_it(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.client.has_forecast = False
    budgets = {"month": BUDGETS["month"]}

    report = run.report(
        made=datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC), wanted=WANTED._replace(budgets=budgets)
    )

    assert (report.months[-1], report.partial_month) == ("2026-11", "")
    assert (report.budgets[0].period, report.budgets[0].forecast) == ("2026-11", 26)


def test_units_are_divided_where_it_tells_the_costs(tmp_path: Path) -> None:
    metrics = (
        Metric("2026-10", "users", Decimal(8), "ServiceName", "Amazon SageMaker"),
        Metric("2026-10", "users", Decimal(8), "team:unit", "Retail"),
    )
    report = Run(tmp_path).report(wanted=WANTED._replace(metrics=metrics))

    (unit,) = report.units
    assert unit.months == {"2026-10": Decimal("4.5")}
    assert "costs per unit are unknown but for all costs, accounts and services" in report.notes


def test_no_costs_are_an_error(tmp_path: Path) -> None:
    lines: tuple[Line, ...] = ()

    with pytest.raises(TagrailError, match="must have costs; got none"):
        Run(tmp_path, lines=lines).report()
