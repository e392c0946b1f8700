"""The indexes and views of Resource Explorer in an account and region, and what can be seen through a view.

docs.aws.amazon.com/resource-explorer/latest/userguide/getting-started-terms-and-concepts.html: what a region without an
index holds is not found; an aggregator index has all indexed regions of its account; a view of an organization shows
what the indexes of its accounts in the view's region have.
"""

import importlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend
from moto.organizations.models import organizations_backends

from harness.emulator.clock import stamp, utcnow
from harness.emulator.inventory import resources
from harness.emulator.resource_explorer.query import Found
from harness.emulator.resource_explorer.types import explored_type
from harness.emulator.wire import AwsError, payer_of

SERVICE = "resource-explorer-2"
LOCAL, AGGREGATOR = "LOCAL", "AGGREGATOR"
_MISSING, _CONFLICT, _UNAUTHORIZED = 404, 409, 401


@dataclass(slots=True)
class Index:
    """Hold an index; times are in AWS's form."""

    arn: str
    region: str
    type: str = LOCAL
    created: str = field(default_factory=lambda: stamp(utcnow()))
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class View:
    """Hold a view; `included` are the properties that its results show besides, `filter` narrows them."""

    arn: str
    name: str
    owner: str
    scope: str
    included: tuple[str, ...]
    filter: str
    updated: str = field(default_factory=lambda: stamp(utcnow()))
    tags: dict[str, str] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        """Return AWS's View. Raises: nothing."""
        return {
            "ViewArn": self.arn,
            "ViewName": self.name,
            "Owner": self.owner,
            "Scope": self.scope,
            "IncludedProperties": [{"Name": name} for name in self.included],
            "Filters": {"FilterString": self.filter},
            "LastUpdatedAt": self.updated,
        }


class ResourceExplorer(BaseBackend):  # type: ignore[misc]  # moto is untyped here
    """Hold one account and region."""

    url_bases = (r"https?://resource-explorer-2\.(.+)\.(amazonaws\.com|api\.aws)",)

    def __init__(self, region_name: str, account_id: str) -> None:
        """Start without an index."""
        super().__init__(region_name, account_id)
        self.index: Index | None = None
        self.views: dict[str, View] = {}
        self.default_view: str | None = None

    @property
    def _url_module(self) -> Any:
        return importlib.import_module("harness.emulator.resource_explorer.responses")

    @property
    def place(self) -> str:
        """Return what an ARN here begins with."""
        return f"arn:{self.partition}:{SERVICE}:{self.region_name}:{self.account_id}"

    def create_index(self, tags: dict[str, str] | None = None) -> Index:
        """Turn Resource Explorer on in the region.

        Raises: AwsError ConflictException when it is on.
        """
        if self.index:
            raise refused("ConflictException", "Index already exists", _CONFLICT)
        self.index = Index(f"{self.place}:index/{uuid.uuid4()}", self.region_name, tags=tags or {})
        return self.index

    def the_index(self, arn: str | None = None) -> Index:
        """Return the index, of an ARN when one is given.

        Raises: AwsError ResourceNotFoundException.
        """
        if self.index is None or arn not in (None, self.index.arn):
            raise refused("ResourceNotFoundException", "Index not found", _MISSING)
        return self.index

    def aggregator(self) -> Index | None:
        """Return the aggregator index of the account, in whichever region it is. Raises: nothing."""
        return next((index for index in indexes_of(self.account_id) if index.type == AGGREGATOR), None)

    def create_view(self, view: View) -> View:
        """Keep a new view.

        Raises: AwsError ConflictException for a name that is there, ValidationException for the scope of others.
        """
        if any(each.name == view.name for each in self.views.values()):
            raise refused("ConflictException", "View already exists", _CONFLICT)
        if ":organizations:" in view.scope and payer_of(self.account_id) != self.account_id:
            raise refused("ValidationException", "Only the management account can create organization views", 400)
        self.views[view.arn] = view
        return view

    def view(self, arn: str | None) -> View:
        """Return a view, the region's default without an ARN.

        Raises: AwsError UnauthorizedException or ResourceNotFoundException.
        """
        if not arn and self.default_view is None:
            raise refused("UnauthorizedException", "The Region has no default view", _UNAUTHORIZED)
        found = self.views.get(arn or self.default_view or "")
        if found is None:
            raise refused("UnauthorizedException", f"You are not authorized to use the view {arn}", _UNAUTHORIZED)
        return found

    def seen_through(self, view: View) -> Iterator[Found]:
        """Yield the resources that a view has, without its filter. Raises: nothing."""
        for account_id in self._accounts(view):
            for region in self._regions(account_id):
                for resource in resources(account_id, region):
                    kind = explored_type(resource.arn)
                    if kind:
                        service = kind.partition(":")[0]
                        yield Found(resource.arn, account_id, resource.region, service, kind, resource.tags)

    def _accounts(self, view: View) -> list[str]:
        if ":organizations:" not in view.scope:
            return [self.account_id]
        organization = organizations_backends[self.account_id]["aws"]
        last = view.scope.rpartition("/")[2]
        return [
            account.id
            for account in organization.accounts
            if account.status == "ACTIVE"
            and (last == organization.org.id or last in {node.id for node in organization.lineage(account.id)})
        ]

    def _regions(self, account_id: str) -> list[str]:
        """Return the regions that the index in the view's region has of an account."""
        own = next((index for index in indexes_of(account_id) if index.region == self.region_name), None)
        if own is None:
            return []
        return [index.region for index in indexes_of(account_id)] if own.type == AGGREGATOR else [own.region]


def indexes_of(account_id: str) -> list[Index]:
    """Return the indexes of an account in all regions. Raises: nothing."""
    made = dict(resource_explorer_backends[account_id])
    return [made[region].index for region in sorted(made) if made[region].index]


def refused(code: str, message: str, status: int) -> AwsError:
    """Return an error with its HTTP status. Raises: nothing."""
    error = AwsError(code, message)
    error.code = status
    return error


resource_explorer_backends = BackendDict(ResourceExplorer, SERVICE)
