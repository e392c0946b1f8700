"""Make tables as Athena has them of each layout, and an Athena that runs its SQL in DuckDB."""

import io
from collections.abc import Mapping
from typing import Any, NamedTuple

import duckdb
import sqlglot
from botocore.exceptions import ClientError

_CUR = {
    "line_item_unblended_cost": "double",
    "line_item_net_unblended_cost": "double",
    "line_item_currency_code": "string",
    "line_item_usage_start_date": "timestamp",
    "line_item_line_item_type": "string",
    "line_item_product_code": "string",
    "line_item_usage_account_id": "string",
    "line_item_resource_id": "string",
    "line_item_usage_type": "string",
    "bill_payer_account_id": "string",
    "bill_billing_period_start_date": "timestamp",
    "product_region": "string",
    "savings_plan_savings_plan_effective_cost": "double",
    "savings_plan_total_commitment_to_date": "double",
    "savings_plan_used_commitment": "double",
    "reservation_reservation_a_r_n": "string",
    "reservation_effective_cost": "double",
    "reservation_unused_recurring_fee": "double",
    "reservation_unused_amortized_upfront_fee_for_billing_period": "double",
}
_COMMITMENTS = ("recurring_commitment_for_billing_period", "amortized_upfront_commitment_for_billing_period")
_FOCUS = {
    "billedcost": "double",
    "effectivecost": "double",
    "billingaccountid": "string",
    "billingcurrency": "string",
    "billingperiodstart": "timestamp",
    "chargeperiodstart": "timestamp",
    "chargecategory": "string",
    "servicename": "string",
    "regionid": "string",
    "resourceid": "string",
    "subaccountid": "string",
    "subaccountname": "string",
    "tags": "map<string,string>",
}
# By the name of the expected file: columns as Glue has them.
TABLES: Mapping[str, Mapping[str, str]] = {
    "cur-1": {**_CUR, "resource_tags_user_team_owner": "string", "resource_tags_user_team_unit": "string"},
    "cur-1-csv": {
        **dict.fromkeys(_CUR, "string"),
        "resource_tags_user_team_owner": "string",
        "resource_tags_user_team_unit": "string",
        "cost_category_team": "string",
    },
    "cur-2": {
        **_CUR,
        "line_item_usage_account_name": "string",
        "line_item_line_item_description": "string",
        **dict.fromkeys((f"savings_plan_{net}{name}" for net in ("", "net_") for name in _COMMITMENTS), "double"),
        "product": "map<string,string>",
        "resource_tags": "map<string,string>",
        "cost_category": "map<string,string>",
    },
    "focus-1.0": {**_FOCUS, "x_usagetype": "string", "x_costcategories": "map<string,string>"},
    "focus-1.2": {**_FOCUS, "billingaccounttype": "string", "invoiceid": "string", "skumeter": "string"},
    "focus-text-tags": {**_FOCUS, "chargeperiodstart": "string", "tags": "string"},
}
_DUCKDB = {"string": "VARCHAR", "map<string,string>": "MAP(VARCHAR, VARCHAR)"}
_KINDS = ("Usage", "Tax", "DiscountedUsage", "SavingsPlanCoveredUsage", "SavingsPlanRecurringFee", "RIFee", "Fee")
_TAGS: tuple[dict[str, str], ...] = (
    {},
    {"team:owner": "ann", "team:unit": "Retail"},
    {"team:owner": "bob's", "team:unit": "retail"},
    {"user_team_owner": 'say "hi", \\ and , so on', "user_team_unit": "Sales"},
    {"team:unit": "Nobody"},
)


def fill(connection: Any, name: str, lines: int = 60) -> None:
    """Make the table `d.t` of a layout with lines that differ in all that the queries look at."""
    columns = TABLES[name]
    connection.execute("CREATE SCHEMA d")
    typed = ", ".join(f'"{column}" {_DUCKDB.get(kind, kind)}' for column, kind in columns.items())
    connection.execute(f"CREATE TABLE d.t ({typed})")
    rows = [[_value(column, kind, line) for column, kind in columns.items()] for line in range(lines)]
    marks = ", ".join([f"({', '.join('?' * len(columns))})"] * lines)
    connection.execute(f"INSERT INTO d.t VALUES {marks}", [cell for row in rows for cell in row])  # noqa: S608


def as_files_are_read(name: str) -> str:
    """Return what stands for `d.t` behind FROM with NULL for empty text, as reading a CSV file makes it."""
    shown = (
        f'NULLIF("{column}", \'\') AS "{column}"' if kind == "string" else f'"{column}"'
        for column, kind in TABLES[name].items()
    )
    return f"(SELECT {', '.join(shown)} FROM d.t)"  # noqa: S608


def _value(column: str, kind: str, line: int) -> Any:  # noqa: PLR0911 (a table of what stands in which column)
    day = f"2026-{7 + line % 3:02}-{1 + line % 28:02}"
    tags = _TAGS[line % len(_TAGS)]
    if kind.startswith("map"):
        return {"Team": ("Red", "Blue")[line % 2]} if "categor" in column else tags
    if column == "tags":
        return ("", '{"team:owner": "ann", "team:unit": "Sales"}', "{}", "none")[line % 4]
    if column.startswith("resource_tags_user_"):
        return next((value for key, value in tags.items() if key.endswith(column[-5:])), "")
    if kind == "timestamp":
        return f"{day} 00:00:00" if "billing" not in column else f"{day[:7]}-01 00:00:00"
    if column.endswith("start_date") or "periodstart" in column:
        return f"{day}T00:00:00Z" if line % 2 else f"{int(day[5:7])}/{int(day[8:])}/26"
    if kind == "double" or "cost" in column or "fee" in column or "commitment" in column:
        return f"{line * 0.37 + len(column) / 7:.10f}" if line % 11 else None if kind == "double" else ""
    return _text(column, line)


def _text(column: str, line: int) -> str:
    found = {
        "line_item_line_item_type": _KINDS[line % len(_KINDS)],
        "chargecategory": ("Usage", "Tax", "Purchase")[line % 3],
        "line_item_resource_id": f"i-{line % 13}" if line % 4 else "",
        "resourceid": f"arn:aws:sagemaker:eu-central-1:1:endpoint/{line % 13}" if line % 4 else "",
        "line_item_product_code": ("AmazonSageMaker", "AmazonS3")[line % 2],
        "servicename": ("Amazon SageMaker", "Amazon S3")[line % 2],
        "line_item_usage_type": "EUC1-Train:ml.m5.large",
        "x_usagetype": "EUC1-Train:ml.m5.large",
        "line_item_currency_code": "USD",
        "billingcurrency": "USD",
        "reservation_reservation_a_r_n": "arn" if line % 5 == 0 else "",
        "cost_category_team": ("Red", "")[line % 2],
        "line_item_usage_account_id": f"{line % 4:012}",
        "subaccountid": f"{line % 4:012}",
        "subaccountname": f"account {line % 4}",
        "line_item_usage_account_name": f"account {line % 4}",
    }
    return found.get(column, "x")


class Answered(NamedTuple):
    """Hold a query that the fake Athena was sent, and its answer as CSV."""

    sql: str
    rows: list[list[str | None]]


class FakeAthena:
    """Be Athena, Glue and S3 as far as the harness calls them; queries run in DuckDB, in its SQL by sqlglot."""

    def __init__(self, name: str, connection: Any, *, s3: bool = True) -> None:
        self.name, self.connection, self.has_s3 = name, connection, s3
        self.asked: list[dict[str, Any]] = []
        self.stopped: list[str] = []
        self.states: list[dict[str, Any]] = []
        self.answers: list[Answered] = []

    def __call__(self, _service: str) -> Any:
        return self

    def get_table(self, **_asked: str) -> Any:
        columns = [{"Name": name, "Type": kind} for name, kind in TABLES[self.name].items()]
        return {"Table": {"StorageDescriptor": {"Columns": columns[:-1]}, "PartitionKeys": columns[-1:]}}

    def start_query_execution(self, **asked: Any) -> Any:
        self.asked.append(asked)
        sql = sqlglot.transpile(asked["QueryString"], read="trino", write="duckdb")[0]
        result = self.connection.execute(sql)
        names: list[str | None] = [column[0].lower() for column in result.description]  # as Athena writes them
        rows = [[None if cell is None else str(cell) for cell in row] for row in result.fetchall()]
        self.answers.append(Answered(sql, [names, *rows]))
        return {"QueryExecutionId": str(len(self.answers) - 1)}

    def get_query_execution(self, QueryExecutionId: str) -> Any:  # noqa: N803 (AWS's name)
        state = self.states.pop(0) if self.states else {"State": "SUCCEEDED"}
        place = {"OutputLocation": f"s3://answers/{QueryExecutionId}.csv"}
        statistics = {"DataScannedInBytes": 3 << 20}
        told = {"QueryExecutionId": QueryExecutionId, "Status": state, "Statistics": statistics}
        return {"QueryExecution": {**told, "ResultConfiguration": place}}

    def stop_query_execution(self, QueryExecutionId: str) -> Any:  # noqa: N803
        self.stopped.append(QueryExecutionId)
        return {}

    def get_object(self, Key: str, **_bucket: str) -> Any:  # noqa: N803
        if not self.has_s3:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "Access Denied"}}, "GetObject")
        text = io.StringIO()
        for row in self.answers[int(Key.removesuffix(".csv"))].rows:
            cells = ["" if cell is None else '"' + cell.replace('"', '""') + '"' for cell in row]
            text.write(",".join(cells) + "\n")
        return {"Body": _Body(text.getvalue().encode())}

    def get_query_results(self, QueryExecutionId: str, NextToken: str = "0", **_most: int) -> Any:  # noqa: N803
        start = int(NextToken)
        rows = self.answers[int(QueryExecutionId)].rows
        shown = [
            {"Data": [{} if cell is None else {"VarCharValue": cell} for cell in row]}
            for row in rows[start : start + 50]
        ]
        following = {"NextToken": str(start + 50)} if start + 50 < len(rows) else {}
        return {"ResultSet": {"Rows": shown}, **following}


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def iter_chunks(self, _size: int) -> Any:
        return iter([self._content])


def database() -> Any:
    """Return a connection to a database of its own."""
    return duckdb.connect()
