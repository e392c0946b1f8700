import os

import pytest

from harness.targets.aws import make_aws_target
from harness.targets.emulator import SERVICES, make_emulator_target

URL = "http://127.0.0.1:4567"


def test_aws_target_changes_nothing_of_the_users_settings() -> None:
    target = make_aws_target("eu-central-1")
    assert target.name == "aws"
    assert target.variables() == {}


def test_aws_target_honours_endpoints_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SNS", "http://127.0.0.1:9999")
    assert make_aws_target("eu-central-1").client("sns").meta.endpoint_url == "http://127.0.0.1:9999"


@pytest.mark.parametrize("service", [*sorted(SERVICES), "athena", "cloudtrail"])
def test_every_service_goes_to_the_emulator(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SNS", "https://sns.eu-central-1.amazonaws.com")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    client = make_emulator_target(URL, "eu-central-1").client(service, "us-east-1")
    assert client.meta.endpoint_url == URL


def test_service_names_are_those_of_the_sdk() -> None:
    target = make_emulator_target(URL, "eu-central-1")
    for service, name in SERVICES.items():
        identifier = str(target.client(service).meta.service_model.service_id)
        assert name == identifier.upper().replace(" ", "_")
        assert target.variables()[f"AWS_ENDPOINT_URL_{name}"] == URL


def test_emulator_run_sees_no_identity_of_the_user() -> None:
    environ = {
        "AWS_PROFILE": "prod",
        "AWS_SESSION_TOKEN": "t",
        "AWS_ROLE_ARN": "r",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "u",
        "AWS_ENDPOINT_URL_CLOUDTRAIL": "https://example.com",
        "NO_PROXY": "example.com",
        "PATH": "/bin",
    }
    variables = make_emulator_target(URL, "eu-central-1", environ).variables()
    assert {name for name in environ if variables.get(name, "") is None} == set(environ) - {"NO_PROXY", "PATH"}
    assert "PATH" not in variables
    assert variables["NO_PROXY"] == "example.com,127.0.0.1,localhost"
    assert variables["AWS_CONFIG_FILE"] == variables["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert variables["AWS_MAX_ATTEMPTS"] == "2"
    assert variables["AWS_EC2_METADATA_DISABLED"] == "true"


def test_client_leaves_the_environment_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    before = dict(os.environ)
    make_emulator_target(URL, "eu-central-1").client("sts")
    assert dict(os.environ) == before


def test_credentials_are_not_printed() -> None:
    assert "SECRET" not in repr(make_emulator_target(URL, "eu-central-1"))
