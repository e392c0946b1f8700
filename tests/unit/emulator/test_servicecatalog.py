"""Service Catalog: TagOptions with AWS's rules, and the portfolios and products that offer them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import ML_DEV, PAYER, Client, error_code

pytestmark = pytest.mark.emulator

TAGS = [{"Key": "team", "Value": "ml"}]


def new_portfolio(catalog: Any, name: str, **more: Any) -> str:
    return str(catalog.create_portfolio(DisplayName=name, ProviderName="ml", **more)["PortfolioDetail"]["Id"])


def new_product(catalog: Any, name: str, **more: Any) -> str:
    made = catalog.create_product(Name=name, Owner="ml", ProductType="CLOUD_FORMATION_TEMPLATE", **more)
    return str(made["ProductViewDetail"]["ProductViewSummary"]["ProductId"])


def new_option(catalog: Any, key: str, value: str) -> str:
    return str(catalog.create_tag_option(Key=key, Value=value)["TagOptionDetail"]["Id"])


@pytest.fixture
def catalog(client: Client) -> Iterator[Any]:
    """Service Catalog of a member account, empty afterwards."""
    made = client("servicecatalog", ML_DEV)
    yield made
    for option in made.get_paginator("list_tag_options").paginate().build_full_result()["TagOptionDetails"]:
        for found in made.list_resources_for_tag_option(TagOptionId=option["Id"])["ResourceDetails"]:
            made.disassociate_tag_option_from_resource(TagOptionId=option["Id"], ResourceId=found["Id"])
        made.delete_tag_option(Id=option["Id"])
    for portfolio in made.list_portfolios()["PortfolioDetails"]:
        made.delete_portfolio(Id=portfolio["Id"])


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ClientError) as failure:
        call()
    return error_code(failure)


def test_a_tag_option_is_made_active_and_can_be_switched_off_and_on(catalog: Any) -> None:
    option = new_option(catalog, "env", "dev")
    detail = {"Id": option, "Key": "env", "Value": "dev", "Active": True, "Owner": ML_DEV}
    assert catalog.describe_tag_option(Id=option)["TagOptionDetail"] == detail
    assert catalog.update_tag_option(Id=option, Active=False)["TagOptionDetail"] == {**detail, "Active": False}
    assert catalog.update_tag_option(Id=option, Active=True)["TagOptionDetail"] == detail
    assert catalog.update_tag_option(Id=option, Value="test")["TagOptionDetail"] == {**detail, "Value": "test"}
    catalog.delete_tag_option(Id=option)
    assert refused(lambda: catalog.describe_tag_option(Id=option)) == "ResourceNotFoundException"


def test_a_deleted_one_that_is_made_again_has_another_id(catalog: Any) -> None:
    first = new_option(catalog, "env", "dev")
    catalog.delete_tag_option(Id=first)
    assert new_option(catalog, "env", "dev") != first


def test_a_pair_exists_once(catalog: Any) -> None:
    option = new_option(catalog, "env", "dev")
    other = new_option(catalog, "env", "test")
    assert refused(lambda: new_option(catalog, "env", "dev")) == "DuplicateResourceException"
    assert refused(lambda: catalog.update_tag_option(Id=other, Value="dev")) == "DuplicateResourceException"
    # AWS takes even its own value for a duplicate.
    assert refused(lambda: catalog.update_tag_option(Id=option, Value="dev")) == "DuplicateResourceException"
    assert refused(lambda: catalog.update_tag_option(Id=option)) == "InvalidParametersException"
    assert new_option(catalog, "Env", "dev")


@pytest.mark.parametrize(
    ("key", "value"), [("env", "d*"), ("env", "v" * 257), ("k" * 129, "dev"), ("env", "dev,test"), ("env#", "dev")]
)
def test_what_no_tag_may_hold_is_refused(catalog: Any, key: str, value: str) -> None:
    assert refused(lambda: new_option(catalog, key, value)) == "ValidationException"


@pytest.mark.parametrize(("key", "value"), [("Kostenstelle Größe", "R=D+1@home"), ("部署", "機械学習 _.:/-")])
def test_keys_and_values_in_any_script_are_taken(catalog: Any, key: str, value: str) -> None:
    detail = catalog.describe_tag_option(Id=new_option(catalog, key, value))["TagOptionDetail"]
    assert (detail["Key"], detail["Value"]) == (key, value)


def test_a_key_has_25_values_at_most_and_they_come_in_pages(catalog: Any) -> None:
    for number in range(25):
        new_option(catalog, "env", str(number))
    assert refused(lambda: new_option(catalog, "env", "25")) == "LimitExceededException"
    new_option(catalog, "team", "ml")
    first = catalog.list_tag_options()
    assert len(first["TagOptionDetails"]) == 20
    rest = catalog.list_tag_options(PageToken=first["PageToken"])
    assert len(rest["TagOptionDetails"]) == 6
    assert "PageToken" not in rest
    pages = list(catalog.get_paginator("list_tag_options").paginate(PaginationConfig={"PageSize": 5}))
    assert [len(page["TagOptionDetails"]) for page in pages] == [5, 5, 5, 5, 5, 1]
    assert refused(lambda: catalog.list_tag_options(PageToken="x")) == "InvalidParametersException"


def test_filters_leave_out_what_differs(catalog: Any) -> None:
    for key, value in (("env", "dev"), ("env", "prod"), ("team", "ml")):
        new_option(catalog, key, value)
    catalog.update_tag_option(Id=catalog.list_tag_options()["TagOptionDetails"][0]["Id"], Active=False)

    def listed(**filters: Any) -> set[str]:
        return {found["Value"] for found in catalog.list_tag_options(Filters=filters)["TagOptionDetails"]}

    assert listed() == {"dev", "prod", "ml"}
    assert listed(Key="env") == {"dev", "prod"}
    assert listed(Key="env", Active=False) == {"dev"}
    assert listed(Active=True) == {"prod", "ml"}
    assert listed(Value="staging") == set()


def test_it_is_associated_with_portfolios_and_products(catalog: Any) -> None:
    portfolio, product = new_portfolio(catalog, "serving", Description="Chat"), new_product(catalog, "notebook")
    option = new_option(catalog, "env", "dev")
    for resource in (portfolio, product):
        catalog.associate_tag_option_with_resource(TagOptionId=option, ResourceId=resource)
    found = catalog.list_resources_for_tag_option(TagOptionId=option)["ResourceDetails"]
    assert [(each["Id"], each["Name"], each["Description"]) for each in found] == [
        (portfolio, "serving", "Chat"),
        (product, "notebook", ""),
    ]
    assert found[0]["ARN"] == f"arn:aws:catalog:eu-central-1:{ML_DEV}:portfolio/{portfolio}"
    products = catalog.list_resources_for_tag_option(TagOptionId=option, ResourceType="Product")["ResourceDetails"]
    assert [each["Id"] for each in products] == [product]
    assert [each["Id"] for each in catalog.describe_portfolio(Id=portfolio)["TagOptions"]] == [option]
    assert refused(lambda: catalog.delete_tag_option(Id=option)) == "ResourceInUseException"
    catalog.delete_product(Id=product)
    catalog.disassociate_tag_option_from_resource(TagOptionId=option, ResourceId=portfolio)
    catalog.delete_tag_option(Id=option)


def test_associations_that_aws_refuses(catalog: Any) -> None:
    portfolio, option = new_portfolio(catalog, "refusing"), new_option(catalog, "env", "dev")
    pair = {"TagOptionId": option, "ResourceId": portfolio}
    associate = catalog.associate_tag_option_with_resource
    disassociate = catalog.disassociate_tag_option_from_resource
    assert refused(lambda: disassociate(**pair)) == "ResourceNotFoundException"
    assert refused(lambda: associate(**pair | {"ResourceId": "port-x"})) == "ResourceNotFoundException"
    assert refused(lambda: associate(**pair | {"TagOptionId": "tag-x"})) == "ResourceNotFoundException"
    associate(**pair)
    assert refused(lambda: associate(**pair)) == "DuplicateResourceException"
    for number in range(24):
        associate(TagOptionId=new_option(catalog, f"key-{number}", "a"), ResourceId=portfolio)
    another = new_option(catalog, "key-24", "a")
    assert refused(lambda: associate(TagOptionId=another, ResourceId=portfolio)) == "LimitExceededException"
    catalog.update_tag_option(Id=another, Active=False)
    product = new_product(catalog, "refusing")
    assert refused(lambda: associate(TagOptionId=another, ResourceId=product)) == "InvalidStateException"
    catalog.delete_product(Id=product)
    kinds = {"TagOptionId": option, "ResourceType": "Stack"}
    assert refused(lambda: catalog.list_resources_for_tag_option(**kinds)) == "InvalidParametersException"


def test_a_portfolio_that_goes_takes_its_associations_along(catalog: Any) -> None:
    portfolio, option = new_portfolio(catalog, "going"), new_option(catalog, "env", "dev")
    catalog.associate_tag_option_with_resource(TagOptionId=option, ResourceId=portfolio)
    catalog.create_portfolio_share(PortfolioId=portfolio, AccountId=PAYER)
    assert catalog.list_portfolio_access(PortfolioId=portfolio)["AccountIds"] == [PAYER]
    assert refused(lambda: catalog.delete_portfolio(Id=portfolio)) == "ResourceInUseException"
    catalog.delete_portfolio_share(PortfolioId=portfolio, AccountId=PAYER)
    catalog.delete_portfolio(Id=portfolio)
    assert catalog.list_resources_for_tag_option(TagOptionId=option)["ResourceDetails"] == []


@pytest.mark.parametrize(
    ("operation", "parameter"),
    [
        ("create_portfolio_share", "PortfolioId"),
        ("delete_portfolio", "Id"),
        ("delete_portfolio_share", "PortfolioId"),
        ("delete_product", "Id"),
        ("describe_portfolio", "Id"),
        ("describe_portfolio_shares", "PortfolioId"),
        ("describe_product", "Id"),
        ("list_portfolio_access", "PortfolioId"),
    ],
)
def test_what_does_not_exist_is_not_found(catalog: Any, operation: str, parameter: str) -> None:
    more = {"Type": "ACCOUNT"} if operation == "describe_portfolio_shares" else {}
    call = getattr(catalog, operation)
    assert refused(lambda: call(**{parameter: "port-x"}, **more)) == "ResourceNotFoundException"


def test_a_request_that_comes_again_makes_nothing_new(catalog: Any) -> None:
    first = new_portfolio(catalog, "once", IdempotencyToken="1", Tags=TAGS)
    assert new_portfolio(catalog, "once", IdempotencyToken="1", Tags=TAGS) == first
    assert new_portfolio(catalog, "once", IdempotencyToken="2") != first
    product = new_product(catalog, "once", IdempotencyToken="1", Tags=TAGS)
    assert new_product(catalog, "once", IdempotencyToken="1", Tags=TAGS) == product
    assert catalog.describe_portfolio(Id=first)["Tags"] == TAGS
    catalog.delete_product(Id=product)


def test_tags_of_portfolios_and_products_are_found_by_their_arns(client: Client, catalog: Any) -> None:
    portfolio, product = new_portfolio(catalog, "tagged", Tags=TAGS), new_product(catalog, "tagged", Tags=TAGS)
    tagging = client("resourcegroupstaggingapi", ML_DEV)
    found = tagging.get_resources(TagFilters=[{"Key": "team", "Values": ["ml"]}])["ResourceTagMappingList"]
    arns = {each["ResourceARN"].rpartition("/")[2] for each in found if ":catalog:" in each["ResourceARN"]}
    assert arns == {portfolio, product}
    catalog.delete_product(Id=product)


def test_accounts_and_regions_have_their_own(client: Client, catalog: Any) -> None:
    option = new_option(catalog, "env", "dev")
    for other in (client("servicecatalog"), client("servicecatalog", ML_DEV, "us-east-1")):
        assert refused(lambda other=other: other.describe_tag_option(Id=option)) == "ResourceNotFoundException"  # type: ignore[misc]


def test_the_seeded_portfolio_has_the_id_that_env_yaml_names(client: Client) -> None:
    found = client("servicecatalog").describe_portfolio(Id="port-qhjysuciufw5k")
    assert found["PortfolioDetail"]["DisplayName"] == "machine-learning"
    assert {tag["Key"] for tag in found["Tags"]} >= {"anycompany:finance:owner"}
