"""Whether a resource's policy lets an AWS service in: statements, principals, actions, resources and conditions.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html. Only what a service principal meets
is judged; what this file does not know is said, never guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from harness.policy.context import Unknown, Values
from harness.policy.evaluation import Access, Applied, applies
from harness.policy.json_text import PolicyError
from harness.policy.statement import Principal, Statement, parse_policy
from harness.policy.truth import Truth


class UnknownConditionError(Exception):
    """Name what keeps a policy from being judged; treating it as met or unmet would be a guess."""


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """Describe a call: `principal` such as budgets.amazonaws.com, `action` such as SNS:Publish.

    `context` has the condition keys of the call in lower case; None stands for a key that such calls never have.
    """

    principal: str
    action: str
    resource: str
    context: Mapping[str, str | None]

    def value_of(self, key: str) -> Values:
        """Return the values of a condition key. Raises: nothing; a key of which nothing is known is unknown."""
        if key.lower() not in self.context:
            return Unknown(f"the condition key {key} is not known for calls of a service")
        value = self.context[key.lower()]
        return None if value is None else (value,)


def refusal(policy: str, call: ServiceCall) -> str | None:
    """Return why a policy's JSON text does not let the call pass, or None when it does.

    Raises: UnknownConditionError when it depends on a condition that cannot be judged.
    """
    try:
        document = parse_policy(policy, "resource")
    except PolicyError as error:
        return f"it is malformed: {'; '.join(error.problems)}"
    access = Access(call.action, call.resource, call.value_of)
    met = [each for each in document.statements if _names(each, call.principal)]
    judged = [(each, applies(each, access, variables=document.has_variables)) for each in met]
    denied = next((each for each, found in judged if each.effect == "Deny" and found.truth is Truth.YES), None)
    if denied:
        return f"statement {denied.sid or '(no Sid)'} denies {call.action} to {call.principal}"
    allows = [found for each, found in judged if each.effect == "Allow"]
    granted = any(found.truth is Truth.YES for found in allows)
    denies = [found for each, found in judged if each.effect == "Deny"]
    _refuse_doubt(denies if granted else [*denies, *allows])
    return None if granted else f"no statement allows {call.action} to {call.principal}"


def _refuse_doubt(judged: list[Applied]) -> None:
    doubt = next((found for found in judged if found.truth is Truth.UNKNOWN), None)
    if doubt:
        raise UnknownConditionError(", ".join(doubt.reasons))


def _names(statement: Statement, service: str) -> bool:
    """Tell whether Principal or NotPrincipal speaks of a service."""
    named = {*statement.principals, *statement.not_principals}
    found = bool(named & {Principal("*", "*"), Principal("AWS", "*"), Principal("Service", service)})
    return found == bool(statement.principals)
