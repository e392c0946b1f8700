"""A repair through the emulator: every API that writes tags, and kill -9 of the command itself."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.emulator.process import stop
from harness.repair.journal import journal_of
from harness.repair.model import Change
from harness.repair.plan_file import plan_text
from tests.clients import HOME, PAYER, Client, client_maker
from tests.project import Tagrail, copy_project

pytestmark = pytest.mark.emulator

MEMBER, FURTHER = "444444444441", "us-east-1"
ENV, OWNER = "anycompany:workload:environment", "anycompany:finance:owner"
ROLE = ("--role", "OrganizationAccountAccessRole")
TRUST = '{"Version": "2012-10-17", "Statement": []}'


@pytest.fixture(scope="module")
def tagrail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tagrail]:
    found = Tagrail(copy_project(tmp_path_factory.mktemp("repair")))
    found.ok("emulator", "start", "--env", "local")
    yield found
    stop("local", found.root / ".tagrail" / "emulator")


@pytest.fixture(scope="module")
def client(tagrail: Tagrail) -> Client:
    return client_maker(tagrail.target().client("sts").meta.endpoint_url)


def change(arn: str, key: str = ENV, **more: Any) -> Change:
    parts = arn.split(":")
    place = {"account": MEMBER, "region": parts[3] or "global", "type": ""}
    return Change(do=True, arn=arn, key=key, **{**place, "becomes": "dev", **more})


def queue(client: Client, name: str, tags: dict[str, str], region: str = HOME) -> str:
    sqs = client("sqs", MEMBER, region)
    sqs.create_queue(QueueName=name, tags=tags)
    return f"arn:aws:sqs:{region}:{MEMBER}:{name}"


def group(client: Client, name: str) -> str:
    scaling = client("autoscaling", MEMBER)
    scaling.create_launch_configuration(LaunchConfigurationName=name, ImageId="ami-12c6146b", InstanceType="t3.micro")
    tag = {"ResourceId": name, "ResourceType": "auto-scaling-group", "Key": "env", "Value": "dev"}
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchConfigurationName=name,
        MinSize=0,
        MaxSize=0,
        AvailabilityZones=[f"{HOME}a"],
        Tags=[{**tag, "PropagateAtLaunch": False}],
    )
    found = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    return str(found[0]["AutoScalingGroupARN"])


def flat(tags: list[dict[str, Any]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def queue_tags(client: Client, arn: str) -> dict[str, str]:
    sqs = client("sqs", MEMBER, arn.split(":")[3])
    url = sqs.get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"]
    return dict(sqs.list_queue_tags(QueueUrl=url).get("Tags", {}))


def plan(tagrail: Tagrail, name: str, changes: list[Change]) -> Path:
    file = tagrail.root / f"{name}.csv"
    file.write_text(plan_text(changes), encoding="utf-8", newline="")
    return file


def test_each_api_writes_and_gives_back_tags(tagrail: Tagrail, client: Client) -> None:
    iam, scaling, organizations = client("iam", MEMBER), client("autoscaling", MEMBER), client("organizations")
    iam.create_role(RoleName="ml", Path="/team/", AssumeRolePolicyDocument=TRUST, Tags=[{"Key": "env", "Value": "dev"}])
    organizations.tag_resource(ResourceId=MEMBER, Tags=[{"Key": "env", "Value": "dev"}])
    account = f"arn:aws:organizations::{PAYER}:account/o-tagraillocal/{MEMBER}"
    role, asg = f"arn:aws:iam::{MEMBER}:role/team/ml", group(client, "web")
    near, far = queue(client, "near", {"env": "dev"}), queue(client, "far", {"env": "dev"}, FURTHER)
    arns = (account, role, asg, near, far)

    def held() -> list[dict[str, str]]:
        groups = scaling.describe_tags(Filters=[{"Name": "auto-scaling-group", "Values": ["web"]}])["Tags"]
        return [
            flat(organizations.list_tags_for_resource(ResourceId=MEMBER)["Tags"]),
            flat(iam.list_role_tags(RoleName="ml")["Tags"]),
            {tag["Key"]: f"{tag['Value']} {tag['PropagateAtLaunch']}" for tag in groups},
            queue_tags(client, near),
            queue_tags(client, far),
        ]

    before = held()
    file = plan(tagrail, "each", [change(arn, now="dev", remove="env") for arn in arns])
    assert tagrail.ok("repair", "apply", str(file), *ROLE).startswith("repaired 5 of 5")
    after = held()
    assert [tags.get(ENV) for tags in after] == ["dev", "dev", "dev False", "dev", "dev"]
    assert not any("env" in tags for tags in after)
    refused = tagrail("repair", "apply", str(file), *ROLE)
    assert refused.returncode == 2
    assert "it was carried out at" in refused.stderr
    assert "or pass --undo to take it back" in refused.stderr
    assert tagrail.ok("repair", "apply", str(file), "--undo", *ROLE).startswith("undone 10 of 10")
    assert held() == before
    assert tagrail.ok("repair", "apply", str(file), *ROLE).startswith("repaired 5 of 5")


def test_a_repair_that_is_killed_continues_and_is_undone_as_a_whole(tagrail: Tagrail, client: Client) -> None:
    arns = [queue(client, f"killed-{number}", {"owner": f"team-{number}"}) for number in range(12)]
    changes = [
        change(arn, OWNER, now=f"team-{number}", becomes=f"team-{number}", remove="owner")
        for number, arn in enumerate(arns)
    ]
    file = plan(tagrail, "killed", changes)
    command = [sys.executable, "-m", "harness", "repair", "apply", str(file), *ROLE]
    running = subprocess.Popen(command, cwd=tagrail.root, env=tagrail.environment())
    deadline = time.monotonic() + 60
    while not journal_of(file).exists() or journal_of(file).read_bytes().count(b"\n") < 9:
        assert running.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    half = [queue_tags(client, arn) for arn in arns]
    assert 0 < sum(OWNER in tags for tags in half) < len(arns)
    assert "0 failed" in tagrail.ok("repair", "apply", str(file), "--resume", *ROLE)
    assert [queue_tags(client, arn) for arn in arns] == [{OWNER: f"team-{number}"} for number in range(12)]
    tagrail.ok("repair", "apply", str(file), "--undo", *ROLE)
    assert [queue_tags(client, arn) for arn in arns] == [{"owner": f"team-{number}"} for number in range(12)]


def test_what_fails_is_told_and_the_rest_goes_on(tagrail: Tagrail, client: Client) -> None:
    arn = queue(client, "good", {})
    gone = f"arn:aws:sqs:{HOME}:{MEMBER}:gone"
    file = plan(tagrail, "failing", [change(arn), change(gone), change(arn.replace("good", "away"), now="Dev")])
    done = tagrail("repair", "apply", str(file), *ROLE)
    assert done.returncode == 1
    assert f"FAIL {gone}: {ENV}: " in done.stdout
    assert "away: anycompany:workload:environment: is gone, or has no tags any more" in done.stdout
    assert done.stdout.endswith("repaired 1 of 3: 0 already so, 1 skipped, 1 failed\n")
    assert queue_tags(client, arn) == {ENV: "dev"}


def test_the_role_of_the_environment_is_entered_and_without_any_members_are_not(
    tagrail: Tagrail, client: Client
) -> None:
    arn = queue(client, "closed", {})
    file = plan(tagrail, "closed", [change(arn)])
    settings = tagrail.root / "envs" / "local" / "env.yaml"
    text = settings.read_text(encoding="utf-8")
    without = re.sub(r"\naudit_role:\n(?:  .*\n)+", "\n", text)
    assert without != text
    settings.write_text(without, encoding="utf-8")
    done = tagrail("repair", "apply", str(file))
    settings.write_text(text, encoding="utf-8")
    assert (done.returncode, "no role was named to enter member accounts by" in done.stdout) == (1, True)
    tagrail.ok("repair", "apply", str(file), "--resume")
    assert queue_tags(client, arn) == {ENV: "dev"}


def test_marks_are_set_checked_and_taken_off(tagrail: Tagrail, client: Client) -> None:
    arn = queue(client, "unproven", {"Name": "x"})
    row = {"do": False, "arn": arn, "key": OWNER, "account": MEMBER, "region": HOME, "type": ""}
    file = plan(tagrail, "marks", [Change(**row)])  # type: ignore[arg-type]
    key = "tagrail:repair-by"
    tagrail.ok("repair", "mark", str(file), "--due", "2999-01-01", *ROLE)
    assert queue_tags(client, arn) == {"Name": "x", key: "2999-01-01"}
    assert "1 waiting" in tagrail.ok("repair", "mark", str(file), "--check", *ROLE)
    sqs = client("sqs", MEMBER)
    url = sqs.get_queue_url(QueueName="unproven")["QueueUrl"]
    sqs.tag_queue(QueueUrl=url, Tags={key: "2020-01-01"})
    late = tagrail("repair", "mark", str(file), "--check", *ROLE)
    assert (late.returncode, f"OVERDUE {arn}: {OWNER}: due 2020-01-01" in late.stdout) == (1, True)
    sqs.tag_queue(QueueUrl=url, Tags={OWNER: "ml"})
    tagrail.ok("repair", "mark", str(file), "--check", *ROLE)
    assert queue_tags(client, arn) == {"Name": "x", OWNER: "ml"}
    wrong = tagrail("repair", "mark", str(file), "--due", "2020-01-01", *ROLE)
    assert (wrong.returncode, "--due: must be after today" in wrong.stderr) == (2, True)
