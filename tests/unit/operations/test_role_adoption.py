"""Roles, policies and StackSet that the state lost are adopted by their descriptions, and foreign ones refused."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.emulator.process import start, stop
from harness.errors import TagrailError
from harness.operations.addresses import AUDIT_ROLE
from harness.operations.adoption import adopt
from harness.operations.planning import live_state
from harness.operations.session import Session
from harness.project import load_project
from harness.targets.emulator import make_emulator_target

pytestmark = pytest.mark.emulator

ROOT = Path(__file__).resolve().parents[3]
STATEMENT = {"Effect": "Allow", "Action": "ec2:DescribeRegions", "Resource": "*"}
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})
ADDRESSES = {
    f'{AUDIT_ROLE}.aws_iam_role.this["repair"]': "anycompany-repair",
    f'{AUDIT_ROLE}.aws_iam_policy.this["set-1"]': "arn:aws:iam::111111111111:policy/anycompany-repair-set-1",
    f'{AUDIT_ROLE}.aws_cloudformation_stack_set.this["members"]': "anycompany-audit-role",
}


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """The local environment on an emulator of its own, to which nothing was applied."""
    running = start("roles", tmp_path, ROOT / "envs/local/organization.yaml")
    project = load_project(ROOT, ["local"])
    target = make_emulator_target(running.url, "eu-central-1")
    yield Session(tmp_path, "local", project.dictionary, project.environments["local"], target, running.instance_id)
    stop("roles", tmp_path)


def make(session: Session, description: str) -> None:
    """Make a role, a policy that is attached to nothing, and the StackSet."""
    iam = session.target.client("iam")
    iam.create_role(RoleName="anycompany-repair", AssumeRolePolicyDocument=DOCUMENT, Description=description)
    iam.create_policy(PolicyName="anycompany-repair-set-1", PolicyDocument=DOCUMENT, Description=description)
    session.target.client("cloudformation").create_stack_set(
        StackSetName="anycompany-audit-role",
        Description=description,
        TemplateBody=json.dumps({"Resources": {}}),
        PermissionModel="SERVICE_MANAGED",
    )


def test_what_is_described_as_ours_is_adopted(session: Session) -> None:
    make(session, "tagrail: of an apply")
    assert {orphan.address: orphan.id for orphan in adopt(session, live_state(session), ())} == ADDRESSES


def test_what_is_in_the_state_is_none_that_was_left(session: Session) -> None:
    make(session, "tagrail: of an apply")
    assert adopt(session, live_state(session), tuple(ADDRESSES)) == ()


def test_what_only_has_the_name_is_refused(session: Session) -> None:
    make(session, "somebody's")
    with pytest.raises(TagrailError) as failure:
        adopt(session, live_state(session), ())
    lines = str(failure.value).splitlines()
    kinds = ("role ", "role policy ", "StackSet ")
    assert [line.startswith(kind) for line, kind in zip(lines, kinds, strict=True)] == [True] * 3
    assert all('begins with "tagrail:"' in line for line in lines)
