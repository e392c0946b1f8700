"""A pipeline's run over two accounts: one trains in Studio, the other registers, deploys and serves."""

from typing import Any

TRAINS, SERVES, REGION = "111111111111", "222222222222", "eu-central-1"
ROLE = f"arn:aws:iam::{TRAINS}:role/ml"
IMAGE = f"{TRAINS}.dkr.ecr.{REGION}.amazonaws.com/churn:1"
TRAINING, SERVING = f"arn:aws:sagemaker:{REGION}:{TRAINS}", f"arn:aws:sagemaker:{REGION}:{SERVES}"
FILE = "s3://ml-output/churn/churn-train/output/model.tar.gz"
RUN = f"{TRAINING}:pipeline/churn/execution/abcdefghijkl"
PACKAGE = f"{SERVING}:model-package/churn/1"
STUDIO = {"DomainId": "d-lab", "UserProfileName": "ada"}
FROM_STUDIO = [
    {"Key": "sagemaker:domain-arn", "Value": f"{TRAINING}:domain/d-lab"},
    {"Key": "sagemaker:user-profile-arn", "Value": f"{TRAINING}:user-profile/d-lab/ada"},
]
OF_PROJECT = [{"Key": "sagemaker:project-name", "Value": "churn"}]
VARIANT = {"VariantName": "a", "ModelName": "churn", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
SHADOW = {**VARIANT, "VariantName": "b", "ModelName": "churn-by-file"}
CLUSTER = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}
S3 = {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://ml-input/churn"}}}


def call(operation: str, account: str = "payer", *, user_profile: str = "", **arguments: Any) -> dict[str, Any]:
    made = {"account": account, "region": REGION, "call": f"sagemaker.{operation}", "arguments": arguments}
    return {**made, "user_profile": user_profile} if user_profile else made


CALLS = [
    call(
        "create_domain",
        DomainName="lab",
        AuthMode="IAM",
        DefaultUserSettings={"ExecutionRole": ROLE},
        SubnetIds=["subnet-1"],
        VpcId="vpc-1",
    ),
    call("create_user_profile", **STUDIO),
    call(
        "create_space",
        DomainId="d-lab",
        SpaceName="own",
        OwnershipSettings={"OwnerUserProfileName": "ada"},
        SpaceSharingSettings={"SharingType": "Private"},
    ),
    call("create_space", DomainId="d-lab", SpaceName="team"),
    call("create_app", **STUDIO, AppType="JupyterServer", AppName="default"),
    call("create_app", DomainId="d-lab", SpaceName="own", AppType="JupyterLab", AppName="default"),
    call(
        "create_notebook_instance",
        NotebookInstanceName="exploration",
        InstanceType="ml.t3.medium",
        RoleArn=ROLE,
        Tags=FROM_STUDIO,
    ),
    call("create_project", ProjectName="churn", user_profile="d-lab/ada"),
    call(
        "create_pipeline",
        PipelineName="churn",
        PipelineDefinition="{}",
        ClientRequestToken="t" * 32,
        RoleArn=ROLE,
        Tags=OF_PROJECT,
    ),
    call(
        "create_feature_group",
        FeatureGroupName="churn",
        RecordIdentifierFeatureName="id",
        EventTimeFeatureName="at",
        FeatureDefinitions=[{"FeatureName": "id", "FeatureType": "String"}],
        OfflineStoreConfig={"S3StorageConfig": {"S3Uri": "s3://ml-output/features"}},
        RoleArn=ROLE,
    ),
    call(
        "create_processing_job",
        ProcessingJobName="churn-features",
        RoleArn=ROLE,
        AppSpecification={"ImageUri": IMAGE},
        ProcessingResources={"ClusterConfig": {**CLUSTER, "VolumeSizeInGB": 1}},
        ProcessingOutputConfig={
            "Outputs": [
                {"OutputName": "f", "AppManaged": True, "FeatureStoreOutput": {"FeatureGroupName": "churn"}},
            ]
        },
    ),
    call(
        "create_training_job",
        TrainingJobName="churn-train",
        RoleArn=ROLE,
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        OutputDataConfig={"S3OutputPath": "s3://ml-output/churn"},
        ResourceConfig=CLUSTER,
        StoppingCondition={"MaxRuntimeInSeconds": 60},
    ),
    call("create_model_package_group", "member", ModelPackageGroupName="churn"),
    call(
        "create_model_package",
        ModelPackageGroupName=f"{SERVING}:model-package-group/churn",
        SourceUri=f"{TRAINING}:training-job/churn-train",
        MetadataProperties={"GeneratedBy": RUN},
        InferenceSpecification={
            "Containers": [{"Image": IMAGE, "ModelDataUrl": FILE}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    ),
    call(
        "create_model",
        "member",
        ModelName="churn",
        ExecutionRoleArn=ROLE,
        PrimaryContainer={"ModelPackageName": PACKAGE},
    ),
    call(
        "create_model",
        "member",
        ModelName="churn-by-file",
        ExecutionRoleArn=ROLE,
        Containers=[{"Image": IMAGE, "ModelDataUrl": FILE}],
    ),
    call(
        "create_endpoint_config",
        "member",
        EndpointConfigName="churn",
        ProductionVariants=[VARIANT],
        ShadowProductionVariants=[SHADOW],
    ),
    call("create_endpoint", "member", EndpointName="churn", EndpointConfigName="churn"),
    call(
        "create_inference_component",
        "member",
        InferenceComponentName="churn",
        EndpointName="churn",
        VariantName="a",
        Specification={
            "ModelName": "churn",
            "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024},
        },
        RuntimeConfig={"CopyCount": 1},
    ),
    call(
        "create_transform_job",
        "member",
        TransformJobName="churn-scores",
        ModelName="churn",
        TransformInput=S3,
        TransformOutput={"S3OutputPath": "s3://ml-output/scores"},
        TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
    ),
]
STEPS = [
    {"StepName": "Features", "Metadata": {"ProcessingJob": {"Arn": f"{TRAINING}:processing-job/churn-features"}}},
    {"StepName": "Train", "Metadata": {"TrainingJob": {"Arn": f"{TRAINING}:training-job/churn-train"}}},
    {"StepName": "Register", "Metadata": {"RegisterModel": {"Arn": PACKAGE}}},
]
SEED = {
    "version": 1,
    "organization": {
        "id": "o-tagraillocal",
        "root_id": "r-tgrl",
        "organizational_units": [{"id": "ou-tgrl-workload", "path": "Workloads"}],
        "accounts": [
            {"id": TRAINS, "name": "payer", "email": "payer@example.com"},
            {"id": SERVES, "name": "member", "email": "member@example.com", "parent": "Workloads"},
        ],
    },
    "billing": {
        "cost_allocation_tags": [{"key": "a", "status": "Active"}],
        "costs": [{"account": "member", "service": "Amazon SageMaker", "usd_per_day": 1.5}],
    },
    "resources": CALLS,
    "pipeline_runs": [
        {"account": "payer", "region": REGION, "pipeline": "churn", "id": "abcdefghijkl", "steps": STEPS},
    ],
}
# From parent to child, by the ends of ARNs: each is a place where a tag can stop. (T)raining, (S)erving account.
EDGES = {
    ("T:domain/d-lab", "T:user-profile/d-lab/ada"),
    ("T:user-profile/d-lab/ada", "T:space/d-lab/own"),
    ("T:domain/d-lab", "T:space/d-lab/team"),
    ("T:user-profile/d-lab/ada", "T:app/d-lab/ada/jupyterserver/default"),
    ("T:space/d-lab/own", "T:app/d-lab/own/jupyterlab/default"),
    ("T:user-profile/d-lab/ada", "T:notebook-instance/exploration"),
    ("T:user-profile/d-lab/ada", "T:project/churn"),
    ("T:project/churn", "T:pipeline/churn"),
    ("T:pipeline/churn", "T:pipeline/churn/execution/abcdefghijkl"),
    ("T:pipeline/churn/execution/abcdefghijkl", "T:processing-job/churn-features"),
    ("T:pipeline/churn/execution/abcdefghijkl", "T:training-job/churn-train"),
    ("T:pipeline/churn/execution/abcdefghijkl", "S:model-package/churn/1"),
    ("T:processing-job/churn-features", "T:feature-group/churn"),
    ("T:training-job/churn-train", FILE),
    ("T:training-job/churn-train", "S:model-package/churn/1"),
    (FILE, "S:model-package/churn/1"),
    (FILE, "S:model/churn-by-file"),
    ("S:model-package-group/churn", "S:model-package/churn/1"),
    ("S:model-package/churn/1", "S:model/churn"),
    ("S:model/churn", "S:endpoint-config/churn"),
    ("S:model/churn-by-file", "S:endpoint-config/churn"),
    ("S:endpoint-config/churn", "S:endpoint/churn"),
    ("S:endpoint/churn", "S:inference-component/churn"),
    ("S:model/churn", "S:inference-component/churn"),
    ("S:model/churn", "S:transform-job/churn-scores"),
}
