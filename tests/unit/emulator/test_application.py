"""What nothing implements is refused by name, in the service's own protocol, and never retried."""

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.awsrequest import HeadersDict
from botocore.exceptions import ClientError
from botocore.parsers import create_parser

from harness.emulator.application import error_response
from harness.emulator.process import EmulatorStatus

from .conftest import PAYER, Client, error_code

BUDGET = {"AccountId": PAYER, "BudgetName": "b"}
NOT_THERE = [
    ("budgets", "describe_budget_actions_for_budget", BUDGET, "budgets:DescribeBudgetActionsForBudget"),
    ("ce", "get_anomaly_monitors", {}, "ce:GetAnomalyMonitors"),
    ("config", "list_conformance_pack_compliance_scores", {}, "config:ListConformancePackComplianceScores"),
    ("organizations", "list_handshakes_for_organization", {}, "organizations:ListHandshakesForOrganization"),
    (
        "organizations",
        "describe_effective_policy",
        {"PolicyType": "BACKUP_POLICY", "TargetId": PAYER},
        "organizations:DescribeEffectivePolicy",
    ),
    ("sagemaker", "list_edge_packaging_jobs", {}, "sagemaker:ListEdgePackagingJobs"),  # JSON of a service of moto
    ("sns", "get_sms_sandbox_account_status", {}, "sns:GetSMSSandboxAccountStatus"),  # query
    ("bcm-data-exports", "list_exports", {}, "bcm-data-exports:ListExports"),  # a service that moto lacks
    ("account", "list_regions", {}, "account:"),  # REST JSON
]


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "named"), NOT_THERE, ids=[f"{row[0]}.{row[1]}" for row in NOT_THERE]
)
def test_an_operation_that_is_not_there_is_refused_by_name(
    client: Client, service: str, operation: str, arguments: dict[str, Any], named: str
) -> None:
    with pytest.raises(ClientError, match=named) as failure:
        getattr(client(service, region="us-east-1"), operation)(**arguments)
    assert error_code(failure) == "NotImplemented"
    metadata = failure.value.response["ResponseMetadata"]
    assert (metadata["HTTPStatusCode"], metadata["RetryAttempts"]) == (501, 0)


@pytest.mark.parametrize("protocol", ["json", "rest-json", "query", "ec2", "rest-xml"])
def test_the_error_reads_the_same_in_every_protocol(protocol: str) -> None:
    answer = error_response(protocol, "NotThere", "no <such> thing", 501)
    raw = {"status_code": answer.status_code, "headers": HeadersDict(list(answer.headers)), "body": answer.data}
    parsed: Any = create_parser(protocol).parse(raw, None)
    assert (parsed["Error"]["Code"], parsed["Error"]["Message"]) == ("NotThere", "no <such> thing")


def test_health_says_who_answers(emulator: EmulatorStatus) -> None:
    with urllib.request.urlopen(f"{emulator.url}/_tagrail/health", timeout=5) as answer:  # noqa: S310 (our own server)
        health = json.load(answer)
    assert health == {"instance_id": emulator.instance_id, "pid": emulator.pid, "ready": True}


def test_ten_at_a_time_get_answers(client: Client) -> None:
    """Terraform sends ten requests at once; moto's collections must not change under a reader."""
    organizations = client("organizations")

    def churn(number: int) -> int:
        for turn in range(3):
            policy = {"Name": f"churn-{number}-{turn}", "Description": "", "Type": "TAG_POLICY"}
            made = organizations.create_policy(**policy, Content='{"tags":{}}')["Policy"]["PolicySummary"]["Id"]
            organizations.attach_policy(PolicyId=made, TargetId="ou-tgrl-sandbox0")
            organizations.list_policies(Filter="TAG_POLICY")
            organizations.detach_policy(PolicyId=made, TargetId="ou-tgrl-sandbox0")
            organizations.delete_policy(PolicyId=made)
        return number

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(churn, range(10))) == list(range(10))


def test_the_seeded_resources_are_in_their_accounts(client: Client) -> None:
    notebooks = client("sagemaker", "555555555551", "us-east-1").list_notebook_instances()["NotebookInstances"]
    assert {notebook["NotebookInstanceName"] for notebook in notebooks} == {"prompt-experiments", "notebook-of-jane"}
    assert client("sagemaker", region="us-east-1").list_notebook_instances()["NotebookInstances"] == []
    assert client("iam").get_role(RoleName="anycompany-config")["Role"]["Arn"].startswith(f"arn:aws:iam::{PAYER}:")
    role = client("iam", "555555555551").get_role(RoleName="OrganizationAccountAccessRole")["Role"]
    assert role["Arn"] == "arn:aws:iam::555555555551:role/OrganizationAccountAccessRole"
