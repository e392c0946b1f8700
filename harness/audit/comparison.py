"""Compare the findings of a run with those of the last one: what is new, what remains, and which are fixed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.audit.model import AuditFinding
from harness.audit.places import Place, is_read
from harness.audit.run import Change
from harness.audit.tables import COLUMNS, read_rows, read_table, stream

# What the last run found and this one did not, beside whether this one shows the resource, and whether it could judge
# it. A cut may be out of sight because its ancestor is: it is mended where the tag is there.
_HELD = """
SELECT {columns}, r.arn IS NOT NULL,
    IF(f.rule = 'lineage-cut', COALESCE(MAP_CONTAINS(r.tags, f.key), FALSE), r.tags IS NOT NULL)
FROM {findings} f ANTI JOIN {found} n ON n.fingerprint = f.fingerprint LEFT JOIN {resources} r ON r.arn = f.arn
"""


@dataclass(frozen=True, slots=True)
class Looked:
    """Say where a run looked, and for what: only there is a finding that is gone a fixed one.

    `read` are the accounts and regions that the tagging API was read in, `unread` those where some source could not be
    read, "" standing for all. `unasked` are the rules that nobody could break this time. `is_whole` is False for a
    run that was broken off, of which nobody knows what it would have shown.
    """

    read: Collection[Place]
    unread: frozenset[Place] = frozenset()
    unasked: Collection[str] = ()
    is_whole: bool = True

    def covers(self, arn: str, account: str, region: str) -> bool:
        """Tell whether a resource would have been seen if it still were there.

        Accounts themselves are in every run that has no gap there. Raises: nothing.
        """
        if not self.unread.isdisjoint({(account, region), (account, ""), ("", region), ("", "")}):
            return False
        return not arn or ":organizations:" in arn or is_read(self.read, arn, account, region)


class Comparison:
    """Tell new findings from those that the last run had, and which of these are fixed."""

    def __init__(self, previous: Path | None) -> None:
        """Read the last run's findings, 8 bytes each and what a set takes. Raises: duckdb.Error, OSError."""
        self._previous = previous
        rows = read_rows(previous, "findings", ["fingerprint"]) if previous else iter(())
        self._gone = {int(row[0], 16) for row in rows}
        self._new = self._remaining = self._fixed = 0

    def is_new(self, fingerprint: str) -> bool:
        """Tell whether the last run did not have a finding; each is asked once. Raises: nothing."""
        number = int(fingerprint, 16)
        if number in self._gone:
            self._gone.remove(number)
            self._remaining += 1
            return False
        self._new += 1
        return True

    def fixed(self, folder: Path, looked: Looked) -> Iterator[AuditFinding]:
        """Yield the last run's findings that are gone, once all of this run's were asked; they are not new any more.

        Those alone of which this run, whose tables are in its folder, knows that they are gone: it judged the resource,
        or the resource would have been seen. Raises: duckdb.Error.
        """
        if self._previous is None or not self._gone or not looked.is_whole:
            return
        columns = COLUMNS["findings"]
        names = ", ".join(f"f.{name}" for name in columns)
        sql = _HELD.format(
            columns=names,
            findings=read_table(self._previous, "findings"),
            found=read_table(folder, "findings"),
            resources=read_table(folder, "resources"),
        )
        for *row, is_there, is_judged in stream(folder, sql):
            number = int(row[0], 16)
            if number not in self._gone:
                continue
            held = dict(zip(columns, row, strict=True))
            found = AuditFinding(**held | {"wanted": tuple(held["wanted"] or ()), "is_new": False})
            is_known = is_judged if is_there else looked.covers(found.arn, found.account, found.region)
            if is_known and found.rule not in looked.unasked:
                self._gone.remove(number)
                self._fixed += 1
                yield found

    def change(self) -> Change:
        """Return what became of the last run's findings, once the fixed ones were named; unseen is the rest.

        Raises: nothing.
        """
        name = self._previous.name if self._previous else ""
        return Change(name, self._new, self._fixed, self._remaining, len(self._gone))
