"""Make the plan of one environment, after looking at what terraform cannot see: leftovers, hand changes, cost tags."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.documents import missing_units, render_cost_allocation_tags, render_cost_exports, render_tag_options
from harness.operations.addresses import COST_TAG, indexed
from harness.operations.adoption import adopt, import_blocks
from harness.operations.cost_exports import refuse_lost_bucket
from harness.operations.enforcing import newly_enforced
from harness.operations.progress import say
from harness.operations.session import Session, check_names, open_terraform, read_billed, work_folder
from harness.operations.tag_options import refuse_used
from harness.operations.unseen import find_unseen_changes
from harness.operations.weakening import find_weakenings
from harness.organization import Organization
from harness.plan_check.weakening import Weakening
from harness.state import PARTS, CatalogScope, CostExportScope, Part, Scope, State, read_state
from harness.terraform import Terraform
from harness.verify import alert_topic

# A plan looks for leftovers and for what terraform does not see: not for what accounts get and billing has.
_PLANNED_PARTS: frozenset[Part] = PARTS - {"effective policies", "cost allocation tags"}


@dataclass(frozen=True, slots=True)
class Planned:
    """Hold a plan that was shown.

    `retained` are cost tag addresses to forget after apply, left active in billing; `adopted` counts the imports;
    `enforced` are the targets that move from report to enforce, `weakenings` what the plan takes away.
    """

    terraform: Terraform
    file: Path
    changes: bool
    retained: tuple[str, ...]
    adopted: int
    enforced: tuple[str, ...]
    weakenings: tuple[Weakening, ...] = ()


def make_plan(session: Session) -> Planned:
    """Show the plan on stderr and return it; the caller holds the lock.

    Raises: TagrailError, TerraformError.
    """
    organization = check_names(session)
    for path in sorted(missing_units(session.dictionary, session.environment, organization)):
        say(f"{path}: no unit of this organisation, so values_by_ou of tags.yaml changes nothing there")
    billed = read_billed(session)
    work = work_folder(session)
    var_file = work / "tagrail.tfvars.json"
    terraform = open_terraform(session, var_file)
    held = terraform.state_list()
    refuse_used(session, terraform, held)
    refuse_lost_bucket(session, terraform, held)
    known = known_statuses(terraform, cost_tags(held), billed)
    retained = retained_keys(session, held, known)
    values = {"billed_tag_keys": sorted(known), "retained_tag_keys": {key: known[key] for key in retained}}
    var_file.write_text(json.dumps(values, indent=2, ensure_ascii=False), encoding="utf-8")
    live = live_state(session, organization, _PLANNED_PARTS)
    replace = find_unseen_changes(session, terraform, live, held)
    orphans = adopt(session, live, held)
    file = work / "tfplan"
    with import_blocks(terraform.folder, orphans):
        changes = terraform.plan(file, replace=replace)
    for key in retained:
        say(f"{key}: no longer managed; it stays as it is in billing (name it under deactivate to change that)")
    # Where the state holds nothing and nothing is adopted there is nothing to take away; a bucket outlives its exports.
    governed = bool(held) or any(orphan.kind != "export bucket" for orphan in orphans)
    weakens = find_weakenings(terraform, file, live, organization) if changes and governed else ()
    return Planned(
        terraform,
        file,
        changes,
        tuple(indexed(COST_TAG, key) for key in retained),
        len(orphans),
        newly_enforced(session, live),
        weakens,
    )


def known_statuses(terraform: Terraform, held: Mapping[str, str], billed: Mapping[str, str]) -> dict[str, str]:
    """Return key -> status of what billing lists, and of the `held` keys that it for once does not list.

    Billing answers late at times. A held key that is taken for unseen would be destroyed, and so deactivated.
    Raises: TerraformError when the state cannot be read.
    """
    omitted = {key: address for key, address in held.items() if key not in billed}
    if not omitted:
        return dict(billed)
    attributes = terraform.attributes()
    return {**billed, **{key: str(attributes[address]["status"]) for key, address in omitted.items()}}


def retained_keys(session: Session, held: Iterable[str], known: Mapping[str, str]) -> list[str]:
    """Return cost tag keys that the state holds and nothing asks for any more: removing them would deactivate them.

    `known` are the statuses that `known_statuses` returns. Raises: nothing.
    """
    managed = render_cost_allocation_tags(session.dictionary, session.environment, known.keys()).managed()
    return sorted(cost_tags(held).keys() - {*managed})


def cost_tags(held: Iterable[str]) -> dict[str, str]:
    """Return key -> address of the cost allocation tags among addresses. Raises: nothing."""
    addresses = (address for address in held if address.startswith(f"{COST_TAG}["))
    return {json.loads(address.removeprefix(COST_TAG)[1:-1]): address for address in addresses}


def live_state(session: Session, organization: Organization | None = None, parts: frozenset[Part] = PARTS) -> State:
    """Return the live governance state, or the `parts` of it; what cannot be read says why. Raises: nothing of AWS's.

    An `organization` that was read just before is not read again.
    """
    environment = session.environment
    scope = Scope(
        name=environment.name,
        account_id=environment.payer_account_id,
        regions=session.regions(),
        organization_rules=environment.config.scope == "organization",
        topic_arn=alert_topic(environment),
        tag_option_keys=frozenset(each.key for each in render_tag_options(session.dictionary, environment).values()),
        cost_categories=frozenset(environment.cost_categories),
        anomalies=bool(environment.anomaly.monitors),
        cost_exports=_export_scope(session),
        parts=parts,
    )
    return read_state(session.target, scope, organization, say)


def _export_scope(session: Session) -> CostExportScope | None:
    documents = render_cost_exports(session.environment)
    if documents is None:
        return None
    catalog = documents.catalog
    return CostExportScope(
        exports=frozenset(documents.exports),
        bucket=documents.bucket.name,
        kms_key_arn=documents.bucket.kms_key_arn,
        catalog=CatalogScope(catalog.database, tuple(catalog.tables), catalog.workgroup) if catalog else None,
    )
