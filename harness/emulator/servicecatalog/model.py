"""TagOptions and their associations with portfolios and products, with the rules of AWS Service Catalog.

docs.aws.amazon.com/servicecatalog/latest/dg/API_CreateTagOption.html (the other operations beside it), and
docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.servicecatalog import urls
from moto.servicecatalog.models import Portfolio, Product, ServiceCatalogBackend

from harness.emulator.wire import AwsError
from harness.facts import load_facts

_SIGNS = "abcdefghijklmnopqrstuvwxyz234567"
_ID_LENGTH = 13


@dataclass(slots=True)
class TagOption:
    """Hold one TagOption and the ids of what it is associated with, in the order of their association."""

    id: str
    key: str
    value: str
    owner: str
    active: bool = True
    resources: list[str] = field(default_factory=list)

    def describe(self) -> dict[str, Any]:
        """Return AWS's TagOptionDetail."""
        return {"Id": self.id, "Key": self.key, "Value": self.value, "Active": self.active, "Owner": self.owner}


class Catalog(ServiceCatalogBackend):  # type: ignore[misc]  # moto is untyped here
    """Hold what one account has in one region.

    Ids follow from account, region and names, so that an environment can name what its seed makes.
    """

    def __init__(self, region_name: str, account_id: str) -> None:
        """Start without TagOptions."""
        super().__init__(region_name, account_id)
        self.tag_options: dict[str, TagOption] = {}
        self._answered: dict[tuple[str, str], Any] = {}
        self._made: Counter[str] = Counter()

    @property
    def _url_module(self) -> Any:
        return urls

    def create_portfolio(self, **arguments: Any) -> Any:
        """Create a portfolio, or return the one that the same request created before."""
        request = ("portfolio", arguments["idempotency_token"])
        if request not in self._answered:
            made = Portfolio(
                portfolio_id=self._new_id("port", arguments["display_name"]),
                display_name=arguments["display_name"],
                description=arguments["description"] or "",
                provider_name=arguments["provider_name"],
                tags=arguments["tags"] or [],
                region_name=self.region_name,
                account_id=self.account_id,
                backend=self,
            )
            self.portfolios[made.id] = self._answered[request] = made
            self.portfolio_access[made.id] = []
        portfolio = self._answered[request]
        return portfolio.to_dict(), portfolio.tags

    def create_product(self, *, idempotency_token: str, tags: list[dict[str, str]] | None, **arguments: Any) -> Product:
        """Create a product, or return the one that the same request created before."""
        request = ("product", idempotency_token)
        if request not in self._answered:
            place = {"region_name": self.region_name, "account_id": self.account_id}
            made = Product(**arguments, **place, tags=None, backend=self)
            made.id = self._new_id("prod", made.name)
            self.products[made.id] = self._answered[request] = made
            made.tags = tags or []
            self._tag_resource(made.arn, made.tags)
        return self._answered[request]

    def add_known(self, identity: str) -> None:
        """Add a portfolio or product of which nothing but the id is known, unless it is there."""
        place = {"region_name": self.region_name, "account_id": self.account_id, "backend": self}
        if identity in (*self.portfolios, *self.products):
            return
        if identity.startswith("port-"):
            names = {"display_name": identity, "description": "", "provider_name": "unknown"}
            self.portfolios[identity] = Portfolio(portfolio_id=identity, tags=[], **names, **place)
            self.portfolio_access[identity] = []
            return
        unknown = dict.fromkeys(("description", "distributor", "support_description", "support_email", "support_url"))
        unknown |= dict.fromkeys(("tags", "provisioning_artifact_parameters", "source_connection", "accept_language"))
        made = Product(name=identity, owner="unknown", product_type="CLOUD_FORMATION_TEMPLATE", **unknown, **place)
        made.id = identity
        self.products[identity] = made

    def _new_id(self, prefix: str, name: str) -> str:
        """Return an id in AWS's spelling; whatever has that name later gets another."""
        text = f"{self.account_id}/{self.region_name}/{prefix}/{name}"
        digest = hashlib.sha256(f"{text}/{self._made[text]}".encode()).digest()
        self._made[text] += 1
        return f"{prefix}-{''.join(_SIGNS[byte % len(_SIGNS)] for byte in digest[:_ID_LENGTH])}"

    def list_portfolio_access(self, **arguments: Any) -> Any:
        """Return the accounts that a portfolio is shared with. Raises: AwsError ResourceNotFoundException."""
        self.resource(arguments["portfolio_id"], self.portfolios)
        return super().list_portfolio_access(**arguments)

    def create_portfolio_share(self, **arguments: Any) -> Any:
        """Share a portfolio. Raises: AwsError ResourceNotFoundException."""
        self.resource(arguments["portfolio_id"], self.portfolios)
        return super().create_portfolio_share(**arguments)

    def delete_portfolio_share(self, **arguments: Any) -> Any:
        """Share a portfolio no more. Raises: AwsError ResourceNotFoundException."""
        self.resource(arguments["portfolio_id"], self.portfolios)
        return super().delete_portfolio_share(**arguments)

    def describe_portfolio_shares(self, **arguments: Any) -> Any:
        """Return how a portfolio is shared. Raises: AwsError ResourceNotFoundException."""
        self.resource(arguments["portfolio_id"], self.portfolios)
        return super().describe_portfolio_shares(**arguments)

    def describe_portfolio(self, **arguments: Any) -> Any:
        """Return a portfolio with its tags, TagOptions and budgets. Raises: AwsError ResourceNotFoundException."""
        self.resource(arguments["id"], self.portfolios)
        detail, tags, _, budgets = super().describe_portfolio(**arguments)
        return detail, tags, [option.describe() for option in self.tag_options_of(arguments["id"])], budgets

    def delete_portfolio(self, **arguments: Any) -> None:
        """Delete a portfolio that is not shared.

        Raises: AwsError ResourceNotFoundException or ResourceInUseException.
        """
        portfolio = self.resource(arguments["id"], self.portfolios)
        if self.portfolio_access[portfolio.id] or self.portfolio_share_tokens.get(portfolio.id):
            raise AwsError("ResourceInUseException", f"Portfolio {portfolio.id} is shared.")
        super().delete_portfolio(**arguments)
        self._forget(portfolio.id)

    def delete_product(self, **arguments: Any) -> None:
        """Delete a product. Raises: AwsError ResourceNotFoundException."""
        product = self.resource(arguments["id"], self.products)
        super().delete_product(**arguments)
        self._forget(product.id)

    def resource(self, resource_id: str, among: Mapping[str, Any] | None = None) -> Portfolio | Product:
        """Return a portfolio or product, `among` all or some.

        Raises: AwsError ResourceNotFoundException.
        """
        held = {**self.portfolios, **self.products} if among is None else among
        if resource_id not in held:
            raise AwsError("ResourceNotFoundException", f"Resource {resource_id} not found.")
        return held[resource_id]

    def tag_option(self, tag_option_id: str) -> TagOption:
        """Return a TagOption.

        Raises: AwsError ResourceNotFoundException.
        """
        if tag_option_id not in self.tag_options:
            raise AwsError("ResourceNotFoundException", f"TagOption {tag_option_id} not found.")
        return self.tag_options[tag_option_id]

    def create_tag_option(self, key: str, value: str) -> TagOption:
        """Create an active TagOption: each pair once, and so many values a key.

        Raises: AwsError DuplicateResourceException or LimitExceededException.
        """
        self._refuse_twin(key, value)
        most = load_facts().limits["tag_option_values_per_key"]
        if sum(held.key == key for held in self.tag_options.values()) >= most:
            raise AwsError("LimitExceededException", f"A TagOption key can have at most {most} values.")
        made = TagOption(self._new_id("tag", f"{key}${value}"), key, value, self.account_id)
        self.tag_options[made.id] = made
        return made

    def update_tag_option(self, option: TagOption, value: str | None, *, active: bool | None) -> None:
        """Change value or status; AWS takes a value that is no new one for a duplicate.

        Raises: AwsError DuplicateResourceException or InvalidParametersException.
        """
        if value is None and active is None:
            raise AwsError("InvalidParametersException", "Value or Active must be given.")
        if value is not None:
            self._refuse_twin(option.key, value)
            option.value = value
        if active is not None:
            option.active = active

    def delete_tag_option(self, option: TagOption) -> None:
        """Delete a TagOption that is associated with nothing.

        Raises: AwsError ResourceInUseException.
        """
        if option.resources:
            text = f"TagOption {option.id} is associated with {', '.join(option.resources)}."
            raise AwsError("ResourceInUseException", text)
        del self.tag_options[option.id]

    def associate(self, option: TagOption, resource_id: str) -> None:
        """Associate an active TagOption with a portfolio or product, once and within its quota.

        Raises: AwsError ResourceNotFoundException, DuplicateResourceException, LimitExceededException or
        InvalidStateException.
        """
        resource = self.resource(resource_id)
        if resource.id in option.resources:
            text = f"TagOption {option.id} is already associated with {resource.id}."
            raise AwsError("DuplicateResourceException", text)
        # The documentation names the error and no state; a TagOption has no other.
        if not option.active:
            raise AwsError("InvalidStateException", f"TagOption {option.id} is not active.")
        most = load_facts().limits["tag_options_per_resource"]
        if len(list(self.tag_options_of(resource.id))) >= most:
            raise AwsError("LimitExceededException", f"A resource can have at most {most} TagOptions.")
        option.resources.append(resource.id)

    def disassociate(self, option: TagOption, resource_id: str) -> None:
        """End an association.

        Raises: AwsError ResourceNotFoundException.
        """
        if resource_id not in option.resources:
            text = f"TagOption {option.id} is not associated with {resource_id}."
            raise AwsError("ResourceNotFoundException", text)
        option.resources.remove(resource_id)

    def tag_options_of(self, resource_id: str) -> Iterator[TagOption]:
        """Yield the TagOptions of a portfolio or product."""
        return (option for option in self.tag_options.values() if resource_id in option.resources)

    def _forget(self, resource_id: str) -> None:
        for option in self.tag_options_of(resource_id):
            option.resources.remove(resource_id)

    def _refuse_twin(self, key: str, value: str) -> None:
        if any((held.key, held.value) == (key, value) for held in self.tag_options.values()):
            raise AwsError("DuplicateResourceException", f"TagOption with key {key} and value {value} already exists.")
