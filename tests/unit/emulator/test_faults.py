"""Faults on purpose: an account, service or region fails as it is asked to, in its own words, and calls are counted."""

import functools
import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import yaml
from botocore.config import Config
from botocore.exceptions import ClientError

from harness.emulator import process

from .conftest import error_code
from .sagemaker_seed import EXECUTION, RUN, call
from .test_seed import SMALL

pytestmark = pytest.mark.emulator

PAYER, MEMBER, REGION, OFF = "111111111111", "222222222222", "eu-central-1", "eu-south-1"
ROLE = f"arn:aws:iam::{MEMBER}:role/OrganizationAccountAccessRole"
ONCE = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
MODES: dict[str, Any] = {"total_max_attempts": 6, "mode": "adaptive"}
PIPELINE = {"PipelineName": "churn", "PipelineDefinition": "{}", "ClientRequestToken": "t" * 32, "RoleArn": ROLE}


class Emulator:
    """Reach a running emulator, its own pages too."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.keys = self.enter()

    def enter(self) -> dict[str, str]:
        token = self.client("sts", PAYER).assume_role(RoleArn=ROLE, RoleSessionName="test")["Credentials"]
        return {
            "aws_access_key_id": token["AccessKeyId"],
            "aws_secret_access_key": token["SecretAccessKey"],
            "aws_session_token": token["SessionToken"],
        }

    @functools.cache  # noqa: B019 (one emulator lives as long as its tests)
    def client(self, service: str, account: str = MEMBER, region: str = REGION, config: Config = ONCE) -> Any:
        keys = {"aws_access_key_id": "tagrail", "aws_secret_access_key": "tagrail"} if account == PAYER else self.keys
        session: Any = boto3.Session()
        return session.client(service, region_name=region, endpoint_url=self.url, config=config, **keys)

    def page(self, name: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/_tagrail/{name}", data)) as answer:  # noqa: S310 (loopback)
            return json.load(answer)

    def set(self, **faults: Any) -> None:
        self.page("faults", faults)

    def code(self, service: str, operation: str, account: str = MEMBER, region: str = REGION, **arguments: Any) -> str:
        try:
            getattr(self.client(service, account, region), operation)(**arguments)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return ""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    folder = tmp_path_factory.mktemp("faults")
    seed = {
        **SMALL,
        "resources": [call("create_pipeline", PIPELINE)],
        "pipeline_runs": [{**RUN, "steps": []}],
        "faults": {"throttle": [{"account": "member", "service": "sns", "per_second": 1}]},
    }
    (folder / "seed.yaml").write_text(yaml.safe_dump(seed, sort_keys=False), encoding="utf-8")
    started = process.start("faults", folder, folder / "seed.yaml")
    yield Emulator(started.url)
    process.stop("faults", folder)


@pytest.fixture
def emulator(running: Emulator) -> Iterator[Emulator]:
    yield running
    running.page("faults", {})


def test_a_seed_has_faults_with_the_ids_of_its_accounts(emulator: Emulator) -> None:
    (limit,) = emulator.page("faults")["throttle"]
    assert (limit["account"], limit["service"], limit["per_second"]) == (MEMBER, "sns", 1)


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("sagemaker", "list_models", "ThrottlingException"),
        ("resourcegroupstaggingapi", "get_resources", "ThrottledException"),
        ("resource-explorer-2", "list_indexes", "ThrottlingException"),
        ("account", "list_regions", "TooManyRequestsException"),
        ("lambda", "list_functions", "TooManyRequestsException"),
        ("ec2", "describe_volumes", "RequestLimitExceeded"),
        ("s3", "list_buckets", "SlowDown"),
        ("iam", "list_roles", "Throttling"),
        ("config", "describe_config_rules", "ThrottlingException"),
        ("cloudtrail", "lookup_events", "ThrottlingException"),
    ],
)
def test_too_many_calls_are_throttled_in_the_services_words(
    emulator: Emulator, service: str, operation: str, code: str
) -> None:
    emulator.set(throttle=[{"per_second": 1, "account": MEMBER}])
    codes = [emulator.code(service, operation) for _ in range(10)]
    assert codes[0] == ""
    assert set(codes) == {"", code}
    assert emulator.code("sns", "list_topics", PAYER) == ""


def test_a_client_that_backs_off_gets_through(emulator: Emulator) -> None:
    emulator.set(throttle=[{"per_second": 5, "account": MEMBER, "service": "sagemaker"}])
    client = emulator.client("sagemaker", config=Config(retries=MODES))
    for _ in range(12):
        client.list_models()
    (counted,) = [each for each in emulator.page("calls")["calls"] if each["operation"] == "ListModels"]
    assert counted["calls"] - counted["throttled"] == 12
    assert (counted["account"], counted["service"], counted["region"]) == (MEMBER, "sagemaker", REGION)


def test_a_limit_may_hold_for_an_operation_in_each_region(emulator: Emulator) -> None:
    limit = {"service": "cloudtrail", "operation": "LookupEvents", "per_second": 2, "per_region": True}
    emulator.set(throttle=[limit])
    codes = [emulator.code("cloudtrail", "lookup_events", region=region) for region in (REGION, "us-east-1") * 2]
    assert codes == [""] * 4


def test_denied_actions_are_denied_alone(emulator: Emulator) -> None:
    emulator.set(denied=[{"account": MEMBER, "actions": ["sagemaker:List*", "ec2:DescribeVolumes"]}])
    assert emulator.code("sagemaker", "list_models") == "AccessDeniedException"
    assert emulator.code("ec2", "describe_volumes") == "UnauthorizedOperation"
    assert emulator.code("ec2", "describe_vpcs") == ""
    assert emulator.code("sagemaker", "list_models", PAYER) == ""


def test_an_account_may_not_be_entered(emulator: Emulator) -> None:
    emulator.set(denied=[{"account": MEMBER, "actions": ["sts:AssumeRole"]}])
    with pytest.raises(ClientError) as failure:
        emulator.enter()
    assert error_code(failure) == "AccessDenied"
    assert emulator.code("sts", "get_caller_identity") == ""


def test_a_disabled_region_knows_no_credentials_and_is_listed_so(emulator: Emulator) -> None:
    emulator.set(disabled_regions=[{"account": MEMBER, "regions": [OFF]}])
    assert emulator.code("sagemaker", "list_models", region=OFF) == "UnrecognizedClientException"
    assert emulator.code("ec2", "describe_vpcs", region=OFF) == "AuthFailure"
    assert emulator.code("sns", "list_topics", region=OFF) == "InvalidClientTokenId"
    assert emulator.code("sagemaker", "list_models", PAYER, OFF) == ""
    ec2 = emulator.client("ec2")
    assert OFF not in {each["RegionName"] for each in ec2.describe_regions()["Regions"]}
    listed = {each["RegionName"]: each["OptInStatus"] for each in ec2.describe_regions(AllRegions=True)["Regions"]}
    assert (listed[OFF], listed[REGION]) == ("not-opted-in", "opt-in-not-required")
    account = emulator.client("account")
    disabled = account.list_regions(RegionOptStatusContains=["DISABLED"])["Regions"]
    assert [each["RegionName"] for each in disabled] == [OFF]
    assert account.get_region_opt_status(RegionName=REGION)["RegionOptStatus"] == "ENABLED_BY_DEFAULT"
    of_payer = emulator.client("account", PAYER)
    assert of_payer.get_region_opt_status(RegionName=OFF, AccountId=MEMBER)["RegionOptStatus"] == "DISABLED"
    assert of_payer.get_region_opt_status(RegionName=OFF)["RegionOptStatus"] == "ENABLED"
    assert emulator.code("account", "list_regions", AccountId=PAYER) == "AccessDeniedException"


def test_an_account_is_suspended_after_some_calls(running: Emulator) -> None:
    running.set(suspended=[{"account": MEMBER, "after_calls": 2}])
    codes = [running.code("sagemaker", "list_models") for _ in range(3)]
    assert codes == ["", "", "SubscriptionRequiredException"]
    assert running.code("ec2", "describe_vpcs") == "OptInRequired"
    with pytest.raises(ClientError) as failure:
        running.enter()
    assert error_code(failure) == "AccessDenied"
    accounts = running.client("organizations", PAYER).list_accounts()["Accounts"]
    assert {each["Id"]: each["Status"] for each in accounts} == {PAYER: "ACTIVE", MEMBER: "SUSPENDED"}
    running.set()
    assert running.code("sagemaker", "list_models") == ""


def test_calls_are_counted_until_they_are_counted_anew(emulator: Emulator) -> None:
    emulator.set()
    for _ in range(3):
        emulator.code("sagemaker", "list_models")
    emulator.code("sagemaker", "describe_model", ModelName="gone")
    counted = {each["operation"]: each["calls"] for each in emulator.page("calls")["calls"]}
    assert counted == {"ListModels": 3, "DescribeModel": 1}
    emulator.page("calls", {})
    assert emulator.page("calls")["calls"] == []


def test_a_control_request_that_is_none_is_refused(emulator: Emulator) -> None:
    for page, body in (("faults", {"throttle": [{"per_second": 0}]}), ("faults", []), ("pipeline-steps", {})):
        with pytest.raises(urllib.error.HTTPError) as failure:
            emulator.page(page, body)
        assert failure.value.code == 400


def test_steps_of_a_run_may_come_later(emulator: Emulator) -> None:
    step = {"StepName": "Train", "Metadata": {"TrainingJob": {"Arn": "arn:aws:sagemaker:r:1:training-job/t"}}}
    emulator.page("pipeline-steps", {"execution_arn": EXECUTION, "steps": [step]})
    found = emulator.client("sagemaker", PAYER).list_pipeline_execution_steps(PipelineExecutionArn=EXECUTION)
    assert [each["StepName"] for each in found["PipelineExecutionSteps"]] == ["Train"]
