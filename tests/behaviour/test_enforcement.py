"""What control policies and tag policies let pass and deny: calls over many services, each with code and message."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from harness.policy.compliance import plain

from .conftest import PAYER, Client

pytestmark = pytest.mark.terraform

CALLS = yaml.safe_load((Path(__file__).parent / "calls.yaml").read_text(encoding="utf-8"))
ACCOUNTS = {"anycompany-payer": PAYER, "ml-dev": "444444444441", "ml-prod": "444444444443", "ml-lab": "555555555551"}
PROD = "Workloads/Prod"
OWNER = "anycompany:finance:owner"
MADE = [
    *(f"sagemaker:Create{noun}" for noun in ("Endpoint", "Model", "NotebookInstance", "Pipeline", "TrainingJob")),
    "sagemaker:CreateModelPackageGroup",
    *("dynamodb:CreateTable", "s3:CreateBucket", "sqs:CreateQueue", "sns:CreateTopic", "kms:CreateKey"),
    *("secretsmanager:CreateSecret", "rds:CreateDBInstance", "ecs:CreateCluster", "logs:CreateLogGroup"),
    *("iam:CreateRole", "ecr:CreateRepository", "kinesis:CreateStream", "elasticfilesystem:CreateFileSystem"),
    *("glue:CreateJob", "ssm:PutParameter"),
]
NO_OWNER = {"Null": {f"aws:RequestTag/{OWNER}": "true"}}
GUARDRAIL = [
    {"Sid": "OwnerOnCreate", "Effect": "Deny", "Action": MADE, "Resource": "*", "Condition": NO_OWNER},
    {
        "Sid": "OwnerOnInstances",
        "Effect": "Deny",
        "Action": ["ec2:RunInstances", "ec2:CreateVolume"],
        "Resource": ["arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:*:volume/*"],
        "Condition": NO_OWNER,
    },
    {
        "Sid": "OwnerStays",
        "Effect": "Deny",
        "Action": "sagemaker:DeleteTags",
        "Resource": "*",
        "Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": [OWNER]}},
    },
]
ALLOWED = CALLS["allowed"]
DENIED = [(plane, case) for plane, cases in CALLS["denied"].items() for case in cases]


@pytest.fixture(scope="module", autouse=True)
def guardrail(client: Client) -> Iterator[str]:
    """Attach the control policy to Workloads/Prod while these tests run."""
    organizations = client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    parent = root
    for name in PROD.split("/"):
        units = organizations.list_organizational_units_for_parent(ParentId=parent)["OrganizationalUnits"]
        parent = next(unit["Id"] for unit in units if unit["Name"] == name)
    content = json.dumps({"Version": "2012-10-17", "Statement": GUARDRAIL})
    made = organizations.create_policy(Name="owner", Description="", Type="SERVICE_CONTROL_POLICY", Content=content)[
        "Policy"
    ]["PolicySummary"]
    organizations.attach_policy(PolicyId=made["Id"], TargetId=parent)
    yield made["Arn"]
    organizations.detach_policy(PolicyId=made["Id"], TargetId=parent)
    organizations.delete_policy(PolicyId=made["Id"])


def call(client: Client, case: Mapping[str, Any], name: str) -> None:
    service, _, operation = case["call"].partition(".")
    arguments = json.loads(json.dumps(case["arguments"]).replace("NAME", name))
    getattr(client(service, ACCOUNTS[case["account"]]), operation)(**arguments)


def label(case: Mapping[str, Any]) -> str:
    return f"{case['account']}-{case['call']}"


def test_the_cases_are_as_many_as_the_claim() -> None:
    services = {case["call"].partition(".")[0] for case in ALLOWED}
    assert len(ALLOWED) >= 30
    assert len(DENIED) >= 30
    assert len(services) >= 12
    assert services & {case["call"].partition(".")[0] for _, case in DENIED} >= {"sagemaker", "s3", "ec2", "dynamodb"}


@pytest.mark.parametrize("index", range(len(ALLOWED)), ids=[label(case) for case in ALLOWED])
def test_allowed(client: Client, index: int) -> None:
    call(client, ALLOWED[index], f"allowed-{index}")


@pytest.mark.parametrize("index", range(len(DENIED)), ids=[label(case) for _, case in DENIED])
def test_denied(client: Client, guardrail: str, index: int) -> None:
    plane, case = DENIED[index]
    name = f"denied-{index}"
    with pytest.raises(ClientError) as failure:
        call(client, case, name)
    error = failure.value.response["Error"]
    assert error["Code"] == case["code"]
    operation = plain(case["call"].partition(".")[2])
    if plane == "control policy":
        user = f"User: arn:aws:sts::{ACCOUNTS[case['account']]}:assumed-role/OrganizationAccountAccessRole/test"
        assert f"{user} is not authorized to perform: " in error["Message"]
        assert error["Message"].endswith(f"with an explicit deny in a service control policy: {guardrail}")
        assert operation in plain(error["Message"])
    else:
        key = "AnyCompany:Workload:Environment" if "AnyCompany" in str(case) else "anycompany:workload:environment"
        text = f"The tag policy does not allow the specified value for the following tag key: '{key}'."
        assert error["Message"].endswith(text)


def test_a_denied_call_changes_nothing(client: Client) -> None:
    account = ACCOUNTS["ml-prod"]
    assert not [n for n in client("dynamodb", account).list_tables()["TableNames"] if n.startswith("denied-")]
    assert not [b for b in client("s3", account).list_buckets()["Buckets"] if b["Name"].startswith("denied-")]
    notebooks = client("sagemaker", account).list_notebook_instances()["NotebookInstances"]
    assert not [found for found in notebooks if found["NotebookInstanceName"].startswith("denied-")]
