"""Define the options that the commands of `tagrail repair` share."""

from pathlib import Path
from typing import Annotated

import typer

Plan = Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="A plan of tagrail repair plan.")]
Role = Annotated[
    str | None,
    typer.Option("--role", help="Role of every member account, to tag; else env.yaml's audit_role.repair."),
]
