"""Workgroups of Athena: what can be changed, and what there is none of."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import PAYER, Client, error_code

pytestmark = pytest.mark.emulator


@pytest.fixture
def athena(client: Client) -> Any:
    return client("athena")


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as failure:
        call(**arguments)
    return error_code(failure)


def settings(athena: Any, name: str) -> dict[str, Any]:
    found: dict[str, Any] = athena.get_work_group(WorkGroup=name)["WorkGroup"]["Configuration"]
    return found


def test_a_workgroup_is_changed_part_by_part(athena: Any) -> None:
    results = {"OutputLocation": "s3://a/", "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"}}
    configuration = {"ResultConfiguration": results, "BytesScannedCutoffPerQuery": 20_000_000}
    athena.create_work_group(Name="changed", Configuration=configuration)
    updates = {
        "EnforceWorkGroupConfiguration": False,
        "RemoveBytesScannedCutoffPerQuery": True,
        "ResultConfigurationUpdates": {"OutputLocation": "s3://b/", "RemoveEncryptionConfiguration": True},
    }
    athena.update_work_group(WorkGroup="changed", Description="d", ConfigurationUpdates=updates, State="DISABLED")
    found = athena.get_work_group(WorkGroup="changed")["WorkGroup"]
    assert (found["State"], found["Description"]) == ("DISABLED", "d")
    assert settings(athena, "changed")["ResultConfiguration"] == {"OutputLocation": "s3://b/"}
    assert settings(athena, "changed")["EnforceWorkGroupConfiguration"] is False
    assert "BytesScannedCutoffPerQuery" not in settings(athena, "changed")
    athena.delete_work_group(WorkGroup="changed")


def test_what_is_not_there_is_said(athena: Any) -> None:
    assert refused(athena.get_work_group, WorkGroup="none") == "InvalidRequestException"
    assert refused(athena.update_work_group, WorkGroup="none") == "InvalidRequestException"
    assert refused(athena.delete_work_group, WorkGroup="none") == "InvalidRequestException"
    arn = f"arn:aws:athena:eu-central-1:{PAYER}:workgroup/none"
    assert refused(athena.list_tags_for_resource, ResourceARN=arn) == "ResourceNotFoundException"


def test_a_workgroup_without_tags_has_an_empty_list(athena: Any) -> None:
    athena.create_work_group(Name="bare")
    arn = f"arn:aws:athena:eu-central-1:{PAYER}:workgroup/bare"
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == []
    athena.delete_work_group(WorkGroup="bare")


def test_a_workgroup_with_queries_is_deleted_with_them_only(athena: Any) -> None:
    athena.create_work_group(Name="used")
    athena.start_query_execution(QueryString="SELECT 1", WorkGroup="used")
    assert refused(athena.delete_work_group, WorkGroup="used") == "InvalidRequestException"
    athena.delete_work_group(WorkGroup="used", RecursiveDeleteOption=True)
    assert refused(athena.delete_work_group, WorkGroup="primary") == "InvalidRequestException"
