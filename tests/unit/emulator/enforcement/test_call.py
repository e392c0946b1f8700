"""Requests are read by the models of the services that they ask."""

import pytest
from moto.backend_index import backend_url_patterns
from moto.core.utils import get_service_model

from harness.emulator.enforcement.call import model_name
from harness.emulator.enforcement.operation_actions import action_of
from harness.policy.actions import find_action, known_services, service_prefix

NOT_OF_AWS = {"instance_metadata", "moto_api", "moto_api._internal"}


def test_every_service_of_moto_has_a_model() -> None:
    names = {name for name, _ in backend_url_patterns}
    assert {name for name in names if model_name(name) is None} == names & NOT_OF_AWS
    assert model_name("bedrockagent") == "bedrock-agent"
    assert model_name("awslambda") == "lambda"


@pytest.mark.thorough
def test_every_service_of_moto_has_actions() -> None:
    models = {model_name(name) for name, _ in backend_url_patterns} - {None}
    prefixes = {name: service_prefix(get_service_model(name).signing_name) for name in models if name}
    assert {name: prefix for name, prefix in prefixes.items() if prefix not in known_services()} == {}
    assert (prefixes["cloudwatch"], prefixes["iot-data"], prefixes["sesv2"]) == ("cloudwatch", "iot", "ses")


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("s3", "CreateBucket", "s3:CreateBucket"),
        ("s3", "ListBuckets", "s3:ListAllMyBuckets"),
        ("s3", "DeleteBucketTagging", "s3:PutBucketTagging"),
        ("s3", "PutBucketCors", "s3:PutBucketCors"),
        ("s3", "DeleteBucketCors", "s3:PutBucketCORS"),
        ("s3", "ListBucketInventoryConfigurations", "s3:GetInventoryConfiguration"),
        ("s3", "UploadPart", "s3:PutObject"),
        ("lambda", "Invoke", "lambda:InvokeFunction"),
        ("budgets", "CreateBudget", "budgets:ModifyBudget"),
        ("budgets", "DescribeBudgets", "budgets:ViewBudget"),
        ("budgets", "TagResource", "budgets:TagResource"),
        ("apigateway", "CreateRestApi", "apigateway:POST"),
        ("cloudwatch", "PutMetricAlarm", "cloudwatch:PutMetricAlarm"),
        ("ec2", "AssociateKmsKeyId", "ec2:AssociateKmsKeyId"),  # newer than IAM's data
    ],
)
def test_an_operation_is_judged_by_the_action_that_allows_it(service: str, operation: str, action: str) -> None:
    model = get_service_model(service)
    assert action_of(service_prefix(model.signing_name), model.operation_model(operation)) == action


@pytest.mark.parametrize("service", ["s3", "lambda", "sns", "sqs", "budgets", "apigateway"])
def test_an_action_of_another_name_is_one_that_iam_knows(service: str) -> None:
    model = get_service_model(service)
    named = {action_of(model.signing_name, model.operation_model(name)) for name in model.operation_names}
    own = {f"{model.signing_name}:{name}" for name in model.operation_names}
    assert {action for action in named - own if find_action(action) is None} == set()
