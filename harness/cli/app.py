"""Define the commands and their options; the work is done in harness/operations."""

import datetime
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.emulator import emulator_app
from harness.cli.impact import Events, Lookup, SnapshotFile, impact
from harness.cli.lint import lint_policy
from harness.cli.localstack import localstack_app
from harness.cli.rehearsal import rehearse_command, snapshot_command
from harness.cli.simulation import simulate
from harness.cli.tables import print_diagnosis, print_explanation
from harness.environment import facts_of
from harness.errors import TagrailError
from harness.explain import explain as explain_keys
from harness.finding import Finding, worst
from harness.operations import (
    NoEmulatorError,
    Session,
    TargetName,
    diagnose,
    open_session,
    parse_endpoints,
    say,
    verify_live,
)
from harness.operations import apply as apply_session
from harness.operations import backfill as start_backfill
from harness.operations import destroy as destroy_session
from harness.operations import plan as plan_session
from harness.operations.impact import Sources
from harness.operations.rules import read_governance
from harness.policy.provenance import render_provenance
from harness.project import find_root, load_project
from harness.report import Format, console, print_report
from harness.schemas import stale_schemas, write_schemas
from harness.verify import exemption_findings
from harness.verify.planned_limits import planned_limit_findings
from harness.verify.policy_types import policy_type_findings

app = typer.Typer(
    help="Tag and cost governance for AWS as code: one dictionary, applied by Terraform, proven by reading AWS back.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(emulator_app, name="emulator")
app.add_typer(localstack_app, name="localstack")

Env = Annotated[str, typer.Option("--env", "-e", help="Environment: a folder of envs/.")]
Target = Annotated[
    TargetName | None, typer.Option("--target", "-t", help="emulator, localstack or aws; else as env.yaml.")
]
Endpoints = Annotated[
    list[str] | None,
    typer.Option("--endpoint", metavar="SERVICE=URL", help="Send a service elsewhere; not with aws. Repeatable."),
]
Form = Annotated[Format, typer.Option("--format", "-f", help="text, json or junit.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before changing AWS.")]


def _root() -> Path:
    return find_root(Path.cwd())


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()


def _report(title: str, findings: tuple[Finding, ...], form: Format) -> int:
    print_report(title, findings, form)
    return 0 if worst(findings) == "pass" else 1


def _asks(target: str, yes: bool, question: str) -> bool:  # noqa: FBT001 (a parsed flag)
    """Ask on the terminal; an emulator is never asked about, and without a terminal the answer is no."""
    if yes or target != "aws":
        return True
    if not sys.stdin.isatty():
        raise TagrailError(f"{question} must be answered; there is no terminal. Do pass --yes")
    return typer.confirm(question, err=True)


def _open(env: str, target: TargetName | None, endpoints: list[str] | None, *, start_emulator: bool) -> Session:
    parsed = parse_endpoints(endpoints or ())
    return open_session(_root(), env, target, start_emulator=start_emulator, endpoints=parsed)


@app.command()
def validate(form: Form = "text") -> int:
    """Check the dictionary and every environment, without AWS."""
    project = load_project(_root())
    findings = [
        Finding("environment", f"envs/{name}/env.yaml", name, "pass", "no fault", "no fault")
        for name in project.environments
    ]
    count = len(project.dictionary.tags)
    first = Finding("dictionary", "envs/tags.yaml", f"{count} tags", "pass", "no fault", "no fault")
    exempt = exemption_findings(project.dictionary, _today())
    planned = planned_limit_findings(project.environments, _today())
    types = policy_type_findings(project.dictionary)
    return _report("validate", (first, *findings, *types, *exempt, *planned), form)


@app.command()
def plan(env: Env = "local", target: Target = None, endpoint: Endpoints = None) -> int:
    """Show what apply would change; changes nothing."""
    session = _open(env, target, endpoint, start_emulator=True)
    planned = plan_session(session)
    text = f"changes: run {session.repair()}" if planned.changes else "no changes"
    say(f"{env} on {session.target.name}: {text}")
    return 0


@app.command()
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
    session = _open(env, target, endpoint, start_emulator=True)
    sources = Sources(tuple(events or ()), lookup, snapshot)
    asks = partial(_asks, session.target.name, yes)
    findings = apply_session(session, asks, sources, accept_impact, allow_weakening)
    findings += exemption_findings(session.dictionary, _today())
    return _report(f"{env} on {session.target.name}", findings, form)


@app.command()
def verify(env: Env = "local", target: Target = None, form: Form = "text", endpoint: Endpoints = None) -> int:
    """Compare the live state with what the dictionary implies."""
    session = _open(env, target, endpoint, start_emulator=False)
    findings = verify_live(session) + exemption_findings(session.dictionary, _today())
    return _report(f"{env} on {session.target.name}", findings, form)


@app.command()
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
        session = _open(env, target, endpoint, start_emulator=False)
    except NoEmulatorError:  # what it held ended with it
        say(f"{env} on emulator: nothing to remove")
        return 0
    removed = destroy_session(session, lambda question: _asks(session.target.name, yes, question))
    say(f"{env} on {session.target.name}: {'removed' if removed else 'nothing to remove'}")
    return 0


@app.command()
def backfill(
    from_: Annotated[str, typer.Option("--from", help="First month, such as 2026-06; 12 months back at most.")],
    env: Env = "local",
    target: Target = None,
    yes: Yes = False,  # noqa: FBT002 (flag)
) -> int:
    """Apply today's cost allocation tags to past months."""
    session = open_session(_root(), env, target, start_emulator=False)
    now = datetime.datetime.now(tz=datetime.UTC)
    status = start_backfill(session, from_, lambda question: _asks(session.target.name, yes, question), now)
    say(f"backfill from {from_}: {status}")
    return 0


@app.command()
def explain(
    key: Annotated[str | None, typer.Argument(help="Tag key; none = all keys.")] = None,
    env: Env = "local",
    account: Annotated[
        str | None, typer.Option("--account", "-a", help="What the tag policies of this account add up to, and whence.")
    ] = None,
    target: Target = None,
) -> int:
    """Say what each plane does with each tag key.

    Enforced, reported, or what AWS cannot do; with a KEY, the reasons; with an account, which policy gives each value.
    """
    if account is not None:
        governance = read_governance(_open(env, target, None, start_emulator=True), if_enforced=False)
        policy = governance.rules(governance.organization.account(account)).tag_policy
        for line in render_provenance(policy, key):
            console().print(line, markup=False)
        return 0
    project = load_project(_root(), [env])
    environment = project.environments[env]
    rows = explain_keys(project.dictionary, environment, facts_of(environment), key)
    print_explanation(console(), rows, detailed=key is not None)
    return 0


@app.command()
def doctor(
    env: Annotated[str | None, typer.Option("--env", "-e", help="Ask the target of this environment too.")] = None,
    form: Form = "text",
) -> int:
    """Look at this machine: what is installed, found and running.

    With an environment: who calls there, and whether one harmless call of each plane is allowed.
    """
    findings = diagnose(_root(), env)
    if form != "text":
        return _report("doctor", findings, form)
    print_diagnosis(console(), findings)
    return 0 if worst(findings) == "pass" else 1


@app.command()
def schemas(
    check: Annotated[bool, typer.Option("--check", help="Only tell whether they are fresh.")] = False,  # noqa: FBT002
) -> int:
    """Write the JSON schemas of tags.yaml and env.yaml, for editors."""
    folder = _root() / "envs"
    if check:
        stale = stale_schemas(folder)
        if stale:
            names = ", ".join(path.name for path in stale)
            raise TagrailError(f"envs/: must hold fresh schemas; {names} differ from the models. Do run make schemas")
    else:
        write_schemas(folder)
    return 0


# After the life cycle, in the order in which `tagrail --help` lists them.
app.command("snapshot")(snapshot_command)
app.command("rehearse")(rehearse_command)
app.command("simulate")(simulate)
app.command("impact")(impact)
app.command("lint-policy")(lint_policy)
