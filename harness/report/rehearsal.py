"""Print a rehearsal: verify's table, what changes for whom, and what it means for the resources that are there."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.emulator.seed_model import NOT_ASKED
from harness.finding import Finding
from harness.rehearsal import AccountImpact, ChangeRow, Rehearsal
from harness.report.machine import render_json
from harness.report.text import print_findings

_STYLES = {"stricter": "yellow", "looser": "cyan", "neutral": "dim"}
_MOST_NAMES, _MOST_ACCOUNTS = 4, 10
_NUMBERS = frozenset({"tagged", "before", "after", "denied"})


def print_rehearsal(console: Console, title: str, rehearsal: Rehearsal, findings: Sequence[Finding]) -> None:
    """Print the whole report for people. Raises: OSError when nothing can be written."""
    _print_tag_policies(console, rehearsal)
    _print_control_policies(console, rehearsal)
    _print_impact(console, rehearsal)
    _print_unknown(console, rehearsal)
    print_findings(console, title, findings)


def render_rehearsal_json(title: str, rehearsal: Rehearsal, findings: Sequence[Finding]) -> str:
    """Return verify's JSON with the members `tag_policies`, `control_policies`, `impact` and `unknown` added.

    Accounts and nodes are ids there. Raises: nothing.
    """
    document: dict[str, Any] = json.loads(render_json(title, findings))
    document["snapshot"] = str(rehearsal.taken) if rehearsal.taken else None
    document["tag_policies"] = [asdict(row) for row in rehearsal.tag_policies]
    document["control_policies"] = [asdict(change) for change in rehearsal.control_policies]
    document["impact"] = [asdict(each) for each in rehearsal.impact]
    document["unknown"] = {
        "order_of_attachment": rehearsal.order_doubts,
        "assumed_recorders": rehearsal.assumed_recorders,
        "unread": [entry.model_dump() for entry in rehearsal.unread],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _print_table(console: Console, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a title of any length and a table; cells are text with markup."""
    table = Table(box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, justify="right" if column in _NUMBERS else "left")
    for row in rows:
        table.add_row(*row)
    console.print(f"[bold]{escape(title)}[/]")
    console.print(table, soft_wrap=False)


def _print_tag_policies(console: Console, rehearsal: Rehearsal) -> None:
    if not rehearsal.tag_policies:
        console.print("effective tag policies: no account gets another one")
        return
    touched = {account for row in rehearsal.tag_policies for account in row.accounts}
    title = f"effective tag policies: {len(touched)} of {len(rehearsal.places.organization.accounts)} accounts change"
    rows = (
        (
            escape(rehearsal.places.accounts(row.accounts)),
            escape(_first(row.keys)),
            escape(_words(row)),
            f"[{_STYLES[row.effect]}]{row.effect}[/]",
        )
        for row in rehearsal.tag_policies
    )
    _print_table(console, title, ("accounts", "tag keys", "change", "effect"), rows)


def _words(row: ChangeRow) -> str:
    """Return a change in words; the mark says what came and what went where the words would be many."""
    values = _first(row.values)
    if row.element == "tag_key":
        return f"the key is spelled {row.values[1]}, and no more {row.values[0]}"
    if row.effect == "neutral":
        return f"{row.element} {row.kind}: {values} ({row.why})"
    return _CHANGES[row.element, row.kind, row.effect].format(values or "no value")


_CHANGES: Mapping[tuple[str, str, str], str] = {
    ("", "added", "stricter"): "the key is judged",
    ("", "removed", "looser"): "the key is judged no more",
    ("tag_value", "added", "stricter"): "only {} may be the value",
    ("tag_value", "added", "looser"): "{} may be the value, too",
    ("tag_value", "removed", "stricter"): "{} may be the value no more",
    ("tag_value", "removed", "looser"): "any value may be, not only {}",
    ("enforced_for", "added", "stricter"): "a wrong tag is denied on {}",
    ("enforced_for", "removed", "looser"): "a wrong tag is denied no more on {}",
    ("report_required_tag_for", "added", "stricter"): "a missing tag is reported on {}",
    ("report_required_tag_for", "removed", "looser"): "a missing tag is reported no more on {}",
}


def _first(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _print_control_policies(console: Console, rehearsal: Rehearsal) -> None:
    if not rehearsal.control_policies:
        console.print("service control policies: none is new or changed")
        return
    policies: dict[tuple[str, str], list[str]] = {}
    for change in rehearsal.control_policies:
        node = rehearsal.places.node(change.target) if change.target else "nowhere"
        policies.setdefault((node, change.kind), []).append(change.policy)
    rows = ((escape(node), kind, escape(", ".join(names))) for (node, kind), names in policies.items())
    _print_table(console, "service control policies", ("attached to", "change", "policies"), rows)


def _print_impact(console: Console, rehearsal: Rehearsal) -> None:
    impact = rehearsal.impact
    total, before, after = (sum(getattr(each, name) for each in impact) for name in ("resources", "before", "after"))
    title = f"impact: {after} of {total} tagged resources break the effective tag policies afterwards, {before} before"
    shown = [each for each in impact if each.after or each.before]
    if not shown:
        console.print(title)
        return
    columns = ("account", "tagged", "before", "after", "denied", "most often")
    rows = (
        (
            escape(rehearsal.places.node(each.account)),
            *(str(number or "") for number in (each.resources, each.before, each.after, each.denied)),
            escape(_worst(each)),
        )
        for each in shown[:_MOST_ACCOUNTS]
    )
    _print_table(console, title, columns, rows)
    if len(shown) > _MOST_ACCOUNTS:
        console.print(f"and {len(shown) - _MOST_ACCOUNTS} more accounts; --format json has all\n")


def _worst(impact: AccountImpact) -> str:
    """Return the key that is wrong most often, with a value of it."""
    counts = Counter((one.violation.key, one.violation.rule, one.violation.value) for one in impact.broken)
    if not counts:
        return ""
    (key, rule, value), count = min(counts.items(), key=lambda item: (-item[1], item[0]))
    return f"{count} x {key}" + (f' = "{value}"' if rule == "value" else " (spelling)")


def _print_unknown(console: Console, rehearsal: Rehearsal) -> None:
    for doubt in rehearsal.order_doubts:
        text = f"order counts, which AWS does not document: {doubt}, as AWS listed them"
        console.print(escape(text))
    if rehearsal.assumed_recorders:
        accounts = f"{rehearsal.assumed_recorders} accounts that nobody looked into"
        console.print(f"assumed: AWS Config records in {accounts}; organisation rules fail where it does not")
    for entry in rehearsal.unread:
        named = all(name.isdigit() for name in entry.of)
        of = rehearsal.places.accounts(entry.of) if named else ", ".join(entry.of)
        verb = "nobody looked" if entry.code == NOT_ASKED else "unknown"
        console.print(escape(f"{verb}: {entry.part}{f' of {of}' if entry.of else ''}: {entry.reason}"))
