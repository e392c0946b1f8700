"""Define `tagrail simulate`."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from harness.cli.options import Env, Target, TextOrJson
from harness.cli.session import open_target
from harness.errors import TagrailError
from harness.operations.rules import read_governance
from harness.operations.simulation import RequestEntry, check_request, parse_pairs, read_requests, run_simulations
from harness.policy.simulation import Simulation
from harness.report import console

_STYLES = {"allowed": "green", "denied": "bold red", "unknown": "yellow"}


def simulate(  # noqa: PLR0913, PLR0917 (options of a command)
    account: Annotated[str | None, typer.Option("--account", "-a", help="Name or id.")] = None,
    action: Annotated[str | None, typer.Option("--action", help="Such as ec2:RunInstances.")] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="KEY=VALUE", help="Repeatable.")] = None,
    untag: Annotated[list[str] | None, typer.Option("--untag", metavar="KEY", help="Removed key. Repeatable.")] = None,
    region: Annotated[str | None, typer.Option("--region", help="Else the home region.")] = None,
    principal: Annotated[str | None, typer.Option("--principal", help="ARN of the role; else any role.")] = None,
    resource: Annotated[str | None, typer.Option("--resource", help="ARN of the one that is meant.")] = None,
    resource_tag: Annotated[
        list[str] | None, typer.Option("--resource-tag", metavar="KEY=VALUE", help="Tag that it has. Repeatable.")
    ] = None,
    context: Annotated[
        list[str] | None, typer.Option("--context", metavar="KEY=VALUE", help="Other condition key. Repeatable.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", help="YAML file of requests, instead of the options.")] = None,
    env: Env = "local",
    target: Target = None,
    if_enforced: Annotated[bool, typer.Option("--if-enforced", help="As if every target were enforced.")] = False,  # noqa: FBT002
    form: TextOrJson = "text",
) -> int:
    """Say what a request would get: allowed or denied, by which policy, and what to add.

    Policies of others are read from the organisation; tagrail's are those that the dictionary renders now.
    """
    single = RequestEntry(
        account=account or "",
        action=action or "",
        region=region,
        tags=dict(parse_pairs("--tag", tag or ())),
        untag=tuple(untag or ()),
        principal=principal,
        resource=resource,
        resource_tags=dict(parse_pairs("--resource-tag", resource_tag)) if resource_tag else None,
        context=dict(parse_pairs("--context", context or ())),
    )
    entries = _entries(single, file)
    session = open_target(env, target, None, start=True)
    governance = read_governance(session, if_enforced=if_enforced)
    found = list(run_simulations(governance, session.environment, entries))
    if form == "json":
        sys.stdout.write(json.dumps({"requests": [_json(name, each) for name, each in found]}, indent=2) + "\n")
    else:
        _print(found)
    return 0 if all(each.verdict == "allowed" for _, each in found) else 1


def _entries(single: RequestEntry, file: Path | None) -> tuple[RequestEntry, ...]:
    """Return the requests of a file, else the one that options describe."""
    if file is not None:
        if single != RequestEntry(account="", action=""):
            rule = "must hold all of the requests; got options of one as well"
            raise TagrailError(f"--file: {rule}. Do write account, action and tags into {file}, or leave --file out")
        return read_requests(file)
    missing = [f"--{name}" for name in ("account", "action") if not getattr(single, name)]
    if missing:
        got = f"no {' and no '.join(missing)}"
        raise TagrailError(f"simulate: must have --account and --action, or --file; got {got}. Do add what is missing")
    check_request(single)
    return (single,)


def _print(found: Sequence[tuple[str, Simulation]]) -> None:
    out = console()
    for name, each in found:
        out.print(f"[{_STYLES[each.verdict]}]{each.verdict}[/] {each.request.action} in {name}")
        texts: dict[str, list[str]] = {}
        for reason in each.reasons:
            texts.setdefault(reason.text, []).append(reason.resource)
        for text, resources in texts.items():
            out.print(f"  by         {text}", markup=False)
            out.print(f"  on         {', '.join(resources)}", markup=False)
        for repair in each.repairs:
            out.print(f"  repair     {repair}", markup=False)


def _json(name: str, each: Simulation) -> dict[str, Any]:
    return {
        "account": name,
        "action": each.request.action,
        "verdict": each.verdict,
        "reasons": [{"resource": reason.resource, "by": reason.text} for reason in each.reasons],
        "repairs": list(each.repairs),
    }
