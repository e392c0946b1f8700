"""Define the options that several commands share; light, so that a command that takes them stays light."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from harness.report import Format
from harness.targets.name import TargetName

Env = Annotated[str, typer.Option("--env", "-e", help="Environment: a folder of envs/.")]
Target = Annotated[
    TargetName | None, typer.Option("--target", "-t", help="emulator, localstack or aws; else as env.yaml.")
]
Endpoints = Annotated[
    list[str] | None,
    typer.Option("--endpoint", metavar="SERVICE=URL", help="Send a service elsewhere; not with aws. Repeatable."),
]
Form = Annotated[Format, typer.Option("--format", "-f", help="text, json or junit.")]
TextOrJson = Annotated[Literal["text", "json"], typer.Option("--format", "-f", help="text or json.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before changing AWS.")]
Events = Annotated[
    list[Path] | None, typer.Option("--events", help="File of CloudTrail records, gzip too. Repeatable.")
]
Lookup = Annotated[int, typer.Option("--lookup", help="Days of the payer's CloudTrail to ask for, 90 at most.")]
SnapshotFile = Annotated[
    Path | None, typer.Option("--snapshot", help="File of tagrail snapshot, for the resources of all accounts.")
]
Port = Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="Port on loopback; 0 = a free one.")]
