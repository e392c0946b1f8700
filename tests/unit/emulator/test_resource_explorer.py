"""Resource Explorer: which resources a search finds, through which view, and where it ends."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from harness.emulator import process
from tests.clients import PAYER, Client, client_maker

from .conftest import error_code
from .test_seed import SMALL

pytestmark = pytest.mark.emulator

MEMBER, REGION, OTHER, DARK = "222222222222", "eu-central-1", "us-west-2", "eu-west-1"
SAGEMAKER = f"arn:aws:sagemaker:{REGION}:{MEMBER}"
LISTED: list[dict[str, Any]] = [
    {"tags": {"Stage": "dev"}, "arns": [f"{SAGEMAKER}:model/m-{number}" for number in range(1_100)]},
    {"arns": [f"{SAGEMAKER}:endpoint/bare", f"{SAGEMAKER}:training-job/unsupported"]},
    {"region": OTHER, "arns": [f"arn:aws:sagemaker:{OTHER}:{MEMBER}:endpoint/far"]},
    {"region": DARK, "arns": [f"arn:aws:sagemaker:{DARK}:{MEMBER}:endpoint/dark"]},
    {"account": "payer", "tags": {"aws:cloudformation:stack-name": "s"}, "arns": ["arn:aws:s3:::payers"]},
]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("explorer")
    listed = [{"account": "member", "region": REGION, **each} for each in LISTED]
    indexes = [{"regions": [REGION, OTHER], "aggregator": REGION, "organization_view": True}]
    seed = {**SMALL, "resources": [], "tagged_resources": listed, "explorer_indexes": indexes}
    (folder / "seed.yaml").write_text(yaml.safe_dump(seed, sort_keys=False), encoding="utf-8")
    running = process.start("explorer", folder, folder / "seed.yaml")
    yield client_maker(running.url)
    process.stop("explorer", folder)


@pytest.fixture
def explorer(make: Client) -> Any:
    return make("resource-explorer-2", MEMBER, REGION)


def names(answer: dict[str, Any]) -> list[str]:
    return [each["Arn"].rpartition(":")[2].rpartition("/")[2] for each in answer["Resources"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tag:none", ["bare", "far"]),
        ("TAG:None region:US*", ["far"]),
        ("resourcetype:sagemaker:endpoint -region:us-west-2", ["bare"]),
        ("service:sagemaker tag:none", ["bare", "far"]),
        ("tag:stage=DEV m-1099", ["m-1099"]),
        ("tag.key:Stage id:*model/m-7", []),
        (f"tag.value:dev id:{SAGEMAKER}:model/m-7", ["m-7"]),
        ("accountid:111111111111", []),
        ('-tag:all "far"', ["far"]),
        ("resourcetype:sagemaker:training-job", []),
        ("region:eu-west-1", []),
    ],
)
def test_a_search_finds_what_is_indexed(explorer: Any, query: str, found: list[str]) -> None:
    answer = explorer.search(QueryString=query)
    assert names(answer) == found
    assert answer["Count"] == {"TotalResources": len(found), "Complete": True}


def test_a_result_shows_tags_where_its_view_includes_them(explorer: Any) -> None:
    (found,) = explorer.search(QueryString="m-1099")["Resources"]
    assert (found["OwningAccountId"], found["Region"]) == (MEMBER, REGION)
    assert (found["Service"], found["ResourceType"]) == ("sagemaker", "sagemaker:model")
    (tags,) = found["Properties"]
    assert (tags["Name"], tags["Data"]) == ("tags", [{"Key": "Stage", "Value": "dev"}])
    bare = explorer.create_view(ViewName="bare")["View"]["ViewArn"]
    (found,) = explorer.search(QueryString="m-1099", ViewArn=bare)["Resources"]
    assert found["Properties"] == []
    with pytest.raises(ClientError) as failure:
        explorer.search(QueryString="tag:none", ViewArn=bare)
    assert error_code(failure) == "ValidationException"
    explorer.delete_view(ViewArn=bare)


def test_a_search_ends_after_a_thousand_and_a_list_goes_on(explorer: Any) -> None:
    pages = list(explorer.get_paginator("search").paginate(QueryString=""))
    assert sum(len(page["Resources"]) for page in pages) == 1_000
    assert {page["Count"]["Complete"] for page in pages} == {False}
    listed = list(explorer.get_paginator("list_resources").paginate(PaginationConfig={"PageSize": 999}))
    assert [len(page["Resources"]) for page in listed] == [999, 103]
    full = explorer.list_resources(MaxResults=1_000)
    assert (len(full["Resources"]), "NextToken" in full) == (1_000, False)
    found = explorer.list_resources(Filters={"FilterString": "tag:none"})
    assert names(found) == ["bare", "far"]


@pytest.mark.parametrize("query", ["nothing:x", "owner:a"])
def test_a_filter_that_does_not_exist_is_refused(explorer: Any, query: str) -> None:
    with pytest.raises(ClientError) as failure:
        explorer.search(QueryString=query)
    assert error_code(failure) == "ValidationException"
    with pytest.raises(ClientError) as failure:
        explorer.list_resources(Filters={"FilterString": "freetext"})
    assert error_code(failure) == "ValidationException"


def test_an_organization_view_sees_the_accounts(make: Client) -> None:
    explorer = make("resource-explorer-2", PAYER, REGION)
    assert names(explorer.search(QueryString="tag:none")) == ["payers", "bare", "far"]
    view = explorer.get_view(ViewArn=explorer.get_default_view()["ViewArn"])["View"]
    assert view["Scope"].startswith("arn:aws:organizations::111111111111:organization/")
    members = explorer.list_indexes_for_members(AccountIdList=[MEMBER])["Indexes"]
    assert [(each["AccountId"], each["Region"], each["Type"]) for each in members] == [
        (MEMBER, REGION, "AGGREGATOR"),
        (MEMBER, OTHER, "LOCAL"),
    ]
    local = make("resource-explorer-2", MEMBER, OTHER)
    assert names(local.search(QueryString="")) == ["far"]
    assert local.get_index()["ReplicatingTo"] == [REGION]


def test_a_region_without_an_index_has_nothing_until_one_is_made(make: Client) -> None:
    dark = make("resource-explorer-2", MEMBER, DARK)
    for call, code in ((dark.get_index, "ResourceNotFoundException"), (dark.search, "UnauthorizedException")):
        with pytest.raises(ClientError) as failure:
            call(**({"QueryString": ""} if code == "UnauthorizedException" else {}))
        assert error_code(failure) == code
    assert "ViewArn" not in dark.get_default_view()
    index = dark.create_index()["Arn"]
    with pytest.raises(ClientError) as failure:
        dark.create_index()
    assert error_code(failure) == "ConflictException"
    with pytest.raises(ClientError) as failure:
        dark.update_index_type(Arn=index, Type="AGGREGATOR")
    assert error_code(failure) == "ServiceQuotaExceededException"
    view = dark.create_view(ViewName="all", IncludedProperties=[{"Name": "tags"}])["View"]["ViewArn"]
    dark.associate_default_view(ViewArn=view)
    assert names(dark.search(QueryString="tag:none")) == ["dark"]
    assert dark.batch_get_view(ViewArns=[view, "gone"])["Errors"][0]["ViewArn"] == "gone"
    assert dark.list_views()["Views"] == [view]
    dark.tag_resource(resourceArn=view, Tags={"a": "b"})
    assert dark.list_tags_for_resource(resourceArn=view)["Tags"] == {"a": "b"}
    dark.untag_resource(resourceArn=view, tagKeys=["a"])
    assert dark.list_tags_for_resource(resourceArn=view)["Tags"] == {}
    dark.delete_index(Arn=index)
    assert [each["Region"] for each in dark.list_indexes()["Indexes"]] == [REGION, OTHER]


def test_supported_types_are_listed_and_what_is_missing_says_so(explorer: Any) -> None:
    pages = explorer.get_paginator("list_supported_resource_types").paginate()
    types = {each["ResourceType"] for page in pages for each in page["ResourceTypes"]}
    assert {"sagemaker:endpoint", "s3:bucket", "elasticloadbalancing:loadbalancer/net"} <= types
    assert "sagemaker:training-job" not in types
    with pytest.raises(ClientError) as failure:
        explorer.list_managed_views()
    assert error_code(failure) == "NotImplemented"
