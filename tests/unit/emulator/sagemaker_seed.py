"""A run of a pipeline over two accounts, as a seed describes it, for the tests of the emulator."""

from typing import Any

TRAINS, REGISTRY, REGION = "111111111111", "222222222222", "eu-central-1"
ROLE = f"arn:aws:iam::{TRAINS}:role/ml"
IMAGE = f"{TRAINS}.dkr.ecr.{REGION}.amazonaws.com/train:1"
GROUP = f"arn:aws:sagemaker:{REGION}:{REGISTRY}:model-package-group/churn"
PACKAGE = f"arn:aws:sagemaker:{REGION}:{REGISTRY}:model-package/churn/1"
HERE = f"arn:aws:sagemaker:{REGION}:{TRAINS}"
EXECUTION = f"{HERE}:pipeline/churn/execution/abcdefghijkl"
OWNER = [{"Key": "Owner", "Value": "ml"}]
DOMAIN = {
    "DomainName": "lab",
    "AuthMode": "IAM",
    "DefaultUserSettings": {"ExecutionRole": ROLE},
    "SubnetIds": ["subnet-1"],
    "VpcId": "vpc-1",
    "Tags": [{"Key": "CostCenter", "Value": "42"}, {"Key": "Owner", "Value": "lab"}],
}
PROFILE = {"DomainId": "d-lab", "UserProfileName": "ada", "Tags": [{"Key": "Owner", "Value": "ada"}]}
PIPELINE = {
    "PipelineName": "churn",
    "PipelineDefinition": "{}",
    "ClientRequestToken": "t" * 32,
    "RoleArn": ROLE,
    "Tags": OWNER,
}
TRAINING = {
    "TrainingJobName": "churn-train",
    "RoleArn": ROLE,
    "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
    "OutputDataConfig": {"S3OutputPath": "s3://ml-output/churn"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    "Tags": OWNER,
}
CONTAINER = {"Image": IMAGE, "ModelDataUrl": "s3://ml-output/churn/churn-train/output/model.tar.gz"}
VERSION = {
    "ModelPackageGroupName": GROUP,
    "ModelApprovalStatus": "Approved",
    "SourceUri": f"{HERE}:training-job/churn-train",
    "MetadataProperties": {"GeneratedBy": EXECUTION},
    "InferenceSpecification": {
        "Containers": [CONTAINER],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    },
}
MODEL = {"ModelName": "churn", "ExecutionRoleArn": ROLE, "PrimaryContainer": {"ModelPackageName": PACKAGE}}
VARIANT = {"VariantName": "a", "ModelName": "churn", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}


def call(operation: str, arguments: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"account": "payer", "region": REGION, "call": f"sagemaker.{operation}", "arguments": arguments, **more}


CALLS = [
    call("create_domain", DOMAIN),
    call("create_user_profile", PROFILE),
    call("create_pipeline", PIPELINE, user_profile="d-lab/ada"),
    call("create_training_job", TRAINING),
    call("create_model_package_group", {"ModelPackageGroupName": "churn"}, account="member"),
    call("create_model_package", VERSION),
    call("create_model", MODEL),
    call("create_endpoint_config", {"EndpointConfigName": "churn", "ProductionVariants": [VARIANT]}),
    call("create_endpoint", {"EndpointName": "churn", "EndpointConfigName": "churn", "Tags": OWNER}),
]
STEPS = [
    {"StepName": "Train", "Metadata": {"TrainingJob": {"Arn": f"{HERE}:training-job/churn-train"}}},
    {"StepName": "Register", "Metadata": {"RegisterModel": {"Arn": PACKAGE}}},
]
RUN = {
    "account": "payer",
    "region": REGION,
    "pipeline": "churn",
    "id": "abcdefghijkl",
    "steps": STEPS,
    "user_profile": "d-lab/ada",
}
