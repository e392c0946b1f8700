"""Hold the costs of a bill by month, account, service and the dictionary's keys: a small table in DuckDB.

It is made once from the answers of harness/costs/queries.py; every table of the report is a query of it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from harness.costs.amounts import MONEY
from harness.costs.bill import Part, reading
from harness.costs.charges import COSTS, REASONS, literal
from harness.costs.dates import Dates
from harness.costs.engine import DuckDb, Engine
from harness.costs.meanings import KeyMeaning, key_meanings, value_meanings
from harness.costs.queries import PLACE, cells_query, dimensions, hashed_cells_query, hashes_of_answer, labels_query
from harness.costs.tag_sets import add_sets, known_hashes, make_tables
from harness.plan_check.requirements import Requirements

MOST_RESOURCES: Final = 1_000  # with faults, of one currency
# Of files whose lines are grouped at once. Months share no costs, so that nothing is lost by taking them in turn;
# a hash table of all of them, spilled over and over, would write ten times the bill.
_MOST_BYTES: Final = 256 << 20
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
    """Say how much a ledger tells: keys whose faults are traced to resources, whether days are told apart.

    Dates that are not among `dates` are none.
    """

    dates: Dates
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
    detail: Detail,
) -> Ledger:
    """Return the ledger of a bill.

    Beside it, where DuckDB reads the bill, the table `dear` has the dearest resources that lack one of the mandatory
    keys or have a wrong value. What a line costs can be told apart only when all sets of tags are known and judged, so
    that the bill's tags are read twice.

    Raises: TagrailError naming the file that cannot be read to its end.
    """
    columns = ", ".join(f"{name} {_type(name)}" for name in dimensions(daily=detail.daily))
    costs = ", ".join(f"{name} {MONEY}" for name in COSTS)
    connection.execute(
        f"CREATE OR REPLACE TABLE cells ({columns}, HasTags BOOLEAN, TagSet BIGINT, CategorySet BIGINT, {costs}, "
        f"Lines BIGINT, Unread BIGINT); CREATE OR REPLACE TABLE costly ({' VARCHAR, '.join(PLACE)} VARCHAR, "
        f"ResourceId VARCHAR, TagSet BIGINT, EffectiveCost {MONEY})"
    )
    make_tables(connection)
    for number, part in enumerate(parts):
        with reading(part, connection):
            if isinstance(engine, DuckDb):
                _load_sets(part, number, connection, requirements)
            else:
                answer = _load_answer(part, number, engine, connection, daily=detail.daily)
                add_sets(part, number, answer, connection, requirements)
    keys = _read_keys(connection, requirements)
    categories = _read_categories(connection)
    faulty = " OR ".join(f"COALESCE({key.fault}, 'missing') <> ''" for key in keys if key.key in detail.mandatory)
    for number, part in enumerate(parts):
        hashes = f"SELECT TagsHash FROM labels JOIN judged ON TagSet = id WHERE Part = {number} AND ({faulty})"
        for batch in part.batches(_MOST_BYTES) if isinstance(engine, DuckDb) else ():
            sql = hashed_cells_query(batch, hashes if faulty and part.has_tags else "", daily=detail.daily)
            with reading(batch, connection):
                connection.execute(f"CREATE OR REPLACE TABLE answer AS {sql}")
            _load_cells(part, number, connection, daily=detail.daily)
        if not isinstance(engine, DuckDb):
            connection.execute(f"DROP TABLE IF EXISTS answer; ALTER TABLE answer{number} RENAME TO answer")
            _load_cells(part, number, connection, daily=detail.daily)
    return _finished(connection, keys, categories, detail)


def _finished(connection: Any, keys: tuple[LedgerKey, ...], categories: Mapping[str, str], detail: Detail) -> Ledger:
    """Make the view `facts` of the tables, and the table `dear` of the dearest resources."""
    _make_dear(connection)
    reasons = " ".join(f"WHEN ChargeCategory = '{name}' THEN '{why}'" for name, why in REASONS.items())
    reason = f"CASE {reasons} WHEN HasResource = 0 THEN '{_NO_RESOURCE}' END AS Reason"
    can_be = detail.dates.hold
    month = f"CASE WHEN {can_be('BillingPeriodStart')} THEN STRFTIME(BillingPeriodStart, '%Y-%m') ELSE '' END AS Month"
    day = f"REPLACE (CASE WHEN {can_be('ChargePeriodStart')} THEN ChargePeriodStart END AS ChargePeriodStart)"
    connection.execute(
        f"CREATE OR REPLACE TABLE entries AS SELECT * EXCLUDE (BillingPeriodStart, Unread) "
        f"{day if detail.daily else ''}, {month}, {reason} FROM cells"
    )
    chosen = "".join(f", Categories[{literal(name)}] AS {column}" for name, column in categories.items())
    connection.execute(
        "CREATE OR REPLACE VIEW facts AS SELECT entries.* EXCLUDE (TagSet, CategorySet), "
        f"judged.* EXCLUDE (id){chosen} FROM entries JOIN judged ON TagSet = judged.id "
        "JOIN category_sets ON CategorySet = category_sets.id"
    )
    unread, has_tags = connection.execute("SELECT SUM(Unread), BOOL_AND(HasTags) FROM cells").fetchone()
    connection.execute("DROP TABLE cells; DROP TABLE costly; DROP TABLE labels; DROP TABLE IF EXISTS answer")
    return Ledger(connection, keys, categories, int(unread or 0), bool(has_tags))


def _make_dear(connection: Any) -> None:
    """Make the table `dear`: so many resources of each currency, each with a row for each set of tags."""
    names = (*PLACE, "ResourceId")
    plain = ", ".join(names)
    own = ", ".join(f"costly.{name}" for name in names)
    same = " AND ".join(f"costly.{name} IS NOT DISTINCT FROM dearest.{name}" for name in names)
    connection.execute(
        f"CREATE OR REPLACE TABLE dear AS SELECT {own}, SUM(EffectiveCost), ANY_VALUE(Total), "
        f"ANY_VALUE(Tags) FROM costly JOIN (SELECT {plain}, SUM(SUM(EffectiveCost)) OVER (PARTITION BY "
        f"BillingCurrency) AS Total FROM costly GROUP BY {plain} QUALIFY ROW_NUMBER() OVER (PARTITION BY "
        f"BillingCurrency ORDER BY SUM(EffectiveCost) DESC, ResourceId) <= {MOST_RESOURCES}) AS dearest ON "
        f"{same} JOIN tag_sets ON TagSet = id GROUP BY {own}, TagSet"
    )


def _type(name: str) -> str:
    types = {"BillingPeriodStart": "DATE", "ChargePeriodStart": "DATE", "HasResource": "BIGINT"}
    return types.get(name, "VARCHAR")


def _load_sets(part: Part, number: int, connection: Any, requirements: Requirements) -> None:
    """Add a part's sets of tags, batch by batch."""
    for batch in part.batches(_MOST_BYTES):
        add_sets(batch, number, f"({labels_query(batch, known_hashes(number))})", connection, requirements)


def _load_answer(part: Part, number: int, engine: Engine, connection: Any, *, daily: bool) -> str:
    """Keep what another engine answers, with hashes as DuckDB's, as the table `answer`, and return its sets of tags."""
    sql = engine.relation(cells_query(part, daily=daily))
    connection.execute(
        f"CREATE OR REPLACE TABLE answer{number} AS SELECT *, {hashes_of_answer(part)}, FALSE AS IsResource, "
        f"NULL AS ResourceId FROM {sql}"
    )
    return f"(SELECT DISTINCT ON (TagsHash, CategoriesHash) * FROM answer{number})"


def _load_cells(part: Part, number: int, connection: Any, *, daily: bool) -> None:
    """Add the table `answer`, whose costs are by hash, to `cells` and `costly`, which name sets of tags."""
    is_told = "ResourceId" not in part.charges.missing
    shown = [name if name != "HasResource" or is_told else "1" for name in dimensions(daily=daily)]
    sums = ", ".join(f"COALESCE(SUM({name}), 0)" for name in COSTS)
    connection.execute(
        f"INSERT INTO cells SELECT {', '.join(shown)}, {part.has_tags}, TagSet, CategorySet, {sums}, SUM(Lines), "
        "SUM(CASE WHEN IsUnread THEN Lines ELSE 0 END) FROM (SELECT * FROM answer WHERE NOT IsResource) AS answer "
        f"JOIN (SELECT * FROM labels WHERE Part = {number}) AS labels USING (TagsHash, CategoriesHash) GROUP BY ALL"
    )
    connection.execute(
        f"INSERT INTO costly SELECT {', '.join(PLACE)}, ResourceId, TagSet, EffectiveCost FROM answer JOIN (SELECT "
        f"DISTINCT TagsHash, TagSet FROM labels WHERE Part = {number}) AS labels USING (TagsHash) WHERE IsResource"
    )


def _read_keys(connection: Any, requirements: Requirements) -> tuple[LedgerKey, ...]:
    """Make the table `judged`: for each set of tags and key of the dictionary the value and what is wrong with it."""
    held = [row[0] for row in connection.execute("SELECT DISTINCT UNNEST(MAP_KEYS(Tags)) FROM tag_sets").fetchall()]
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
        "(SELECT id, UNNEST(MAP_ENTRIES(Tags)) AS entry FROM tag_sets) JOIN meant ON meant.name = entry.key"
    )
    _judge_values(connection, requirements)
    picked = [_picked(number) for number in range(len(requirements.keys))]
    connection.execute(
        f"CREATE OR REPLACE TABLE judged AS SELECT tag_sets.id, {', '.join(picked)} FROM tag_sets LEFT JOIN "
        "(SELECT id, number, tags.value, joined, COALESCE(NULLIF(key_fault, ''), fault) AS fault, "
        "CASE WHEN key_fault = '' THEN 1 ELSE 0 END AS rank FROM tags JOIN valued USING (number, value)) AS found "
        "USING (id) GROUP BY tag_sets.id"
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
    rows = connection.execute(
        "SELECT number, value, SUM(uses) FROM tags JOIN (SELECT TagSet AS id, COUNT(*) AS uses FROM labels GROUP BY 1) "
        "USING (id) GROUP BY ALL"
    ).fetchall()
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
    rows = connection.execute("SELECT DISTINCT UNNEST(MAP_KEYS(Categories)) FROM category_sets").fetchall()
    return {name: f"c{number}" for number, name in enumerate(sorted(row[0] for row in rows))}
