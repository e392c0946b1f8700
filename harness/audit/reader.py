"""Read one region of an account, source by source."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from harness.audit.joined import resource_of
from harness.audit.lineage.reading import read_edges
from harness.audit.model import Edge, Gap, Seen
from harness.audit.sources import config, explorer, listing, tagging

Client = Callable[[str, str, str], Any]  # a service, a region, an account


class Reader:
    """Read sources with clients that `client` gives.

    All methods raise ClientError and BotoCoreError as boto3 does.
    """

    def __init__(self, client: Client, add_edges: Callable[[Iterable[Edge]], object]) -> None:
        """Read nothing yet; edges of lineage go to `add_edges`."""
        self._client = client
        self._add_edges = add_edges

    def tagged(self, account: str, region: str, held: list[Seen]) -> Iterator[list[Seen]]:
        """Yield what is tagged; `held` gets what is SageMaker's of it."""
        client = self._client("resourcegroupstaggingapi", region, account)
        for page in tagging.read_tagged(client, account, region):
            held += [row for row in page if ":sagemaker:" in row.arn]
            yield page

    def listed(
        self, account: str, region: str, held: list[Seen], covers: Callable[[str], bool]
    ) -> Iterator[list[Seen] | Gap]:
        """Yield what SageMaker lists and is not in `held`, which gets it too.

        `covers` tells of which kinds the tagging API, read to its end here, shows whatever has or had a tag.
        """
        client = self._client(listing.SERVICE, region, account)
        known = frozenset(row.arn.lower() for row in held)
        for page in listing.Listed(client, account, region, known, covers).read():
            if not isinstance(page, Gap):
                held += page
            yield page

    def lineage(self, account: str, region: str, held: list[Seen]) -> Iterator[Gap]:
        """Keep the edges between what is there and where it comes from, and yield what could not be seen."""
        client = self._client(listing.SERVICE, region, account)
        edges: list[Edge] = []
        for found in read_edges(client, (resource_of([row]) for row in held)):
            if isinstance(found, Gap):
                yield found
            else:
                edges.append(found)
        self._add_edges(edges)

    def recorded(self, account: str, region: str) -> Iterator[list[Seen] | Gap]:
        """Yield what AWS Config has recorded."""
        yield from config.read_recorded(self._client("config", region, account))

    def explored(self, account: str, region: str) -> Iterator[list[Seen] | Gap]:
        """Yield what Resource Explorer's default view shows."""
        client = self._client("resource-explorer-2", region, account)
        view = explorer.default_view(client)
        if view is None:
            reason = "Resource Explorer has no default view here that shows everything"
            yield Gap("explorer", account, region, "what never had a tag", reason)
        else:
            yield from explorer.read_explored(client, view)


def nothing() -> Iterator[list[Seen]]:
    """Yield nothing: what needs not be asked. Raises: nothing."""
    yield from ()


def nobody(_: str) -> bool:
    """Tell that the tagging API shows no kind: it could not be read. Raises: nothing."""
    return False
