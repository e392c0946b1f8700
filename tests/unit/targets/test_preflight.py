import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from harness.errors import TagrailError
from harness.targets.aws import make_aws_target
from harness.targets.preflight import preflight

PAYER, ORGANIZATION = "111111111111", "o-tagraillocal"
XML_ERROR = "<ErrorResponse><Error><Type>Sender</Type><Code>{}</Code><Message>no</Message></Error></ErrorResponse>"


@dataclass
class FakeAws:
    """Answer the two preflight calls as AWS would, and record every request that comes."""

    url: str
    account: str = PAYER
    organization: str = ORGANIZATION
    management_account: str = PAYER
    sts_error: str = ""
    organizations_error: str = ""
    actions: list[str] = field(default_factory=list)

    def answer(self, target: str, body: bytes) -> tuple[int, str]:
        if target:
            self.actions.append(target)
            if self.organizations_error:
                return 400, json.dumps({"__type": self.organizations_error, "Message": "no"})
            organization = {"Id": self.organization, "MasterAccountId": self.management_account}
            return 200, json.dumps({"Organization": organization})
        self.actions.append(parse_qs(body.decode())["Action"][0])
        if self.sts_error:
            return 403, XML_ERROR.format(self.sts_error)
        return 200, (
            "<GetCallerIdentityResponse><GetCallerIdentityResult>"
            f"<Arn>arn:aws:iam::{self.account}:user/jo</Arn><UserId>u</UserId><Account>{self.account}</Account>"
            "</GetCallerIdentityResult></GetCallerIdentityResponse>"
        )


@pytest.fixture
def aws() -> Iterator[FakeAws]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, text = fake.answer(self.headers.get("X-Amz-Target", ""), body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake = FakeAws(f"http://127.0.0.1:{listener.server_port}")
    threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
    yield fake
    listener.shutdown()
    listener.server_close()


@pytest.fixture(autouse=True)
def shell(aws: FakeAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "do-not-show",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_STS"):
        monkeypatch.delenv(name, raising=False)


def refusal() -> str:
    with pytest.raises(TagrailError) as caught:
        preflight(make_aws_target("eu-central-1"), PAYER, ORGANIZATION)
    assert caught.value.exit_code == 2
    assert "do-not-show" not in str(caught.value)
    return str(caught.value)


def test_right_account_and_organization_pass_with_two_calls(aws: FakeAws) -> None:
    preflight(make_aws_target("eu-central-1"), PAYER, ORGANIZATION)
    assert aws.actions == ["GetCallerIdentity", "AWSOrganizationsV20161128.DescribeOrganization"]


def test_wrong_account_stops_before_organizations(aws: FakeAws) -> None:
    aws.account = "999999999999"
    assert refusal() == (
        "payer_account_id: must be the account of the caller, 111111111111; "
        "got 999999999999 (arn:aws:iam::999999999999:user/jo). "
        "Do use credentials of 111111111111, or correct payer_account_id in env.yaml"
    )
    assert aws.actions == ["GetCallerIdentity"]


def test_wrong_organization_is_named(aws: FakeAws) -> None:
    aws.organization = "o-other"
    assert "organization_id: must be the organisation of account 111111111111, o-tagraillocal; got o-other" in refusal()


def test_member_account_is_refused(aws: FakeAws) -> None:
    aws.management_account = "222222222222"
    assert "must be the management account of o-tagraillocal, 222222222222; got 111111111111" in refusal()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ExpiredToken", "must be valid now; got ExpiredToken: no. Do log in again"),
        ("InvalidClientTokenId", "Do use keys that exist and are active"),
        ("AccessDenied", "must allow sts:GetCallerIdentity; got AccessDenied: no. Do add sts:GetCallerIdentity"),
        ("Throttling", "got Throttling: no. Do try again in a few minutes"),
        ("SomethingNew", "must answer sts:GetCallerIdentity; got SomethingNew: no."),
    ],
)
def test_refused_identity_is_explained(aws: FakeAws, code: str, message: str) -> None:
    aws.sts_error = code
    assert message in refusal()
    assert set(aws.actions) == {"GetCallerIdentity"}
    assert len(aws.actions) <= 2


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDeniedException", "must allow organizations:DescribeOrganization; got AccessDeniedException"),
        ("AWSOrganizationsNotInUseException", "organization_id: must be an organisation that the account is the payer"),
    ],
)
def test_refused_organization_is_explained(aws: FakeAws, code: str, message: str) -> None:
    aws.organizations_error = code
    assert message in refusal()


def test_no_credentials_send_nothing(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert "AWS credentials: must be found by boto3's default chain; got Unable to locate credentials" in refusal()
    assert aws.actions == []


def test_half_credentials_send_nothing(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert "AWS settings: must be usable by boto3; got Partial credentials" in refusal()
    assert aws.actions == []


def test_unknown_profile_sends_nothing(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert "got The config profile (nobody) could not be found. Do correct AWS_PROFILE" in refusal()
    assert aws.actions == []


def test_ended_login_session_sends_nothing(aws: FakeAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").write_text(
        "[profile sso]\nsso_session = s\nsso_account_id = 111111111111\nsso_role_name = r\n"
        "[sso-session s]\nsso_region = eu-central-1\nsso_start_url = https://example.com/start\n"
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_PROFILE", "sso")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert "AWS credentials: must be usable for sts:GetCallerIdentity; got" in refusal()
    assert aws.actions == []


def test_unreachable_endpoint_is_named(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    message = refusal()
    assert "http://127.0.0.1:9: must answer sts:GetCallerIdentity; got Could not connect" in message
    assert "AWS_ENDPOINT_URL" in message
    assert aws.actions == []
