"""A tag that is changed in the inventory is changed where the service keeps it."""

from typing import Any

import pytest

from .resource_calls import AS_LIST, MADE, TRUSTS_LAMBDA
from .test_inventory import aws, client, of_type

__all__ = ["aws"]

pytestmark = pytest.mark.emulator


@pytest.mark.parametrize(("resource_type", "service", "operation", "arguments"), [row[:4] for row in MADE])
def test_tags_change_where_they_are_kept(
    resource_type: str, service: str, operation: str, arguments: dict[str, Any]
) -> None:
    if service == "lambda":
        client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUSTS_LAMBDA)
    getattr(client(service), operation)(**arguments)
    if service == "s3":
        client("s3").put_bucket_tagging(Bucket="tagged", Tagging={"TagSet": AS_LIST})
    (found,) = of_type(resource_type)
    key = next(iter(found.tags))
    found.change_tags({"new": "value", key: "other"}, ["Empty"])
    assert of_type(resource_type)[0].tags == {key: "other", "new": "value"}
    of_type(resource_type)[0].change_tags({}, ["new", key])
    assert of_type(resource_type)[0].tags == {}
    of_type(resource_type)[0].change_tags({"again": "value"})
    assert of_type(resource_type)[0].tags == {"again": "value"}
