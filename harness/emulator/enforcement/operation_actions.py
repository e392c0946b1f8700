"""Name the IAM action that allows an API operation, where the two have different names.

docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html and
docs.aws.amazon.com/service-authorization/latest/reference, on the page of each service.
"""

from botocore.model import OperationModel

from harness.policy.actions import find_action

_S3_SETTINGS = {
    "BucketAccelerateConfiguration": "AccelerateConfiguration",
    "BucketAnalyticsConfiguration": "AnalyticsConfiguration",
    "BucketCors": "BucketCORS",
    "BucketEncryption": "EncryptionConfiguration",
    "BucketIntelligentTieringConfiguration": "IntelligentTieringConfiguration",
    "BucketInventoryConfiguration": "InventoryConfiguration",
    "BucketLifecycle": "LifecycleConfiguration",
    "BucketLifecycleConfiguration": "LifecycleConfiguration",
    "BucketMetricsConfiguration": "MetricsConfiguration",
    "BucketNotificationConfiguration": "BucketNotification",
    "BucketOwnershipControls": "BucketOwnershipControls",
    "BucketReplication": "ReplicationConfiguration",
    "BucketTagging": "BucketTagging",
    "ObjectLockConfiguration": "BucketObjectLockConfiguration",
    "PublicAccessBlock": "BucketPublicAccessBlock",
}
# Whoever may write a setting of a bucket may remove it.
_S3_VERBS = {"Get": "Get", "List": "Get", "Put": "Put", "Delete": "Put"}
_S3 = {
    f"s3:{verb}{setting}{plural}": f"s3:{needed}{name}"
    for setting, name in _S3_SETTINGS.items()
    for verb, needed in _S3_VERBS.items()
    for plural in (("s",) if verb == "List" else ("",))
}
_ACTIONS = _S3 | {
    "s3:CompleteMultipartUpload": "s3:PutObject",
    "s3:CopyObject": "s3:PutObject",
    "s3:CreateMultipartUpload": "s3:PutObject",
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListObjects": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListParts": "s3:ListMultipartUploadParts",
    "s3:SelectObjectContent": "s3:GetObject",
    "s3:UploadPart": "s3:PutObject",
    "s3:UploadPartCopy": "s3:PutObject",
    "lambda:GetLayerVersionByArn": "lambda:GetLayerVersion",
    "lambda:Invoke": "lambda:InvokeFunction",
    "lambda:InvokeAsync": "lambda:InvokeFunction",
    "lambda:InvokeWithResponseStream": "lambda:InvokeFunction",
    "sns:PublishBatch": "sns:Publish",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:SendMessageBatch": "sqs:SendMessage",
}


def action_of(prefix: str, operation: OperationModel) -> str:
    """Return the IAM action of an operation, `prefix:Operation` where nothing else is known.

    API Gateway's actions are the methods of HTTP; those of budgets say whether they look or change. Raises: nothing.
    """
    name = f"{prefix}:{operation.name}"
    if find_action(name) is not None:
        return name
    if prefix == "apigateway":
        return f"{prefix}:{operation.http['method']}"
    if prefix == "budgets":
        return f"{prefix}:{'ViewBudget' if operation.name.startswith('Describe') else 'ModifyBudget'}"
    return _ACTIONS.get(name, name)
