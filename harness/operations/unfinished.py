"""Keep the plan that a user approved until it is carried out, so that the rest of it needs no second approval.

An apply that ends in the middle leaves governance half there: a unit may lack the policy that widens what the one above
it allows. What is left to do then looks like a plan that takes away, though it is what was asked for.
"""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from harness.operations.progress import say
from harness.plan_check.weakening import TYPES, Change, changes_of
from harness.plan_check.weakening.model import has_true
from harness.terraform import Terraform, TerraformError

_PLAN, _REASON = "tfplan-unfinished", "tfplan-unfinished-reason.txt"
_REST = "it is the rest of an apply that was interrupted"


def begin(plan: Path, reason: str | None) -> None:
    """Keep a plan that is about to be applied, with the reason for what it takes away. Raises: OSError."""
    shutil.copyfile(plan, plan.with_name(_PLAN))
    plan.with_name(_REASON).write_text(reason or "", encoding="utf-8")


def end(plan: Path) -> None:
    """Forget the plan that was kept beside `plan`: it is carried out. Raises: OSError."""
    plan.with_name(_PLAN).unlink(missing_ok=True)
    plan.with_name(_REASON).unlink(missing_ok=True)


def reason_to_continue(terraform: Terraform, plan: Path) -> str | None:
    """Return why a plan needs no approval of its own: it is the rest of one that was; None where it is not.

    A plan of another version of terraform or of the provider, which cannot be read any more, approves nothing.
    Raises: TerraformError when `plan` cannot be read.
    """
    kept = plan.with_name(_PLAN)
    if not kept.is_file():
        return None
    try:
        approved = changes_of(terraform.show_json(kept), TYPES)
    except TerraformError as error:
        say(f"the plan of the interrupted apply cannot be read, so it approves nothing; got {error.errors[:1]}")
        return None
    if not is_rest(approved, changes_of(terraform.show_json(plan), TYPES)):
        return None
    said = plan.with_name(_REASON).read_text(encoding="utf-8")
    return f"{_REST}, which was allowed because: {said}" if said else _REST


def is_rest(approved: Iterable[Change], now: Iterable[Change]) -> bool:
    """Tell whether all that changes now was to change in the same way in a plan that was approved. Raises: nothing."""
    before = {each.address: each for each in approved if not each.stays()}
    return all(each.address in before and _ends_as(before[each.address], each) for each in now if not each.stays())


def _ends_as(was: Change, now: Change) -> bool:
    """Tell whether a change starts where the approved one did, or in the middle of it, and ends where it was to end."""
    if was.before is not None and now.before is not None and was.before != now.before:
        return False
    if was.after is None or now.after is None:
        return was.after is now.after
    return all(_is_kept(now, name) or _is_as_approved(was, now, name) for name in _names(was) | _names(now))


def _is_kept(now: Change, name: str) -> bool:
    """Tell whether an attribute stays as it is, whichever of several ways its value is written in."""
    held = now.before is not None and not _is_open(now, name)
    return held and (now.before or {}).get(name) == (now.after or {}).get(name)


def _is_as_approved(was: Change, now: Change, name: str) -> bool:
    """Tell whether an attribute ends as approved; one left open is open still, or new with its resource."""
    if _is_open(was, name):
        return _is_open(now, name) or now.before is None
    return not _is_open(now, name) and (was.after or {}).get(name) == (now.after or {}).get(name)


def _names(change: Change) -> frozenset[str]:
    """Return the attributes after; those that the plan leaves open may stand in the mask alone."""
    mask = change.after_unknown
    return frozenset({**(change.after or {}), **(mask if isinstance(mask, Mapping) else {})})


def _is_open(change: Change, name: str) -> bool:
    unknown = change.after_unknown
    return unknown is True or (isinstance(unknown, Mapping) and has_true(unknown.get(name)))
