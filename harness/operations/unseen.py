"""Find what somebody changed by hand and terraform does not see: its provider never reads these parts back."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from harness.documents import SplitChargeDocument, render_budgets, render_config_rules, render_cost_categories
from harness.environment import facts_of
from harness.operations.addresses import COST_CATEGORY, indexed
from harness.operations.orphans import budget_address, rule_address
from harness.operations.session import Session
from harness.state import LiveBudget, State, Unreadable
from harness.terraform import Terraform
from harness.verify import alert_topic


def find_unseen_changes(session: Session, terraform: Terraform, state: State, held: Collection[str]) -> tuple[str, ...]:
    """Return addresses among `held` that must be made anew, since terraform would say that nothing changed.

    Those are the account's Guard rules of another text, budgets without any alert left, and cost categories whose split
    charges had their percents exchanged.
    Raises: TerraformError when terraform cannot read its state.
    """
    texts = _changed_guard_rules(session, state, held)
    budgets = _silent_budgets(session, state, held)
    exchanged = tuple(_exchanged_shares(session, state, held))
    if not texts and not budgets:
        return exchanged
    attributes = terraform.attributes()
    rules = (address for address, text in texts.items() if _policy_text(attributes[address]) == text)
    return (*rules, *(address for address in budgets if attributes[address]["notification"]), *exchanged)


def _policy_text(rule: Mapping[str, Any]) -> object:
    return rule["source"][0]["custom_policy_details"][0]["policy_text"]


def _changed_guard_rules(session: Session, state: State, held: Collection[str]) -> dict[str, str]:
    """Return address -> wanted text of the account's Guard rules whose live text is another."""
    environment = session.environment
    if environment.config.scope == "organization":
        return {}
    rules = render_config_rules(session.dictionary, environment.name, facts_of(environment))
    changed = {}
    for region, live in state.regions.items():
        for name, rule in () if isinstance(live, Unreadable) else live.rules.items():
            wanted = rules[name].policy if name in rules else None
            address = rule_address(session, region, name, "guard")
            if wanted is not None and rule.policy != wanted and address in held:
                changed[address] = wanted
    return changed


def _silent_budgets(session: Session, state: State, held: Collection[str]) -> list[str]:
    """Return the budgets that must alert and live have no alert at all: of these the provider reads no alerts back."""
    if isinstance(state.organization, Unreadable) or isinstance(state.budgets, Unreadable):
        return []
    organization, environment = state.organization, session.environment
    documents = render_budgets(
        session.dictionary, environment, lambda name: organization.account(name).id, alert_topic(environment)
    )
    silent = (
        name
        for name, live in state.budgets.items()
        if isinstance(live, LiveBudget) and not live.notifications and name in documents
    )
    addresses = (budget_address(session, name) for name in silent if documents[name].notifications)
    return [address for address in addresses if address in held]


def _exchanged_shares(session: Session, state: State, held: Collection[str]) -> Iterator[str]:
    """Yield the cost categories whose percents stand at other targets: of these the provider keeps no order."""
    if isinstance(state.organization, Unreadable) or isinstance(state.cost_categories, Unreadable):
        return
    organization = state.organization
    documents = render_cost_categories(
        session.dictionary, session.environment, lambda name: organization.account(name).id
    )
    for name, live in state.cost_categories.items():
        address = indexed(COST_CATEGORY, name)
        if isinstance(live, Unreadable) or name not in documents or address not in held:
            continue
        wanted = {split.source: split for split in documents[name].split_charges}
        if any(_exchanged(split, wanted.get(split.source)) for split in live.split_charges):
            yield address


def _exchanged(live: SplitChargeDocument, wanted: SplitChargeDocument | None) -> bool:
    if wanted is None or (live.method, live.targets) != (wanted.method, wanted.targets):
        return False
    return live.percents != wanted.percents and sorted(live.percents) == sorted(wanted.percents)
