"""Find what terraform cannot see by itself: what an interrupted apply left behind, and Guard texts changed by hand.

Terraform would try to create the former again, and AWS refuses a second policy, rule or budget of the same name. Of an
account's Guard rules its provider never reads the text back.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.documents import policy_targets, render_config_rules, render_tag_policies, target_id
from harness.environment import facts_of
from harness.operations.addresses import GOVERNANCE, indexed
from harness.operations.session import Session
from harness.state import State, Unreadable

IMPORTS_FILE = "tagrail_imports.tf"

_RULE_TYPES = {
    ("organization", "managed"): "aws_config_organization_managed_rule.required_tags",
    ("organization", "guard"): "aws_config_organization_custom_policy_rule.guard",
    ("account", "managed"): "aws_config_config_rule.required_tags",
    ("account", "guard"): "aws_config_config_rule.guard",
}


@dataclass(frozen=True, slots=True)
class Orphan:
    """Name a resource that exists, its terraform address, and the id by which terraform imports it."""

    address: str
    id: str


def find_orphans(session: Session, state: State, held: Collection[str]) -> tuple[Orphan, ...]:
    """Return what is live under tagrail's names and not among `held`, the addresses in terraform's state.

    Raises: TagrailError when env.yaml names an account or unit that does not exist.
    """
    found = (*_policies(session, state), *_rules(session, state), *_budgets(session, state), *_topic(session, state))
    return tuple(orphan for orphan in found if orphan.address not in held)


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


def find_changed_guard_rules(session: Session, state: State, held: Collection[str]) -> dict[str, str]:
    """Return address -> wanted text of the account's Guard rules whose live text is another. Raises: nothing."""
    environment = session.environment
    if environment.config.scope == "organization":
        return {}
    rules = render_config_rules(session.dictionary, environment.name, facts_of(environment))
    changed = {}
    for region, live in state.regions.items():
        for name, rule in () if isinstance(live, Unreadable) else live.rules.items():
            wanted = rules[name].policy if name in rules else None
            address = _rule_address(session, region, name, "guard")
            if wanted is not None and rule.policy != wanted and address in held:
                changed[address] = wanted
    return changed


def _rule_address(session: Session, region: str, name: str, kind: str) -> str:
    environment = session.environment
    home = region == environment.regions.home
    module = f"{GOVERNANCE}.required_tags" if home else f"module.required_tags_{region.replace('-', '_')}"
    return indexed(f"{module}.{_RULE_TYPES[environment.config.scope, kind]}", name)


def _policies(session: Session, state: State) -> Iterator[Orphan]:
    if isinstance(state.organization, Unreadable) or isinstance(state.policies, Unreadable):
        return
    environment, organization = session.environment, state.organization
    targets = policy_targets(session.dictionary, environment, organization)
    documents = render_tag_policies(session.dictionary, environment.name, targets, facts_of(environment).limits)
    for live in state.policies:
        document = documents.get(live.name)
        if document is None:
            continue
        key = f"{document.target}/{document.label}"
        module = f"{GOVERNANCE}.tag_policy"
        yield Orphan(indexed(f"{module}.aws_organizations_policy.this", key), live.id)
        node = target_id(document.target, organization)
        if node in live.targets:
            yield Orphan(indexed(f"{module}.aws_organizations_policy_attachment.this", key), f"{node}:{live.id}")


def _rules(session: Session, state: State) -> Iterator[Orphan]:
    environment = session.environment
    rules = render_config_rules(session.dictionary, environment.name, facts_of(environment))
    for region, live in state.regions.items():
        if isinstance(live, Unreadable):
            continue
        for name, rule in live.rules.items():
            if name in rules and rule.kind == rules[name].kind:
                yield Orphan(_rule_address(session, region, name, rule.kind), name)


def _budgets(session: Session, state: State) -> Iterator[Orphan]:
    if isinstance(state.budgets, Unreadable):
        return
    environment = session.environment
    for name in state.budgets:
        key = name.removeprefix(f"{environment.name}-")
        if _ours(session, key):
            address = indexed(f"{GOVERNANCE}.budget.aws_budgets_budget.this", key)
            yield Orphan(address, f"{environment.payer_account_id}:{name}")


def _ours(session: Session, key: str) -> bool:
    """Tell whether env.yaml asks for a budget of this name, by itself or for a value of a key."""
    for name, budget in session.environment.budgets.items():
        if budget.per_value_of is None and key == name:
            return True
        if budget.per_value_of and key in {f"{name}-{v}" for v in session.dictionary.every_value(budget.per_value_of)}:
            return True
    return False


def _topic(session: Session, state: State) -> Iterator[Orphan]:
    if state.alerts is None or isinstance(state.alerts, Unreadable) or session.environment.subscribers.topic_arn:
        return
    yield Orphan(f"{GOVERNANCE}.budget.aws_sns_topic.this[0]", state.alerts.topic_arn)
