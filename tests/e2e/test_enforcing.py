"""A target moves from report to enforce: not while it hits calls that pass today, unless the user accepts how many."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.impact.test_cloudtrail import INSTANCE, record

pytestmark = pytest.mark.terraform

ROOT_POLICY = "anycompany-guardrail-root-1"


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two creates of ml-dev that lack tags, and one in an account where they are denied already."""
    denied = record("sqs", "CreateQueue", recipientAccountId="999999999999")
    file = tmp_path_factory.mktemp("cloudtrail") / "events.json"
    bucket = record("s3", "CreateBucket", {"bucketName": "data"})
    file.write_text(json.dumps({"Records": [INSTANCE, bucket, denied]}), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def moving(applied: Any) -> Any:
    """The applied project, whose env.yaml now enforces at the root."""
    file = applied.root / "envs" / "local" / "env.yaml"
    text = file.read_text(encoding="utf-8")
    changed = text.replace("guardrail:\n  root: report", "guardrail:\n  root: enforce")
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    return applied


def attached(tagrail: Any, name: str) -> list[str]:
    client = tagrail.client("organizations")
    policies = client.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]
    policy = next(found["Id"] for found in policies if found["Name"] == name)
    return [target["TargetId"] for target in client.list_targets_for_policy(PolicyId=policy)["Targets"]]


def test_impact_names_calls_and_what_they_lack(applied: Any, events: Path) -> None:
    done = applied("impact", "--events", str(events), "--format", "json")
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    assert (found["impact"], found["by_account"]) == (2, {"ml-dev": 2})
    assert found["judged"]["strangers"] == 1
    assert [call["action"] for call in found["calls"]] == ["ec2:RunInstances", "s3:CreateBucket"]
    assert "Do add --tag anycompany:finance:cost-center=5045" in found["calls"][1]["repairs"]


def test_impact_judges_the_resources_of_a_snapshot(applied: Any) -> None:
    file = applied.root / "snapshot.yaml"
    text = (applied.root / "envs" / "local" / "organization.yaml").read_text(encoding="utf-8")
    head = text.partition("billing:\n")[0]
    wrong = "tags: {anycompany:workload:environment: production, anycompany:finance:owner: ml}"
    arns = "arns: ['arn:aws:s3:::one', 'arn:aws:s3:::two']"
    file.write_text(
        f"{head}tagged_resources:\n  - {{account: ml-dev, region: eu-central-1, {wrong}, {arns}}}\n", "utf-8"
    )
    done = applied("impact", "--snapshot", str(file), "--format", "json")
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    assert (found["judged"]["resources"], found["impact"], found["by_account"]) == (2, 2, {"ml-dev": 2})
    broken = 'value of anycompany:workload:environment = "production"'
    assert [(each["arn"], each["denied"], each["rules"]) for each in found["resources"]] == [
        ("arn:aws:s3:::one", True, [broken]),
        ("arn:aws:s3:::two", True, [broken]),
    ]
    assert "read tagged resources: 2 in 1 account\n" in done.stderr


def test_enforcing_is_refused_while_it_hits_what_passes(moving: Any, events: Path) -> None:
    done = moving("apply", "--events", str(events))
    assert done.returncode == 2
    rule = (
        "guardrail at root: must hit 0 calls and resources at most when it is enforced; got 2 (2 calls and 0 resources)"
    )
    assert rule in done.stderr
    assert "Do look at them with tagrail impact --env local, or pass --accept-impact 2" in done.stderr
    assert attached(moving, ROOT_POLICY) == []


def test_enforcing_goes_on_with_the_number_accepted(moving: Any, events: Path) -> None:
    moving.ok("apply", "--events", str(events), "--accept-impact", "2")
    assert attached(moving, ROOT_POLICY) == ["r-tgrl"]
    assert moving.findings() == []
    assert moving("apply").returncode == 0, "nothing moves any more"
