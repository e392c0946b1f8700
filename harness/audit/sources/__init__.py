"""Read what AWS shows of resources: each source yields pages of `Seen` rows, from boto3 clients that are passed in."""

from collections.abc import Iterator

from harness.audit.model import GLOBAL, Seen

Pages = Iterator[list[Seen]]


def plain_arn(arn: str) -> str:
    """Return an ARN as every source can write it: log groups end with `:*` in some and not in others.

    docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html (arn, logGroupArn). Raises: nothing.
    """
    return arn.removesuffix(":*")


def region_of(arn: str, asked: str) -> str:
    """Return the region of a resource: the ARN's, that which was asked for buckets, GLOBAL for what has none.

    >>> region_of("arn:aws:iam::111111111111:role/r", "us-east-1"), region_of("arn:aws:s3:::logs", "eu-central-1")
    ('global', 'eu-central-1')

    Raises: nothing.
    """
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[3]:
        return parts[3] if len(parts) == 6 else asked
    return asked if parts[2] == "s3" else GLOBAL


def account_of(arn: str, asked: str) -> str:
    """Return the account that an ARN names; where it names none, as of buckets, the one that was asked.

    >>> account_of("arn:aws:s3:::logs", "111111111111")
    '111111111111'

    Raises: nothing.
    """
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 and parts[4].isdigit() else asked


def name_of(arn: str) -> str:
    """Return the last part of an ARN, as people call the resource. Raises: nothing.

    >>> name_of("arn:aws:ec2:eu-central-1:111111111111:instance/i-1"), name_of("arn:aws:s3:::logs")
    ('i-1', 'logs')
    """
    return plain_arn(arn).rpartition("/" if "/" in arn else ":")[2]
