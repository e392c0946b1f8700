"""Make reports of small bills that a test writes itself."""

import csv
import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.costs.bill import open_files
from harness.costs.engine import DuckDb, connect
from harness.costs.model import Report
from harness.costs.report import Wanted, make_reports
from harness.plan_check.requirements import KeyRule, Requirements

NOW = datetime.datetime(2026, 11, 27, tzinfo=datetime.UTC)
OWNER = KeyRule("team:owner", checked_for=("*",))
UNIT = KeyRule("team:unit", checked_for=("*",), values=("Retail", "Sales"), deprecated=("bu",))
FREE = KeyRule("team:note")
REQUIREMENTS = Requirements((OWNER, UNIT, FREE))
WANTED = Wanted(REQUIREMENTS, frozenset({"team:owner", "team:unit"}), "team:owner")
FOCUS = {
    "BilledCost": "1.00",
    "EffectiveCost": "1.00",
    "BillingAccountId": "111111111111",
    "BillingCurrency": "USD",
    "BillingPeriodStart": "2026-10-01T00:00:00Z",
    "ChargePeriodStart": "2026-10-02T00:00:00Z",
    "ChargeCategory": "Usage",
    "ServiceName": "Amazon SageMaker",
    "RegionId": "eu-central-1",
    "ResourceId": "arn:aws:sagemaker:eu-central-1:222222222222:endpoint/a",
    "SubAccountId": "222222222222",
    "SubAccountName": "ml-prod",
    "Tags": "",
}


def write_csv(file: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """Write rows as a CSV file; the first row's keys are the columns."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as content:
        writer = csv.DictWriter(content, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


def focus(**changed: str) -> dict[str, str]:
    """Return a line of FOCUS with some columns changed."""
    return {**FOCUS, **changed}


def reports_of(scratch: Path, *places: Path, wanted: Wanted = WANTED) -> tuple[Report, ...]:
    """Return the reports of a bill, one for each currency."""
    scratch.mkdir(exist_ok=True)
    connection = connect(512, 1, str(scratch))
    parts = open_files([str(place) for place in places], connection, scratch)
    return make_reports(parts, DuckDb(), connection, wanted, NOW)


def report_of(scratch: Path, *places: Path, wanted: Wanted = WANTED) -> Report:
    """Return the report of a bill in one currency."""
    (report,) = reports_of(scratch, *places, wanted=wanted)
    return report
