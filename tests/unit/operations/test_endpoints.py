from pathlib import Path

import pytest

from harness.cli import run
from harness.errors import TagrailError
from harness.operations.endpoints import parse_endpoints

ROOT = Path(__file__).resolve().parents[3]


def test_services_and_urls() -> None:
    options = ["sns=http://127.0.0.1:4566", "resourcegroupstaggingapi=https://box/path?a=b"]
    expected = {"sns": "http://127.0.0.1:4566", "resourcegroupstaggingapi": "https://box/path?a=b"}
    assert parse_endpoints(options) == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["organisations=http://box"], r'got "organisations=http://box". Did you mean "organizations"\?'),
        (["zzzz=http://box"], "Do write the name of a boto3 client"),
        (["sns"], r'must be SERVICE=URL with a URL of http or https; got "sns". Do write it as sns=http'),
        (["sns=127.0.0.1:4566"], "with a URL of http or https"),
        (["sns=http://"], "with a URL of http or https"),
        (["sns=http://a", "sns=http://b"], "must name each service once; got sns twice. Do remove one"),
    ],
)
def test_what_is_no_endpoint_is_named(options: list[str], message: str) -> None:
    with pytest.raises(TagrailError, match=message):
        parse_endpoints(options)


def test_aws_keeps_its_own_endpoints(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    assert run(["verify", "--env", "prod", "--endpoint", "sns=http://127.0.0.1:1"]) == 2
    assert (
        "must be used with target emulator or localstack; got aws. Do set AWS_ENDPOINT_URL" in capsys.readouterr().err
    )
