"""Plan, apply, verify and destroy one environment; apply applies the plan that was shown, and ends with verify."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from harness.documents import render_cost_allocation_tags
from harness.errors import TagrailError
from harness.finding import Finding
from harness.operations.addresses import COST_TAG, indexed
from harness.operations.adoption import find_changed_guard_rules, find_orphans, import_blocks
from harness.operations.session import Session, check_names, open_terraform, read_billed, terraform_folder, work_folder
from harness.state import Scope, State, read_state
from harness.terraform import Terraform
from harness.verify import EFFECTIVE, RULES, alert_topic, verify

_SETTLING_PLANES = frozenset({EFFECTIVE, RULES})
_SETTLE_ATTEMPTS, _SETTLE_SECONDS = 4, 15
Confirm = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Planned:
    """Hold a plan that was shown; `retained` are cost tag addresses to forget after apply, left active in billing."""

    terraform: Terraform
    file: Path
    changes: bool
    retained: tuple[str, ...]


def plan(session: Session) -> Planned:
    """Show the plan on stderr and return it; changes nothing, neither in AWS nor in the state.

    What an interrupted apply left behind is imported instead of created. Raises: TagrailError, TerraformError.
    """
    check_names(session)
    billed = read_billed(session)
    work = work_folder(session)
    var_file = work / "tagrail.tfvars.json"
    terraform = open_terraform(session, var_file)
    held = terraform.state_list()
    retained = _retained(session, held, billed.keys())
    values = {
        "billed_tag_keys": sorted(billed),
        "retained_tag_keys": {key: billed[key] for key in sorted(retained) if key in billed},
    }
    var_file.write_text(json.dumps(values, indent=2, ensure_ascii=False), encoding="utf-8")
    live = live_state(session)
    replace = _changed_by_hand(terraform, find_changed_guard_rules(session, live, held))
    file = work / "tfplan"
    with import_blocks(terraform.folder, find_orphans(session, live, held)):
        changes = terraform.plan(file, replace=replace)
    for key in retained:
        _say(f"{key}: no longer managed; it stays as it is in billing (name it under deactivate to change that)")
    return Planned(terraform, file, changes, tuple(indexed(COST_TAG, key) for key in retained))


def _changed_by_hand(terraform: Terraform, texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the addresses whose text the state holds as wanted: only a hand can have changed the live one."""
    if not texts:
        return ()
    held = terraform.attributes()
    details = {address: held[address]["source"][0]["custom_policy_details"][0] for address in texts}
    return tuple(address for address, text in texts.items() if details[address]["policy_text"] == text)


def _retained(session: Session, held: Iterable[str], billed: AbstractSet[str]) -> list[str]:
    """Return cost tag keys that the state holds and nothing asks for any more: removing them would deactivate them."""
    managed = render_cost_allocation_tags(session.dictionary, session.environment, billed).managed()
    return sorted(_cost_tags(held).keys() - {*managed})


def _cost_tags(held: Iterable[str]) -> dict[str, str]:
    """Return key -> address of the cost allocation tags among addresses."""
    addresses = (address for address in held if address.startswith(f"{COST_TAG}["))
    return {json.loads(address.removeprefix(COST_TAG)[1:-1]): address for address in addresses}


def apply(session: Session, confirm: Confirm) -> tuple[Finding, ...]:
    """Show a plan, ask `confirm` when it changes something, apply exactly it, and return what verify finds.

    Raises: TagrailError when the answer is no; TerraformError.
    """
    planned = plan(session)
    if planned.changes:
        if not confirm(f"apply this plan to {session.name} on {session.target.name}?"):
            raise TagrailError("apply: must be confirmed; nothing was changed. Do answer yes, or pass --yes")
        planned.terraform.apply(planned.file)
    planned.terraform.state_remove(planned.retained)
    return _verify_settled(session) if planned.changes and session.target.name == "aws" else verify_live(session)


def _verify_settled(session: Session) -> tuple[Finding, ...]:
    """Return what verify finds once AWS, which spreads changes over minutes, has settled or has had its time."""
    for _ in range(_SETTLE_ATTEMPTS):
        findings = verify_live(session)
        planes = {finding.plane for finding in findings if finding.verdict != "pass"}
        if not planes or not planes <= _SETTLING_PLANES:
            return findings
        _say(
            f"{', '.join(sorted(planes))}: AWS may still be spreading the change; looking again in {_SETTLE_SECONDS} s"
        )
        time.sleep(_SETTLE_SECONDS)
    return verify_live(session)


def verify_live(session: Session) -> tuple[Finding, ...]:
    """Return what holds and what does not, read through the AWS API. Raises: TagrailError."""
    _say(f"reading the live state of {session.name} on {session.target.name}")
    return verify(session.dictionary, session.environment, live_state(session), session.repair())


def live_state(session: Session) -> State:
    """Return the live governance state; what cannot be read says why. Raises: nothing of AWS's."""
    environment = session.environment
    scope = Scope(
        name=environment.name,
        account_id=environment.payer_account_id,
        regions=session.regions(),
        organization_rules=environment.config.scope == "organization",
        topic_arn=alert_topic(environment),
    )
    return read_state(session.target, scope)


def destroy(session: Session, confirm: Confirm) -> bool:
    """Remove everything of ours and return whether there was anything; cost allocation tags stay active in billing.

    Asks before anything changes, the state included. Raises: TagrailError when the answer is no; TerraformError.
    """
    if session.target.name != "aws" and not _has_state(session):
        return False
    billed = read_billed(session)
    work = work_folder(session)
    var_file = work / "tagrail.tfvars.json"
    var_file.write_text(json.dumps({"billed_tag_keys": [], "retained_tag_keys": {}}), encoding="utf-8")
    terraform = open_terraform(session, var_file)
    held = terraform.state_list()
    cost_tags = _cost_tags(held)
    managed = [address for address in held if ".data." not in f".{address}"]
    if managed and not confirm(f"remove the {len(managed)} resources of {session.name} on {session.target.name}?"):
        raise TagrailError("destroy: must be confirmed; nothing was removed. Do answer yes, or pass --yes")
    terraform.state_remove(cost_tags.values())
    for key in cost_tags:
        _say(f"{key}: left {billed.get(key, 'as it is')} in billing, no longer managed")
    file = work / "tfplan-destroy"
    if not terraform.plan(file, destroy=True):
        return bool(cost_tags)
    terraform.apply(file)
    return True


def _has_state(session: Session) -> bool:
    return (terraform_folder(session) / "terraform.tfstate").is_file()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 (progress goes to stderr, DESIGN section 9)
