"""Name resources of SageMaker by their ARNs, in the one spelling that the audit knows.

SageMaker writes one ARN in several cases: boto3#4606 has tuning jobs in lower case in a list, aws/sagemaker-experiments
#172 training jobs, prometheus-community/yet-another-cloudwatch-exporter#1178 endpoints.
"""

from collections.abc import Iterable
from functools import lru_cache

from harness.policy.arn import arn_type

_S3 = "s3://"
# What takes no tags, or what nobody tags, so that tags pass through: StartPipelineExecution has no Tags, and SageMaker
# makes an experiment for each pipeline, docs.aws.amazon.com/sagemaker/latest/dg/pipelines-experiments.html.
_PASSAGES = frozenset({"experiment", "experiment-trial", "pipeline-execution"})
_STUDIO = frozenset({"app", "space", "user-profile"})
_PEOPLE = frozenset({"domain", "experiment", "experiment-trial", "space", "user-profile"})


class Spelling:
    """Find the known spelling of ARNs."""

    def __init__(self, arns: Iterable[str]) -> None:
        """Take the ARNs as they are written."""
        self._exact = frozenset(arns)
        self._folded = {arn.lower(): arn for arn in sorted(self._exact)}

    def of(self, arn: str) -> str:
        """Return an ARN as it is known; as it is where it is not known. Raises: nothing."""
        return arn if arn in self._exact else self._folded.get(arn.lower(), arn)


@lru_cache(maxsize=1 << 17)  # edges ask for the same ones key after key
def kind_of(arn: str) -> str:
    """Return the kind of a resource of SageMaker, "" of what is none.

    >>> kind_of("arn:aws:sagemaker:eu-central-1:111111111111:pipeline/p/execution/e"), kind_of("s3://b/model.tar.gz")
    ('pipeline-execution', '')

    Raises: nothing.
    """
    found = arn_type(arn)
    if found.service != "sagemaker":
        return ""
    return "pipeline-execution" if found.kind == "pipeline" and "/execution/" in found.name else found.kind


def is_passage(arn: str) -> bool:
    """Tell whether tags pass through what has none of its own: a model's file, a pipeline's execution.

    >>> is_passage("s3://b/model.tar.gz"), is_passage("arn:aws:sagemaker:eu-central-1:111111111111:model/m")
    (True, False)

    Raises: nothing.
    """
    return arn.startswith(_S3) or kind_of(arn) in _PASSAGES


def is_last_resort(parent: str, child: str) -> bool:
    """Tell whether an edge says only who made something, or in which experiment, and not of what it was made.

    Studio's own parts come from each other. Raises: nothing.
    """
    return kind_of(parent) in _PEOPLE and kind_of(child) not in _STUDIO


def artifact(uri: str) -> str:
    """Return an S3 URI in one spelling: a folder's with its slash is the folder's without. Raises: nothing."""
    return uri.rstrip("/")
