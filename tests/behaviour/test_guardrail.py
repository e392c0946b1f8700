"""The guardrail that the shipped dictionary renders, in the emulator: what it denies, what it lets pass, and why."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from harness.guardrail_actions import guarded
from harness.operations.rules import Governance, read_governance
from harness.operations.session import open_session
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


def test_the_command_says_who_denies_and_what_to_add(applied: Tagrail) -> None:
    given = [f"--tag={key}={value}" for key, value in RIGHT.items() if key != "anycompany:finance:owner"]
    done = applied("simulate", "--account", "ml-test", "--action", "s3:createbucket", *given)
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == "denied s3:CreateBucket in ml-test"
    assert "service control policy anycompany-guardrail-Workloads/Test-" in done.stdout
    assert done.stdout.splitlines()[-1] == "  repair     Do add --tag anycompany:finance:owner=<value>"


def test_a_file_holds_many_requests(applied: Tagrail) -> None:
    file = applied.root / "requests.yaml"
    tags = "".join(f"      {key}: '{value}'\n" for key, value in RIGHT.items())
    text = f"requests:\n  - account: ml-test\n    action: s3:CreateBucket\n    tags:\n{tags}"
    file.write_text(text, encoding="utf-8")
    assert applied.ok("simulate", "--file", str(file)) == "allowed s3:CreateBucket in ml-test\n"
    more = "  - {account: ml-dev, action: 's3:CreateBucket'}\n"
    more += "  - {account: ml-test, action: 's3:TagResource', tags: {anycompany:finance:owner: x}}\n"
    file.write_text(text + more, encoding="utf-8")
    done = applied("simulate", "--file", str(file), "--format", "json")
    assert done.returncode == 1
    assert [one["verdict"] for one in json.loads(done.stdout)["requests"]] == ["allowed", "allowed", "unknown"]
    file.write_text("requests:\n  - {acount: ml-dev, action: 's3:CreateBucket'}\n", encoding="utf-8")
    done = applied("simulate", "--file", str(file))
    assert done.returncode == 2
    assert "requests.yaml:2: requests[0].acount: must be one of account, action" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--account", "ml-test"], "simulate: must have --account and --action, or --file; got no --action. Do add"),
        (["--account", "ml-tset", "--action", "s3:CreateBucket"], 'account "ml-tset": must exist'),
        (
            ["--account", "ml-test", "--action", "s3:MakeBucket"],
            '--action: must be one action of the Service Authorization Reference; got "s3:MakeBucket"',
        ),
        (["--account", "ml-test", "--action", "s3:CreateBucket", "--tag", "x"], "--tag: must be KEY=VALUE"),
        (["--account", "ml-test", "--file", "requests.yaml"], "--file: must hold all of the requests; got options"),
    ],
)
def test_what_cannot_be_simulated_is_refused(applied: Tagrail, arguments: list[str], message: str) -> None:
    done = applied("simulate", *arguments)
    assert done.returncode == 2
    assert message in done.stderr


def test_the_account_of_an_unattached_guardrail_is_hit_if_it_were_enforced(applied: Tagrail) -> None:
    ask = ("simulate", "--account", "ml-dev", "--action", "s3:CreateBucket")
    assert applied.ok(*ask) == "allowed s3:CreateBucket in ml-dev\n"
    assert applied(*ask, "--if-enforced").stdout.startswith("denied s3:CreateBucket in ml-dev\n")


def test_an_accounts_tag_policy_is_explained(applied: Tagrail) -> None:
    text = applied.ok("explain", "anycompany:workload:environment", "--account", "ml-prod")
    assert '  tag_value: "prod", "test" from policy "anycompany-tags-root-1" at root (r-tgrl)\n' in text
    assert '"sagemaker:training-job" from policy "anycompany-tags-Workloads/Prod-1" at Workloads/Prod' in text
