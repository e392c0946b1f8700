"""Say as much of a planned resource's ARN as its arguments tell, for the dictionary's exemptions."""

from functools import cache
from typing import Any

# Type -> ARN with the attribute that names the resource; * stands for what is known after apply.
# docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_NAMED = {
    "aws_cloudwatch_log_group": "arn:*:logs:*:*:log-group:{name}",
    "aws_dynamodb_table": "arn:*:dynamodb:*:*:table/{name}",
    "aws_ecr_repository": "arn:*:ecr:*:*:repository/{name}",
    "aws_ecs_cluster": "arn:*:ecs:*:*:cluster/{name}",
    "aws_glue_job": "arn:*:glue:*:*:job/{name}",
    "aws_iam_role": "arn:*:iam::*:role/*{name}",
    "aws_kinesis_stream": "arn:*:kinesis:*:*:stream/{name}",
    "aws_lambda_function": "arn:*:lambda:*:*:function:{function_name}",
    "aws_s3_bucket": "arn:*:s3:::{bucket}",
    "aws_sagemaker_endpoint": "arn:*:sagemaker:*:*:endpoint/{name}",
    "aws_sagemaker_model": "arn:*:sagemaker:*:*:model/{name}",
    "aws_sagemaker_notebook_instance": "arn:*:sagemaker:*:*:notebook-instance/{name}",
    "aws_secretsmanager_secret": "arn:*:secretsmanager:*:*:secret:{name}*",
    "aws_sfn_state_machine": "arn:*:states:*:*:stateMachine:{name}",
    "aws_sns_topic": "arn:*:sns:*:*:{name}",
    "aws_sqs_queue": "arn:*:sqs:*:*:{name}",
}


def arn_attribute(name: str) -> frozenset[str]:
    """Return the attribute that a type's ARN is made with, if one is known. Raises: nothing."""
    return frozenset((_parts(name)[1],)) - {""}


@cache
def _parts(name: str) -> tuple[str, str, str]:
    """Return what stands in a type's ARN before its name, the attribute that is the name, and what stands after it."""
    start, _, rest = _NAMED.get(name, "").partition("{")
    attribute, _, end = rest.partition("}")
    return start, attribute, end


def known_arn(name: str, after: Any) -> str:
    """Return the ARN of a resource as far as it is known, `*` for what is not; "" when nothing is.

    Raises: nothing.
    """
    arn = after.arn
    if isinstance(arn, str) and arn.startswith("arn:"):
        return arn
    start, attribute, end = _parts(name)
    if not attribute:
        return ""
    held = getattr(after, attribute)
    return f"{start}{held if isinstance(held, str) and held else '*'}{end}"
