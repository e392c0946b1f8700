"""Write the queries whose work grows with the bill, in DuckDB's SQL; harness/costs/athena.py turns them into Athena's.

Each sums charges up to what the report needs and no further; what follows is worked out on their answers, which stay
small whatever the bill.
"""

import datetime
from collections.abc import Sequence

from harness.costs.amounts import money
from harness.costs.bill import Part
from harness.costs.charges import COSTS, REASONS, literal, quoted
from harness.costs.engine import BROKEN

# What all costs are grouped by, beside tags and cost categories. The usage type tells SageMaker's components apart.
DIMENSIONS = (
    "BillingCurrency",
    "BillingPeriodStart",
    "BillingAccountId",
    "SubAccountId",
    "ServiceName",
    "RegionId",
    "ChargeCategory",
    "HasResource",
    "x_UsageType",
    "x_ServiceCode",
    "x_RecordType",
)
PLACE = ("BillingCurrency", "SubAccountId", "ServiceName", "RegionId")  # of a resource
_COMPUTED = {
    "HasResource": "CASE WHEN {ResourceId} IS NULL OR {ResourceId} = '' THEN 0 ELSE 1 END",
    "x_UsageType": "CASE WHEN {ServiceName} LIKE '%SageMaker%' THEN {x_UsageType} END",
}


def dimensions(*, daily: bool = False) -> tuple[str, ...]:
    """Return what costs are grouped by, with the day if they are to be told apart by it."""
    return (*DIMENSIONS, "ChargePeriodStart") if daily else DIMENSIONS


def cells_query(part: Part, *, daily: bool = False) -> str:
    """Return the costs by month, account, service, region and every tag: what most of the report is made of."""
    shown = [(name, _expression(part, name)) for name in dimensions(daily=daily)]
    return _grouped(part, [*shown, *part.tag_columns(), *part.category_columns()])


def hashed_cells_query(part: Part, faulty: str = "", *, daily: bool = False) -> str:
    """Return the same, and in one scan with it the costs by resource, in DuckDB.

    Tags and cost categories are the hashes that `labels_query` explains: to compare a map with others for each line
    takes most of the time. Of a million sets of tags two have one hash of 64 bits once in 37 million bills. Of
    resources there are those whose tags have a hash in `faulty`, a query; `IsResource` tells their rows from others.
    """
    columns = [*((name, _expression(part, name)) for name in dimensions(daily=daily)), *_hashes(part)]
    aliases = ", ".join(alias for alias, _ in columns)
    if not faulty or "ResourceId" in part.charges.missing:
        return f"SELECT *, FALSE AS IsResource, NULL AS ResourceId FROM ({_grouped(part, columns)})"
    inner = ", ".join(f"{expression} AS {alias}" for alias, expression in columns)
    is_faulty = f"HasResource = 1 AND {_taggable('ChargeCategory')} AND TagsHash IN ({faulty})"
    sets = f"GROUPING SETS (({aliases}), ({', '.join(PLACE)}, TagsHash, ResourceId))"
    return (
        f"SELECT {aliases}, {_sums()}, GROUPING(BillingPeriodStart) = 1 AS IsResource, ResourceId FROM ("
        f"SELECT * EXCLUDE (Resource), CASE WHEN {is_faulty} THEN Resource END AS ResourceId FROM ("
        f"SELECT {inner}, {_expression(part, 'ResourceId')} AS Resource, {_costs(part)} FROM {part.source})) "
        f"AS charges GROUP BY {sets} HAVING GROUPING(BillingPeriodStart) = 0 OR ResourceId IS NOT NULL"
    )


def labels_query(part: Part, known: str) -> str:
    """Return every set of tags and cost categories with its hashes, in DuckDB, but for those in `known`, a query."""
    columns = [*part.tag_columns(), *part.category_columns()]
    inner = ", ".join(f"{sql} AS {alias}" for alias, sql in (*_hashes(part), *columns))
    shown = "".join(f", ANY_VALUE({alias}) AS {alias}" for alias, _ in columns)
    return (
        f"SELECT TagsHash, CategoriesHash{shown} FROM (SELECT {inner} FROM {part.source}) AS charges "
        f"ANTI JOIN ({known}) AS known USING (TagsHash, CategoriesHash) GROUP BY ALL"
    )


def hashes_of_answer(part: Part) -> str:
    """Return both hashes, as columns, of an answer that holds the tags and cost categories themselves."""
    return ", ".join(
        f"HASH({', '.join(alias for alias, _ in columns) or '0'}) AS {name}"
        for name, columns in (("TagsHash", [*part.tag_columns()]), ("CategoriesHash", [*part.category_columns()]))
    )


def _hashes(part: Part) -> tuple[tuple[str, str], tuple[str, str]]:
    tags, categories = (
        f"HASH({', '.join(sql for _, sql in columns) or '0'})"
        for columns in ([*part.tag_columns()], [*part.category_columns()])
    )
    return ("TagsHash", tags), ("CategoriesHash", categories)


def days_query(part: Part) -> str:
    """Return the costs of each day by service."""
    names = ("BillingCurrency", "ChargePeriodStart", "ServiceName")
    return _grouped(part, [(name, _expression(part, name)) for name in names])


def totals_query(part: Part) -> str:
    """Return what the file itself sums up to, line by line, and what of it cannot be read.

    After the last day comes, for each column that costs are worked out of, how many lines have no number there.
    """
    raw = part.charges.raw_name
    day = part.charges.expressions["ChargePeriodStart"]
    currency = part.charges.expressions["BillingCurrency"]
    broken = "".join(
        f", COUNT(CASE WHEN {_written(part, name)} IS NOT NULL AND {money(quoted(name))} IS NULL THEN 1 END) "
        f"AS {BROKEN}{number}"
        for number, name in enumerate(part.charges.amounts)
    )
    return (
        f"SELECT {currency} AS BillingCurrency, SUM({part.charges.raw}) AS FileCost, COUNT(*) AS Lines, "
        f"COUNT(CASE WHEN {_written(part, raw)} IS NULL THEN 1 END) AS EmptyLines, "
        f"MIN({day}) AS FirstDay, MAX({day}) AS LastDay{broken} FROM {part.source} GROUP BY 1"
    )


def _written(part: Part, column: str) -> str:
    """Return a column, NULL where it is empty text."""
    is_text = part.types.get(column, "VARCHAR") == "VARCHAR"
    return f"NULLIF({quoted(column)}, '')" if is_text else quoted(column)


def names_query(part: Part) -> str:
    """Return the name of each account as the bill writes it last."""
    account, name = (part.charges.expressions[column] for column in ("SubAccountId", "SubAccountName"))
    return f"SELECT {account} AS SubAccountId, MAX({name}) AS SubAccountName FROM {part.source} GROUP BY 1"


def resources_query(part: Part, is_covered: str, most: int) -> str:
    """Return the resources that cost most of those for which `is_covered`, a condition on tags, does not hold.

    There are so many of each currency at most, each with a row for each set of tags.
    """
    names = (*PLACE, "ResourceId")
    columns = [*((name, _expression(part, name)) for name in names), *part.tag_columns()]
    kind = _taggable(_expression(part, "ChargeCategory"))
    found = f"{_expression(part, 'HasResource')} = 1 AND {kind} AND NOT COALESCE({is_covered}, FALSE)"
    shown = ", ".join((*(alias for alias, _ in columns), *COSTS, "Lines"))
    one = ", ".join(names)
    return (
        f"SELECT {shown} FROM (SELECT {shown}, DENSE_RANK() OVER (PARTITION BY BillingCurrency ORDER BY Whole DESC, "
        f"{one}) AS Place FROM (SELECT {shown}, SUM(EffectiveCost) OVER (PARTITION BY {one}) AS Whole FROM "
        f"({_grouped(part, columns, found)}) AS tagged) AS summed) AS placed WHERE Place <= {most}"
    )


def resource_costs_query(part: Part, keys: Sequence[str], month: datetime.date) -> str:
    """Return what each resource costs in a month, and of each key whether a line of it has a value, in DuckDB."""
    shown = [(name, _expression(part, name)) for name in ("ResourceId", "SubAccountId", "BillingCurrency")]
    inner = [*shown, ("EffectiveCost", part.charges.expressions["EffectiveCost"])]
    for number, key in enumerate(keys):
        texts = ", ".join(f"NULLIF(CAST({text} AS VARCHAR), '')" for text in part.tag_texts(key))
        inner.append((f"Key{number}", f"COALESCE({texts}) IS NOT NULL" if texts else "FALSE"))
    columns = ", ".join(f"{sql} AS {alias}" for alias, sql in inner)
    flags = "".join(f", BOOL_OR(Key{number}) AS Key{number}" for number in range(len(keys)))
    where = f"{_expression(part, 'HasResource')} = 1 AND {_taggable(_expression(part, 'ChargeCategory'))}"
    period = f"DATE_TRUNC('month', {_expression(part, 'BillingPeriodStart')}) = DATE '{month}'"
    names = ", ".join(name for name, _ in shown)
    return (
        f"SELECT {names}, SUM(EffectiveCost) AS EffectiveCost{flags} FROM (SELECT {columns} FROM {part.source} "
        f"WHERE {where} AND {period}) AS charges GROUP BY {names}"
    )


def _taggable(category: str) -> str:
    """Return a condition: taxes and fees may name a resource, whose tags they do not carry."""
    return f"COALESCE({category}, '') NOT IN ({', '.join(map(literal, REASONS))})"


def group_query(part: Part, columns: Sequence[tuple[str, str]]) -> str:
    """Return the costs by any columns, each an alias and its SQL."""
    return _grouped(part, columns)


def _grouped(part: Part, columns: Sequence[tuple[str, str]], where: str = "") -> str:
    inner = ", ".join(f"{expression} AS {alias}" for alias, expression in columns)
    aliases = ", ".join(alias for alias, _ in columns)
    condition = f" WHERE {where}" if where else ""
    return (
        f"SELECT {aliases}, {_sums()} FROM (SELECT {inner}, {_costs(part)} FROM {part.source}{condition}) AS charges "
        f"GROUP BY {aliases}"
    )


def _expression(part: Part, name: str) -> str:
    if name in _COMPUTED:
        return _COMPUTED[name].format_map(part.charges.expressions)
    return part.charges.expressions[name]


def _costs(part: Part) -> str:
    return ", ".join(f"{part.charges.expressions[name]} AS {name}" for name in COSTS)


def _sums() -> str:
    return ", ".join(f"COALESCE(SUM({name}), 0) AS {name}" for name in COSTS) + ", COUNT(*) AS Lines"
