"""What holds on LocalStack alone: the other files of this folder run there too, with `--on localstack`."""

from typing import Any

import pytest

from harness import localstack
from harness.operations.folders import localstack_folder

pytestmark = pytest.mark.terraform

PAYER = "111111111111"


def test_alerts_lie_in_localstack_and_the_organisation_in_the_emulator(applied: Any) -> None:
    url = localstack.find_url(localstack_folder(applied.root))
    client = applied.target().client
    for name in ("sns", "kms", "sqs"):
        assert client(name).meta.endpoint_url == url, name
    for name in (
        "organizations",
        "config",
        "budgets",
        "ce",
        "sts",
        "servicecatalog",
        "s3",
        "bcm-data-exports",
        "glue",
        "athena",
    ):
        assert client(name).meta.endpoint_url != url, name
    topics = [topic["TopicArn"] for topic in client("sns").list_topics()["Topics"]]
    assert topics == [f"arn:aws:sns:eu-central-1:{PAYER}:anycompany-budget-alerts"]
    key = client("kms").describe_key(KeyId="alias/anycompany-budget-alerts")["KeyMetadata"]
    assert key["Arn"].startswith(f"arn:aws:kms:eu-central-1:{PAYER}:key/")


def test_a_service_that_is_sent_elsewhere_is_asked_there(applied: Any) -> None:
    done = applied("verify", "--endpoint", "sns=http://127.0.0.1:1")
    assert done.returncode == 1
    assert "UNKNOWN alert channel at billing: topic" in done.stdout
    assert 'Could not connect to the endpoint URL: "http://127.0.0.1:1/"' in done.stdout
    assert done.stdout.rstrip().endswith("0 fail, 1 unknown")
