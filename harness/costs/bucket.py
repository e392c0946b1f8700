"""Fetch a bill from S3: what its manifests say counts, once each, into a folder that later runs go on with.

docs.aws.amazon.com/AmazonS3/latest/API
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any, Final, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from harness.costs.files import SUFFIXES, chosen_files
from harness.errors import TagrailError
from harness.targets.refusals import code_of, repair_of, said

SCHEME: Final = "s3://"
_INDEX: Final = ".fetched.json"
_MANIFEST: Final = "manifest.json"
_AT_ONCE: Final = 8
_TRIES: Final = 4  # of a file whose transfer breaks off
_CHUNK: Final = 1 << 20
_GIBIBYTE: Final = 1 << 30
_SAID_EACH: Final = 10.0  # seconds


class _Object(NamedTuple):
    """Hold an object of a listing; `name` is its key below the prefix."""

    key: str
    name: str
    etag: str
    size: int


class _Bill(NamedTuple):
    """Hold what is fetched from where to where."""

    client: Any
    bucket: str
    place: str
    folder: Path


def fetch(place: str, client: Any, cache: Path, say: Callable[[str], None]) -> Path:
    """Fetch a bill at `s3://bucket/prefix` and return the folder in `cache` that then holds the same files.

    Manifests come first, so that deliveries that they supersede are not fetched. A file is fetched again only when its
    ETag has changed; a transfer that broke off goes on where it ended.

    Raises: TagrailError for a place that is not there, may not be read or holds no bill, and a file that cannot be
    fetched.
    """
    bucket, _, prefix = place.removeprefix(SCHEME).partition("/")
    if not bucket:
        raise TagrailError(f"{place}: must be s3://BUCKET/PREFIX; got no bucket. Do name it")
    known = hashlib.sha256(f"{client.meta.endpoint_url} {bucket}/{prefix}".encode()).hexdigest()[:16]
    bill = _Bill(client, bucket, place.rstrip("/"), cache / f"{bucket}-{known}")
    objects = {one.name: one for one in _listed(bill, prefix)}
    if not objects:
        raise TagrailError(f"{place}: must hold an export; nothing is there. Do check bucket and prefix")
    bill.folder.mkdir(parents=True, exist_ok=True)
    fetched = _read_index(bill.folder)
    _remove_gone(bill.folder, objects, fetched)
    manifests = [one for name, one in objects.items() if name.lower().endswith(_MANIFEST)]
    _fetch_all(bill, manifests, fetched, say)
    held = [bill.folder / name for name in objects]
    named = [file.path.relative_to(bill.folder).as_posix() for file in chosen_files(held, bill.folder, bill.place)]
    _fetch_all(bill, [objects[name] for name in named], fetched, say)
    return bill.folder


def _listed(bill: _Bill, prefix: str) -> Iterator[_Object]:
    """Yield the objects below a prefix that are files of a bill, or the one object that it names."""
    try:
        pages = bill.client.get_paginator("list_objects_v2").paginate(Bucket=bill.bucket, Prefix=prefix)
        held = [found for page in pages for found in page.get("Contents", ())]
    except (ClientError, BotoCoreError) as error:
        raise _refused(bill.place, error, "s3:ListBucket") from error
    for found in held:
        key = str(found["Key"])
        name = _below(key, prefix)
        if name and name.lower().endswith((*SUFFIXES, _MANIFEST)):
            if any(part in ("", ".", "..") for part in name.split("/")) or "\\" in name:
                raise TagrailError(f"{SCHEME}{bill.bucket}/{key}: must be a key that can be a path. Do rename it")
            yield _Object(key, name, str(found["ETag"]).strip('"'), int(found["Size"]))


def _below(key: str, prefix: str) -> str:
    """Return the key below a prefix that is a folder or the object itself, "" for another that only begins alike.

    >>> _below("cur/data/a.csv", "cur"), _below("cur2/a.csv", "cur"), _below("cur/a.csv", "cur/a.csv")
    ('data/a.csv', '', 'a.csv')
    """
    if key == prefix:
        return key.rpartition("/")[2]
    folder = f"{prefix.rstrip('/')}/" if prefix else ""
    return key.removeprefix(folder) if key.startswith(folder) else ""


def _read_index(folder: Path) -> dict[str, str]:
    """Return name -> ETag of what has been fetched to its end; an index that is broken is none."""
    try:
        found = json.loads((folder / _INDEX).read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(name): str(etag) for name, etag in found.items()} if isinstance(found, dict) else {}


def _remove_gone(folder: Path, objects: Mapping[str, _Object], fetched: dict[str, str]) -> None:
    """Remove the files that are no longer in the bucket, or are others there now."""
    for name in list(fetched):
        if name not in objects or objects[name].etag != fetched[name]:
            (folder / name).unlink(missing_ok=True)
            del fetched[name]


def _fetch_all(bill: _Bill, wanted: Sequence[_Object], fetched: dict[str, str], say: Callable[[str], None]) -> None:
    absent = [one for one in wanted if fetched.get(one.name) != one.etag or not (bill.folder / one.name).is_file()]
    if not absent:
        return
    size = sum(one.size for one in absent)
    say(f"fetching {len(absent)} of {len(wanted)} files, {size / _GIBIBYTE:.2f} GiB, from {bill.place}")
    done, since = 0, time.monotonic()
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        running = {pool.submit(_fetch_one, bill, one): one for one in absent}
        for number, future in enumerate(as_completed(running), start=1):
            future.result()
            one = running[future]
            fetched[one.name] = one.etag
            _write_index(bill.folder, fetched)
            done += one.size
            if time.monotonic() - since >= _SAID_EACH:
                since = time.monotonic()
                say(f"fetched {number} of {len(absent)} files, {done / _GIBIBYTE:.2f} of {size / _GIBIBYTE:.2f} GiB")
    finally:
        pool.shutdown(cancel_futures=True)


def _write_index(folder: Path, fetched: Mapping[str, str]) -> None:
    partial = folder / f"{_INDEX}.part"
    partial.write_text(json.dumps(fetched), encoding="utf-8")
    partial.replace(folder / _INDEX)


def _fetch_one(bill: _Bill, one: _Object) -> None:
    """Fetch a file, going on where an earlier try or run ended; its ETag tells that it is still the same file."""
    file = bill.folder / one.name
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.{re.sub(r'[^0-9A-Za-z-]', '', one.etag)}.part")
    for number in range(1, _TRIES + 1):
        try:
            _transfer(bill, one, partial)
            break
        except ClientError as error:
            raise _refused(f"{SCHEME}{bill.bucket}/{one.key}", error, "s3:GetObject") from error
        except (BotoCoreError, OSError) as error:
            if number == _TRIES or (
                isinstance(error, OSError) and not isinstance(error, ConnectionError | TimeoutError)
            ):
                rule = f"{SCHEME}{bill.bucket}/{one.key}: must be fetched to its end"
                raise TagrailError(
                    f"{rule}; got {error}. Do run the same command again, which goes on there"
                ) from error
    partial.replace(file)


def _transfer(bill: _Bill, one: _Object, partial: Path) -> None:
    start = partial.stat().st_size if partial.exists() else 0
    if start > one.size:
        partial.unlink()
        start = 0
    if start == one.size and start:
        return
    asked = {"Range": f"bytes={start}-"} if start else {}
    body = bill.client.get_object(Bucket=bill.bucket, Key=one.key, IfMatch=f'"{one.etag}"', **asked)["Body"]
    with partial.open("ab") as content:
        for chunk in body.iter_chunks(_CHUNK):
            content.write(chunk)


def _refused(place: str, error: ClientError | BotoCoreError, action: str) -> TagrailError:
    repair = repair_of(error, action)
    code = code_of(error) if isinstance(error, ClientError) else ""
    if code in ("AccessDenied", "403"):
        repair = f"Do allow {action}, and kms:Decrypt where the bucket is encrypted with a key of your own"
    elif code == "NoSuchBucket":
        repair = "Do check the bucket's name"
    elif code == "InvalidObjectState":
        repair = "Do restore it from its archive class first"
    elif code in ("PreconditionFailed", "412", "NoSuchKey"):
        repair = "Do run the command again: AWS has delivered anew in the meantime"
    return TagrailError(f"{place}: must be readable; got {said(error).rstrip('.')}. {repair}")
