"""Plan, apply, verify and destroy one environment; apply applies the plan that was shown, and ends with verify."""

import datetime
import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from harness.errors import TagrailError
from harness.finding import Finding
from harness.operations import unfinished
from harness.operations.cost_exports import bucket_addresses, filled_bucket
from harness.operations.dropped_parts import put_back
from harness.operations.enforcing import refuse_impact
from harness.operations.impact import Sources
from harness.operations.lock import only_run
from harness.operations.planning import Planned, cost_tags, live_state, make_plan
from harness.operations.progress import say
from harness.operations.session import Session, has_state, open_terraform, read_billed, work_folder
from harness.operations.tag_options import tag_options, used_elsewhere
from harness.operations.weakening import refuse_weakenings, warn
from harness.terraform import Terraform
from harness.verify import EFFECTIVE, RULES, verify

_SETTLING_PLANES = frozenset({EFFECTIVE, RULES})
_SETTLE_ATTEMPTS, _SETTLE_SECONDS = 4, 15
Confirm = Callable[[str], bool]


def plan(session: Session, out: Path | None = None) -> Planned:
    """Show the plan on stderr and return it; changes nothing, neither in AWS nor in the state.

    What an interrupted apply left behind is imported instead of created; what the plan takes away is warned of. `out`
    gets the plan as terraform's JSON.
    Raises: TagrailError, TerraformError.
    """
    with only_run(session):
        planned = make_plan(session)
        warn(planned.weakenings)
        if out:
            _keep(planned, out)
        return planned


def _keep(planned: Planned, out: Path) -> None:
    text = json.dumps(planned.terraform.show_json(planned.file), ensure_ascii=False)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise TagrailError(f"{out}: must be writable; got {error.strerror}. Do name another file") from error


def apply(
    session: Session,
    confirm: Confirm,
    sources: Sources | None = None,
    accepted_impact: int = 0,
    weakening_reason: str | None = None,
) -> tuple[Finding, ...]:
    """Show a plan, ask `confirm` when it changes something, apply exactly it, and return what verify finds.

    A target that moves from report to enforce may hit `accepted_impact` create calls (of `sources`) and resources.
    What takes governance away needs a `weakening_reason`, which is among the findings then; the rest of an interrupted
    apply, which was approved, needs none. A rehearsal only tells.
    Raises: TagrailError when it hits more, takes away, or the answer is no; TerraformError.
    """
    with only_run(session):
        planned = make_plan(session)
        if planned.changes and planned.enforced and not session.rehearsal:
            refuse_impact(session, planned.enforced, sources or Sources(), accepted_impact)
        warn(planned.weakenings if session.rehearsal or weakening_reason else ())
        if weakening_reason is None and planned.weakenings and not session.rehearsal:
            weakening_reason = unfinished.reason_to_continue(planned.terraform, planned.file)
        allowed = () if session.rehearsal else refuse_weakenings(planned.weakenings, weakening_reason)
        if planned.changes:
            adopts = f", which adopts {planned.adopted}," if planned.adopted else ""
            if not confirm(f"apply this plan{adopts} to {session.name} on {session.target.name}?"):
                raise TagrailError("apply: must be confirmed; nothing was changed. Do answer yes, or pass --yes")
            unfinished.begin(planned.file, weakening_reason)
            planned.terraform.apply(planned.file)
            put_back(session, planned.terraform)
            unfinished.end(planned.file)
        forget(planned.terraform, planned.retained)
        if planned.changes and session.target.name == "aws":
            return (*allowed, *verify_settled(lambda: verify_live(session), time.sleep))
        return (*allowed, *verify_live(session))


def forget(terraform: Terraform, addresses: Iterable[str]) -> None:
    """Take addresses out of the state, as far as it still holds them: a refresh may have dropped one.

    Raises: TerraformError.
    """
    if wanted := {*addresses}:
        terraform.state_remove(sorted(wanted.intersection(terraform.state_list())))


def verify_settled(look: Callable[[], tuple[Finding, ...]], pause: Callable[[float], object]) -> tuple[Finding, ...]:
    """Return what `look` finds once AWS, which spreads changes over minutes, has settled or has had its time.

    Raises: what `look` raises.
    """
    findings = look()
    for _ in range(_SETTLE_ATTEMPTS):
        planes = {found.plane for found in findings if found.verdict == "fail" and not found.follows_from}
        settling = sorted(planes & _SETTLING_PLANES)
        if not settling:
            break
        say(f"{', '.join(settling)}: AWS may still be spreading the change; looking again in {_SETTLE_SECONDS} s")
        pause(_SETTLE_SECONDS)
        findings = look()
    return findings


def verify_live(session: Session) -> tuple[Finding, ...]:
    """Return what holds and what does not, read through the AWS API. Raises: nothing of AWS's."""
    say(f"reading the live state of {session.name} on {session.target.name}")
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return verify(session.dictionary, session.environment, live_state(session), session.repair(), today)


def destroy(session: Session, confirm: Confirm) -> bool:
    """Remove everything of ours and return whether there was anything; cost allocation tags stay active in billing.

    A TagOption that something else offers stays too, since AWS deletes none in use, and so does a bucket of exports
    with anything in it: nobody delivers a month of the bill again.
    Asks before anything changes, the state included. Raises: TagrailError when the answer is no; TerraformError.
    """
    with only_run(session):
        if session.target.name != "aws" and not has_state(session):
            return False
        return _destroy(session, confirm)


def _destroy(session: Session, confirm: Confirm) -> bool:
    billed = read_billed(session)
    work = work_folder(session)
    var_file = work / "tagrail.tfvars.json"
    var_file.write_text(json.dumps({"billed_tag_keys": [], "retained_tag_keys": {}}), encoding="utf-8")
    terraform = open_terraform(session, var_file)
    held = terraform.state_list()
    tags = cost_tags(held)
    managed = [address for address in held if ".data." not in f".{address}"]
    if managed and not confirm(f"remove the {len(managed)} resources of {session.name} on {session.target.name}?"):
        raise TagrailError("destroy: must be confirmed; nothing was removed. Do answer yes, or pass --yes")
    used = used_elsewhere(session, terraform, tag_options(held))
    bucket = filled_bucket(session, terraform, held)
    kept = bucket_addresses(held) if bucket else []
    terraform.state_remove([*tags.values(), *used, *kept])
    for address, resources in used.items():
        say(f"{address}: left as it is, no longer managed, since {', '.join(resources)} offers it too")
    if bucket:
        say(f"{bucket}: left as it is with all that is in it, no longer managed. Do delete it by hand, if at all")
    for key in tags:
        say(f"{key}: left {billed.get(key, 'as it is')} in billing, no longer managed")
    file = work / "tfplan-destroy"
    if not terraform.plan(file, destroy=True):
        return bool(tags or used or kept)
    terraform.apply(file)
    unfinished.end(file)
    return True
