"""What exports are rendered to: statements, settings, folders, tables, and what the bucket lets in."""

from typing import Any

import pytest

from harness.cost_table import load_cost_tables
from harness.documents import CostExportDocuments, render_cost_exports
from harness.environment import Environment
from tests.unit.verify.live import loaded


def rendered(home: str = "eu-central-1", **section: Any) -> CostExportDocuments:
    data = loaded()[1].model_dump()
    data["cost_exports"] = {"bucket": {"name": "bill"}, "exports": {"focus": {"table": "focus-1.2"}}, **section}
    data["regions"] = {"home": home}
    documents = render_cost_exports(Environment.model_validate(data))
    assert documents
    return documents


@pytest.mark.parametrize("table", sorted(load_cost_tables()))
def test_every_column_is_selected_unless_columns_are_named(table: str) -> None:
    export = rendered(exports={"all": {"table": table}}).exports["anycompany-all"]
    known = load_cost_tables()[table]
    assert export.columns == tuple(each.name for each in known.available(export.settings))
    assert export.settings.keys() == known.settings.keys()
    assert set(known.needed) <= set(export.columns)


def test_columns_that_a_setting_adds_come_with_it() -> None:
    plain, whole = (
        set(rendered(exports={"cur": {"table": "cur-2.0", **more}}).exports["anycompany-cur"].columns)
        for more in (
            {"resources": False},
            {"split_cost_allocation": True, "capacity_reservations": True, "iam_principals": True},
        )
    )
    added = whole - plain
    assert plain < whole
    assert {"line_item_resource_id", "line_item_iam_principal", "split_line_item_split_cost"} < added
    assert len(added) == 1 + 11 + 3 + 1


def test_a_table_has_the_columns_of_its_export_in_lower_case() -> None:
    documents = rendered(athena={})
    assert documents.catalog
    table = documents.catalog.tables["focus"]
    assert dict(table.columns)["tags"] == "map<string,string>"
    assert dict(table.columns)["x_discounts"] == "map<string,double>"
    assert dict(table.columns)["chargeperiodstart"] == "timestamp"
    assert [name for name, _ in table.columns] == [
        name.lower() for name in documents.exports["anycompany-focus"].columns
    ]
    place = "s3://bill/exports/anycompany-focus/data"
    assert (table.location, documents.catalog.database) == (place, "anycompany_costs")
    assert table.parameters["storage.location.template"] == place + "/BILLING_PERIOD=${billing_period}/"


@pytest.mark.parametrize(
    ("home", "partition", "billing"),
    [("eu-central-1", "aws", "us-east-1"), ("cn-north-1", "aws-cn", "cn-northwest-1")],
)
def test_only_exports_of_the_payer_may_write(home: str, partition: str, billing: str) -> None:
    delivery, transport = rendered(home).bucket.policy["Statement"]
    assert delivery["Condition"]["StringEquals"] == {"aws:SourceAccount": "111111111111"}
    assert delivery["Condition"]["ArnLike"]["aws:SourceArn"] == [
        f"arn:{partition}:bcm-data-exports:{billing}:111111111111:export/*",
        f"arn:{partition}:cur:{billing}:111111111111:definition/*",
    ]
    assert delivery["Resource"] == [f"arn:{partition}:s3:::bill", f"arn:{partition}:s3:::bill/*"]
    assert (transport["Effect"], transport["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_nothing_expires_unasked() -> None:
    assert rendered().bucket.expire_days == {}
    assert rendered(athena={}).bucket.expire_days == {"athena-results/": 30}
    days = {"bucket": {"name": "bill", "expire_days": 400}, "athena": {"results_expire_days": 7}}
    assert rendered(**days).bucket.expire_days == {"exports/": 400, "athena-results/": 7}


def test_without_a_section_there_is_nothing() -> None:
    assert render_cost_exports(loaded()[1].model_copy(update={"cost_exports": None})) is None
