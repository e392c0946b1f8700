"""The ARN of a resource of a template, as far as its properties tell it."""

import pytest

from harness.plan_check.cloudformation import read_template

PREFIX = "Parameters: {P: {Type: String}, Q: {Type: String, Default: dev, AllowedValues: [dev, test]}}\n"


@pytest.mark.parametrize(
    ("kind", "properties", "arn"),
    [
        ("AWS::S3::Bucket", "BucketName: state-1", "arn:*:s3:::state-1"),
        ("AWS::S3::Bucket", '{BucketName: !Sub "state-${P}"}', "arn:*:s3:::state-*"),
        ("AWS::S3::Bucket", "{BucketName: !Ref P}", ""),
        ("AWS::S3::Bucket", "{BucketName: !Ref AWS::NoValue}", ""),
        ("AWS::S3::Bucket", "{}", ""),
        ("AWS::SQS::Queue", "QueueName: q", "arn:*:sqs:?*:?*:q"),
        ("AWS::Serverless::SimpleTable", "TableName: t", "arn:*:dynamodb:?*:?*:table/t"),
        ("AWS::SSM::Parameter", "Name: x", ""),
    ],
)
def test_a_name_that_is_known_makes_the_arn(kind: str, properties: str, arn: str) -> None:
    text = f"{PREFIX}Resources:\n  B:\n    Type: {kind}\n    Properties:\n      {properties}\n"
    (made,) = read_template(text.encode(), "t.yaml").resources
    assert made.arn == arn
