"""What a seed lists by ARN alone stands in SageMaker's own lists, behind what was made by calls."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from harness.emulator import process
from tests.clients import PAYER, Client, client_maker

from .conftest import error_code
from .sagemaker_seed import REGION, TRAINING, call
from .test_seed import SMALL

pytestmark = pytest.mark.emulator

PLACE = f"arn:aws:sagemaker:{REGION}:{PAYER}"
NAMES = {
    "list_apps": ("app/d-x/ada/jupyterlab/default", "Apps"),
    "list_auto_ml_jobs": ("automl-job/n", "AutoMLJobSummaries"),
    "list_clusters": ("cluster/n", "ClusterSummaries"),
    "list_domains": ("domain/d-x", "Domains"),
    "list_endpoint_configs": ("endpoint-config/n", "EndpointConfigs"),
    "list_endpoints": ("endpoint/n", "Endpoints"),
    "list_feature_groups": ("feature-group/n", "FeatureGroupSummaries"),
    "list_hyper_parameter_tuning_jobs": ("hyper-parameter-tuning-job/n", "HyperParameterTuningJobSummaries"),
    "list_inference_components": ("inference-component/n", "InferenceComponents"),
    "list_model_package_groups": ("model-package-group/n", "ModelPackageGroupSummaryList"),
    "list_models": ("model/n", "Models"),
    "list_notebook_instances": ("notebook-instance/n", "NotebookInstances"),
    "list_pipelines": ("pipeline/n", "PipelineSummaries"),
    "list_processing_jobs": ("processing-job/n", "ProcessingJobSummaries"),
    "list_projects": ("project/n", "ProjectSummaryList"),
    "list_transform_jobs": ("transform-job/n", "TransformJobSummaries"),
    "list_user_profiles": ("user-profile/d-x/ada", "UserProfiles"),
}
JOBS = [f"{PLACE}:training-job/listed-{number:02}" for number in range(25)]


@pytest.fixture(scope="module")
def sagemaker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("listed")
    arns = [*(f"{PLACE}:{name}" for name, _ in NAMES.values()), *JOBS]
    listed = {"account": "payer", "region": REGION, "arns": arns, "created_days_ago": 3}
    seed = {**SMALL, "resources": [call("create_training_job", TRAINING)], "tagged_resources": [listed]}
    (folder / "seed.yaml").write_text(yaml.safe_dump(seed, sort_keys=False), encoding="utf-8")
    running = process.start("listed", folder, folder / "seed.yaml")
    make: Client = client_maker(running.url)
    yield make("sagemaker", PAYER, REGION)
    process.stop("listed", folder)


@pytest.mark.parametrize("operation", NAMES)
def test_a_listed_resource_stands_in_the_list_of_its_kind(sagemaker: Any, operation: str) -> None:
    (found,) = getattr(sagemaker, operation)()[NAMES[operation][1]]
    last = NAMES[operation][0].rpartition("/")[2]
    assert last in found.values()
    arn = next((value for name, value in found.items() if name.endswith("Arn")), None)
    assert arn in (None, f"{PLACE}:{NAMES[operation][0]}")


def test_those_of_calls_come_first_and_all_pages_follow(sagemaker: Any) -> None:
    pages = list(sagemaker.get_paginator("list_training_jobs").paginate(PaginationConfig={"PageSize": 10}))
    names = [job["TrainingJobName"] for page in pages for job in page["TrainingJobSummaries"]]
    assert names[0] == "churn-train"
    assert len(names) == len(set(names)) == 26
    named = sagemaker.list_training_jobs(NameContains="listed-01")
    assert [job["TrainingJobArn"] for job in named["TrainingJobSummaries"]] == [JOBS[1]]


def test_it_is_described_as_far_as_it_is_known(sagemaker: Any) -> None:
    found = sagemaker.describe_training_job(TrainingJobName="listed-03")
    assert (found["TrainingJobArn"], found["TrainingJobStatus"]) == (JOBS[3], "Completed")
    profile = sagemaker.describe_user_profile(DomainId="d-x", UserProfileName="ada")
    assert profile["UserProfileArn"] == f"{PLACE}:user-profile/d-x/ada"
    for call_, arguments in (
        (sagemaker.describe_training_job, {"TrainingJobName": "gone"}),
        (sagemaker.describe_user_profile, {"DomainId": "d-x", "UserProfileName": "eve"}),
    ):
        with pytest.raises(ClientError):
            call_(**arguments)


def test_a_token_of_another_list_is_refused(sagemaker: Any) -> None:
    token = sagemaker.list_training_jobs(MaxResults=100)["NextToken"]
    with pytest.raises(ClientError) as failure:
        sagemaker.list_trials(NextToken=token)
    assert error_code(failure) == "ValidationException"


def test_it_takes_tags(sagemaker: Any) -> None:
    sagemaker.add_tags(ResourceArn=JOBS[0], Tags=[{"Key": "a", "Value": "b"}])
    assert sagemaker.list_tags(ResourceArn=JOBS[0])["Tags"] == [{"Key": "a", "Value": "b"}]
