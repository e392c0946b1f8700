"""Hold the costs of a bill by month, account, service and the dictionary's keys: a small table in DuckDB.

It is made once from the answers of harness/costs/queries.py; every table of the report is a query of it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import duckdb

from harness.costs.bill import Part, unreadable
from harness.costs.charges import COSTS, MONEY, literal
from harness.costs.engine import DuckDb, Engine
from harness.costs.meanings import KeyMeaning, key_meanings, value_meanings
from harness.costs.queries import cells_query, dimensions, hashed_cells_query, hashes_of_answer, labels_query
from harness.plan_check.requirements import Requirements

MOST_RESOURCES: Final = 1_000  # with faults, of one currency
# Of files whose lines are grouped at once. Months share no costs, so that nothing is lost by taking them in turn;
# a hash table of all of them, spilled over and over, would write ten times the bill.
_MOST_BYTES: Final = 256 << 20
_MAP: Final = "MAP(VARCHAR, VARCHAR)"
_NONE: Final = f"CAST(MAP {{}} AS {_MAP})"
# Why a charge cannot carry the tags of a resource: focus.finops.org/focus-specification (ChargeCategory).
REASONS: Final = {
    "Tax": "taxes",
    "Credit": "credits and refunds",
    "Adjustment": "discounts and adjustments",
    "Purchase": "fees of commitments, support and subscriptions",
}
_NO_RESOURCE: Final = "usage without a resource"


class LedgerKey(NamedTuple):
    """Name a key of the dictionary and its columns in the ledger: the joined value, the fault, the value as written.

    `found_as` are the bill's spellings of it, `deprecated` the old ones that the dictionary knows.
    """

    key: str
    value: str
    fault: str
    written: str
    found_as: tuple[str, ...]
    deprecated: tuple[str, ...] = ()


class Detail(NamedTuple):
    """Say how much a ledger tells: keys whose faults are traced to resources, and whether days are told apart."""

    mandatory: Collection[str] = ()
    daily: bool = False


class Ledger(NamedTuple):
    """Hold the connection whose view `facts` has the costs, with its keys and cost categories (name -> SQL)."""

    connection: Any
    keys: tuple[LedgerKey, ...]
    categories: Mapping[str, str]
    unread_tags: int
    has_tags: bool

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query of `facts`. Raises: nothing of the bill's."""
        found: list[tuple[Any, ...]] = self.connection.execute(sql).fetchall()
        return found

    def column(self, key: str) -> str:
        """Return the column of a key's joined values. Raises: KeyError for a key that the dictionary does not have."""
        return next(one.value for one in self.keys if one.key == key)


def make_ledger(
    parts: Sequence[Part],
    engine: Engine,
    connection: Any,
    requirements: Requirements,
    detail: Detail = Detail(),  # noqa: B008 (a tuple)
) -> Ledger:
    """Return the ledger of a bill.

    Beside it, where DuckDB reads the bill, the table `dear` has the dearest resources that lack one of the mandatory
    keys or have a wrong value. What a line costs can be told apart only when all sets of tags are known and judged, so
    that the bill's tags are read twice.

    Raises: TagrailError naming the file that cannot be read to its end.
    """
    columns = ", ".join(f"{name} {_type(name)}" for name in dimensions(daily=detail.daily))
    hashes = "Part INTEGER, TagsHash UBIGINT, CategoriesHash UBIGINT"
    connection.execute(
        f"CREATE OR REPLACE TABLE cells ({columns}, {hashes}, {', '.join(f'{name} {MONEY}' for name in COSTS)}, "
        "Lines BIGINT, IsResource BOOLEAN, ResourceId VARCHAR); "
        f"CREATE OR REPLACE TABLE labels ({hashes}, HasTags BOOLEAN, Tags {_MAP}, Categories {_MAP}, IsUnread BOOLEAN)"
    )
    for number, part in enumerate(parts):
        with _reading(part):
            _load_labels(part, number, engine, connection, daily=detail.daily)
    connection.execute(
        "CREATE OR REPLACE TABLE sets AS SELECT ROW_NUMBER() OVER () AS id, Tags "
        "FROM (SELECT DISTINCT Tags FROM labels)"
    )
    keys = _read_keys(connection, requirements)
    categories = _read_categories(connection)
    chosen = "".join(f", Categories[{literal(name)}] AS {column}" for name, column in categories.items())
    reasons = " ".join(f"WHEN ChargeCategory = '{name}' THEN '{why}'" for name, why in REASONS.items())
    reason = f"CASE {reasons} WHEN HasResource = 0 THEN '{_NO_RESOURCE}' END AS Reason"
    month = "COALESCE(STRFTIME(BillingPeriodStart, '%Y-%m'), '') AS Month"
    label = "Part, TagsHash, CategoriesHash"
    connection.execute(
        f"CREATE OR REPLACE TABLE labelled AS SELECT ROW_NUMBER() OVER () AS Label, {label}, HasTags, IsUnread, "
        f"judged.* EXCLUDE (id){chosen} FROM labels JOIN sets USING (Tags) JOIN judged USING (id)"
    )
    if isinstance(engine, DuckDb):
        faulty = " OR ".join(f"COALESCE({key.fault}, 'missing') <> ''" for key in keys if key.key in detail.mandatory)
        for number, part in enumerate(parts):
            sets = f"SELECT TagsHash FROM labelled WHERE Part = {number} AND ({faulty})" if faulty else ""
            for batch in part.batches(_MOST_BYTES):
                sql = hashed_cells_query(batch, sets if part.has_tags else "", daily=detail.daily)
                with _reading(batch):
                    _load_cells(batch, number, connection, sql, daily=detail.daily)
    connection.execute(
        "CREATE OR REPLACE TABLE dear AS SELECT BillingCurrency, SubAccountId, ServiceName, RegionId, ResourceId, "
        "SUM(EffectiveCost) AS EffectiveCost, Part, TagsHash FROM cells WHERE IsResource GROUP BY "
        "BillingCurrency, SubAccountId, ServiceName, RegionId, ResourceId, Part, TagsHash QUALIFY "
        f"ROW_NUMBER() OVER (PARTITION BY BillingCurrency ORDER BY SUM(EffectiveCost) DESC, ResourceId) "
        f"<= {MOST_RESOURCES}"
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE entries AS SELECT cells.* EXCLUDE ({label}, BillingPeriodStart, IsResource, "
        f"ResourceId), Label, {month}, {reason} FROM cells JOIN labelled USING ({label}) WHERE NOT IsResource"
    )
    connection.execute(
        "CREATE OR REPLACE VIEW facts AS SELECT entries.* EXCLUDE (Label), "
        f"labelled.* EXCLUDE (Label, {label}, IsUnread) FROM entries JOIN labelled USING (Label)"
    )
    unread, has_tags = connection.execute(
        "SELECT SUM(CASE WHEN IsUnread THEN Lines ELSE 0 END), BOOL_AND(HasTags) "
        "FROM entries JOIN labelled USING (Label)"
    ).fetchone()
    connection.execute("DROP TABLE cells; DROP TABLE sets; DROP TABLE judged")
    return Ledger(connection, keys, categories, int(unread or 0), bool(has_tags))


def _type(name: str) -> str:
    types = {"BillingPeriodStart": "DATE", "ChargePeriodStart": "DATE", "HasResource": "BIGINT"}
    return types.get(name, "VARCHAR")


@contextmanager
def _reading(part: Part) -> Iterator[None]:
    """Name a part's file where it cannot be read to its end. Raises: TagrailError."""
    try:
        yield
    except duckdb.Error as error:
        raise unreadable(part.files[0].shown, error) from error


def _load_labels(part: Part, number: int, engine: Engine, connection: Any, *, daily: bool) -> None:
    """Add a part to the table `labels`, whose sets of tags cells name by hash; with DuckDB alone not yet to `cells`.

    DuckDB groups the lines themselves by hash; what another engine sends has the tags, and is hashed here.
    """
    tags, unread = _map(part.layout.tag_map, part, "Tags", part.layout.tags, "Tag")
    categories, _ = _map(part.layout.category_map, part, "Categories", part.layout.categories, "Category")
    if isinstance(engine, DuckDb):
        known = f"SELECT TagsHash, CategoriesHash FROM labels WHERE Part = {number}"
        answers = [f"({labels_query(batch, known)})" for batch in part.batches(_MOST_BYTES)]
    else:
        sql = engine.relation(cells_query(part, daily=daily))
        connection.execute(
            f"CREATE OR REPLACE TABLE answer AS SELECT *, {hashes_of_answer(part)}, FALSE AS IsResource, "
            f"NULL AS ResourceId FROM {sql}"
        )
        _load_cells(part, number, connection, "FROM answer", daily=daily)
        answers = ["(SELECT DISTINCT ON (TagsHash, CategoriesHash) * FROM answer)"]
    for labels in answers:
        connection.execute(
            f"INSERT INTO labels SELECT {number}, TagsHash, CategoriesHash, {part.has_tags}, {tags}, {categories}, "
            f"{unread} FROM {labels}"
        )


def _load_cells(part: Part, number: int, connection: Any, sql: str, *, daily: bool) -> None:
    """Add the answer of a query to the table `cells`."""
    is_told = "ResourceId" not in part.charges.missing
    shown = [name if name != "HasResource" or is_told else "1" for name in dimensions(daily=daily)]
    connection.execute(
        f"INSERT INTO cells SELECT {', '.join(shown)}, {number}, TagsHash, CategoriesHash, "
        f"{', '.join(f'COALESCE({name}, 0)' for name in COSTS)}, Lines, IsResource, ResourceId FROM ({sql})"
    )


def _map(column: str, part: Part, alias: str, wide: Mapping[str, str], prefix: str) -> tuple[str, str]:
    """Return SQL that makes a map of what a part holds as map, JSON, struct or columns, and tells where it cannot."""
    if column:
        kind = part.types.get(column, "VARCHAR")
        if kind.startswith("MAP"):
            return f"COALESCE(CAST({alias} AS {_MAP}), {_NONE})", "FALSE"
        text = f"TO_JSON({alias})" if kind.startswith("STRUCT") else f"TRY_CAST({alias} AS JSON)"
        made = f"TRY_CAST({text} AS {_MAP})"
        return f"COALESCE({made}, {_NONE})", f"{alias} IS NOT NULL AND {made} IS NULL"
    if not wide:
        return _NONE, "FALSE"
    entries = ", ".join(f"{{'k': {literal(key)}, 'v': {prefix}{number}}}" for number, key in enumerate(wide))
    return f"MAP_FROM_ENTRIES(LIST_FILTER([{entries}], LAMBDA e: e.v IS NOT NULL AND e.v <> ''))", "FALSE"


def _read_keys(connection: Any, requirements: Requirements) -> tuple[LedgerKey, ...]:
    """Make the table `judged`: for each set of tags and key of the dictionary the value and what is wrong with it."""
    held = [row[0] for row in connection.execute("SELECT DISTINCT UNNEST(MAP_KEYS(Tags)) FROM sets").fetchall()]
    meanings = key_meanings(sorted(held), requirements)
    connection.execute("CREATE OR REPLACE TABLE meant (name VARCHAR, number INTEGER, fault VARCHAR)")
    numbers = {rule.key: number for number, rule in enumerate(requirements.keys)}
    if meanings:
        connection.executemany(
            "INSERT INTO meant VALUES (?, ?, ?)",
            [(name, numbers[meaning.key], meaning.fault) for name, meaning in meanings.items()],
        )
    connection.execute(
        "CREATE OR REPLACE TABLE tags AS SELECT id, number, fault AS key_fault, entry.value AS value FROM "
        "(SELECT id, UNNEST(MAP_ENTRIES(Tags)) AS entry FROM sets) JOIN meant ON meant.name = entry.key"
    )
    _judge_values(connection, requirements)
    picked = [_picked(number) for number in range(len(requirements.keys))]
    connection.execute(
        f"CREATE OR REPLACE TABLE judged AS SELECT sets.id, {', '.join(picked)} FROM sets LEFT JOIN "
        "(SELECT id, number, tags.value, joined, COALESCE(NULLIF(key_fault, ''), fault) AS fault, "
        "CASE WHEN key_fault = '' THEN 1 ELSE 0 END AS rank FROM tags JOIN valued USING (number, value)) AS found "
        "USING (id) GROUP BY sets.id"
    )
    connection.execute("DROP TABLE tags; DROP TABLE valued; DROP TABLE meant")
    return tuple(_keys(requirements, meanings))


def _picked(number: int) -> str:
    """Return the columns of one key; a tag with the right key counts before one with another spelling of it."""
    where = f"FILTER (WHERE number = {number})"
    return (
        f"ARG_MAX(joined, rank) {where} AS k{number}, ARG_MAX(fault, rank) {where} AS f{number}, "
        f"ARG_MAX(value, rank) {where} AS w{number}"
    )


def _keys(requirements: Requirements, meanings: Mapping[str, KeyMeaning]) -> Iterator[LedgerKey]:
    for number, rule in enumerate(requirements.keys):
        found = tuple(name for name, meaning in meanings.items() if meaning.key == rule.key)
        yield LedgerKey(rule.key, f"k{number}", f"f{number}", f"w{number}", found, rule.deprecated)


def _judge_values(connection: Any, requirements: Requirements) -> None:
    rows = connection.execute("SELECT number, value, COUNT(*) FROM tags GROUP BY ALL").fetchall()
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for number, value, count in rows:
        counts[requirements.keys[number].key][value] = count
    numbers = {rule.key: number for number, rule in enumerate(requirements.keys)}
    found = value_meanings(counts, requirements)
    connection.execute("CREATE OR REPLACE TABLE valued (number INTEGER, value VARCHAR, joined VARCHAR, fault VARCHAR)")
    columns = {
        "number": [numbers[key] for key, _ in found],
        "value": [value for _, value in found],
        "joined": [meaning.joined for meaning in found.values()],
        "fault": [meaning.fault for meaning in found.values()],
    }
    connection.execute(
        "INSERT INTO valued SELECT UNNEST($number::INTEGER[]), UNNEST($value::VARCHAR[]), "
        "UNNEST($joined::VARCHAR[]), UNNEST($fault::VARCHAR[])",
        columns,
    )


def _read_categories(connection: Any) -> dict[str, str]:
    rows = connection.execute("SELECT DISTINCT UNNEST(MAP_KEYS(Categories)) FROM labels").fetchall()
    return {name: f"c{number}" for number, name in enumerate(sorted(row[0] for row in rows))}
