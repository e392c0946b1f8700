"""Define `tagrail schemas`."""

from typing import Annotated

import typer

from harness.cli.place import root
from harness.errors import TagrailError
from harness.schemas import stale_schemas, write_schemas


def schemas(
    check: Annotated[bool, typer.Option("--check", help="Only tell whether they are fresh.")] = False,  # noqa: FBT002
) -> int:
    """Write the JSON schemas of tags.yaml and env.yaml, for editors."""
    folder = root() / "envs"
    if check:
        stale = stale_schemas(folder)
        if stale:
            names = ", ".join(path.name for path in stale)
            raise TagrailError(f"envs/: must hold fresh schemas; {names} differ from the models. Do run make schemas")
    else:
        write_schemas(folder)
    return 0
