"""Look for what a plan takes away from governance, warn of it, and refuse to apply it without a reason."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.errors import SHOWN_PROBLEMS, TagrailError
from harness.finding import WARNING, Finding
from harness.operations.progress import say
from harness.organization import Organization, ancestors
from harness.plan_check.weakening import TYPES, Known, Weakening, changes_of, drifted_of, weakenings
from harness.state import State, Unreadable
from harness.terraform import Terraform

PLANE = "weakening"
_OPTION = "--allow-weakening"


def find_weakenings(terraform: Terraform, plan: Path, live: State, organization: Organization) -> tuple[Weakening, ...]:
    """Return what a saved plan takes away, or may take away. Raises: TerraformError when it cannot be read."""
    shown = terraform.show_json(plan)
    known = Known(_unattached(live), dict(_parents(organization)))
    return weakenings(changes_of(shown, TYPES), known, drifted_of(shown, TYPES))


def warn(found: Sequence[Weakening]) -> None:
    """Print on stderr what a plan takes away, one a line. Raises: nothing."""
    for line in _lines(found):
        say(f"warning: {line}")


def refuse_weakenings(found: Sequence[Weakening], reason: str | None) -> tuple[Finding, ...]:
    """Return what is taken away with the reason for which that is allowed, as findings that pass with a warning.

    Raises: TagrailError naming what is taken away where no reason is given, or an empty one.
    """
    if reason is not None and not reason.strip():
        raise TagrailError(f'{_OPTION}: must be a reason of 1 character or more; got "{reason}". Do say why')
    if not found:
        return ()
    if reason is None:
        repair = f"Do take the changes back, or pass {_OPTION} REASON where they are meant"
        raise TagrailError("\n".join((*_lines(found), repair)))
    say(f"{_OPTION}: {len(found)} found, allowed because: {reason.strip()}")
    return tuple(_finding(each, reason.strip()) for each in found)


def _finding(found: Weakening, reason: str) -> Finding:
    held = f"{found.what}{_doubt(found)}"
    where = found.where if found.where != found.address else "the plan"
    repair = f"allowed because: {reason}"
    return Finding(PLANE, where, found.address, "pass", held, found.must_hold(), repair, note=WARNING)


def _lines(found: Sequence[Weakening]) -> Iterator[str]:
    for each in found[:SHOWN_PROBLEMS]:
        yield f"{each.address}: {each.must_hold()}; got {each.what}{_doubt(each)} ({each.fault.rule})"
    if len(found) > SHOWN_PROBLEMS:
        yield f"and {len(found) - SHOWN_PROBLEMS} more"


def _doubt(found: Weakening) -> str:
    return f" - unknown whether it does: {found.fault.because}" if found.fault.verdict == "unknown" else ""


def _unattached(live: State) -> frozenset[str]:
    """Return the ids of policies that AWS has attached to nothing."""
    parts = (live.policies, live.control_policies)
    held = (policy for part in parts if not isinstance(part, Unreadable) for policy in part)
    return frozenset(policy.id for policy in held if not policy.targets)


def _parents(organization: Organization) -> Iterator[tuple[str, str]]:
    """Yield each unit and account with the id of what it is in."""
    for path, identity in organization.units.items():
        above = next((organization.units[each] for each in ancestors(path) if each in organization.units), None)
        yield identity, above or organization.root_id
    for account in organization.accounts:
        yield account.id, organization.units.get(account.unit, organization.root_id)
