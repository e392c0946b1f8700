"""SageMaker beyond moto: Studio with its tags, lineage over two accounts, tags on every kind of resource."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from harness.emulator import process
from tests.clients import Client, client_maker

from .conftest import error_code
from .sagemaker_seed import CALLS, EXECUTION, GROUP, HERE, OWNER, PACKAGE, REGION, REGISTRY, RUN, TRAINS
from .test_seed import SMALL

pytestmark = pytest.mark.emulator


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("sagemaker")
    seed = {**SMALL, "resources": CALLS, "pipeline_runs": [RUN]}
    (folder / "seed.yaml").write_text(yaml.safe_dump(seed, sort_keys=False), encoding="utf-8")
    running = process.start("sagemaker", folder, folder / "seed.yaml")
    yield client_maker(running.url)
    process.stop("sagemaker", folder)


@pytest.fixture
def sagemaker(make: Client) -> Any:
    return make("sagemaker", TRAINS, REGION)


def tags_of(sagemaker: Any, arn: str) -> dict[str, str]:
    pages = sagemaker.get_paginator("list_tags").paginate(ResourceArn=arn)
    return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}


def test_lineage_leads_from_the_endpoint_to_the_profile_and_over_the_accounts(make: Client, sagemaker: Any) -> None:
    endpoint = sagemaker.describe_endpoint(EndpointName="churn")
    config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
    model = sagemaker.describe_model(ModelName=config["ProductionVariants"][0]["ModelName"])
    package = sagemaker.describe_model_package(ModelPackageName=model["PrimaryContainer"]["ModelPackageName"])
    assert package["ModelPackageArn"] == PACKAGE
    assert package["SourceUri"] == f"{HERE}:training-job/churn-train"
    assert package["MetadataProperties"] == {"GeneratedBy": EXECUTION}
    job = sagemaker.describe_training_job(TrainingJobName="churn-train")
    container = package["InferenceSpecification"]["Containers"][0]
    assert job["ModelArtifacts"]["S3ModelArtifacts"] == container["ModelDataUrl"]
    steps = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=EXECUTION, SortOrder="Ascending")
    metadata = [step["Metadata"] for step in steps["PipelineExecutionSteps"]]
    assert metadata == [{"TrainingJob": {"Arn": job["TrainingJobArn"]}}, {"RegisterModel": {"Arn": PACKAGE}}]
    execution = sagemaker.describe_pipeline_execution(PipelineExecutionArn=EXECUTION)
    assert execution["PipelineArn"] == f"{HERE}:pipeline/churn"
    assert execution["CreatedBy"]["UserProfileArn"] == f"{HERE}:user-profile/d-lab/ada"
    pipeline = sagemaker.describe_pipeline(PipelineName="churn")
    assert (pipeline["CreatedBy"]["DomainId"], pipeline["CreatedBy"]["UserProfileName"]) == ("d-lab", "ada")
    (listed,) = sagemaker.list_pipeline_executions(PipelineName="churn")["PipelineExecutionSummaries"]
    assert listed["PipelineExecutionArn"] == EXECUTION


def test_search_shows_what_describe_shows_in_pages(make: Client, sagemaker: Any) -> None:
    (pipeline,) = sagemaker.search(Resource="Pipeline")["Results"]
    assert pipeline["Pipeline"]["CreatedBy"]["UserProfileArn"] == f"{HERE}:user-profile/d-lab/ada"
    (package,) = make("sagemaker", REGISTRY, REGION).search(Resource="ModelPackage")["Results"]
    assert package["ModelPackage"]["SourceUri"] == f"{HERE}:training-job/churn-train"
    for number in range(11):
        sagemaker.create_model_package_group(ModelPackageGroupName=f"group-{number}")
    groups = {"Resource": "ModelPackageGroup"}
    first = sagemaker.search(**groups)
    assert len(first["Results"]) == 10
    assert len(sagemaker.search(**groups, NextToken=first["NextToken"])["Results"]) == 1
    assert len(sagemaker.search(**groups, MaxResults=100)["Results"]) == 11


def test_a_model_package_stands_in_the_account_of_its_group(make: Client, sagemaker: Any) -> None:
    registry = make("sagemaker", REGISTRY, REGION)
    for client, name in ((registry, "churn"), (sagemaker, GROUP)):
        (found,) = client.list_model_packages(ModelPackageGroupName=name)["ModelPackageSummaryList"]
        assert found["ModelPackageArn"] == PACKAGE
    assert sagemaker.list_model_packages(ModelPackageType="Both")["ModelPackageSummaryList"] == []
    created_by = registry.describe_model_package(ModelPackageName=PACKAGE)["CreatedBy"]
    assert set(created_by) == {"IamIdentity"}
    assert created_by["IamIdentity"]["Arn"].startswith(f"arn:aws:sts::{TRAINS}:")
    assert sagemaker.describe_model_package_group(ModelPackageGroupName=GROUP)["ModelPackageGroupArn"] == GROUP


def test_an_app_has_the_tags_that_domain_and_profile_have_when_it_starts(sagemaker: Any) -> None:
    app = {"DomainId": "d-lab", "UserProfileName": "ada", "AppType": "JupyterLab", "AppName": "default"}
    arn = sagemaker.create_app(**app)["AppArn"]
    assert arn == f"{HERE}:app/d-lab/ada/jupyterlab/default"
    assert tags_of(sagemaker, arn) == {"CostCenter": "42", "Owner": "ada"}
    profile = f"{HERE}:user-profile/d-lab/ada"
    sagemaker.add_tags(ResourceArn=profile, Tags=[{"Key": "Late", "Value": "yes"}])
    assert "Late" not in tags_of(sagemaker, arn)
    second = sagemaker.create_app(**{**app, "AppName": "second"})["AppArn"]
    assert tags_of(sagemaker, second) == {"CostCenter": "42", "Owner": "ada", "Late": "yes"}
    with pytest.raises(ClientError) as failure:
        sagemaker.create_app(**app)
    assert error_code(failure) == "ResourceInUse"
    sagemaker.delete_app(**app)
    states = {each["AppName"]: each["Status"] for each in sagemaker.list_apps(DomainIdEquals="d-lab")["Apps"]}
    assert states == {"default": "Deleted", "second": "InService"}
    with pytest.raises(ClientError):
        tags_of(sagemaker, arn)
    sagemaker.delete_tags(ResourceArn=profile, TagKeys=["Late"])


def test_a_space_owns_apps_too_and_needs_its_domain(sagemaker: Any) -> None:
    sharing, owned = {"SharingType": "Shared"}, {"OwnerUserProfileName": "ada"}
    settings = {"OwnershipSettings": owned, "SpaceSharingSettings": sharing}
    sagemaker.create_space(DomainId="d-lab", SpaceName="shared", Tags=OWNER, **settings)
    app = {"DomainId": "d-lab", "SpaceName": "shared", "AppType": "CodeEditor", "AppName": "default"}
    sagemaker.create_app(**app)
    assert sagemaker.describe_app(**app)["Status"] == "InService"
    (space,) = sagemaker.list_spaces()["Spaces"]
    summaries = (space["OwnershipSettingsSummary"], space["SpaceSharingSettingsSummary"])
    assert (space["SpaceName"], *summaries) == ("shared", owned, sharing)
    with pytest.raises(ClientError) as failure:
        sagemaker.create_space(DomainId="d-gone", SpaceName="shared")
    assert error_code(failure) == "ResourceNotFound"
    with pytest.raises(ClientError) as failure:
        sagemaker.create_app(**{**app, "SpaceName": "gone"})
    assert error_code(failure) == "ResourceNotFound"
    sagemaker.delete_space(DomainId="d-lab", SpaceName="shared")
    with pytest.raises(ClientError) as failure:
        sagemaker.describe_space(DomainId="d-lab", SpaceName="shared")
    assert error_code(failure) == "ResourceNotFound"


def test_profiles_are_listed_ten_a_page(sagemaker: Any) -> None:
    for number in range(12):
        sagemaker.create_user_profile(DomainId="d-lab", UserProfileName=f"user-{number}")
    first = sagemaker.list_user_profiles(UserProfileNameContains="user")
    assert len(first["UserProfiles"]) == 10
    rest = sagemaker.list_user_profiles(UserProfileNameContains="user", NextToken=first["NextToken"])
    assert len(rest["UserProfiles"]) == 2
    assert sagemaker.list_user_profiles(DomainIdEquals="d-other")["UserProfiles"] == []
    described = sagemaker.describe_user_profile(DomainId="d-lab", UserProfileName="user-0")
    assert (described["Status"], described["UserProfileArn"]) == ("InService", f"{HERE}:user-profile/d-lab/user-0")


def test_projects_components_and_tracking_servers(sagemaker: Any) -> None:
    project = sagemaker.create_project(ProjectName="p", ServiceCatalogProvisioningDetails={"ProductId": "prod-1"})
    assert project["ProjectArn"] == f"{HERE}:project/p"
    assert sagemaker.describe_project(ProjectName="p")["ProjectStatus"] == "CreateCompleted"
    assert [each["ProjectName"] for each in sagemaker.list_projects(NameContains="P")["ProjectSummaryList"]] == ["p"]
    component = {"InferenceComponentName": "c", "EndpointName": "churn", "VariantName": "a"}
    needs = {"MinMemoryRequiredInMb": 128}
    specification = {"ModelName": "churn", "ComputeResourceRequirements": needs}
    sagemaker.create_inference_component(**component, Specification=specification, RuntimeConfig={"CopyCount": 1})
    described = sagemaker.describe_inference_component(InferenceComponentName="c")
    assert described["EndpointArn"] == f"{HERE}:endpoint/churn"
    assert described["Specification"]["ModelName"] == "churn"
    found = sagemaker.list_inference_components(EndpointNameEquals="churn")["InferenceComponents"]
    assert [each["InferenceComponentName"] for each in found] == ["c"]
    server = {"TrackingServerName": "t", "ArtifactStoreUri": "s3://b", "RoleArn": f"arn:aws:iam::{TRAINS}:role/r"}
    sagemaker.create_mlflow_tracking_server(**server)
    assert sagemaker.describe_mlflow_tracking_server(TrackingServerName="t")["IsActive"] == "Active"
    assert len(sagemaker.list_mlflow_tracking_servers()["TrackingServerSummaries"]) == 1


def test_every_kind_takes_tags_and_the_tagging_api_sees_them(make: Client, sagemaker: Any) -> None:
    sagemaker.create_project(ProjectName="tagged")
    store = {"S3StorageConfig": {"S3Uri": "s3://b/features"}}
    sagemaker.create_feature_group(
        FeatureGroupName="Tagged",
        RecordIdentifierFeatureName="id",
        EventTimeFeatureName="at",
        FeatureDefinitions=[{"FeatureName": "id", "FeatureType": "String"}],
        OfflineStoreConfig=store,
        RoleArn=f"arn:aws:iam::{TRAINS}:role/r",
    )
    (group,) = sagemaker.list_feature_groups(NameContains="Tag")["FeatureGroupSummaries"]
    names = ("user-profile/d-lab/ada", "project/tagged", "domain/d-lab", "pipeline/churn", "endpoint/churn")
    arns = [*(f"{HERE}:{name}" for name in names), group["FeatureGroupArn"]]
    for arn in arns:
        sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "Twice", "Value": "a"}])
        sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "Twice", "Value": "b"}])
        assert tags_of(sagemaker, arn)["Twice"] == "b"
    tagging = make("resourcegroupstaggingapi", TRAINS, REGION)
    found = tagging.get_resources(TagFilters=[{"Key": "Twice"}])["ResourceTagMappingList"]
    assert {each["ResourceARN"] for each in found} == set(arns)
    tagging.untag_resources(ResourceARNList=arns, TagKeys=["Twice"])
    assert all("Twice" not in tags_of(sagemaker, arn) for arn in arns)
    registry = make("sagemaker", REGISTRY, REGION)
    registry.add_tags(ResourceArn=PACKAGE, Tags=OWNER)
    assert tags_of(registry, PACKAGE) == {"Owner": "ml"}


@pytest.mark.parametrize(
    ("arn", "tags"),
    [
        (f"{HERE}:pipeline/churn", [{"Key": f"k{number}", "Value": "v"} for number in range(51)]),
        (f"{HERE}:pipeline/churn", [{"Key": "aws:x", "Value": "v"}]),
        (f"{HERE}:pipeline/gone", OWNER),
        (EXECUTION, OWNER),
    ],
)
def test_what_cannot_be_tagged_is_refused(sagemaker: Any, arn: str, tags: list[dict[str, str]]) -> None:
    with pytest.raises(ClientError) as failure:
        sagemaker.add_tags(ResourceArn=arn, Tags=tags)
    assert error_code(failure) == "ValidationException"


def test_fifty_tags_are_the_most_over_all_calls(sagemaker: Any) -> None:
    arn = sagemaker.create_project(ProjectName="full")["ProjectArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": f"k{number}", "Value": "v"} for number in range(50)])
    with pytest.raises(ClientError) as failure:
        sagemaker.add_tags(ResourceArn=arn, Tags=OWNER)
    assert error_code(failure) == "ValidationException"
    assert len(sagemaker.list_tags(ResourceArn=arn)["Tags"]) == 50


def test_models_are_listed_in_pages(sagemaker: Any) -> None:
    for number in range(11):
        role = f"arn:aws:iam::{TRAINS}:role/r"
        sagemaker.create_model(ModelName=f"many-{number}", ExecutionRoleArn=role, PrimaryContainer={"Image": "i"})
    first = sagemaker.list_models(NameContains="many")
    assert (len(first["Models"]), "NextToken" in first) == (10, True)
    pages = sagemaker.get_paginator("list_models").paginate(NameContains="many")
    assert len([each for page in pages for each in page["Models"]]) == 11


@pytest.mark.parametrize("operation", ["list_human_task_uis", "list_labeling_jobs", "list_monitoring_schedules"])
def test_an_operation_that_is_missing_says_so(sagemaker: Any, operation: str) -> None:
    with pytest.raises(ClientError) as failure:
        getattr(sagemaker, operation)()
    assert error_code(failure) == "NotImplemented"
