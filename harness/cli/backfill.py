"""Define `tagrail backfill`."""

import datetime
from functools import partial
from typing import Annotated

import typer

from harness.cli.options import Env, Target, Yes
from harness.cli.session import asks, open_target
from harness.operations.backfill import backfill as start_backfill
from harness.operations.progress import say


def backfill(
    from_: Annotated[str, typer.Option("--from", help="First month, such as 2026-06; 12 months back at most.")],
    env: Env = "local",
    target: Target = None,
    yes: Yes = False,  # noqa: FBT002 (flag)
) -> int:
    """Apply today's cost allocation tags to past months."""
    session = open_target(env, target, None, start=False)
    now = datetime.datetime.now(tz=datetime.UTC)
    status = start_backfill(session, from_, partial(asks, session.target.name, yes), now)
    say(f"backfill from {from_}: {status}")
    return 0
