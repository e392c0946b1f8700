"""Prepare what is required for one resource type, so that its resources cost no more than a few look-ups each."""

import re
from fnmatch import fnmatchcase

from harness.plan_check.requirements import KeyRule, Requirements
from harness.policy.compliance import names_type, plain
from harness.type_facts import TypeFacts, letters


class TypeRules:
    """Hold what is required on a type.

    `mandatory` are the keys that it must carry, `required` the same as a set; `enforced` those whose wrong values are
    denied on it, in lower case. `guarded`: a guardrail denies the call that makes it without its keys. `most` tags a
    resource may have. `any_characters`: tags may hold any, as on EC2 alone
    (docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html).
    """

    __slots__ = ("any_characters", "enforced", "guarded", "mandatory", "most", "required")

    def __init__(self, requirements: Requirements, name: str, facts: TypeFacts) -> None:
        """Prepare a type."""
        names = [name, facts.cloudformation] if facts.cloudformation else [name]
        asks_none = facts.single or _match(requirements.not_checked_for, names)  # one tag lacks no others
        keys = () if asks_none else requirements.keys
        self.mandatory = tuple(rule.key for rule in keys if _match(rule.checked_for, names))
        self.required = frozenset(self.mandatory)
        self.enforced = frozenset(rule.key.lower() for rule in requirements.keys if _is_enforced(rule, facts.policy))
        general = requirements.tags_per_resource
        self.most = min(general, facts.most or general)
        # Some types of other services have ec2 there, since their handlers mostly call it.
        of_ec2 = not facts.cloudformation or facts.cloudformation.startswith("AWS::EC2::")
        self.any_characters = of_ec2 and facts.service == "ec2"
        self.guarded = any(_makes(action, facts) for action in requirements.guarded)


def _match(patterns: tuple[str, ...], names: list[str]) -> bool:
    return any(pattern == "*" or fnmatchcase(name, pattern) for pattern in patterns for name in names)


def _is_enforced(rule: KeyRule, policy_type: str) -> bool:
    service, _, kind = policy_type.lower().partition(":")
    return bool(kind) and any(names_type(name, service, {plain(kind)}) for name in rule.enforced_for)


def _makes(action: str, facts: TypeFacts) -> bool:
    """Tell whether an action makes resources of a type, by the letters of both.

    >>> _makes("ec2:RunInstances", TypeFacts(policy="ec2:instance")), _makes("sqs:CreateQueue", TypeFacts())
    (True, False)
    """
    service, _, call = action.partition(":")
    named, _, kind = facts.policy.partition(":")
    made = re.sub(r"^(Create|Run|Put|Start|Register|Allocate|Import|Request)", "", call)
    names = {letters(kind), letters(facts.cloudformation.rpartition("::")[2])} - {""}
    return service == named and bool({letters(made), letters(made).removesuffix("s")} & names)
