"""Renew modules/aws-facts.yaml: limits that botocore's models state are read from there, others are named for a reader.

`make aws-facts` runs it after an update of botocore. A row's source says where its number stands: this command reads
`botocore SERVICE SHAPE`, a person reads a page of AWS and changes the date. `--check` changes nothing.
"""

import argparse
import datetime
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from botocore.exceptions import UnknownServiceError
from botocore.model import NoShapeFoundError
from botocore.session import get_session

from harness.facts import FACTS_FILE

_ROW = re.compile(
    r"^  (?P<id>[a-z_]+):\n    \{value: (?P<value>\d+), source: (?P<source>[^}]+), date: (?P<date>\d{4}-\d\d)\}$",
    re.MULTILINE,
)
_REGIONS = re.compile(r"(?ms)^(regions:\n  source: [^\n]*\n  names: \[\n).*?(\n  \]\n)")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}")
_MODEL = re.compile(r"botocore ([a-z0-9-]+) ([A-Za-z0-9]+)")
_OLD_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one limit: its id, value, source and the month in which it was read (YYYY-MM)."""

    id: str
    value: int
    source: str
    date: str


def rows(text: str) -> Iterator[Row]:
    """Yield the limits of the file's text. Raises: nothing."""
    for found in _ROW.finditer(text):
        yield Row(found["id"], int(found["value"]), found["source"], found["date"])


def modelled(row: Row) -> int | None:
    """Return the value that botocore's model states for a row, None when the row rests on something else.

    Raises: nothing.
    """
    found = _MODEL.fullmatch(row.source)
    if not found:
        return None
    try:
        shape = get_session().get_service_model(found[1]).shape_for(found[2])
    except (UnknownServiceError, NoShapeFoundError):
        return None
    most = shape.metadata.get("max")
    return int(most) if most is not None else None


def renewed(text: str, month: str, value_of: Callable[[Row], int | None] = modelled) -> str:
    """Return the text with the values that the models state now; a row that changes gets this month.

    Raises: nothing.
    """
    for row in tuple(rows(text)):
        value = value_of(row)
        if value is not None and value != row.value:
            old = f"  {row.id}:\n    {{value: {row.value}, source: {row.source}, date: {row.date}}}"
            text = text.replace(old, f"  {row.id}:\n    {{value: {value}, source: {row.source}, date: {month}}}")
    return text


def with_regions(text: str, names: Iterable[str]) -> str:
    """Return the text with these names of regions. Raises: nothing."""
    folded = textwrap.indent(textwrap.fill(", ".join(sorted(names)), width=112, break_on_hyphens=False), "    ")
    return _REGIONS.sub(lambda found: f"{found[1]}{folded}{found[2]}", text)


def regions() -> frozenset[str]:
    """Return the regions of all partitions that botocore knows, without names such as `aws-global`. Raises: nothing."""
    partitions = get_session().get_component("data_loader").load_data("partitions")["partitions"]
    return frozenset(name for each in partitions for name in each["regions"] if _REGION.fullmatch(name))


def to_read(text: str, today: datetime.date) -> tuple[Row, ...]:
    """Return the rows that no model states and that nobody has read for a year. Raises: nothing."""
    return tuple(row for row in rows(text) if modelled(row) is None and _age(row.date, today) >= _OLD_MONTHS)


def _age(month: str, today: datetime.date) -> int:
    year, number = map(int, month.split("-"))
    return (today.year - year) * 12 + today.month - number


def main() -> int:
    """Renew the file and name what a person has to read, or with --check say whether it is current. Raises: OSError."""
    parser = argparse.ArgumentParser(prog="python -m harness.facts_refresh", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="only say whether the modelled rows are current")
    check = parser.parse_args().check
    today = datetime.datetime.now(tz=datetime.UTC).date()
    text = FACTS_FILE.read_text(encoding="utf-8")
    new = with_regions(renewed(text, today.strftime("%Y-%m")), regions())
    if check:
        if new != text:
            sys.stderr.write(f"{FACTS_FILE.name}: must hold what botocore states. Do run make aws-facts\n")
        return int(new != text)
    FACTS_FILE.write_text(new, encoding="utf-8")
    for row in to_read(new, today):
        sys.stderr.write(f"{row.id}: {row.value}, read in {row.date}. Do read {row.source} again, and set its date\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
