"""A topic that the organisation brought: what lets budgets in, what keeps them out, and what cannot be told."""

import dataclasses
from typing import Any

import pytest

from harness.environment import Anomaly
from harness.state import LiveAlerts, LiveKey, Unreadable
from harness.verify import alert_topic, verify
from tests.unit.verify.live import APPLY, TODAY, loaded, right_state

TOPIC = "arn:aws:sns:us-east-1:111111111111:alerts"
KEY = "arn:aws:kms:us-east-1:111111111111:key/1"
PAYER, OTHER = "111111111111", "222222222222"


def verdicts(
    policy: dict[str, Any] | None, key: LiveKey | Unreadable | None = None, *, anomalies: bool = False
) -> dict[str, str]:
    """Return verdict by subject; with `anomalies` the topic hears of these too."""
    dictionary, environment = loaded()
    own = environment.subscribers.model_copy(update={"topic_arn": TOPIC})
    brought = environment.model_copy(update={"subscribers": own, "budgets": {}})
    if not anomalies:
        brought = brought.model_copy(update={"anomaly": Anomaly()})
    assert alert_topic(brought) == TOPIC
    state = dataclasses.replace(right_state(), alerts=LiveAlerts(TOPIC, policy, key))
    findings = verify(dictionary, brought, state, APPLY, TODAY)
    found = [finding for finding in findings if finding.plane == "alert channel"]
    assert all(finding.repair.startswith("Do ") for finding in found if finding.verdict != "pass")
    return {finding.subject: finding.verdict for finding in found}


def allow(**fields: Any) -> dict[str, Any]:
    own = {"Effect": "Allow", "Principal": {"Service": "budgets.amazonaws.com"}, "Action": "SNS:Publish"}
    return {**own, "Resource": TOPIC, **fields}


def deny(**fields: Any) -> dict[str, Any]:
    return allow(Effect="Deny", Principal="*", **fields)


def under(operator: str, key: str, value: object) -> dict[str, Any]:
    return {"Condition": {operator: {key: value}}}


@pytest.mark.parametrize(
    "statements",
    [
        allow(),
        [allow()],
        [allow(Action=["sns:Publish", "sns:Subscribe"])],
        [allow(Action="SNS:*")],
        [allow(Action="sns:*")],
        [allow(Action="*")],
        [allow(Action="sns:Pub*", Resource="*")],
        [allow(Principal={"Service": ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]})],
        [allow(Principal="*")],
        [allow(Principal={"AWS": "*"}, **under("StringEquals", "aws:SourceAccount", PAYER))],
        [allow(**under("StringEqualsIfExists", "aws:SourceOwner", PAYER))],
        [allow(**under("StringEquals", "AWS:SourceAccount", [OTHER, PAYER]))],
        [allow(**under("ArnLike", "aws:SourceArn", f"arn:aws:budgets::{PAYER}:*"))],
        [allow(**under("ArnEquals", "aws:SourceArn", f"arn:aws:budgets::{PAYER}:*"))],
        [allow(**under("StringLike", "aws:SourceArn", f"arn:aws:budgets::{PAYER}:*"))],
        [allow(**under("StringEquals", "aws:SourceOrgID", "o-tagraillocal"))],
        [allow(), deny(**under("Bool", "aws:SecureTransport", "false"))],
        [allow(), deny(Condition={"Bool": {"aws:SecureTransport": False}})],
        [allow(), deny(**under("StringNotEquals", "aws:SourceAccount", PAYER))],
        [allow(), deny(Action="sns:DeleteTopic")],
        [allow(), deny(Resource=f"{TOPIC}-2")],
        [allow(), {**deny(), "Principal": {"AWS": f"arn:aws:iam::{PAYER}:user/jo"}}],
        [allow(), {"Effect": "Deny", "NotPrincipal": {"Service": "budgets.amazonaws.com"}, "Action": "*"}],
    ],
)
def test_a_policy_that_lets_budgets_in_passes(statements: object) -> None:
    assert verdicts({"Statement": statements}) == {"topic policy": "pass"}


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [allow(Effect="Deny")],
        [allow(Principal={"Service": "cloudwatch.amazonaws.com"})],
        [allow(Principal={"AWS": f"arn:aws:iam::{PAYER}:root"})],
        [allow(Action="sns:Subscribe")],
        [allow(Resource=f"{TOPIC}-2")],
        [allow(**under("StringEquals", "aws:SourceAccount", OTHER))],
        [allow(**under("StringLike", "aws:SourceAccount", "2*"))],
        [allow(**under("ArnLike", "aws:SourceArn", f"arn:aws:budgets::{OTHER}:*"))],
        [allow(**under("StringEquals", "aws:SourceArn", f"arn:aws:budgets::{PAYER}:*"))],
        [allow(Principal={"AWS": "*"}, **under("StringEquals", "AWS:SourceOwner", PAYER))],
        [allow(), deny()],
        [allow(), deny(Action="SNS:*")],
        [allow(), deny(**under("StringEquals", "aws:SourceAccount", PAYER))],
        [allow(), {"Effect": "Deny", "Principal": "*", "NotAction": "sns:Subscribe", "Resource": "*"}],
        [allow(), {"Effect": "Deny", "NotPrincipal": {"AWS": "1"}, "Action": "sns:*", "Resource": "*"}],
    ],
)
def test_a_policy_that_keeps_budgets_out_fails(statements: object) -> None:
    assert verdicts({"Statement": statements}) == {"topic policy": "fail"}


def test_a_topic_without_a_policy_fails() -> None:
    assert verdicts(None) == {"topic policy": "fail"}


@pytest.mark.parametrize(
    "statements",
    [
        [allow(**under("StringEquals", "aws:PrincipalOrgID", "o-1"))],
        [allow(**under("DateLessThan", "aws:CurrentTime", "2030-01-01T00:00:00Z"))],
        [allow(**under("ArnEquals", "aws:SourceArn", f"arn:aws:budgets::{PAYER}:budget/any-ml"))],
        [allow(**under("StringEquals", "aws:SourceArn", f"arn:aws:budgets::{PAYER}:budget/any-ml"))],
        [allow(), deny(**under("ForAllValues:StringEquals", "aws:SourceAccount", PAYER))],
    ],
)
def test_what_cannot_be_told_is_unknown(statements: object) -> None:
    assert verdicts({"Statement": statements}) == {"topic policy": "unknown"}


def encrypt(*actions: str, **fields: Any) -> dict[str, Any]:
    return {"Statement": [allow(Action=list(actions), Resource="*", **fields)]}


@pytest.mark.parametrize(
    ("key", "verdict"),
    [
        (None, None),
        (LiveKey(KEY, "Enabled", encrypt("kms:Decrypt", "kms:GenerateDataKey*")), "pass"),
        (LiveKey(KEY, "Enabled", encrypt("kms:*")), "pass"),
        (LiveKey(KEY, "Enabled", encrypt("kms:Decrypt")), "fail"),
        (LiveKey(KEY, "Enabled", encrypt("kms:*", Principal={"AWS": f"arn:aws:iam::{PAYER}:root"})), "fail"),
        (LiveKey(KEY, "Enabled", encrypt("kms:*", **under("StringEquals", "aws:SourceAccount", OTHER))), "fail"),
        (LiveKey(KEY, "Enabled", encrypt("kms:*", **under("StringEquals", "kms:ViaService", "sns"))), "unknown"),
        (LiveKey(KEY, "Disabled", encrypt("kms:*")), "fail"),
        (LiveKey(KEY, "NotFound"), "fail"),
        (LiveKey(KEY, "Enabled", managed_by_aws=True), "fail"),
        (Unreadable("reason", "AccessDeniedException"), "unknown"),
    ],
)
def test_the_key_must_let_budgets_encrypt(key: LiveKey | Unreadable | None, verdict: str | None) -> None:
    found = verdicts({"Statement": [allow()]}, key)
    assert found.pop("topic policy") == "pass"
    assert list(found.values()) == ([verdict] if verdict else [])


ANOMALIES = {"Principal": {"Service": "costalerts.amazonaws.com"}}


@pytest.mark.parametrize(
    ("statements", "verdict"),
    [
        ([allow()], "fail"),
        ([allow(), allow(**ANOMALIES)], "pass"),
        ([allow(), allow(**ANOMALIES, **under("StringEquals", "aws:SourceAccount", PAYER))], "pass"),
        ([allow(), allow(**ANOMALIES, **under("StringEquals", "aws:SourceAccount", OTHER))], "fail"),
        ([allow(), allow(**ANOMALIES, **under("ArnLike", "aws:SourceArn", f"arn:aws:ce::{PAYER}:*"))], "unknown"),
    ],
)
def test_a_topic_that_hears_of_anomalies_must_let_them_in_too(statements: list[dict[str, Any]], verdict: str) -> None:
    wanted = {"topic policy": "pass", "topic policy for anomalies": verdict}
    assert verdicts({"Statement": statements}, anomalies=True) == wanted


def test_so_must_its_key() -> None:
    encrypt: dict[str, Any] = {"Action": ["kms:Decrypt", "kms:GenerateDataKey*"], "Resource": "*"}
    policy = {"Statement": [allow(), allow(**ANOMALIES)]}
    of_budgets = LiveKey(KEY, "Enabled", {"Statement": [allow(**encrypt)]})
    found = verdicts(policy, of_budgets, anomalies=True)
    assert (found["key policy"], found["key policy for anomalies"]) == ("pass", "fail")
    of_both = LiveKey(KEY, "Enabled", {"Statement": [allow(**encrypt), allow(**encrypt, **ANOMALIES)]})
    assert {*verdicts(policy, of_both, anomalies=True).values()} == {"pass"}
