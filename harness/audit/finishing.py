"""Finish a run: join what was seen, price it, judge it, and count."""

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from harness.audit.billed import Billed, Line, not_on_bill, with_cost
from harness.audit.comparison import Comparison, Looked
from harness.audit.joined import Joiner
from harness.audit.judging import Auditor
from harness.audit.lineage.faults import Lineage
from harness.audit.lineage.shown import shown_edges
from harness.audit.model import AuditFinding, AuditResource, Edge, Gap, Seen
from harness.audit.places import Place
from harness.audit.run import AuditedAccount, Coverage, Run
from harness.audit.seen import Done, SeenFiles
from harness.audit.tables import Table, read_resources
from harness.organization import Organization
from harness.plan_check.requirements import Requirements

SAGEMAKER = "arn LIKE 'arn:%:sagemaker:%'"
# What says by its tags or its name alone where it comes from, and what these name.
TELLING = (
    f"{SAGEMAKER} AND REGEXP_MATCHES(arn, ':(project|user-profile|space|app|model-package|domain)/')"
    " OR LEN(LIST_FILTER(MAP_KEYS(tags), LAMBDA key: STARTS_WITH(key, 'sagemaker:'))) > 0"
)
_BATCH = 5_000  # resources that are joined, priced and judged at a time


@dataclass(slots=True)
class Judging:
    """Join and judge what was seen, and count.

    `inactive` are findings of the organisation as a whole, `gaps` what could not be seen, `read` where the tagging API
    was read; `billed_keys` should be on the bill, which is `billed`, None where none was given.
    """

    joiner: Joiner
    auditor: Auditor
    comparison: Comparison
    inactive: Sequence[AuditFinding]
    gaps: tuple[Gap, ...]
    read: Collection[Place]
    billed_keys: Collection[str]
    requirements_of: Callable[[str], Requirements]
    billed: Billed | None = None
    rules: Counter[str] = field(default_factory=Counter)
    shown_by: dict[str, set[str]] = field(default_factory=dict)

    def judge(self, seen: SeenFiles, folder: Path) -> None:
        """Write the tables of a run's folder, file by file of what was seen. Raises: OSError, duckdb.Error."""
        with Table(folder, "findings") as findings:
            with Table(folder, "resources") as resources:
                for some in _batches(seen.groups()):
                    joined = list(self.joiner.join(some))
                    lines = self.billed.of(joined) if self.billed else {}
                    priced = [with_cost(each, lines.get(each.arn)) for each in joined]
                    resources.add(priced)
                    for each in priced:
                        self.shown_by.setdefault(each.type, set()).update(each.sources)
                        findings.add(self._told(self._found(each, lines.get(each.arn))))
            findings.add(self._told(self.inactive))
            findings.add(self._told(self._cuts(seen.edges(), folder)))

    def compare(self, run: Run, folder: Path, state: Literal["interrupted", "finished"]) -> None:
        """Write which findings of the last run are fixed, once all of this one are judged.

        The table is empty where there is no last run, or this one was broken off. Raises: OSError, duckdb.Error.
        """
        unasked = {name for name, asked in (("lineage-cut", run.lineage), ("not-on-bill", self.billed)) if not asked}
        unread = frozenset((gap.account, gap.region) for gap in self.gaps)
        looked = Looked(self.read, unread, unasked, is_whole=state == "finished")
        with Table(folder, "fixed") as table:
            table.add(self.comparison.fixed(folder, looked))

    def _cuts(self, edges: tuple[Edge, ...], folder: Path) -> Iterator[AuditFinding]:
        """Yield where tags stop being passed on, and write the edges between resources."""
        found = dict.fromkeys((*edges, *shown_edges(read_resources(folder, TELLING))))
        with Table(folder, "edges") as table:
            table.add(found)
        lineage = (
            Lineage(found, read_resources(folder, f"{SAGEMAKER} OR {TELLING}"), self.requirements_of) if found else None
        )
        yield from lineage.findings() if lineage else ()

    def _found(self, resource: AuditResource, line: Line | None) -> list[AuditFinding]:
        month = self.billed.month if self.billed else ""
        return self.auditor.findings(resource, not_on_bill(resource, line, self.billed_keys, month))

    def _told(self, found: Iterable[AuditFinding]) -> Iterator[AuditFinding]:
        for each in found:
            self.rules[each.rule] += 1
            is_new = self.comparison.is_new(each.fingerprint)
            yield each if is_new else msgspec.structs.replace(each, is_new=False)

    def closed(
        self,
        run: Run,
        organization: Organization,
        done: Mapping[str, Done],
        state: Literal["interrupted", "finished"],
    ) -> Run:
        """Return what is known of the run in the end. Raises: OSError, duckdb.Error."""
        calls: Counter[str] = Counter()
        for task in done.values():
            calls[task.task.partition(" ")[0]] += task.calls
        auditor = self.auditor
        return msgspec.structs.replace(
            run,
            ended=datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds"),
            state=state,
            accounts=tuple(AuditedAccount(one.id, one.name, one.unit, one.status) for one in organization.accounts),
            regions=_regions(done),
            gaps=self.gaps,
            calls=calls,
            counts=auditor.counts,
            unheard=auditor.unheard,
            findings=self.rules,
            tagged_alone=tuple(sorted(name for name, sources in self.shown_by.items() if sources == {"tagging"})),
            coverage=tuple(Coverage(key, **counts) for key, counts in sorted(auditor.coverage.items())),
            change=self.comparison.change(),
            month=self.billed.month if self.billed else "",
            currency=self.billed.currency() if self.billed else "",
        )


def _batches(groups: Iterable[list[list[Seen]]]) -> Iterator[list[list[Seen]]]:
    yield from (group[start : start + _BATCH] for group in groups for start in range(0, len(group), _BATCH))


def _regions(done: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(sorted({task.split(" ")[2] for task in done if task.startswith("tagging ")}))
