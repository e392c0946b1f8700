"""A snapshot of an emulator that a snapshot seeded is the same snapshot; and what is in the accounts stays there."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from harness.emulator.lease import lease
from harness.emulator.seed import load_seed
from harness.emulator.seed_model import NOT_ASKED, Seed
from harness.operations.session import Session
from harness.operations.snapshot import snapshot, write_snapshot
from harness.project import load_project
from harness.snapshot import render_snapshot
from harness.targets.emulator import make_emulator_target
from tests import prod_snapshot
from tests.project import HOME, REPOSITORY

pytestmark = pytest.mark.emulator

ROLE = "OrganizationAccountAccessRole"
SECRET = "hunter2-in-the-clear"


def open_session(url: str, environment: str) -> Session:
    project = load_project(REPOSITORY, [environment])
    found = project.environments[environment]
    target = make_emulator_target(url, HOME, access_key=found.payer_account_id)
    return Session(REPOSITORY, environment, project.dictionary, found, target, None)


@pytest.fixture(scope="module")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with lease("prod", tmp_path_factory.mktemp("prod"), prod_snapshot.FILE) as running:
        yield open_session(running.url, "prod")


def same_day(found: Seed) -> Seed:
    return found.model_copy(update={"taken": prod_snapshot.snapshot().taken})


def test_the_shipped_snapshot_is_what_its_generator_makes() -> None:
    assert prod_snapshot.FILE.read_text(encoding="utf-8") == prod_snapshot.text(), "run python -m tests.prod_snapshot"
    assert load_seed(prod_snapshot.FILE)[0] == prod_snapshot.snapshot()


def test_a_seeded_emulator_gives_the_same_snapshot_again(prod: Session, tmp_path: Path) -> None:
    found = snapshot(prod, role=ROLE, resources=True)
    assert same_day(found) == prod_snapshot.snapshot()
    write_snapshot(found, tmp_path / "snapshot.yaml")
    assert load_seed(tmp_path / "snapshot.yaml")[0] == found
    assert [file.name for file in tmp_path.iterdir()] == ["snapshot.yaml"]


def test_a_role_that_is_not_there_is_said_and_the_rest_is_read(
    prod: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    found = snapshot(prod, role=None, resources=False)
    assert found.organization == prod_snapshot.snapshot().organization
    assert {entry.code for entry in found.unreadable} == {NOT_ASKED}
    assert "was not looked at: nobody asked for resources (--no-resources)" in capsys.readouterr().err


def test_the_environments_own_recorder_is_no_part_of_it(prod: Session) -> None:
    settings = prod.environment.config.model_copy(
        update={"recorder": load_project(REPOSITORY, ["local"]).environments["local"].config.recorder}
    )
    own = dataclasses.replace(prod, environment=prod.environment.model_copy(update={"config": settings}))
    (recorders,) = snapshot(own, role=ROLE, resources=False).config_recorders
    assert own.environment.payer_account_id not in (recorders.accounts or ())
    assert len(recorders.accounts or ()) == 23


def test_no_value_of_anything_gets_into_the_file(tmp_path: Path) -> None:
    seed = yaml.safe_load((REPOSITORY / "envs/local/organization.yaml").read_text(encoding="utf-8"))
    place = {"account": "ml-prod", "region": HOME}
    tags = [{"Key": "team", "Value": "ml"}]
    trust = '{"Version":"2012-10-17","Statement":[]}'
    calls = [
        ("ssm.put_parameter", {"Name": "p", "Value": SECRET, "Type": "SecureString", "Tags": tags}),
        ("secretsmanager.create_secret", {"Name": "s", "SecretString": SECRET, "Tags": tags}),
        ("iam.create_role", {"RoleName": "l", "AssumeRolePolicyDocument": trust, "Description": SECRET}),
        (
            "lambda.create_function",
            {
                "FunctionName": "f",
                "Runtime": "python3.13",
                "Role": "arn:aws:iam::444444444443:role/l",
                "Handler": "f.f",
                "Code": {"S3Bucket": "anycompany-llm-chat-artifacts", "S3Key": "f.zip"},
                "Environment": {"Variables": {"PASSWORD": SECRET}},
                "Tags": {"team": "ml"},
            },
        ),
    ]
    calls.insert(3, ("s3.put_object", {"Bucket": "anycompany-llm-chat-artifacts", "Key": "f.zip", "Body": SECRET}))
    seed["resources"] += [{**place, "call": call, "arguments": arguments} for call, arguments in calls]
    seed["billing"].pop("costs_file")
    file = tmp_path / "seed.yaml"
    file.write_text(yaml.safe_dump(seed), encoding="utf-8")
    with lease("secret", tmp_path, file) as running:
        text = render_snapshot(snapshot(open_session(running.url, "local"), role=ROLE, resources=True))
    for named in ("parameter/p", "secret:s", "function:f"):
        assert named in text
    assert SECRET not in text
    assert "aws-ml-prod@example.com" not in text
