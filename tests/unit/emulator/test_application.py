"""What nothing implements is refused by name, in the service's own protocol, and never retried."""

import json
import socket
import urllib.error
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

pytestmark = pytest.mark.emulator

COST = {"BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": "1", "Unit": "USD"}}
BUDGET = {"AccountId": PAYER, "BudgetName": "b"}
NOT_THERE = [
    ("budgets", "describe_budget_actions_for_budget", BUDGET, "budgets:DescribeBudgetActionsForBudget"),
    ("ce", "list_commitment_purchase_analyses", {}, "ce:ListCommitmentPurchaseAnalyses"),
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
    ("cur", "describe_report_definitions", {}, "cur:DescribeReportDefinitions"),  # a service that moto lacks
    ("account", "get_contact_information", {}, "account:"),  # REST JSON
    # A service without a signing name of its own, which moto would answer with an empty 404.
    ("bedrock-data-automation", "list_data_automation_projects", {}, "bedrock:POST /data-automation-projects"),
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


def churn(client: Client, number: int, turns: int) -> None:
    """Make, read, change and delete things of several services; what is asked for must be what is answered."""
    organizations, sns, budgets = client("organizations"), client("sns"), client("budgets")
    for turn in range(turns):
        name = f"churn-{number}-{turn}"
        policy = organizations.create_policy(Name=name, Description="", Type="TAG_POLICY", Content='{"tags":{}}')
        made = policy["Policy"]["PolicySummary"]["Id"]
        organizations.update_policy(PolicyId=made, Description=name)
        organizations.list_policies(Filter="TAG_POLICY")
        assert organizations.describe_policy(PolicyId=made)["Policy"]["PolicySummary"]["Description"] == name
        organizations.delete_policy(PolicyId=made)
        topic = sns.create_topic(Name=name, Tags=[{"Key": "number", "Value": str(number)}])["TopicArn"]
        budgets.create_budget(AccountId=PAYER, Budget={"BudgetName": name, **COST})
        assert sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == [{"Key": "number", "Value": str(number)}]
        budgets.delete_budget(AccountId=PAYER, BudgetName=name)
        sns.delete_topic(TopicArn=topic)


def left_over(client: Client) -> list[str]:
    policies = [policy["Name"] for policy in client("organizations").list_policies(Filter="TAG_POLICY")["Policies"]]
    topics = [topic["TopicArn"] for topic in client("sns").list_topics()["Topics"]]
    found = client("budgets").describe_budgets(AccountId=PAYER)["Budgets"]
    return [name for name in [*policies, *topics, *(budget["BudgetName"] for budget in found)] if "churn-" in name]


def test_two_hundred_calls_in_a_row_leave_nothing_behind(client: Client) -> None:
    churn(client, 0, turns=25)  # eight calls a turn
    assert left_over(client) == []


def test_thirty_two_clients_at_once_do_not_meet(client: Client) -> None:
    for service in ("organizations", "sns", "budgets"):
        client(service)  # boto3 makes clients one at a time only
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(lambda number: churn(client, number, turns=2), range(32)))
    assert left_over(client) == []


def test_a_long_poll_holds_up_nobody(client: Client) -> None:
    queue = client("sqs").create_queue(QueueName="empty")["QueueUrl"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client("sqs").receive_message, QueueUrl=queue, WaitTimeSeconds=3)
        client("sns").list_topics()
        assert not waiting.done()
        assert "Messages" not in waiting.result()
    client("sqs").delete_queue(QueueUrl=queue)


@pytest.mark.parametrize("length", ["abc", "-1", "99999999999999999999"])
def test_a_length_that_is_none_gets_an_answer(emulator: EmulatorStatus, length: str) -> None:
    with socket.create_connection(("127.0.0.1", emulator.port), timeout=20) as connection:
        head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{{}}"
        connection.sendall(head.encode())
        connection.shutdown(socket.SHUT_WR)
        assert b"Traceback" not in connection.recv(4096)


def test_the_seeded_resources_are_in_their_accounts(client: Client) -> None:
    notebooks = client("sagemaker", "555555555551", "us-east-1").list_notebook_instances()["NotebookInstances"]
    assert {notebook["NotebookInstanceName"] for notebook in notebooks} == {"prompt-experiments", "notebook-of-jane"}
    assert client("sagemaker", region="us-east-1").list_notebook_instances()["NotebookInstances"] == []
    assert client("iam").get_role(RoleName="anycompany-config")["Role"]["Arn"].startswith(f"arn:aws:iam::{PAYER}:")
    role = client("iam", "555555555551").get_role(RoleName="OrganizationAccountAccessRole")["Role"]
    assert role["Arn"] == "arn:aws:iam::555555555551:role/OrganizationAccountAccessRole"


def test_a_call_that_is_sent_again_gets_the_answer_of_the_first(emulator: EmulatorStatus) -> None:
    """An SDK sends a call again, under the same id, when its answer got lost."""
    budget = {"AccountId": PAYER, "Budget": {"BudgetName": "sent-twice", **COST}}
    signed = "AWS4-HMAC-SHA256 Credential=tagrail/20261125/us-east-1/budgets/aws4_request, SignedHeaders=h, Signature=0"
    headers = {"Authorization": signed, "Content-Type": "application/x-amz-json-1.1"}

    def status(target: str, body: dict[str, Any], invocation: str) -> int:
        named = headers | {"X-Amz-Target": f"AWSBudgetServiceGateway.{target}", "Amz-Sdk-Invocation-Id": invocation}
        request = urllib.request.Request(emulator.url, json.dumps(body).encode(), named)  # noqa: S310 (our own server)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    assert [status("CreateBudget", budget, "one"), status("CreateBudget", budget, "one")] == [200, 200]
    assert status("CreateBudget", budget, "two") == 400
    assert status("DeleteBudget", {"AccountId": PAYER, "BudgetName": "sent-twice"}, "three") == 200
