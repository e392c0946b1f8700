"""Find what somebody changed by hand and terraform does not see: its provider never reads these parts back."""

from collections.abc import Collection, Mapping
from typing import Any

from harness.documents import render_budgets, render_config_rules
from harness.environment import facts_of
from harness.operations.orphans import budget_address, rule_address
from harness.operations.session import Session
from harness.state import LiveBudget, State, Unreadable
from harness.terraform import Terraform
from harness.verify import alert_topic


def find_unseen_changes(session: Session, terraform: Terraform, state: State, held: Collection[str]) -> tuple[str, ...]:
    """Return addresses among `held` that must be made anew, since terraform would say that nothing changed.

    Those are the account's Guard rules of another text, and budgets without any alert left.
    Raises: TerraformError when terraform cannot read its state.
    """
    texts = _changed_guard_rules(session, state, held)
    budgets = _silent_budgets(session, state, held)
    if not texts and not budgets:
        return ()
    attributes = terraform.attributes()
    rules = (address for address, text in texts.items() if _policy_text(attributes[address]) == text)
    return (*rules, *(address for address in budgets if attributes[address]["notification"]))


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
