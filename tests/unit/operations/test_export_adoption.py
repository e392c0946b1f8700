"""Exports, bucket, database and workgroup that the state lost are adopted by their tags, and foreign ones refused."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.documents import render_cost_exports
from harness.emulator.process import start, stop
from harness.errors import TagrailError
from harness.operations.addresses import COST_EXPORT
from harness.operations.adoption import adopt
from harness.operations.cost_exports import BUCKET, bucket_addresses
from harness.operations.planning import live_state
from harness.operations.session import Session
from harness.project import load_project
from harness.targets.emulator import make_emulator_target

pytestmark = pytest.mark.emulator

ROOT = Path(__file__).resolve().parents[3]
NAME, FOCUS = "anycompany-billing-111111111111", "anycompany-focus"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """The local environment on an emulator of its own, to which nothing was applied."""
    running = start("adoption", tmp_path, ROOT / "envs/local/organization.yaml")
    project = load_project(ROOT, ["local"])
    target = make_emulator_target(running.url, "eu-central-1")
    yield Session(tmp_path, "local", project.dictionary, project.environments["local"], target, running.instance_id)
    stop("adoption", tmp_path)


def tags(session: Session) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in session.environment.resource_tags.items()]


def make_bucket(session: Session, tagged: list[dict[str, str]]) -> None:
    s3, documents = session.target.client("s3"), render_cost_exports(session.environment)
    assert documents
    s3.create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_bucket_policy(Bucket=NAME, Policy=json.dumps(documents.bucket.policy))
    if tagged:
        s3.put_bucket_tagging(Bucket=NAME, Tagging={"TagSet": tagged})


def make_rest(session: Session, tagged: list[dict[str, str]]) -> str:
    """Make what stands beside the bucket, and return the ARN of the export."""
    documents = render_cost_exports(session.environment)
    assert documents
    document = documents.exports[FOCUS]
    output = {"OutputType": "CUSTOM", "Format": "PARQUET", "Compression": "PARQUET", "Overwrite": "OVERWRITE_REPORT"}
    destination = {"S3Bucket": NAME, "S3Prefix": "exports", "S3Region": "eu-central-1"}
    export: dict[str, Any] = {
        "Name": FOCUS,
        "DataQuery": {
            "QueryStatement": document.statement,
            "TableConfigurations": {document.table: document.settings},
        },
        "DestinationConfigurations": {"S3Destination": {**destination, "S3OutputConfigurations": output}},
        "RefreshCadence": {"Frequency": "SYNCHRONOUS"},
    }
    client, glue = session.target.client("bcm-data-exports"), session.target.client("glue")
    arn = client.create_export(Export=export, ResourceTags=tagged)["ExportArn"]
    glue.create_database(DatabaseInput={"Name": "anycompany_costs"}, Tags={tag["Key"]: tag["Value"] for tag in tagged})
    glue.create_table(DatabaseName="anycompany_costs", TableInput={"Name": "focus"})
    session.target.client("athena").create_work_group(Name="anycompany-costs", Tags=tagged)
    return str(arn)


def test_what_carries_the_tags_is_adopted(session: Session) -> None:
    make_bucket(session, tags(session))
    arn = make_rest(session, tags(session))
    found = {orphan.address: orphan.id for orphan in adopt(session, live_state(session), ())}
    assert found == {
        f'{COST_EXPORT}.aws_bcmdataexports_export.this["{FOCUS}"]': arn,
        BUCKET: NAME,
        f'{COST_EXPORT}.aws_glue_catalog_database.this["costs"]': "111111111111:anycompany_costs",
        f'{COST_EXPORT}.aws_glue_catalog_table.this["focus"]': "111111111111:anycompany_costs:focus",
        f'{COST_EXPORT}.aws_athena_workgroup.this["costs"]': "anycompany-costs",
    }


def test_what_is_in_the_state_is_none_that_was_left(session: Session) -> None:
    make_bucket(session, tags(session))
    assert adopt(session, live_state(session), (BUCKET,)) == ()


def test_what_only_has_the_name_is_refused(session: Session) -> None:
    make_bucket(session, [])
    make_rest(session, [{"Key": "owner", "Value": "somebody"}])
    with pytest.raises(TagrailError) as failure:
        adopt(session, live_state(session), ())
    lines = str(failure.value).splitlines()
    kinds = ("cost export", "export bucket", "cost database", "workgroup")
    assert [line.startswith(kind) for line, kind in zip(lines, kinds, strict=True)] == [True] * 4
    assert all("must carry env.yaml's resource_tags to be adopted" in line for line in lines)


def test_the_bucket_goes_with_all_that_protects_it() -> None:
    protections = [f"{COST_EXPORT}.aws_s3_bucket_policy.this", f"{COST_EXPORT}.aws_s3_bucket_versioning.this"]
    held = [BUCKET, *protections, f"{COST_EXPORT}.aws_athena_workgroup.this", "aws_s3_bucket.other"]
    assert bucket_addresses(held) == [BUCKET, *protections]
