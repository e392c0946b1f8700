"""List the accounts that an environment names, and judge how it writes them."""

import re
from collections.abc import Iterator

from harness.environment.cost_model import CostCategory
from harness.environment.model import Environment
from harness.yaml_source import Path_

_ACCOUNT_ID = re.compile(r"\d{12}")


def cost_accounts(environment: Environment) -> tuple[str, ...]:
    """Return the names and ids of accounts whose costs are asked for, each once.

    Budgets, cost categories and anomaly monitors ask for them. Raises: nothing.
    """
    budgets = (account for budget in environment.budgets.values() for account in budget.accounts)
    categories = (account for each in environment.cost_categories.values() for account in category_accounts(each))
    monitors = (account for monitor in environment.anomaly.monitors.values() for account in monitor.accounts)
    return tuple(dict.fromkeys((*budgets, *categories, *monitors)))


def category_accounts(category: CostCategory) -> tuple[str, ...]:
    """Return the names and ids of accounts in the rules of a cost category. Raises: nothing."""
    return tuple(account for rule in category.rules for account in (*rule.accounts, *rule.unless.accounts))


def account_name_faults(at: Path_, names: tuple[str, ...], *, keyed: bool = False) -> Iterator[tuple[Path_, str]]:
    """Yield what is wrong with a list of accounts, or with the keys of a mapping. Raises: nothing."""
    for index, name in enumerate(names):
        place: Path_ = (*at, name if keyed else index)
        if not name.strip():
            yield place, 'must be an account name or id; got "". Do name it'
        elif name.isdigit() and not _ACCOUNT_ID.fullmatch(name):
            yield place, f'must have 12 digits as account id; got "{name}". Do write leading zeros, in quotes'
        if not keyed and name in names[:index]:
            yield place, f'must appear once; got "{name}" again. Do remove it'
