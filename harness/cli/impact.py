"""Define `tagrail impact`."""

import json
import sys
from collections import Counter
from typing import Any

from rich import box
from rich.markup import escape
from rich.table import Table

from harness.cli.options import Env, Events, Lookup, SnapshotFile, Target, TextOrJson
from harness.cli.session import open_target
from harness.impact.broken_tags import BrokenTag
from harness.impact.judgement import HitCall, Impact
from harness.operations.impact import Sources, measure_impact
from harness.report import console

_MOST = 20


def impact(  # noqa: PLR0913, PLR0917 (options of a command)
    env: Env = "local",
    target: Target = None,
    events: Events = None,
    lookup: Lookup = 0,
    snapshot: SnapshotFile = None,
    form: TextOrJson = "text",
) -> int:
    """Count whom enforcing every target would hit, before it is.

    Create calls from CloudTrail that pass now and would be denied, and resources whose tags would break the policies.
    """
    session = open_target(env, target, None, start=True)
    found, governance = measure_impact(session, Sources(tuple(events or ()), lookup, snapshot))
    names = {account.id: account.name for account in governance.organization.accounts}
    if form == "json":
        sys.stdout.write(json.dumps(_json(found, names), indent=2) + "\n")
    else:
        _print(found, names)
    return 1 if found.number() else 0


def _print(found: Impact, names: dict[str, str]) -> None:
    out = console()
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("account", "calls", "resources", "who calls", "what is missing most"):
        table.add_column(column)
    for account in found.by_account():
        calls = [hit for hit in found.calls if hit.call.account_id == account]
        resources = [hit for hit in found.resources if hit.resource.account_id == account]
        who = Counter(hit.call.principal_arn.rpartition("/")[2] or "unknown" for hit in calls)
        table.add_row(
            escape(names.get(account, account)), str(len(calls)), str(len(resources)), _top(who), _top(_lacks(calls))
        )
    if found.number():
        out.print(table, soft_wrap=False)
    for hit in found.calls[:_MOST]:
        word = "would be denied" if hit.verdict == "denied" else hit.verdict
        out.print(f"{word}: {hit.call.action} at {hit.call.time} by {hit.call.principal_arn}", markup=False)
        for reason in hit.simulation.reasons[:1]:
            out.print(f"  by         {reason.text}", markup=False)
        for repair in hit.simulation.repairs:
            out.print(f"  repair     {repair.replace('--tag ', 'the tag ')}", markup=False)
    for broken in found.resources[:_MOST]:
        fate = "could not be tagged so again" if broken.is_denied() else "would break the tag policy"
        out.print(f"{fate}: {broken.resource.arn}: {'; '.join(_wrong(tag) for tag in broken.tags)}", markup=False)
    more = max(0, len(found.calls) - _MOST) + max(0, len(found.resources) - _MOST)
    if more:
        out.print(f"and {more} more; --format json names all")
    if found.strangers:
        out.print(f"not judged: {found.strangers} of accounts that the organisation does not have")
    judged = f"of {found.judged_calls} create calls and {found.judged_resources} resources"
    out.print(f"impact {found.number()}: {len(found.calls)} calls and {len(found.resources)} resources, {judged}")


def _wrong(tag: BrokenTag) -> str:
    found = tag.violation
    return f"{found.rule} of {found.key}" + (f' = "{found.value}"' if found.rule == "value" else "")


def _lacks(calls: list[HitCall]) -> Counter[str]:
    repairs = (repair for hit in calls for repair in hit.simulation.repairs)
    return Counter(repair.removeprefix("Do add --tag ").partition("=")[0] for repair in repairs)


def _top(counts: Counter[str]) -> str:
    return ", ".join(f"{escape(name)} ({count})" for name, count in counts.most_common(2))


def _json(found: Impact, names: dict[str, str]) -> dict[str, Any]:
    return {
        "impact": found.number(),
        "judged": {"calls": found.judged_calls, "resources": found.judged_resources, "strangers": found.strangers},
        "by_account": {names.get(account, account): count for account, count in found.by_account().items()},
        "calls": [
            {
                "time": hit.call.time,
                "account": names.get(hit.call.account_id, hit.call.account_id),
                "action": hit.call.action,
                "principal": hit.call.principal_arn,
                "verdict": hit.verdict,
                "by": [reason.text for reason in hit.simulation.reasons],
                "repairs": list(hit.simulation.repairs),
            }
            for hit in found.calls
        ],
        "resources": [
            {
                "arn": hit.resource.arn,
                "account": names.get(hit.resource.account_id),
                "denied": hit.is_denied(),
                "rules": [_wrong(tag) for tag in hit.tags],
            }
            for hit in found.resources
        ],
    }
