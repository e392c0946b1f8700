"""Findings and results as the judge and the wording make them."""

from typing import Any

from harness.plan_check.model import CheckFinding, Fault
from harness.plan_check.result import CheckResult, InputCounts

OWNER = "anycompany:finance:owner"
NASTY = "x|`y` <img src=x onerror=alert(1)> @octocat #12 [a](http://evil.example) ::error::z \x1b[31m\u202e :key:"


def finding(rule: str = "missing-key", address: str = "aws_s3_bucket.logs", **more: Any) -> CheckFinding:
    own = {name: more.pop(name) for name in ("verdict", "key", "held", "wanted", "because", "path") if name in more}
    fault = Fault(**({"rule": rule, "verdict": "fail", "path": "tags", "key": OWNER} | own))
    values: dict[str, Any] = {
        "fault": fault,
        "input": "plan.json",
        "address": address,
        "type": "aws_s3_bucket",
        "where": f"{address}.{fault.path}",
        "what": f'The tag "{fault.key}" is missing.',
        "must_hold": f'"{fault.key}" on every resource',
        "repair": f'tags = {{\n  "{fault.key}" = "team-a"\n}}',
        "repair_at": "in the resource's block",
        "language": "terraform",
        "fingerprint": f"{rule}/{address}/{fault.path}/{fault.key}",
    }
    return CheckFinding(**(values | more))


def unknown(address: str = "aws_instance.web", **more: Any) -> CheckFinding:
    return finding("unknown-value", address, verdict="unknown", what="The tags are known only after apply.", **more)


def old(address: str = "aws_sqs_queue.jobs", **more: Any) -> CheckFinding:
    return finding("missing-key", address, is_old=True, **more)


def counted(*names: str, judged: int = 7, types: tuple[str, ...] = ()) -> tuple[InputCounts, ...]:
    return tuple(InputCounts(name, "terraform", judged, {"deleted": 2, "read": 1}, types) for name in names)


def result(*findings: CheckFinding, **more: Any) -> CheckResult:
    values: dict[str, Any] = {
        "title": "tagrail check",
        "inputs": counted(*dict.fromkeys(("plan.json", *(each.input for each in findings)))),
        "findings": findings,
        "unknown_mode": "warn",
    }
    return CheckResult(**(values | more))


MIXED = (old(), unknown(), finding("wrong-value", file="main.tf", line=12), finding())
