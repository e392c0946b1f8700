"""Say as much of a resource's ARN as its properties tell, for the dictionary's exemptions."""

from collections.abc import Mapping
from typing import Any, Final

from harness.plan_check.cloudformation.functions import as_text
from harness.plan_check.cloudformation.scope import NO_VALUE, Opaque, Scope, Undecided

# Type -> what stands before its name in its ARN, and the property that is the name.
# docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_NAMED: Final = {
    "AWS::DynamoDB::Table": ("arn:*:dynamodb:?*:?*:table/", "TableName"),
    "AWS::Lambda::Function": ("arn:*:lambda:?*:?*:function:", "FunctionName"),
    "AWS::Logs::LogGroup": ("arn:*:logs:?*:?*:log-group:", "LogGroupName"),
    "AWS::S3::Bucket": ("arn:*:s3:::", "BucketName"),
    "AWS::SNS::Topic": ("arn:*:sns:?*:?*:", "TopicName"),
    "AWS::SQS::Queue": ("arn:*:sqs:?*:?*:", "QueueName"),
    "AWS::Serverless::Function": ("arn:*:lambda:?*:?*:function:", "FunctionName"),
    "AWS::Serverless::SimpleTable": ("arn:*:dynamodb:?*:?*:table/", "TableName"),
}


def known_arn(kind: str, properties: Mapping[str, Any], scope: Scope) -> str:
    """Return the ARN of a resource as far as it is known, `*` for what is not; "" when nothing is.

    Raises: nothing.
    """
    start, name = _NAMED.get(kind, ("", ""))
    if name not in properties:
        return ""
    try:
        held = as_text(properties.get(name, NO_VALUE), scope)
    except Undecided:  # a name that hangs on a condition is not worth looking at every outcome again
        return ""
    held = held.form if isinstance(held, Opaque) else held
    return f"{start}{held}" if isinstance(held, str) and held else ""
