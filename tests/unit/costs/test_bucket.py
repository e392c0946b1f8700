"""A bill in S3 is fetched once, without what was superseded, and a transfer that broke off goes on."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, IncompleteReadError
from moto import mock_aws

from harness.costs.bill import open_files
from harness.costs.bucket import fetch
from harness.costs.engine import DuckDb, connect
from harness.costs.report import make_reports
from harness.errors import TagrailError
from tests.unit.costs.bills import NOW, WANTED, focus

BUCKET = "anycompany-billing"
OLD, NEW = "20261005T010203Z-abc", "20261006T010203Z-abd"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        yield Watched(client)


class Watched:
    """Pass calls on to a client, and remember which objects were asked for."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.got: list[tuple[str, str]] = []
        self.meta = client.meta
        self.breaks: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    def get_object(self, **asked: Any) -> Any:
        self.got.append((asked["Key"], asked.get("Range", "")))
        answer = self.client.get_object(**asked)
        return {"Body": Breaking(answer["Body"], self.breaks.pop(0))} if self.breaks else answer


class Breaking:
    """Be the body of an answer that ends too early."""

    def __init__(self, body: Any, most: int) -> None:
        self.body, self.most = body, most

    def iter_chunks(self, _size: int) -> Iterator[bytes]:
        yield self.body.read(self.most)
        raise IncompleteReadError(actual_bytes=self.most, expected_bytes=10_000)


def csv_of(*amounts: str) -> bytes:
    lines = [focus(BilledCost=amount, EffectiveCost=amount) for amount in amounts]
    return "\n".join([",".join(lines[0]), *(",".join(line.values()) for line in lines), ""]).encode()


def put(s3: Any, key: str, content: bytes) -> None:
    s3.client.put_object(Bucket=BUCKET, Key=key, Body=content)


def put_export(s3: Any) -> None:
    """Put an export that was delivered twice, of which the manifest names the second."""
    for delivery, amount in ((OLD, "1.00"), (NEW, "2.00")):
        put(s3, f"x/cur/data/BILLING_PERIOD=2026-10/{delivery}/a.csv", csv_of(amount))
    manifest = {"dataFiles": [f"s3://{BUCKET}/x/cur/data/BILLING_PERIOD=2026-10/{NEW}/a.csv"]}
    put(s3, "x/cur/metadata/BILLING_PERIOD=2026-10/cur-Manifest.json", json.dumps(manifest).encode())
    put(s3, "x/cur2/data/BILLING_PERIOD=2026-10/a.csv", csv_of("5.00"))


def total(folder: Path, tmp_path: Path, place: str) -> str:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    connection = connect(256, 1, str(scratch))
    parts = open_files([place], connection, scratch, {place: folder})
    (report,) = make_reports(parts, DuckDb(), connection, WANTED, NOW)
    return str(report.total.billed.normalize())


def data_of(s3: Any) -> list[str]:
    return sorted(key for key, _ in s3.got if key.endswith(".csv"))


def test_superseded_deliveries_are_not_fetched(s3: Any, tmp_path: Path) -> None:
    put_export(s3)
    said: list[str] = []

    folder = fetch(f"s3://{BUCKET}/x/cur", s3, tmp_path / "cache", said.append)

    assert data_of(s3) == [f"x/cur/data/BILLING_PERIOD=2026-10/{NEW}/a.csv"]
    assert total(folder, tmp_path, f"s3://{BUCKET}/x/cur") == "2"
    assert [text.partition(",")[0] for text in said] == ["fetching 1 of 1 files"] * 2


def test_only_what_is_new_is_fetched_again(s3: Any, tmp_path: Path) -> None:
    place = f"s3://{BUCKET}/x/"
    put(s3, "x/2026-09/a.csv", csv_of("1.00"))
    put(s3, "x/2026-10/b.csv", csv_of("2.00"))
    fetch(place, s3, tmp_path, print)
    s3.got.clear()
    put(s3, "x/2026-10/b.csv", csv_of("3.00"))
    put(s3, "x/2026-11/c.csv", csv_of("4.00"))
    s3.client.delete_object(Bucket=BUCKET, Key="x/2026-09/a.csv")

    folder = fetch(place, s3, tmp_path, print)

    assert data_of(s3) == ["x/2026-10/b.csv", "x/2026-11/c.csv"]
    assert total(folder, tmp_path, place) == "7"
    s3.got.clear()
    fetch(place, s3, tmp_path, print)
    assert s3.got == []


def test_transfer_that_breaks_off_goes_on_where_it_ended(s3: Any, tmp_path: Path) -> None:
    put(s3, "x/a.csv", csv_of(*["1.00"] * 100))
    s3.breaks = [500, 300]

    folder = fetch(f"s3://{BUCKET}/x", s3, tmp_path, print)

    assert s3.got == [("x/a.csv", ""), ("x/a.csv", "bytes=500-"), ("x/a.csv", "bytes=800-")]
    assert (folder / "a.csv").read_bytes() == csv_of(*["1.00"] * 100)


def test_later_run_goes_on_too(s3: Any, tmp_path: Path) -> None:
    put(s3, "x/a.csv", csv_of(*["1.00"] * 100))
    s3.breaks = [100] * 4
    with pytest.raises(TagrailError, match=r"x/a\.csv: must be fetched to its end; .* Do run the same command again"):
        fetch(f"s3://{BUCKET}/x", s3, tmp_path, print)
    s3.got.clear()

    folder = fetch(f"s3://{BUCKET}/x", s3, tmp_path, print)

    assert s3.got == [("x/a.csv", "bytes=400-")]
    assert (folder / "a.csv").read_bytes() == csv_of(*["1.00"] * 100)


def test_object_itself_can_be_named(s3: Any, tmp_path: Path) -> None:
    put(s3, "x/a.csv", csv_of("1.00"))
    put(s3, "x/a.csv.old.csv", csv_of("2.00"))
    place = f"s3://{BUCKET}/x/a.csv"

    assert total(fetch(place, s3, tmp_path / "cache", print), tmp_path, place) == "1"


def test_messages_name_the_place_in_s3(s3: Any, tmp_path: Path) -> None:
    put(s3, "x/a.csv", b"color,size\nred,1\n")
    place = f"s3://{BUCKET}/x"
    folder = fetch(place, s3, tmp_path / "cache", print)

    with pytest.raises(TagrailError, match=rf"{place}/a\.csv: must have costs"):
        total(folder, tmp_path, place)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("s3://", "must be s3://BUCKET/PREFIX"),
        (f"s3://{BUCKET}/empty", "must hold an export; nothing is there"),
        ("s3://no-such-bucket-of-ours/x", "Do check the bucket's name"),
    ],
)
def test_wrong_place_is_named(s3: Any, tmp_path: Path, place: str, message: str) -> None:
    with pytest.raises(TagrailError, match=message):
        fetch(place, s3, tmp_path, print)


def test_key_that_leaves_the_folder_is_refused(s3: Any, tmp_path: Path) -> None:
    put(s3, "x/../../evil.csv", csv_of("1.00"))

    with pytest.raises(TagrailError, match="must be a key that can be a path"):
        fetch(f"s3://{BUCKET}/x", s3, tmp_path, print)


def test_refused_file_names_the_permission(s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(s3, "x/a.csv", csv_of("1.00"))

    def refuse(**_: Any) -> Any:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "Access Denied"}}, "GetObject")

    monkeypatch.setattr(s3, "get_object", refuse)
    with pytest.raises(TagrailError, match=r"x/a\.csv: must be readable; .* Do allow s3:GetObject, and kms:Decrypt"):
        fetch(f"s3://{BUCKET}/x", s3, tmp_path, print)
