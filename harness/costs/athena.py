"""Run a bill's queries in Athena, over an export that is a table there; only sums come back.

Each query costs by what it scans, so that the answer of one that has finished is kept for the day.
docs.aws.amazon.com/athena/latest/APIReference
"""

import csv
import hashlib
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from harness.costs.athena_sql import answer, column_type, translate
from harness.costs.bill import Part
from harness.costs.charges import charges_of, literal, quoted
from harness.costs.files import BillFile
from harness.costs.layout import recognise
from harness.errors import TagrailError
from harness.targets.refusals import kind_of_word, repair_of, said, word_of

_CATALOG: Final = "AwsDataCatalog"
_FIRST_WAIT: Final = 0.25  # seconds; doubled up to the longest
_LONGEST_WAIT: Final = 5.0
_SAID_EACH: Final = 10.0  # seconds between two lines of progress
_PAGE: Final = 1_000  # rows, the most that GetQueryResults gives
_MEBIBYTE: Final = 1 << 20
_CHUNK: Final = 1 << 20
_CSV: Final = (
    "header = true, all_varchar = true, nullstr = '', delim = ',', quote = '\"', escape = '\"', "
    "max_line_size = 16777216"
)

Clients = Callable[[str], Any]  # boto3 service -> client


class Table(NamedTuple):
    """Name a table of the Glue catalogue."""

    database: str
    name: str

    @property
    def shown(self) -> str:
        """Return it as people write it."""
        return f"{self.database}.{self.name}"


class Place(NamedTuple):
    """Say where queries run and their answers go: workgroup, S3 folder ("" for the workgroup's), folder of the cache.

    `identity` tells one account and region from another, whose tables may have the same names; `day` is today.
    """

    workgroup: str
    output: str
    cache: Path
    identity: str
    day: str
    fresh: bool = False


def parse_table(text: str) -> Table:
    """Return the table that an option names. Raises: TagrailError for what is not DATABASE.TABLE.

    >>> parse_table("billing.cur2")
    Table(database='billing', name='cur2')
    """
    database, _, name = text.partition(".")
    if not database or not name or "." in name:
        raise TagrailError(f'--athena "{text}": must be DATABASE.TABLE of the Glue catalogue. Do write billing.cur2')
    return Table(database, name)


def open_table(table: Table, clients: Clients) -> Part:
    """Return a table as the part of a bill.

    Raises: TagrailError for a table that is not there, may not be read, or is no bill.
    """
    types = {name: column_type(kind) for name, kind in _columns(table, clients)}
    layout = recognise(list(types), table.shown)
    file = BillFile(Path(table.shown), f"Athena {table.shown}", table.shown, "")
    source = f"{quoted(table.database)}.{quoted(table.name)}"
    return Part(table.shown, (file,), source, types, layout, charges_of(layout, types))


def _columns(table: Table, clients: Clients) -> list[tuple[str, str]]:
    """Return name and type of each column, partitions last; who may not ask Glue asks Athena, which asks it too."""
    try:
        found = clients("glue").get_table(DatabaseName=table.database, Name=table.name)["Table"]
        held = [*found.get("StorageDescriptor", {}).get("Columns", ()), *found.get("PartitionKeys", ())]
    except (ClientError, BotoCoreError) as error:
        if kind_of_word(word_of(error)) != "denied":
            raise _no_table(table, error, "glue:GetTable") from error
        held = _columns_by_athena(table, clients)
    return [(column["Name"], column.get("Type", "string")) for column in held]


def _columns_by_athena(table: Table, clients: Clients) -> list[Any]:
    try:
        found = clients("athena").get_table_metadata(
            CatalogName=_CATALOG, DatabaseName=table.database, TableName=table.name
        )["TableMetadata"]
    except (ClientError, BotoCoreError) as error:
        raise _no_table(table, error, "glue:GetTable, athena:GetTableMetadata") from error
    return [*found.get("Columns", ()), *found.get("PartitionKeys", ())]


def _no_table(table: Table, error: ClientError | BotoCoreError, action: str) -> TagrailError:
    repair = repair_of(error, action)
    if word_of(error) in ("EntityNotFoundException", "MetadataException"):
        repair = "Do check name and --region; docs.aws.amazon.com/cur/latest/userguide/cur-query-athena.html makes one"
    return TagrailError(f"--athena {table.shown}: must be a table of the Glue catalogue; got {said(error)}. {repair}")


class Athena:
    """Run queries in Athena."""

    name = "Athena"

    def __init__(
        self,
        part: Part,
        place: Place,
        clients: Clients,
        say: Callable[[str], None],
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take the table to query; `say` tells what goes on, `wait` sleeps."""
        self._types = part.types
        self._database = part.export.partition(".")[0]
        self._place = place
        self._clients = clients
        self._say = say
        self._wait = wait
        self.scanned = 0  # bytes of all queries

    def relation(self, sql: str) -> str:
        """Return what reads the answer of a query, which is run unless today's answer is still there.

        Raises: TagrailError with Athena's reason for a query that it refuses or that fails. On KeyboardInterrupt, which
        goes on, the query is stopped: what it has scanned by then is billed all the same.
        """
        translated = translate(sql, self._types)
        file = self._file(translated.sql)
        if not file.exists() or self._place.fresh:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._fetch(self._run(translated.sql), file)
        return answer(f"read_csv({literal(str(file))}, {_CSV})", translated)

    def _file(self, sql: str) -> Path:
        """Return the file that keeps an answer; another day, account or query has another."""
        told = "\0".join((self._place.identity, self._place.day, self._database, sql))
        return self._place.cache / f"{self._place.day}-{hashlib.sha256(told.encode()).hexdigest()[:32]}.csv"

    def _run(self, sql: str) -> dict[str, Any]:
        """Return the execution of a query that has succeeded."""
        client = self._clients("athena")
        asked: dict[str, Any] = {
            "QueryString": sql,
            "QueryExecutionContext": {"Database": self._database, "Catalog": _CATALOG},
        }
        if self._place.workgroup:
            asked["WorkGroup"] = self._place.workgroup
        if self._place.output:
            asked["ResultConfiguration"] = {"OutputLocation": self._place.output}
        try:
            identifier = client.start_query_execution(**asked)["QueryExecutionId"]
        except (ClientError, BotoCoreError) as error:
            raise self._refused(error, "athena:StartQueryExecution") from error
        try:
            return self._finished(client, identifier)
        except KeyboardInterrupt:
            self._stop(client, identifier)
            raise

    def _stop(self, client: Any, identifier: str) -> None:
        try:
            client.stop_query_execution(QueryExecutionId=identifier)
        except (ClientError, BotoCoreError) as error:
            self._say(f"Athena query {identifier} may go on: {said(error)}. Do stop it in the console")
        else:
            self._say(f"stopped Athena query {identifier}")

    def _finished(self, client: Any, identifier: str) -> dict[str, Any]:
        """Wait for the end of a query. Raises: TagrailError with Athena's reason if it is no success."""
        pause, since_said = _FIRST_WAIT, 0.0
        while True:
            try:
                execution: dict[str, Any] = client.get_query_execution(QueryExecutionId=identifier)["QueryExecution"]
            except (ClientError, BotoCoreError) as error:
                raise self._refused(error, "athena:GetQueryExecution") from error
            state = execution["Status"]["State"]
            scanned = execution.get("Statistics", {}).get("DataScannedInBytes", 0)
            if state not in ("QUEUED", "RUNNING"):
                break
            if since_said >= _SAID_EACH:
                self._say(f"Athena: {state.lower()}, {scanned / _MEBIBYTE:,.1f} MiB scanned")
                since_said = 0.0
            self._wait(pause)
            since_said += pause
            pause = min(pause * 2, _LONGEST_WAIT)
        self.scanned += scanned
        if state != "SUCCEEDED":
            raise self._failed(execution, identifier)
        self._say(f"Athena: {scanned / _MEBIBYTE:,.1f} MiB scanned, {self.scanned / _MEBIBYTE:,.1f} in all")
        return execution

    def _failed(self, execution: dict[str, Any], identifier: str) -> TagrailError:
        status = execution["Status"]
        reason = str(
            status.get("StateChangeReason") or status.get("AthenaError", {}).get("ErrorMessage") or "no reason"
        )
        repair = "Do run the query of this id in Athena's console to see more"
        if re.search(r"bytes scanned limit|data usage control", reason, re.IGNORECASE):
            repair = "Do raise the limit of the workgroup, or name another by --workgroup"
        elif re.search(r"access denied|not authorized|insufficient", reason, re.IGNORECASE):
            repair = "Do allow s3:GetObject and s3:ListBucket of the table's bucket, and the table in Lake Formation"
        state = str(status["State"]).lower()
        return TagrailError(f"Athena query {identifier}: must succeed; it {state}: {reason.rstrip('.')}. {repair}")

    def _refused(self, error: ClientError | BotoCoreError, action: str) -> TagrailError:
        repair = repair_of(error, action)
        text = said(error)
        if "output location" in text.lower() or "outputlocation" in text.lower():
            repair = "Do pass --athena-output s3://BUCKET/FOLDER/, or a --workgroup that has one"
        elif "workgroup" in text.lower() and kind_of_word(word_of(error)) == "refused":
            repair = "Do name another by --workgroup"
        return TagrailError(f"Athena: must run the query; got {text.rstrip('.')}. {repair}")

    def _fetch(self, execution: dict[str, Any], file: Path) -> None:
        """Write the answer as CSV: from S3, or by pages where the caller may not read that bucket."""
        partial = file.with_suffix(".part")
        location = str(execution.get("ResultConfiguration", {}).get("OutputLocation", ""))
        if not self._copied(location, partial):
            with partial.open("w", encoding="utf-8", newline="") as content:
                csv.writer(content, quoting=csv.QUOTE_ALL).writerows(self._pages(execution["QueryExecutionId"]))
        partial.replace(file)

    def _copied(self, location: str, file: Path) -> bool:
        bucket, _, key = location.removeprefix("s3://").partition("/")
        if not location.startswith("s3://") or not key:
            return False
        try:
            body = self._clients("s3").get_object(Bucket=bucket, Key=key)["Body"]
            with file.open("wb") as content:
                for chunk in body.iter_chunks(_CHUNK):
                    content.write(chunk)
        except (ClientError, BotoCoreError) as error:
            self._say(f"{location}: {said(error)}; asking Athena for the answer page by page")
            return False
        return True

    def _pages(self, identifier: str) -> Iterator[list[str]]:
        client = self._clients("athena")
        token: dict[str, str] = {}
        while True:
            try:
                page = client.get_query_results(QueryExecutionId=identifier, MaxResults=_PAGE, **token)
            except (ClientError, BotoCoreError) as error:
                raise self._refused(error, "athena:GetQueryResults") from error
            for row in page["ResultSet"]["Rows"]:
                yield [cell.get("VarCharValue", "") for cell in row["Data"]]
            if not page.get("NextToken"):
                return
            token = {"NextToken": page["NextToken"]}
