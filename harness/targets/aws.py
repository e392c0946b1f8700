"""Make the target of the real AWS: the user's own credentials, endpoints and proxies, untouched."""

from harness.targets.model import Target


def make_aws_target(region: str) -> Target:
    """Return the target for AWS in the home region; credentials come from boto3's and terraform's default chain.

    AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_<SERVICE> of the user stay in force (private endpoints, for example).

    Raises: nothing.
    """
    return Target("aws", region)
