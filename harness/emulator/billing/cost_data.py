"""Cost data: lines of so many USD a day, and what of them falls into a time, with the tags that billing shows there.

A tag of a resource shows in cost data only where its key is an active cost allocation tag, and only from then on:
docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from harness.emulator.clock import DAY


@dataclass(frozen=True, slots=True)
class CostLine:
    """Hold what one thing costs, evenly, from a time on; `service` is Cost Explorer's name: Amazon SageMaker."""

    account_id: str
    service: str
    usd_per_day: float
    begin: datetime.datetime
    tags: Mapping[str, str]
    categories: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Charge:
    """Hold what a line costs in a stretch of time, with the tags that cost data shows there."""

    line: CostLine
    tags: Mapping[str, str]
    usd: float


Keep = Callable[[Charge], bool]


@dataclass(frozen=True, slots=True)
class CostData:
    """Hold an account's lines, and since when cost data shows each active tag key; times are UTC."""

    lines: tuple[CostLine, ...]
    shown_from: Mapping[str, datetime.datetime]

    def charges(self, start: datetime.datetime, end: datetime.datetime) -> Iterator[Charge]:
        """Yield what falls into the time from `start` to before `end`."""
        for line in self.lines:
            begin = max(line.begin, start)
            if begin < end:
                yield from self._charges(line, begin, end)

    def total(self, keep: Keep, start: datetime.datetime, end: datetime.datetime) -> float:
        """Return the USD of the charges that `keep` keeps."""
        return sum((charge.usd for charge in self.charges(start, end) if keep(charge)), 0.0)

    def _charges(self, line: CostLine, begin: datetime.datetime, end: datetime.datetime) -> Iterator[Charge]:
        """Yield one charge for each stretch in which the same tags show."""
        shown = {key: self.shown_from[key] for key in line.tags if key in self.shown_from}
        cuts = sorted({begin, end, *(moment for moment in shown.values() if begin < moment < end)})
        for start, stop in pairwise(cuts):
            tags = {key: line.tags[key] for key, moment in shown.items() if moment <= start}
            yield Charge(line, tags, line.usd_per_day * ((stop - start) / DAY))
