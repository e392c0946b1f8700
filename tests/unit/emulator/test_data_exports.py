"""AWS Data Exports: what it takes and refuses, and what follows from the bucket."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import PAYER, Client, error_code

pytestmark = pytest.mark.emulator

BUCKET = "exports-of-the-bill"
DAILY = {"FOCUS_1_2_AWS": {"TIME_GRANULARITY": "DAILY"}}
FOCUS = "SELECT BilledCost, Tags FROM FOCUS_1_2_AWS"
CUR = "SELECT line_item_unblended_cost, resource_tags FROM COST_AND_USAGE_REPORT"


def policy(account: str = PAYER, principal: str = "bcm-data-exports.amazonaws.com", resource: str = "/*") -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{BUCKET}{resource}",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account},
            "ArnLike": {"aws:SourceArn": f"arn:aws:bcm-data-exports:us-east-1:{account}:export/*"},
        },
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def wanted(name: str, statement: str = FOCUS, settings: Any = None, **output: str) -> dict[str, Any]:
    outputs = {"OutputType": "CUSTOM", "Format": "PARQUET", "Compression": "PARQUET", "Overwrite": "OVERWRITE_REPORT"}
    query: dict[str, Any] = {"QueryStatement": statement}
    destination = {
        "S3Bucket": BUCKET,
        "S3Prefix": "exports",
        "S3Region": "eu-central-1",
        "S3OutputConfigurations": {**outputs, **output},
    }
    return {
        "Name": name,
        "DataQuery": query | ({} if settings is None else {"TableConfigurations": settings}),
        "DestinationConfigurations": {"S3Destination": destination},
        "RefreshCadence": {"Frequency": "SYNCHRONOUS"},
    }


@pytest.fixture
def exports(client: Client) -> Iterator[Any]:
    s3, found = client("s3"), client("bcm-data-exports")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_bucket_policy(Bucket=BUCKET, Policy=policy())
    yield found
    for each in found.list_exports()["Exports"]:
        found.delete_export(ExportArn=each["ExportArn"])
    for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
        s3.delete_object(Bucket=BUCKET, Key=each["Key"])
    s3.delete_bucket(Bucket=BUCKET)


def create(exports: Any, *arguments: Any, **more: Any) -> str:
    return str(exports.create_export(Export=wanted(*arguments, **more))["ExportArn"])


def refused(call: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as failure:
        call(**arguments)
    return error_code(failure), failure.value.response["Error"]["Message"]


def test_an_export_is_created_read_and_listed_from_any_region(exports: Any, client: Client) -> None:
    arn = create(exports, "focus", FOCUS, DAILY)
    assert arn.startswith(f"arn:aws:bcm-data-exports:us-east-1:{PAYER}:export/focus-")
    elsewhere = client("bcm-data-exports", region="us-west-2")
    found = elsewhere.get_export(ExportArn=arn)
    assert found["Export"] == {**wanted("focus", FOCUS, DAILY), "ExportArn": arn}
    assert found["ExportStatus"]["StatusCode"] == "HEALTHY"
    assert [each["ExportName"] for each in elsewhere.list_exports()["Exports"]] == ["focus"]


def test_aws_writes_a_test_object_to_the_root_of_the_bucket(exports: Any, client: Client) -> None:
    create(exports, "focus", FOCUS, DAILY)
    keys = [each["Key"] for each in client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert keys == ["aws-programmatic-access-test-object"]


def test_the_billing_view_is_added_to_the_settings_of_cur(exports: Any) -> None:
    arn = create(exports, "cur", CUR, {"COST_AND_USAGE_REPORT": {"TIME_GRANULARITY": "HOURLY"}})
    query = exports.get_export(ExportArn=arn)["Export"]["DataQuery"]
    view = f"arn:aws:billing::{PAYER}:billingview/primary"
    assert query["TableConfigurations"] == {
        "COST_AND_USAGE_REPORT": {"TIME_GRANULARITY": "HOURLY", "BILLING_VIEW_ARN": view}
    }


@pytest.mark.parametrize(
    ("statement", "settings", "text"),
    [
        ("SELECT * FROM FOCUS_1_2_AWS", None, "selects no *"),
        ("SELECT BilledCosts FROM FOCUS_1_2_AWS", None, "not a subset of the table FOCUS_1_2_AWS"),
        ("SELECT billedcost FROM FOCUS_1_2_AWS", None, "not a subset of the table FOCUS_1_2_AWS"),
        ("SELECT line_item_resource_id FROM COST_AND_USAGE_REPORT", None, "not a subset"),
        ("SELECT BilledCost FROM FOCUS_1_1_AWS", None, "must select from a table of Data Exports"),
        ("DELETE FROM FOCUS_1_2_AWS", None, "must be SELECT columns FROM table"),
        (f"{FOCUS} WHERE ServiceName LIKE 'a%'", None, "must have one of ="),
        (f"{FOCUS} ORDER BY BilledCost", None, "must be SELECT columns FROM table"),
        (f"{FOCUS}", {"FOCUS_1_2_AWS": {"TIME_GRANULARITY": "WEEKLY"}}, "must be one of HOURLY, DAILY, MONTHLY"),
        (f"{FOCUS}", {"FOCUS_1_2_AWS": {"INCLUDE_RESOURCES": "TRUE"}}, "has no configuration INCLUDE_RESOURCES"),
        (f"{FOCUS}", {"COST_AND_USAGE_REPORT": {}}, "is not the one of the query"),
    ],
)
def test_a_statement_or_setting_that_aws_does_not_have_is_refused(
    exports: Any, statement: str, settings: Any, text: str
) -> None:
    code, message = refused(exports.create_export, Export=wanted("focus", statement, settings))
    assert code == "ValidationException"
    assert text in message


def test_a_column_is_there_with_its_setting(exports: Any) -> None:
    statement = "SELECT line_item_resource_id, resource_tags.user_team AS team FROM COST_AND_USAGE_REPORT LIMIT 10"
    create(exports, "cur", statement, {"COST_AND_USAGE_REPORT": {"INCLUDE_RESOURCES": "TRUE"}})


def test_parquet_is_compressed_as_parquet(exports: Any) -> None:
    code, message = refused(exports.create_export, Export=wanted("focus", Compression="GZIP"))
    assert (code, "cannot be compressed as GZIP" in message) == ("ValidationException", True)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "has no policy"),
        (policy(account="222222222222"), "no statement allows"),
        (policy(principal="budgets.amazonaws.com"), "no statement allows"),
        (policy(resource="/exports/*"), "no statement allows"),
    ],
)
def test_the_policy_of_the_bucket_must_let_data_exports_write(
    exports: Any, client: Client, text: str | None, why: str
) -> None:
    client("s3").delete_bucket_policy(Bucket=BUCKET)
    if text:
        client("s3").put_bucket_policy(Bucket=BUCKET, Policy=text)
    code, message = refused(exports.create_export, Export=wanted("focus"))
    assert (code, why in message) == ("ValidationException", True)


def test_the_bucket_must_be_there_in_its_region(exports: Any) -> None:
    definition = wanted("focus")
    definition["DestinationConfigurations"]["S3Destination"]["S3Region"] = "us-east-1"
    assert "is in eu-central-1" in refused(exports.create_export, Export=definition)[1]
    definition["DestinationConfigurations"]["S3Destination"]["S3Bucket"] = "no-such-bucket"
    assert "does not exist" in refused(exports.create_export, Export=definition)[1]


def test_an_export_is_unhealthy_while_the_bucket_keeps_it_out(exports: Any, client: Client) -> None:
    arn = create(exports, "focus")
    (execution,) = exports.list_executions(ExportArn=arn)["Executions"]
    assert execution["ExecutionStatus"]["StatusCode"] == "INITIATION_IN_PROCESS"
    client("s3").delete_bucket_policy(Bucket=BUCKET)
    status = exports.get_export(ExportArn=arn)["ExportStatus"]
    assert (status["StatusCode"], status["StatusReason"]) == ("UNHEALTHY", "INSUFFICIENT_PERMISSION")
    failed = exports.get_execution(ExportArn=arn, ExecutionId=execution["ExecutionId"])["ExecutionStatus"]
    assert failed["StatusCode"] == "DELIVERY_FAILURE"
    assert refused(exports.get_execution, ExportArn=arn, ExecutionId="x")[0] == "ResourceNotFoundException"
    client("s3").put_bucket_policy(Bucket=BUCKET, Policy=policy())
    assert exports.get_export(ExportArn=arn)["ExportStatus"]["StatusCode"] == "HEALTHY"


def test_a_statement_can_be_changed_and_table_and_settings_cannot(exports: Any) -> None:
    arn = create(exports, "focus", FOCUS, DAILY)
    exports.update_export(ExportArn=arn, Export=wanted("focus", f"{FOCUS} WHERE BilledCost > 0", DAILY))
    assert "WHERE" in exports.get_export(ExportArn=arn)["Export"]["DataQuery"]["QueryStatement"]
    other = wanted("focus", FOCUS, {"FOCUS_1_2_AWS": {"TIME_GRANULARITY": "HOURLY"}})
    assert "configurations" in refused(exports.update_export, ExportArn=arn, Export=other)[1]
    older = wanted("focus", "SELECT BilledCost FROM FOCUS_1_0_AWS")
    assert "table of an export" in refused(exports.update_export, ExportArn=arn, Export=older)[1]


def test_names_and_numbers_of_exports_are_limited(exports: Any) -> None:
    create(exports, "a")
    assert "already exists" in refused(exports.create_export, Export=wanted("a"))[1]
    arn = create(exports, "b")
    assert refused(exports.create_export, Export=wanted("c"))[0] == "ServiceQuotaExceededException"
    assert "already exists" in refused(exports.update_export, ExportArn=arn, Export=wanted("a"))[1]
    assert refused(exports.create_export, Export=wanted("with space"))[0] == "ValidationException"


def test_tags_are_kept_and_taken_away(exports: Any) -> None:
    tags = [{"Key": "owner", "Value": "ml"}]
    arn = exports.create_export(Export=wanted("focus"), ResourceTags=tags)["ExportArn"]
    exports.tag_resource(ResourceArn=arn, ResourceTags=[{"Key": "stage", "Value": "prod"}])
    exports.untag_resource(ResourceArn=arn, ResourceTagKeys=["owner"])
    assert exports.list_tags_for_resource(ResourceArn=arn)["ResourceTags"] == [{"Key": "stage", "Value": "prod"}]


def test_what_is_deleted_is_not_found(exports: Any) -> None:
    arn = create(exports, "focus")
    exports.delete_export(ExportArn=arn)
    assert refused(exports.get_export, ExportArn=arn)[0] == "ResourceNotFoundException"
    assert refused(exports.delete_export, ExportArn=arn)[0] == "ResourceNotFoundException"


def test_tables_tell_their_columns_and_settings(exports: Any) -> None:
    tables = {each["TableName"]: each["TableProperties"] for each in exports.list_tables()["Tables"]}
    assert tables.keys() == {"COST_AND_USAGE_REPORT", "FOCUS_1_0_AWS", "FOCUS_1_2_AWS"}
    assert tables["FOCUS_1_0_AWS"] == []
    plain = exports.get_table(TableName="COST_AND_USAGE_REPORT")["Schema"]
    whole = exports.get_table(TableName="COST_AND_USAGE_REPORT", TableProperties={"INCLUDE_RESOURCES": "TRUE"})
    assert {each["Name"] for each in whole["Schema"]} - {each["Name"] for each in plain} == {"line_item_resource_id"}
    assert refused(exports.get_table, TableName="FOCUS")[0] == "ValidationException"
    assert refused(exports.get_table, TableName="FOCUS_1_0_AWS", TableProperties={"A": "B"})[0] == "ValidationException"


def test_another_account_has_exports_of_its_own(exports: Any, client: Client) -> None:
    create(exports, "focus")
    assert client("bcm-data-exports", "444444444441").list_exports()["Exports"] == []
