"""Find what proves the value of a key of a resource: its own tags, lineage, stack, account, creator, dictionary.

Strongest first. What the dictionary does not allow at the account's unit proves nothing.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from harness.audit.model import AuditResource
from harness.audit.sources.accounts import TYPE as ACCOUNT_TYPE
from harness.plan_check.keys import Keys
from harness.repair.audit_folder import STACK_KEY
from harness.repair.checking import is_spelling, value_fault
from harness.repair.model import Proof

ProofsByKey = Mapping[tuple[str, str], Sequence[Proof]]  # of ARN and key


class Spelling(msgspec.Struct, frozen=True):
    """Hold another key of a resource that means a key of the dictionary, and the value that stands there."""

    key: str
    value: str


class Surroundings:
    """Hold what proves tags of resources that do not carry them: accounts, stacks, and what others have found."""

    def __init__(self, resources: Mapping[str, AuditResource], found: ProofsByKey | None = None) -> None:
        """Index accounts by id; `found` are proofs from lineage and CloudTrail."""
        self._resources = resources
        self._found = found or {}
        accounts = (one for one in resources.values() if one.type == ACCOUNT_TYPE)
        self._accounts = {one.arn.rpartition("/")[2]: one for one in accounts}

    def proofs(self, resource: AuditResource, key: str) -> Iterator[Proof]:
        """Yield what stands around a resource and says a key's value, the nearest first. Raises: nothing."""
        found = self._found.get((resource.arn, key), ())
        yield from (one for one in found if one.kind != CREATOR)
        stack = self._resources.get((resource.tags or {}).get(STACK_KEY, ""))
        if stack and stack.tags and key in stack.tags:
            yield Proof(stack.tags[key], "stack", f"its stack {stack.name or stack.arn} has it")
        account = self._accounts.get(resource.account)
        if account and account.arn != resource.arn and account.tags and key in account.tags:
            yield Proof(account.tags[key], "account tag", f"its account {account.name or resource.account} has it")
        yield from (one for one in found if one.kind == CREATOR)


CREATOR = "creator"


def spellings(keys: Keys, key: str, tags: Mapping[str, str]) -> list[Spelling]:
    """Return the tags that are a key written wrongly: deprecated, in other case, with a slip. Raises: nothing."""
    return [Spelling(other, value) for other, value in tags.items() if is_spelling(keys, key, other)]


def allowed_form(keys: Keys, key: str, value: str) -> str | None:
    """Return a value as the dictionary writes it, None where it allows none such. Raises: nothing.

    A value in other case or with spaces around it is the allowed one.
    """
    if value_fault(keys, key, value) is None:
        return value
    bare = value.strip()
    twins = [one for one in keys.rules[key].values or (bare,) if one.lower() == bare.lower()]
    return next((one for one in twins if value_fault(keys, key, one) is None), None)


def own_proofs(keys: Keys, key: str, tags: Mapping[str, str]) -> Iterator[Proof]:
    """Yield what a resource's own tags say of a key: its value in other case, its other spellings. Raises: nothing."""
    held = tags.get(key)
    if held is not None and (form := allowed_form(keys, key, held)) is not None:
        yield Proof(form, "value", "it is there" if form == held else "it is there in other case or with spaces")
    for one in spellings(keys, key, tags):
        if one.value.strip():
            form = allowed_form(keys, key, one.value)
            yield Proof(one.value if form is None else form, "spelling", f"{one.key} has it")
