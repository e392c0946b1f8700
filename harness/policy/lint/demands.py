"""Find the statements of a policy that demand tags, and the keys that they demand."""

from collections.abc import Iterable

from harness.policy.lint.model import LintedPolicy, Placed
from harness.policy.lint.reach import actions_in, creates
from harness.policy.lint.tag_conditions import demanded_keys, demanding, request_tag


def demands_of(policy: LintedPolicy) -> list[Placed]:
    """Return the statements that deny an untagged request and name the keys that they miss. Raises: nothing."""
    return [placed for placed in policy.statements if demanded_keys(placed.statement)]


def create_demands_of(policy: LintedPolicy) -> list[Placed]:
    """Return the demands on something that is made. Raises: nothing."""
    return [placed for placed in demands_of(policy) if any(map(creates, actions_in(placed.statement)))]


def request_keys(demands: Iterable[Placed]) -> list[str]:
    """Return the keys that are demanded by `aws:RequestTag`, each once, as they are spelt. Raises: nothing."""
    found = (request_tag(entry.key) for placed in demands for entry in demanding(placed.statement))
    return list(dict.fromkeys(key for key in found if key))
