"""Tell how a resource stands with each mandatory key: it has an allowed value, lacks it or has it wrong, or neither."""

from collections.abc import Callable

from harness.audit.lineage.graph import Standing
from harness.audit.model import AuditResource
from harness.plan_check.judge import Judge
from harness.plan_check.keys import Keys
from harness.plan_check.model import Resource, TagSet
from harness.plan_check.requirements import Requirements
from harness.plan_check.values import value_faults
from harness.type_facts import TypeFacts, cloudformation_type

_PATH = "tags"


class Standings:
    """Judge resources key by key, each by what its own account requires."""

    def __init__(self, requirements_of: Callable[[str], Requirements]) -> None:
        """Take what gives the requirements of an account."""
        self._requirements_of = requirements_of
        self._rules: dict[int, _Rules] = {}

    def of(self, resource: AuditResource) -> Standing:
        """Return how a resource stands; an exempt key need not be there. Raises: nothing."""
        return self._of_account(resource.account).standing(resource)

    def allows(self, resource: AuditResource, key: str, value: str) -> bool:
        """Tell whether a value is allowed in the account of a resource. Raises: nothing."""
        return self._of_account(resource.account).allows(key, value)

    def _of_account(self, account: str) -> "_Rules":
        required = self._requirements_of(account)
        found = self._rules.get(id(required))
        if found is None:
            found = self._rules[id(required)] = _Rules(required)
        return found


class _Rules:
    """Judge by the requirements of one place, which it keeps, so that their id stays theirs."""

    def __init__(self, requirements: Requirements) -> None:
        self._requirements = requirements
        self._judge = Judge(requirements)
        self._keys = Keys(requirements)
        self._mandatory = tuple(rule.key for rule in requirements.keys if rule.checked_for)

    def allows(self, key: str, value: str) -> bool:
        return key in self._keys.rules and not any(value_faults(self._keys, key, value, _PATH, ""))

    def standing(self, resource: AuditResource) -> Standing:
        if resource.tags is None:
            return Standing(unread=True)
        facts = cloudformation_type(resource.type) or TypeFacts()
        tags = TagSet(_PATH, dict(resource.tags))
        faults = self._judge.faults(Resource(resource.arn, resource.type, facts, "none", (tags,), arn=resource.arn))
        faulty = {fault.key for fault in faults}
        held: dict[str, str] = {}
        for key, value in sorted(resource.tags.items()):
            meant = self._keys.meaning(key).key  # another spelling carries the value, too: renaming mends that
            if meant in self._mandatory and (key == meant or meant not in resource.tags) and self.allows(meant, value):
                held[meant] = value
        wrong = tuple(key for key in self._mandatory if key in faulty and key not in held)
        return Standing(held, wrong)
