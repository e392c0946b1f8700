"""Adopt what an interrupted apply left behind: look for it, make sure that it is ours, import it in the plan."""

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from harness.errors import TagrailError
from harness.operations.alert_key import find_key_orphans
from harness.operations.mark import refusal
from harness.operations.orphan import Orphan
from harness.operations.orphans import find_orphans
from harness.operations.progress import say
from harness.operations.session import Session
from harness.state import State, Unreadable

IMPORTS_FILE = "tagrail_imports.tf"


def adopt(session: Session, state: State, held: Collection[str]) -> tuple[Orphan, ...]:
    """Return what is to be imported, each said on stderr, and so is what could not be looked for.

    Raises: TagrailError when something has a name of tagrail's and is not its own, or that cannot be told.
    """
    unread = [*_unreadable(state)]
    orphans = find_orphans(session, state, held)
    try:
        orphans += find_key_orphans(session, held)
    except (ClientError, BotoCoreError) as error:
        unread.append(("the key of the alerts", str(error)))
    for part, reason in unread:
        say(f"{part}: whether an interrupted apply left some behind could not be looked for; got {reason}")
    if refused := [text for orphan in orphans if (text := refusal(session, orphan))]:
        raise TagrailError("\n".join(refused))
    for orphan in orphans:
        say(f"{orphan}: left behind by an interrupted apply; the plan imports it as {orphan.address}")
    return orphans


def _unreadable(state: State) -> Iterator[tuple[str, str]]:
    """Yield part and reason of what could not be read."""
    parts: dict[str, object] = {
        "tag policies": state.organization if isinstance(state.organization, Unreadable) else state.policies,
        "service control policies": state.control_policies,
        **{f"Config rules in {region}": live for region, live in state.regions.items()},
        "TagOptions": state.tag_options,
        "cost categories": state.cost_categories,
        "anomaly monitors": state.anomalies,
        "budgets": state.budgets,
        "the topic of the alerts": state.alerts,
        "the exports of the bill": state.cost_exports,
        "the roles of audit and repair": state.audit_roles,
        **_export_parts(state),
        **_role_parts(state),
    }
    for part, live in parts.items():
        if isinstance(live, Unreadable):
            yield part, live.reason


def _export_parts(state: State) -> dict[str, object]:
    live = state.cost_exports
    if live is None or isinstance(live, Unreadable):
        return {}
    catalog = live.catalog
    found = {"exports of the bill": live.exports, "the bucket of the exports": live.bucket}
    if catalog is None:
        return {**found}
    return {**found, "the database of the exports": catalog.database, "the workgroup": catalog.workgroup}


def _role_parts(state: State) -> dict[str, object]:
    live = state.audit_roles
    if live is None or isinstance(live, Unreadable):
        return {}
    roles = {f"the role {name}": role for name, role in live.roles.items()}
    return {**roles, "the policies of roles": live.policy_arns, "the StackSet": live.stack_set}


@contextmanager
def import_blocks(folder: Path, orphans: Iterable[Orphan]) -> Iterator[None]:
    """Let the plan that is made meanwhile import the orphans; the file is gone afterwards.

    `terraform import` would not do: it refuses a module of which only some resources are in the state.
    Raises: OSError when the folder cannot be written.
    """
    blocks = [f"import {{\n  to = {orphan.address}\n  id = {json.dumps(orphan.id)}\n}}\n" for orphan in orphans]
    file = folder / IMPORTS_FILE
    file.unlink(missing_ok=True)  # of a run that was killed
    if blocks:
        file.write_text("# Made by tagrail for one plan.\n" + "\n".join(blocks), encoding="utf-8")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
