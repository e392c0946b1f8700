"""The guardrail that the shipped dictionary renders, in the emulator: what it denies, what it lets pass, and why."""

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from harness.guardrail_actions import guarded
from harness.operations import open_session
from harness.operations.rules import Governance, read_governance
from harness.policy.request import Request
from harness.policy.simulation import simulate
from tests.project import Tagrail

from .conftest import Client
from .minimal_calls import arguments, operation_of

pytestmark = pytest.mark.terraform

ACCOUNT = "444444444442"  # ml-test, below Workloads/Test, where env.yaml enforces the guardrail
GROUPS = ("sagemaker", "ec2", "s3", "bedrock", "containers", "glue", "redshift", "database", "lambda")
# moto has no such operation, or no such service: the emulator refuses the call by name whatever its tags.
NOT_SERVED = {
    "bedrock:CreateDataAutomationProject",
    *(f"bedrock-agentcore:Create{noun}" for noun in ("AgentRuntime", "Gateway", "Memory")),
    *(f"redshift-serverless:Create{noun}" for noun in ("Namespace", "Workgroup")),
}
RIGHT = {
    "anycompany:workload:application-id": "llm-chat",
    "anycompany:workload:environment": "test",
    "anycompany:finance:owner": "ml-platform",
    "anycompany:finance:business-unit": "Shared",
    "anycompany:finance:cost-center": "5045",
    "anycompany:security:data-classification": "internal",
}
WRONG = {
    "anycompany:workload:environment": "production",
    "anycompany:finance:business-unit": "Nobody",
    "anycompany:finance:owner": "",
}


def actions() -> list[str]:
    found = guarded(GROUPS)
    names = {*found.whole, *(name for scope in found.narrow for name in scope.actions)}
    return sorted(names - NOT_SERVED)


ACTIONS = actions()


@pytest.fixture(scope="module")
def governance(applied: Tagrail) -> Governance:
    return read_governance(open_session(applied.root, "local", None, start_emulator=False), if_enforced=False)


def denial(client: Client, action: str, tags: Mapping[str, str]) -> str | None:
    """Return AWS's message when a control policy denies the call; None when it gets past, whatever comes then."""
    service, _, name = operation_of(action).partition(".")
    made: Any = client(service, ACCOUNT)
    operation = made.meta.method_to_api_mapping[name]
    try:
        getattr(made, name)(**arguments(action, tags, made.meta.service_model.operation_model(operation)))
    except ClientError as error:
        message = str(error.response["Error"].get("Message", ""))
        return message if "explicit deny in a service control policy" in message else None
    return None


def simulated(governance: Governance, action: str, tags: Mapping[str, str]) -> str:
    request = Request(action, ACCOUNT, "eu-central-1", tags=tags)
    return simulate(request, governance.rules(governance.organization.account(ACCOUNT))).verdict


def test_the_actions_are_as_many_as_the_claim() -> None:
    assert len(ACTIONS) >= 40
    assert len({name.partition(":")[0] for name in ACTIONS}) >= 12


@pytest.mark.parametrize("action", ACTIONS)
def test_a_create_without_one_mandatory_key_is_denied(client: Client, governance: Governance, action: str) -> None:
    for key in RIGHT:
        tags = {other: value for other, value in RIGHT.items() if other != key}
        message = denial(client, action, tags)
        assert message is not None, key
        assert "anycompany-guardrail" not in message, "AWS names the policy by its ARN"
        assert simulated(governance, action, tags) == "denied", key


@pytest.mark.parametrize("action", ACTIONS)
def test_a_create_with_a_wrong_value_is_denied(client: Client, governance: Governance, action: str) -> None:
    for key, value in WRONG.items():
        tags = {**RIGHT, key: value}
        assert denial(client, action, tags) is not None, key
        assert simulated(governance, action, tags) == "denied", key


@pytest.mark.parametrize("action", ACTIONS)
def test_a_compliant_create_passes(client: Client, governance: Governance, action: str) -> None:
    assert denial(client, action, RIGHT) is None
    assert simulated(governance, action, RIGHT) == "allowed"
