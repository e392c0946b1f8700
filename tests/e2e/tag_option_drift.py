"""Drifts of Service Catalog: what somebody does to a TagOption by hand, and takes back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ENVIRONMENT = "anycompany:workload:environment"
PORTFOLIO = "port-qhjysuciufw5k"


def tag_option(client: Any, value: str) -> str:
    found = client.list_tag_options(Filters={"Key": ENVIRONMENT, "Value": value})["TagOptionDetails"]
    return str(found[0]["Id"])


@contextmanager
def tag_option_deactivated(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("servicecatalog")
    option = tag_option(client, "dev")
    client.update_tag_option(Id=option, Active=False)
    yield
    client.update_tag_option(Id=option, Active=True)


@contextmanager
def tag_option_disassociated(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("servicecatalog")
    pair = {"TagOptionId": tag_option(client, "dev"), "ResourceId": PORTFOLIO}
    client.disassociate_tag_option_from_resource(**pair)
    yield
    client.associate_tag_option_with_resource(**pair)


@contextmanager
def tag_option_renamed(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("servicecatalog")
    option = tag_option(client, "dev")
    client.update_tag_option(Id=option, Value="development", Active=False)
    yield
    client.update_tag_option(Id=option, Value="dev", Active=True)


@contextmanager
def foreign_tag_option(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("servicecatalog")
    option = client.create_tag_option(Key=ENVIRONMENT, Value="production")["TagOptionDetail"]["Id"]
    yield
    client.delete_tag_option(Id=option)


def tag_options_deleted(tagrail: Any) -> None:
    """Delete every TagOption of a key, by which their associations go as well."""
    client = tagrail.client("servicecatalog")
    for option in client.list_tag_options(Filters={"Key": ENVIRONMENT})["TagOptionDetails"]:
        client.disassociate_tag_option_from_resource(TagOptionId=option["Id"], ResourceId=PORTFOLIO)
        client.delete_tag_option(Id=option["Id"])
