"""Exports, bucket and catalog as they are read: what is there, what is not, and what could not be looked at."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from harness.state import CatalogScope, CostExportScope, LiveExportBucket, LiveKey, Unreadable, read_bucket_size
from harness.state.cost_exports import CostExportClients, read_cost_exports
from tests.unit.emulator.conftest import Client, client, emulator
from tests.unit.emulator.test_data_exports import BUCKET, FOCUS, create, exports

__all__ = ["client", "emulator", "exports"]

pytestmark = pytest.mark.emulator
SCOPE = CostExportScope(frozenset({"a", "gone"}), BUCKET, CatalogScope("bill", ("a", "b"), "queries"))


@pytest.fixture
def clients(client: Client) -> CostExportClients:
    return CostExportClients(*(client(name) for name in ("bcm-data-exports", "s3", "glue", "athena", "kms")))


@pytest.fixture
def bill(client: Client) -> Iterator[Any]:
    glue = client("glue")
    glue.create_database(DatabaseInput={"Name": "bill"})
    yield glue
    glue.delete_database(Name="bill")


class Denied:
    """A client whose every call is denied."""

    def __getattr__(self, name: str) -> Any:
        def deny(*_: Any, **__: Any) -> Any:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, name)

        return deny


def test_what_is_there_is_read(exports: Any, clients: CostExportClients, bill: Any) -> None:
    arn = create(exports, "a")
    create(exports, "foreign")
    storage = {"Columns": [{"Name": "billedcost", "Type": "double"}], "Location": "s3://x/"}
    bill.create_table(DatabaseName="bill", TableInput={"Name": "a", "StorageDescriptor": storage})
    clients.athena.create_work_group(Name="queries")
    live = read_cost_exports(clients, SCOPE)
    clients.athena.delete_work_group(WorkGroup="queries")
    assert not isinstance(live.exports, Unreadable)
    assert set(live.exports) == {"a"}
    held = live.exports["a"]
    assert not isinstance(held, Unreadable)
    assert (held.arn, held.statement, held.bucket, held.status) == (arn, FOCUS, BUCKET, "HEALTHY")
    assert live.catalog
    assert live.catalog.database is True
    table = live.catalog.tables["a"]
    assert table
    assert not isinstance(table, Unreadable)
    assert (table.columns, table.location, table.partitions) == ((("billedcost", "double"),), "s3://x/", ())
    assert live.catalog.tables["b"] is None
    assert live.catalog.workgroup
    assert not isinstance(live.catalog.workgroup, Unreadable)
    assert (live.catalog.workgroup.enabled, live.catalog.workgroup.scan_limit) == (True, None)


def test_a_bare_bucket_has_nothing_that_protects_it(exports: Any, clients: CostExportClients) -> None:
    clients.s3.delete_bucket_policy(Bucket=BUCKET)
    bucket = read_cost_exports(clients, SCOPE).bucket
    assert isinstance(bucket, LiveExportBucket)
    assert (bucket.policy, bucket.public_access, bucket.lifecycle) == (None, {}, {})
    assert (bucket.versioning, bucket.ownership) == ("never enabled", "ObjectWriter")


def test_what_is_not_there_is_none(clients: CostExportClients) -> None:
    live = read_cost_exports(clients, CostExportScope(frozenset({"x"}), "no-such-bucket", SCOPE.catalog))
    assert (live.exports, live.bucket) == ({}, None)
    assert live.catalog
    assert (live.catalog.database, live.catalog.tables, live.catalog.workgroup) == (False, {"a": None, "b": None}, None)


@pytest.mark.parametrize(
    ("rules", "lifecycle"),
    [
        ([{"Status": "Disabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}], {}),
        ([{"Filter": {"Prefix": "a/"}, "Expiration": {"Days": 9}}], {"expiry": {"a/": 9}}),
        ([{"Prefix": "a/", "Expiration": {"Days": 9}}], {"expiry": {"a/": 9}}),
        ([{"Filter": {}, "Expiration": {"Days": 9}}], {"expiry": {"": 9}}),
        ([{"Filter": {}, "Expiration": {"Days": days}} for days in (9, 3)], {"expiry": {"": 3}}),
        ([{"Filter": {"Tag": {"Key": "a", "Value": "b"}}, "Expiration": {"Days": 9}}], {"expiry": {" tagged a=b": 9}}),
        (
            [
                {
                    "Filter": {"And": {"Prefix": "a/", "Tags": [{"Key": "a", "Value": "b"}]}},
                    "Expiration": {"Days": 9},
                }
            ],
            {"expiry": {"a/ tagged a=b": 9}},
        ),
        (
            [
                {
                    "Filter": {},
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                    "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
                    "NoncurrentVersionTransitions": [{"NoncurrentDays": 3, "StorageClass": "GLACIER"}],
                }
            ],
            {
                "expiry of earlier versions": {"": 1},
                "end of unfinished uploads": {"": 7},
                "transition to GLACIER": {"": 30},
                "transition of earlier versions to GLACIER": {"": 3},
            },
        ),
    ],
)
def test_rules_of_the_lifecycle_are_read(
    exports: Any, clients: CostExportClients, rules: list[dict[str, Any]], lifecycle: dict[str, dict[str, int]]
) -> None:
    named = [{"ID": str(number), "Status": "Enabled", **rule} for number, rule in enumerate(rules)]
    clients.s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": named})
    bucket = read_cost_exports(clients, SCOPE).bucket
    assert isinstance(bucket, LiveExportBucket)
    assert bucket.lifecycle == lifecycle


def test_the_key_of_the_bucket_is_read_with_its_policy(client: Client, clients: CostExportClients) -> None:
    kms = client("kms")
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    key = read_cost_exports(clients, dataclasses.replace(SCOPE, kms_key_arn=arn)).key
    kms.schedule_key_deletion(KeyId=arn.rsplit("/", 1)[1], PendingWindowInDays=7)
    assert isinstance(key, LiveKey)
    assert (key.id, key.state, key.managed_by_aws) == (arn, "Enabled", False)
    assert key.policy
    assert read_cost_exports(clients, SCOPE).key is None


def test_each_part_that_is_denied_is_unreadable() -> None:
    scope = dataclasses.replace(SCOPE, kms_key_arn="arn:aws:kms:eu-central-1:111111111111:key/1")
    live = read_cost_exports(CostExportClients(*(Denied() for _ in range(5))), scope)
    assert live.catalog
    parts: tuple[object, ...] = (
        live.key,
        live.exports,
        live.bucket,
        live.catalog.database,
        live.catalog.workgroup,
        *live.catalog.tables.values(),
    )
    assert all(isinstance(part, Unreadable) and part.code == "AccessDeniedException" for part in parts)


def test_a_bucket_is_counted_with_its_versions(exports: Any, clients: CostExportClients) -> None:
    assert read_bucket_size(clients.s3, BUCKET) == 0
    assert read_bucket_size(clients.s3, "no-such-bucket") is None
    create(exports, "a")
    assert read_bucket_size(clients.s3, BUCKET) == 1
