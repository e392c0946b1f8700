"""What AWS Config answers about recorders, as it is read."""

from typing import Any

import pytest

from harness.state import LiveRecorder
from harness.state.config import read_config
from tests.unit.state.aws import aws_client

ANSWERS: dict[str, dict[str, Any]] = {
    "DescribeConfigRules": {"ConfigRules": []},
    "DescribeDeliveryChannels": {"DeliveryChannels": [{"name": "default", "s3BucketName": "bucket"}]},
    "DescribeConfigurationAggregators": {"ConfigurationAggregators": []},
}
DENIED = {"lastStatus": "Failure", "lastErrorCode": "AccessDenied", "lastErrorMessage": "not authorized"}


@pytest.mark.parametrize(
    ("status", "recorder"),
    [
        ({"recording": True, "lastStatus": "Success"}, LiveRecorder(recording=True)),
        ({"recording": True, "lastStatus": "Pending"}, LiveRecorder(recording=True)),
        ({"recording": True}, LiveRecorder(recording=True)),
        ({"recording": False, "lastStatus": "Success"}, LiveRecorder(recording=False)),
        ({"recording": True, **DENIED}, LiveRecorder(recording=True, failure="AccessDenied: not authorized")),
        ({"recording": True, "lastStatus": "FAILURE"}, LiveRecorder(recording=True, failure="Failure: no message")),
    ],
)
def test_a_recorder_that_failed_last_says_why(status: dict[str, Any], recorder: LiveRecorder) -> None:
    statuses = {"ConfigurationRecordersStatus": [{"name": "default", **status}]}

    def answer(operation: str, _: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return 200, ANSWERS.get(operation, statuses)

    found = read_config(aws_client("config", answer), organization=False, prefix="any-")
    assert found.recorders == {"default": recorder}
    assert found.delivery_buckets == ("bucket",)
