"""Keep what AWS did not let us read of lineage: one gap an operation and reason, however many resources it concerns."""

from collections.abc import Iterator
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from harness.audit.model import Gap
from harness.targets.refusals import code_of, kind_of_word, said

_PAGE = {"PageSize": 100}
Asked = TypeVar("Asked")


class Lacking:
    """Collect what is lacking in one account and region."""

    def __init__(self, account: str, region: str, most: int) -> None:
        """Lack nothing yet; `most` calls of one operation are made."""
        self._place = account, region
        self._most = most
        self._found: dict[tuple[str, str], tuple[str, str, int]] = {}

    def add(self, operation: str, code: str, reason: str, lacks: str, count: int = 1) -> None:
        """Note that an operation did not show something of so many resources. Raises: nothing."""
        before = self._found.get((operation, code))
        self._found[operation, code] = (before[0], before[1], before[2] + count) if before else (lacks, reason, count)

    def bounded(self, operation: str, every: list[Asked], lacks: str) -> list[Asked]:
        """Return the first of what an operation is asked for, and note what it is not asked for. Raises: nothing."""
        if len(every) > self._most:
            reason = f"no more than {self._most} are asked for one by one"
            self.add(operation, "", reason, lacks, len(every) - self._most)
        return every[: self._most]

    def refused(self, operation: str, error: ClientError, lacks: str, left: int) -> bool:
        """Note a refused call; True where the calls that are left, this one among them, would be refused like it.

        Raises: nothing.
        """
        alike = kind_of_word(code_of(error)) != "refused"
        self.add(operation, code_of(error), said(error), lacks, left if alike else 1)
        return alike

    def gaps(self) -> Iterator[Gap]:
        """Yield what is lacking. Raises: nothing."""
        account, region = self._place
        for (operation, code), (lacks, reason, count) in self._found.items():
            said_of = lacks if operation == "*" else f"{lacks}: {count} unread"
            yield Gap(f"sagemaker:{operation}", account, region, said_of, reason, code)


def lists(client: Any, operation: str, items: str, **asked: Any) -> Iterator[Any]:
    """Yield the items of a list in pages of 100, the most that SageMaker gives. Raises: ClientError, BotoCoreError."""
    for page in client.get_paginator(operation).paginate(**asked, PaginationConfig=_PAGE):
        yield from page.get(items, ())
