"""A part that could not be read is unknown, and AWS's code says what lets us look again."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, UnauthorizedSSOTokenError

from harness.finding import Finding
from harness.organization import Organization
from harness.state import MALFORMED, UNASKED, State, Unreadable
from harness.state.reading import json_object, read, read_each
from harness.verify import verify
from tests.unit.verify.fault import changed_alerts
from tests.unit.verify.live import APPLY, TODAY, loaded, right_state


def unknowns(state: State) -> list[Finding]:
    return [finding for finding in verify(*loaded(), state, APPLY, TODAY) if finding.verdict == "unknown"]


def everything_unreadable(code: str) -> State:
    part = Unreadable("reason", code)
    state = right_state()
    return dataclasses.replace(
        state,
        organization=part,
        policies=part,
        control_policies=part,
        effective={},
        regions=dict.fromkeys(state.regions, part),
        cost_tags=part,
        budgets=part,
        alerts=part,
        tag_options=part,
        cost_categories=part,
        anomalies=part,
        cost_exports=part,
        audit_roles=part,
    )


@pytest.mark.parametrize(
    ("code", "repair"),
    [
        ("AccessDeniedException", "Do add {permissions} to the caller's permissions"),
        ("AuthorizationError", "Do add {permissions} to the caller's permissions"),
        ("AccessDeniedForDependencyException", "Do add {permissions} to the caller's permissions"),
        ("ExpiredTokenException", "Do log in again"),
        ("InvalidClientTokenId", "Do use keys that exist and are active"),
        ("absent", "Do log in (`aws sso login`)"),
        ("ThrottlingException", "Do try again in a few minutes"),
        ("TooManyRequestsException", "Do try again in a few minutes"),
        ("InternalErrorException", "Do try again in a few minutes"),
        ("ServiceUnavailableException", "Do try again in a few minutes"),
        ("RequestTimeout", "Do try again in a few minutes"),
        ("503", "Do try again in a few minutes"),
        ("unreachable", "Do check network"),
        ("UnsupportedAPIEndpointException", "Do try again, or look at the status of the service"),
        (MALFORMED, "Do look at it by hand"),
        (UNASKED, "Do run verify"),
    ],
)
def test_the_repair_is_the_codes_in_every_plane(code: str, repair: str) -> None:
    permissions = {
        "tag policy": "organizations:Describe* and organizations:List*",
        "effective policy": "organizations:Describe* and organizations:List*",
        "guardrail": "organizations:Describe* and organizations:List*",
        "Config rule": "organizations:Describe* and organizations:List*",
        "audit role": "iam:GetRole, iam:ListAttachedRolePolicies, iam:ListRolePolicies, iam:GetPolicy and "
        "iam:GetPolicyVersion",
        "cost export": "bcm-data-exports:ListExports and bcm-data-exports:GetExport",
        "TagOption": "servicecatalog:ListTagOptions and servicecatalog:ListResourcesForTagOption",
        "cost allocation": "ce:ListCostAllocationTags in the payer account",
        "cost category": "organizations:Describe* and organizations:List*",
        "anomaly detection": "organizations:Describe* and organizations:List*",
        "budget": "organizations:Describe* and organizations:List*",
        "alert channel": "sns:GetTopicAttributes, kms:DescribeKey and kms:GetKeyPolicy",
    }
    found = unknowns(everything_unreadable(code))
    assert {finding.plane for finding in found} == permissions.keys()
    for finding in found:
        assert finding.held == "reason"
        assert finding.repair.startswith(repair.format(permissions=permissions[finding.plane])), finding.plane


def client_error() -> object:
    raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"}}, "ListRoots")


def no_endpoint() -> object:
    raise EndpointConnectionError(endpoint_url="https://budgets")


def no_credentials() -> object:
    raise NoCredentialsError


def no_session() -> object:
    raise UnauthorizedSSOTokenError


@pytest.mark.parametrize(
    ("look", "code", "reason"),
    [
        (client_error, "ThrottlingException", "ListRoots: ThrottlingException: Rate exceeded"),
        (no_endpoint, "unreachable", 'Could not connect to the endpoint URL: "https://budgets"'),
        (no_credentials, "absent", "Unable to locate credentials"),
        (no_session, "unusable", "The SSO session associated with this profile has expired"),
        (lambda: json_object("[]", "policy p-1"), MALFORMED, 'policy p-1: must be a JSON object; got "[]"'),
        (lambda: json_object("{", "policy p-1"), MALFORMED, 'policy p-1: must be a JSON object; got "{"'),
    ],
)
def test_what_could_not_be_read_keeps_the_code(look: Callable[[], object], code: str, reason: str) -> None:
    part = read(look)
    assert isinstance(part, Unreadable)
    assert part.code == code
    assert part.reason.startswith(reason)


def test_one_part_of_many_that_cannot_be_read_does_not_hide_the_others() -> None:
    def look(key: str) -> str:
        if key == "b":
            client_error()
        return key.upper()

    found = read_each(look, "abc")
    assert {key: part.code if isinstance(part, Unreadable) else part for key, part in found.items()} == {
        "a": "A",
        "b": "ThrottlingException",
        "c": "C",
    }


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("TargetNotFoundException", "pass"),
        ("AccessDeniedException", "unknown"),
        ("TooManyRequestsException", "unknown"),
        ("503", "unknown"),
        (UNASKED, "unknown"),
        ("", "unknown"),
    ],
)
def test_a_closed_account_passes_only_where_aws_refuses_the_account_itself(code: str, verdict: str) -> None:
    state = right_state()
    assert isinstance(state.organization, Organization)
    account = next(found for found in state.organization.accounts if found.status == "SUSPENDED")
    unread: dict[str, Any] = {**state.effective, account.id: Unreadable("reason", code)}
    findings = verify(*loaded(), dataclasses.replace(state, effective=unread), APPLY, TODAY)
    (finding,) = [found for found in findings if account.id in found.where]
    assert finding.verdict == verdict


def test_a_key_that_could_not_be_read_does_not_hide_the_topic() -> None:
    state = changed_alerts(right_state(), key=Unreadable("reason", "AccessDeniedException"))
    findings = verify(*loaded(), state, APPLY, TODAY)
    found = {finding.subject: finding for finding in findings if finding.plane == "alert channel"}
    assert {subject: finding.verdict for subject, finding in found.items()} == {
        "topic policy: AllowAnomaliesToPublish": "pass",
        "topic policy: AllowBudgetsToPublish": "pass",
        "key": "unknown",
    }
    assert found["key"].repair == "Do add kms:DescribeKey and kms:GetKeyPolicy to the caller's permissions"
