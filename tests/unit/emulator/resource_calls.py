"""Calls that make one tagged resource each, for the tests of the inventory."""

import io
import json
import zipfile
from typing import Any

ACCOUNT, REGION = "123456789012", "eu-central-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
TAGS = {"anycompany:finance:owner": "ml", "Empty": ""}
TRUSTS_LAMBDA = json.dumps(
    {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
)
TEMPLATE = json.dumps({"Resources": {"t": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}}}})
AS_LIST = [{"Key": key, "Value": value} for key, value in TAGS.items()]
AS_SMALL_LIST = [{"key": key, "value": value} for key, value in TAGS.items()]


def code() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.py", "")
    return held.getvalue()


# Type, the call that makes one (service, operation, arguments), the resource's id; those with None get any id.
MADE: list[tuple[str, str, str, dict[str, Any], str | None]] = [
    (
        "AWS::S3::Bucket",
        "s3",
        "create_bucket",
        {"Bucket": "tagged", "CreateBucketConfiguration": {"LocationConstraint": REGION}},
        "tagged",
    ),
    (
        "AWS::SageMaker::ModelPackageGroup",
        "sagemaker",
        "create_model_package_group",
        {"ModelPackageGroupName": "tagged", "Tags": AS_LIST},
        "tagged",
    ),
    (
        "AWS::SageMaker::NotebookInstance",
        "sagemaker",
        "create_notebook_instance",
        {"NotebookInstanceName": "tagged", "InstanceType": "ml.t3.medium", "RoleArn": ROLE, "Tags": AS_LIST},
        "tagged",
    ),
    (
        "AWS::SageMaker::TrainingJob",
        "sagemaker",
        "create_training_job",
        {
            "TrainingJobName": "tagged",
            "RoleArn": ROLE,
            "AlgorithmSpecification": {"TrainingImage": "i", "TrainingInputMode": "File"},
            "OutputDataConfig": {"S3OutputPath": "s3://b/o"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
            "Tags": AS_LIST,
        },
        "tagged",
    ),
    (
        "AWS::SageMaker::Pipeline",
        "sagemaker",
        "create_pipeline",
        {
            "PipelineName": "tagged",
            "PipelineDefinition": "{}",
            "ClientRequestToken": "t" * 32,
            "RoleArn": ROLE,
            "Tags": AS_LIST,
        },
        "tagged",
    ),
    (
        "AWS::SageMaker::ModelCard",
        "sagemaker",
        "create_model_card",
        {"ModelCardName": "tagged", "Content": "{}", "ModelCardStatus": "Draft", "Tags": AS_LIST},
        "tagged",
    ),
    (
        "AWS::DynamoDB::Table",
        "dynamodb",
        "create_table",
        {
            "TableName": "tagged",
            "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
            "Tags": AS_LIST,
        },
        "tagged",
    ),
    (
        "AWS::SNS::Topic",
        "sns",
        "create_topic",
        {"Name": "tagged", "Tags": AS_LIST},
        f"arn:aws:sns:{REGION}:{ACCOUNT}:tagged",
    ),
    (
        "AWS::SQS::Queue",
        "sqs",
        "create_queue",
        {"QueueName": "tagged", "tags": TAGS},
        f"arn:aws:sqs:{REGION}:{ACCOUNT}:tagged",
    ),
    ("AWS::KMS::Key", "kms", "create_key", {"Tags": [{"TagKey": k, "TagValue": v} for k, v in TAGS.items()]}, None),
    (
        "AWS::ECS::Cluster",
        "ecs",
        "create_cluster",
        {"clusterName": "tagged", "tags": AS_SMALL_LIST},
        f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/tagged",
    ),
    ("AWS::ECR::Repository", "ecr", "create_repository", {"repositoryName": "tagged", "tags": AS_LIST}, "tagged"),
    (
        "AWS::EKS::Cluster",
        "eks",
        "create_cluster",
        {"name": "tagged", "roleArn": ROLE, "resourcesVpcConfig": {"subnetIds": []}, "tags": TAGS},
        "tagged",
    ),
    (
        "AWS::RDS::DBInstance",
        "rds",
        "create_db_instance",
        {
            "DBInstanceIdentifier": "tagged",
            "DBInstanceClass": "db.t3.micro",
            "Engine": "postgres",
            "AllocatedStorage": 20,
            "Tags": AS_LIST,
        },
        None,
    ),
    (
        "AWS::RDS::EventSubscription",
        "rds",
        "create_event_subscription",
        {"SubscriptionName": "tagged", "SnsTopicArn": "t", "Tags": AS_LIST},
        "tagged",
    ),
    (
        "AWS::Redshift::Cluster",
        "redshift",
        "create_cluster",
        {
            "ClusterIdentifier": "tagged",
            "NodeType": "dc2.large",
            "MasterUsername": "u",
            "MasterUserPassword": "Pass1word",
            "Tags": AS_LIST,
        },
        "tagged",
    ),
    (
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "elb",
        "create_load_balancer",
        {
            "LoadBalancerName": "tagged",
            "AvailabilityZones": [f"{REGION}a"],
            "Listeners": [{"Protocol": "tcp", "LoadBalancerPort": 80, "InstancePort": 80}],
            "Tags": AS_LIST,
        },
        "tagged",
    ),
    (
        "AWS::CloudFormation::Stack",
        "cloudformation",
        "create_stack",
        {"StackName": "tagged", "TemplateBody": TEMPLATE, "Tags": AS_LIST[:1]},
        None,
    ),
    (
        "AWS::CodeBuild::Project",
        "codebuild",
        "create_project",
        {
            "name": "tagged",
            "source": {"type": "S3", "location": "b/k"},
            "artifacts": {"type": "NO_ARTIFACTS"},
            "environment": {"type": "LINUX_CONTAINER", "image": "i", "computeType": "BUILD_GENERAL1_SMALL"},
            "serviceRole": ROLE,
            "tags": AS_SMALL_LIST,
        },
        None,
    ),
    ("AWS::ACM::Certificate", "acm", "request_certificate", {"DomainName": "x.example.com", "Tags": AS_LIST}, None),
    (
        "AWS::Lambda::Function",
        "lambda",
        "create_function",
        {
            "FunctionName": "tagged",
            "Runtime": "python3.12",
            "Role": ROLE,
            "Handler": "a.b",
            "Code": {"ZipFile": code()},
            "Tags": TAGS,
        },
        "tagged",
    ),
    ("AWS::Logs::LogGroup", "logs", "create_log_group", {"logGroupName": "tagged", "tags": TAGS}, "tagged"),
    ("AWS::EFS::FileSystem", "efs", "create_file_system", {"CreationToken": "tagged", "Tags": AS_LIST}, None),
    (
        "AWS::SecretsManager::Secret",
        "secretsmanager",
        "create_secret",
        {"Name": "tagged", "SecretString": "s", "Tags": AS_LIST},
        None,
    ),
]
