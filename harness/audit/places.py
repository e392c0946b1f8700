"""Know where the tagging API was read to its end: only there does its silence say that a resource has no tag."""

from collections.abc import Collection

from harness.audit.model import GLOBAL

Place = tuple[str, str]  # an account and a region

# Where the tagging API shows what has no region; where a partition is not named, nobody knows. botocore's
# endpoints.json has one for each partition; in China Route 53 and IAM differ, so both are asked for.
# docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
_GLOBAL_SHOWN_IN = {
    "aws": ("us-east-1",),
    "aws-cn": ("cn-north-1", "cn-northwest-1"),
    "aws-us-gov": ("us-gov-west-1",),
    "aws-eusc": ("eusc-de-east-1",),
}
# docs.aws.amazon.com/general/latest/gr/global_accelerator.html,
# docs.aws.amazon.com/general/latest/gr/network_manager.html
_OF_SERVICES = {"globalaccelerator": ("us-west-2",), "networkmanager": ("us-west-2",)}


def shown_in(arn: str, region: str) -> tuple[str, ...]:
    """Return the regions in which the tagging API shows a resource, () where nobody knows.

    >>> shown_in("arn:aws:iam::111111111111:policy/p", "global")
    ('us-east-1',)

    Raises: nothing.
    """
    if region != GLOBAL:
        return (region,)
    _, partition, service, *_ = f"{arn}:::".split(":")
    return _OF_SERVICES.get(service) or _GLOBAL_SHOWN_IN.get(partition, ())


def is_read(read: Collection[Place], arn: str, account: str, region: str) -> bool:
    """Tell whether the tagging API was read wherever it shows a resource. Raises: nothing."""
    asked = shown_in(arn, region)
    return bool(asked) and all((account, each) in read for each in asked)
