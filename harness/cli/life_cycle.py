"""Define `tagrail plan`, `apply`, `verify` and `destroy`."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Endpoints, Env, Events, Form, Lookup, SnapshotFile, Target, Yes
from harness.cli.place import root, today
from harness.cli.session import asks, open_target
from harness.cli.verdict import report
from harness.errors import TagrailError
from harness.operations import life_cycle
from harness.operations.fresh import open_fresh
from harness.operations.impact import Sources
from harness.operations.progress import say
from harness.operations.session import NoEmulatorError
from harness.verify import exemption_findings

_Out = Annotated[Path | None, typer.Option("--out", help="File for the plan as JSON, for tagrail check.")]
_Fresh = Annotated[
    bool, typer.Option("--fresh", help="As if nothing were there, on an emulator of its own; needs no seed.")
]


def plan(
    env: Env = "local",
    target: Target = None,
    endpoint: Endpoints = None,
    out: _Out = None,
    fresh: _Fresh = False,  # noqa: FBT002 (flag)
) -> int:
    """Show what apply would change; changes nothing."""
    if fresh:
        if endpoint or target not in (None, "emulator"):
            raise TagrailError("--fresh: must be without another target or --endpoint. Do leave out one of them")
        with open_fresh(root(), env) as session:
            life_cycle.plan(session, out)
        return 0
    session = open_target(env, target, endpoint, start=True)
    planned = life_cycle.plan(session, out)
    text = f"changes: run {session.repair()}" if planned.changes else "no changes"
    say(f"{env} on {session.target.name}: {text}")
    return 0


def apply(  # noqa: PLR0913, PLR0917 (options of a command)
    env: Env = "local",
    target: Target = None,
    yes: Yes = False,  # noqa: FBT002 (flag)
    form: Form = "text",
    endpoint: Endpoints = None,
    events: Events = None,
    lookup: Lookup = 0,
    snapshot: SnapshotFile = None,
    accept_impact: Annotated[
        int, typer.Option("--accept-impact", help="How many calls and resources enforcing may hit.")
    ] = 0,
    allow_weakening: Annotated[
        str | None, typer.Option("--allow-weakening", metavar="REASON", help="Why the plan may take governance away.")
    ] = None,
) -> int:
    """Show the plan, apply exactly it, then verify.

    A target that moves from report to enforce is refused while it hits more than --accept-impact, and a plan that takes
    governance away without --allow-weakening.

    Asks before it changes AWS; an emulator is never asked about.
    """
    session = open_target(env, target, endpoint, start=True)
    sources = Sources(tuple(events or ()), lookup, snapshot)
    asked = partial(asks, session.target.name, yes)
    findings = life_cycle.apply(session, asked, sources, accept_impact, allow_weakening)
    findings += exemption_findings(session.dictionary, today())
    return report(f"{env} on {session.target.name}", findings, form)


def verify(env: Env = "local", target: Target = None, form: Form = "text", endpoint: Endpoints = None) -> int:
    """Compare the live state with what the dictionary implies."""
    session = open_target(env, target, endpoint, start=False)
    findings = life_cycle.verify_live(session) + exemption_findings(session.dictionary, today())
    return report(f"{env} on {session.target.name}", findings, form)


def destroy(
    env: Env = "local",
    target: Target = None,
    yes: Yes = False,  # noqa: FBT002 (flag)
    endpoint: Endpoints = None,
) -> int:
    """Remove what apply made; billing keeps its tags.

    Cost allocation tags stay as they are, since deactivating one loses history for good.
    """
    try:
        session = open_target(env, target, endpoint, start=False)
    except NoEmulatorError:  # what it held ended with it
        say(f"{env} on emulator: nothing to remove")
        return 0
    removed = life_cycle.destroy(session, partial(asks, session.target.name, yes))
    say(f"{env} on {session.target.name}: {'removed' if removed else 'nothing to remove'}")
    return 0
