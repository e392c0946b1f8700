"""Look through accounts and regions, several at a time, and keep what each source shows or why it shows nothing.

A task is one source in one place. One that could not be read is a gap and never nothing; one that an earlier run has
done is not done again.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError

from harness.audit.arn_types import kind_of
from harness.audit.entering import Clients, Payer, refuse_callers
from harness.audit.model import GLOBAL, Gap, Seen
from harness.audit.reader import Reader, nobody, nothing
from harness.audit.seen import Done, SeenFiles
from harness.audit.sources import config, explorer
from harness.audit.sources.accounts import read_account
from harness.organization import Account, Organization
from harness.targets.refusals import said, word_of

AT_ONCE = 16
_TICK_SECONDS = 0.3
_SOURCE = "tagging"
LACKS = {
    "tagging": "tagged resources",
    "listing": "what SageMaker lists",
    "lineage": "where SageMaker's resources come from",
    "organizations": "the tags of the account itself",
    "config": "what only AWS Config shows",
    "explorer": "what never had a tag",
}
_OF_REGION = (_SOURCE, "listing", "lineage")

Task = Callable[[], Sequence[Any]]  # what has to be done returns the tasks that follow from it


@dataclass(frozen=True, slots=True)
class Wanted:
    """Say what to look through: `regions` begins with the home region; () asks each account for those it has enabled.

    `enter` gives credentials of a member account. `listed_regions` are those where SageMaker is asked for its lists
    even if nothing there has a tag. `lineage`: ask where SageMaker's resources come from.
    """

    payer_id: str
    partition: str
    home: str
    regions: tuple[str, ...]
    listed_regions: tuple[str, ...]
    enter: Callable[[str], Credentials]
    at_once: int = AT_ONCE
    lineage: bool = True


@dataclass(slots=True)
class Progress:
    """Count what goes on, for whoever shows it."""

    accounts: int = 0
    tasks: int = 0
    ended: int = 0
    rows: int = 0
    gaps: int = 0
    stop: threading.Event = field(default_factory=threading.Event)


class Scan:
    """Look through an organisation and keep what is seen."""

    def __init__(self, payer: Payer, wanted: Wanted, organization: Organization, seen: SeenFiles) -> None:
        """Look at nothing yet."""
        self.progress = Progress()
        self.is_over = False  # no thread of it runs any more
        self._wanted = wanted
        self._organization = organization
        self._seen = seen
        self._clients = Clients(payer, wanted.payer_id, wanted.enter, self.progress.stop)
        self._client = self._clients.client
        self._kinds: set[str] = {kind for done in seen.done.values() for kind in done.kinds}
        self._reader = Reader(self._client, seen.add_edges)

    def kinds(self) -> frozenset[str]:
        """Return the kinds of resources that the tagging API shows. Raises: nothing."""
        return frozenset(self._kinds)

    def run(self, tell: Callable[[Progress], object]) -> None:
        """Look through all of it; `tell` hears of progress a few times a second.

        Raises: KeyboardInterrupt; TagrailError where the caller's credentials end; OSError when files cannot be
        written. What runs has ended by then, unless a second Ctrl-C came: `is_over` tells.
        """
        pool = ThreadPoolExecutor(self._wanted.at_once)
        ended: SimpleQueue[Future[Sequence[Task]]] = SimpleQueue()
        try:
            self._submit(pool, ended, self._first())
            while self.progress.ended < self.progress.tasks:
                try:
                    one = ended.get(timeout=_TICK_SECONDS)
                except Empty:
                    tell(self.progress)
                    continue
                self._submit(pool, ended, one.result())
                self.progress.ended += 1
                tell(self.progress)
        finally:
            self.progress.stop.set()
            pool.shutdown(cancel_futures=True)
            self.is_over = True

    def _submit(self, pool: ThreadPoolExecutor, ended: SimpleQueue[Any], tasks: Iterable[Task]) -> None:
        for task in tasks:
            self.progress.tasks += 1
            pool.submit(task).add_done_callback(ended.put)

    def _first(self) -> Iterator[Task]:
        """Yield the tasks of the whole organisation, which lead to those of accounts, and these to those of regions."""
        yield self._of_organization
        for account in self._organization.accounts:
            yield partial(self._of_account_tags, account)

    def _of_account_tags(self, account: Account) -> Sequence[Task]:
        client = self._client("organizations", self._wanted.home)
        read = partial(read_account, client, self._wanted.partition, self._organization, account)
        self._task("organizations", account.id, "", lambda: iter([[read()]]))
        return ()

    def _of_organization(self) -> Sequence[Task]:
        """Read the sources that show all accounts at once, and return the tasks of each account."""
        everywhere = {"config": self._of_aggregator(), "explorer": self._of_organization_view()}
        singly = tuple(name for name, found in everywhere.items() if found is None)
        tasks: list[Task] = [task for task in everywhere.values() if task]
        for account in self._organization.accounts:
            if account.status == "ACTIVE":
                self.progress.accounts += 1
                tasks.append(partial(self._of_account, account.id, singly))
            else:
                gap = Gap("account", account.id, "", "all resources", f"the account is {account.status.lower()}")
                self._note(f"account {account.id}", gap)
        return tasks

    def _of_aggregator(self) -> Task | None:
        """Return the task that reads Config for all accounts; None where it has to be read account by account."""
        for region in dict.fromkeys((self._wanted.home, *self._wanted.listed_regions)):
            client = self._client("config", region)
            try:
                found = config.aggregator_of(client, self._wanted.regions)
            except (ClientError, BotoCoreError):
                continue  # read account by account, where the refusal is named
            if found:
                pages = partial(config.read_aggregated, client, found)
                return partial(self._everywhere, "config", region, pages)
        return None

    def _of_organization_view(self) -> Task | None:
        for region in dict.fromkeys((self._wanted.home, *self._wanted.listed_regions)):
            client = self._client("resource-explorer-2", region)
            try:
                found = explorer.organization_view(client)
            except (ClientError, BotoCoreError):
                continue
            if found:
                pages = partial(explorer.read_explored, client, found)
                return partial(self._everywhere, "explorer", region, pages)
        return None

    def _everywhere(self, source: str, region: str, pages: Callable[[], Iterator[Any]]) -> Sequence[Task]:
        self._task(source, "", region, lambda: map(self._of_regions, pages()))
        return ()

    def _of_regions(self, page: list[Seen]) -> list[Seen]:
        """Return what lies where somebody wants to look: elsewhere nobody asks for tags."""
        wanted = self._wanted.regions
        return [row for row in page if row.region in wanted or row.region == GLOBAL] if wanted else page

    def _of_account(self, account: str, singly: Sequence[str]) -> Sequence[Task]:
        """Enter an account and return the tasks of its regions."""
        try:
            if account != self._wanted.payer_id:
                self._clients.enter(account)
            regions = tuple(dict.fromkeys(self._wanted.regions)) or self._enabled(account)
        except (ClientError, BotoCoreError) as error:
            self._note(f"account {account}", Gap("account", account, "", "all resources", said(error), word_of(error)))
            return ()
        if f"account {account}" in self._seen.done:  # an earlier run could not enter it
            self._seen.end(Done(f"account {account}"))
        return [partial(self._of_region, account, region, singly) for region in regions]

    def _enabled(self, account: str) -> tuple[str, ...]:
        answer = self._client("ec2", self._wanted.home, account).describe_regions()
        found = sorted(each["RegionName"] for each in answer["Regions"])
        return (self._wanted.home, *(region for region in found if region != self._wanted.home))

    def _of_region(self, account: str, region: str, singly: Sequence[str]) -> Sequence[Task]:
        """Read one region of an account: what is tagged, what SageMaker lists, and what else has to be asked here."""
        if not self._is_done(_OF_REGION, account, region):  # each needs what the one before showed
            held: list[Seen] = []
            tagged = partial(self._reader.tagged, account, region, held)
            found = self._task(_SOURCE, account, region, tagged, again=True)
            asks = bool(found) or region in self._wanted.listed_regions
            covers = self._kinds.__contains__ if self._is_done((_SOURCE,), account, region) else nobody
            listed = partial(self._reader.listed, account, region, held, covers) if asks else nothing
            self._task("listing", account, region, listed, again=True)
            asks = bool(held) and self._wanted.lineage
            lineage = partial(self._reader.lineage, account, region, held) if asks else nothing
            self._task("lineage", account, region, lineage, again=True)
        for source in singly:
            read = partial(self._reader.recorded if source == "config" else self._reader.explored, account, region)
            self._task(source, account, region, read)
        return ()

    def _task(
        self,
        source: str,
        account: str,
        region: str,
        pages: Callable[[], Iterator[Any]],
        *,
        again: bool = False,
    ) -> int | None:
        """Read one source in one place and keep what it shows; return how many rows, None where it is done already.

        `again`: read it even so.
        """
        if self._is_done((source,), account, region) and not again:
            return None
        kinds: set[str] = set()
        gaps: list[Gap] = []
        rows = calls = 0
        try:
            for page in pages():
                if self.progress.stop.is_set():
                    return None
                if isinstance(page, Gap):
                    gaps.append(page)
                    continue
                calls += 1
                rows += len(page)
                self._seen.add(page)
                if source == _SOURCE:
                    kinds |= {kind_of(row.arn) for row in page}
                self.progress.rows += len(page)
        except (ClientError, BotoCoreError) as error:
            if account in ("", self._wanted.payer_id):
                refuse_callers(error)
            where = region if account else ""  # what shows all accounts shows all regions
            gaps.append(Gap(source, account, where, LACKS[source], said(error), word_of(error)))
        self._kinds |= kinds
        self.progress.gaps += len(gaps)
        self._seen.end(Done(f"{source} {account} {region}", tuple(sorted(kinds)), calls, tuple(gaps)))
        return rows

    def _is_done(self, sources: Sequence[str], account: str, region: str) -> bool:
        """Tell whether sources were read to their end in one place; else a run that goes on reads them again."""
        done = (self._seen.done.get(f"{source} {account} {region}") for source in sources)
        return all(one is not None and not one.gaps for one in done)

    def _note(self, task: str, gap: Gap) -> None:
        self.progress.gaps += 1
        self._seen.end(Done(task, gaps=(gap,)))
