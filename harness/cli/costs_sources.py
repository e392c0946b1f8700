"""Open the source of `tagrail costs` that its options name: files, S3, or a table in Athena."""

import datetime
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from harness.cli.place import root
from harness.costs.bill import Part, open_files
from harness.costs.engine import DuckDb, Engine
from harness.costs.model import Report
from harness.costs.report import Wanted
from harness.errors import TagrailError
from harness.operations.folders import STATE_FOLDER
from harness.operations.progress import say
from harness.targets.name import TargetName

AthenaTable = Annotated[
    str | None, typer.Option("--athena", metavar="DATABASE.TABLE", help="A bill that is a table in Athena.")
]
Workgroup = Annotated[str | None, typer.Option(help="Athena's workgroup; else primary.")]
Region = Annotated[str | None, typer.Option(help="Region of Athena's table; else the environment's, or boto3's.")]
Output = Annotated[
    str | None, typer.Option("--athena-output", metavar="s3://…", help="Folder of answers; else the workgroup's.")
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Ask again what was asked today: Athena and Cost Explorer bill it.")
]
CostExplorer = Annotated[
    bool, typer.Option("--cost-explorer", help="No bill: what Cost Explorer tells; each request is billed.")
]
MostRequests = Annotated[int, typer.Option("--most-requests", min=1, help="Requests that Cost Explorer may be sent.")]


class Asked(NamedTuple):
    """Hold the options that name a source, and whose credentials read it."""

    bills: Sequence[str]
    athena: str | None
    workgroup: str | None
    output: str | None
    region: str | None
    env: str | None
    target: TargetName | None
    fresh: bool
    cost_explorer: bool = False
    most_requests: int = 200


def cache_folder(kind: str) -> Path:
    """Return the folder that keeps what was fetched from one kind of source."""
    return root() / STATE_FOLDER / "cache" / "costs" / kind


def check_source(asked: Asked) -> None:
    """Refuse no source and more than one. Raises: TagrailError."""
    named = [name for name, is_named in _named(asked).items() if is_named]
    if len(named) != 1:
        got = " and ".join(named) or "none"
        rule = "costs: must have one source: files and folders, s3://BUCKET/PREFIX, --athena or --cost-explorer"
        raise TagrailError(f"{rule}; got {got}. Do name one")


def _named(asked: Asked) -> Mapping[str, bool]:
    return {"files": bool(asked.bills), "--athena": bool(asked.athena), "--cost-explorer": asked.cost_explorer}


def open_source(asked: Asked, connection: Any, scratch: Path) -> tuple[Sequence[Part], Engine]:
    """Return the parts of a bill and the engine that reads them. Raises: TagrailError as the source's module says."""
    if asked.athena:
        return _open_athena(asked, asked.athena)
    fetched = _fetch(asked)
    say(f"reading {', '.join(asked.bills)}")
    return open_files(asked.bills, connection, scratch, fetched), DuckDb()


def _fetch(asked: Asked) -> dict[str, Path]:
    places = [place for place in asked.bills if place.startswith("s3://")]
    if not places:
        return {}
    from harness.costs.bucket import fetch  # noqa: PLC0415 (loads botocore)

    client = Caller(asked).client("s3")
    return {place: fetch(place, client, cache_folder("s3"), say) for place in places}


def _open_athena(asked: Asked, name: str) -> tuple[Sequence[Part], Engine]:
    from harness.costs.athena import Athena, Place, open_table, parse_table  # noqa: PLC0415 (loads botocore, sqlglot)

    table = parse_table(name)
    caller = Caller(asked)
    today = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}"
    part = open_table(table, caller.client)
    cache = cache_folder("athena")
    place = Place(asked.workgroup or "", asked.output or "", cache, caller.identity(), today, asked.fresh)
    say(f"asking Athena for {table.shown}, which bills what it scans; answers are kept for the day in {cache}")
    return (part,), Athena(part, place, caller.client, say)


def explore(asked: Asked, connection: Any, wanted: Wanted, made: datetime.datetime) -> Report:
    """Return the report of what Cost Explorer tells; answers of AWS are kept for the day. Raises: TagrailError."""
    from harness.costs.explorer import Explorer, Memory  # noqa: PLC0415 (loads botocore)
    from harness.costs.explorer_report import explorer_report  # noqa: PLC0415 (loads botocore)

    caller = Caller(asked)
    folder = cache_folder("explorer") if caller.target.name == "aws" else None  # an emulator's time moves
    memory = Memory(folder, caller.identity(), f"{made:%Y-%m-%d}", asked.fresh)
    explorer = Explorer(caller.client("ce"), memory, asked.most_requests, say)
    report = explorer_report(explorer, connection, wanted, made)
    say(f"Cost Explorer: {explorer.sent} requests sent")
    return report


class Caller:
    """Give clients of the environment's target, or of the user's own AWS settings when none is named."""

    def __init__(self, asked: Asked) -> None:
        """Open the environment's session if one is named. Raises: TagrailError as open_session."""
        from harness.cli.session import open_target  # noqa: PLC0415 (loads botocore)
        from harness.targets.aws import make_aws_target  # noqa: PLC0415 (loads botocore)

        self._region = asked.region
        self._instance = ""
        if asked.env is not None:
            session = open_target(asked.env, asked.target, None, start=False)
            self.target, self._instance = session.target, session.instance or ""
            return
        self.target = make_aws_target(asked.region or _default_region())

    def client(self, service: str) -> Any:
        """Return a client. Raises: TagrailError for AWS settings that boto3 cannot use."""
        return self.target.client(service, self._region)

    def identity(self) -> str:
        """Return account and region, which what is kept belongs to. Raises: TagrailError when AWS does not tell."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (50 ms)

        from harness.targets.refusals import repair_of, said  # noqa: PLC0415 (loads botocore)

        try:
            account = self.target.client("sts").get_caller_identity()["Account"]
        except (ClientError, BotoCoreError) as error:
            repair = repair_of(error, "sts:GetCallerIdentity")
            raise TagrailError(f"AWS credentials: must be valid; got {said(error).rstrip('.')}. {repair}") from error
        return f"{self.target.name} {account} {self._region or self.target.region} {self._instance}"


def _default_region() -> str:
    import botocore.session  # noqa: PLC0415 (50 ms)

    found = botocore.session.get_session().get_config_variable("region") or os.environ.get("AWS_REGION")
    return str(found or "us-east-1")
