"""The name of a service stands in a column of its own, or among the product's attributes."""

from pathlib import Path

import duckdb
import pytest

from harness.costs.athena_sql import translate
from tests.unit.costs.bills import report_of

# SQL of the column product, as exports of CUR 2.0 and what others make of them have it -> the service's name
PRODUCTS = {
    "map": ("MAP {'product_name': 'Amazon SageMaker', 'region': 'eu-central-1'}", "Amazon SageMaker"),
    "struct": ("{'product_name': 'Amazon SageMaker', 'vcpu': 2}", "Amazon SageMaker"),
    "JSON text": ("""'{"product_name":"Amazon SageMaker","vcpu":"2"}'""", "Amazon SageMaker"),
    "map without it": ("MAP {'region': 'eu-central-1'}", "AmazonSageMaker"),
    "empty name": ("MAP {'product_name': ''}", "AmazonSageMaker"),
    "text that is no JSON": ("'none'", "AmazonSageMaker"),
    "nothing": ("NULL::MAP(VARCHAR, VARCHAR)", "AmazonSageMaker"),
}


@pytest.mark.parametrize(("product", "name"), PRODUCTS.values(), ids=PRODUCTS)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_service_of_cur_2(tmp_path: Path, product: str, name: str, form: str) -> None:
    if form == "csv" and not product.startswith("'"):
        product = f"({product})::JSON::VARCHAR"
    bill = tmp_path / f"bill.{form}"
    duckdb.execute(
        f"COPY (SELECT 1.0 AS line_item_unblended_cost, 'Usage' AS line_item_line_item_type, {product} AS product, "
        "'AmazonSageMaker' AS line_item_product_code, MAP {'team_owner': 'ann'} AS resource_tags, "
        f"'2026-10-02 00:00:00' AS line_item_usage_start_date) TO '{bill}'"
    )

    (day,) = report_of(tmp_path / "s", bill).days

    assert list(day.services) == [name]


def test_athena_reads_a_struct_as_json() -> None:
    sql = 'SELECT JSON_EXTRACT_STRING(TRY_CAST("p" AS JSON), \'$."a"\') AS x FROM t'

    found = translate(sql, {"p": "STRUCT"}).sql

    assert found == "SELECT JSON_EXTRACT_SCALAR(TRY(CAST(\"p\" AS JSON)), '$.a') AS x FROM t"
