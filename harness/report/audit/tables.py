"""Give every text of a run a number, in DuckDB: what the page writes once, and then names by its number.

`listed` are the findings of the page in its order: dearest first, then the most important, and behind them those that
are fixed, whose costs are not added up any more. `places` are what they are about, and what lies on the way of a tag
that is cut, in the order of their ARNs.
"""

from harness.report.audit.reading import AuditRun

MOST_FINDINGS = 250_000  # more than that no browser keeps usable; the tables beside hold all
_DEEPEST = 12  # steps of lineage from what is cut, up and down
_MOST_EDGES = 50_000

_STEPS = (
    """
    CREATE TABLE chosen AS SELECT * FROM (
        SELECT *, FALSE AS is_fixed FROM findings UNION ALL SELECT *, TRUE FROM fixed)
    ORDER BY is_fixed, cost DESC NULLS LAST, rank, account, arn, key, fingerprint LIMIT {most}""",
    """
    CREATE TABLE near AS
    WITH RECURSIVE cut AS (SELECT DISTINCT arn FROM chosen WHERE rule = 'lineage-cut' AND NOT is_fixed),
    up AS (SELECT arn, 0 AS depth FROM cut UNION
        SELECT e.parent, depth + 1 FROM up JOIN edges e ON e.child = up.arn WHERE depth < {deepest}),
    down AS (SELECT arn, 0 AS depth FROM cut UNION
        SELECT e.child, depth + 1 FROM down JOIN edges e ON e.parent = down.arn WHERE depth < {deepest})
    SELECT DISTINCT e.parent, e.child, e.relation FROM edges e
    WHERE e.child IN (SELECT arn FROM up) AND e.parent IN (SELECT arn FROM up)
       OR e.parent IN (SELECT arn FROM down) AND e.child IN (SELECT arn FROM down)
    ORDER BY ALL LIMIT {edges}""",
    """
    CREATE TABLE places AS
    WITH named AS (
        SELECT arn, account, region, type, name FROM chosen
        UNION ALL SELECT arn, account, region, type, name FROM resources
        WHERE arn IN (SELECT parent FROM near UNION SELECT child FROM near)
        UNION ALL SELECT n.arn, '', '', '', '' FROM (SELECT parent AS arn FROM near UNION SELECT child FROM near) n)
    SELECT ROW_NUMBER() OVER (ORDER BY arn, account, region, type, name) - 1 AS place, * FROM (
        SELECT arn, MAX(account) AS account, MAX(region) AS region, MAX(type) AS type, MAX(name) AS name
        FROM named WHERE arn <> '' GROUP BY arn
        UNION ALL SELECT DISTINCT arn, account, region, type, name FROM named WHERE arn = '')
    ORDER BY place""",
    *(
        f"""
    CREATE TABLE {name}s AS SELECT ROW_NUMBER() OVER (ORDER BY LOWER({name}), {name}) - 1 AS code, {name} AS value
    FROM (SELECT DISTINCT {name} FROM {table}) ORDER BY code"""  # noqa: S608 (names of columns, all ours)
        for name, table in (("account", "places"), ("region", "places"), ("type", "places"), ("owner", "chosen"))
    ),
    """
    CREATE TABLE details AS
    SELECT ROW_NUMBER() OVER (ORDER BY rank, rule, key, held, wanted, because, verdict) - 1 AS code, * FROM (
        SELECT DISTINCT rank, rule, verdict, key, held, wanted, because FROM chosen) ORDER BY code""",
    """
    CREATE TABLE listed AS
    SELECT p.place, d.code AS detail, o.code AS owner, c.is_new, c.is_fixed,
        IF(c.is_fixed, NULL, c.cost) AS cost
    FROM (SELECT ROW_NUMBER() OVER () AS at, * FROM chosen) c
    JOIN places p ON p.arn = c.arn AND (c.arn <> '' OR (p.account, p.region, p.type, p.name) =
        (c.account, c.region, c.type, c.name))
    JOIN owners o ON o.value = c.owner
    JOIN details d ON (d.rule, d.verdict, d.key, d.held, d.because) = (c.rule, c.verdict, c.key, c.held, c.because)
        AND d.wanted IS NOT DISTINCT FROM c.wanted
    ORDER BY c.at""",
    # A value that is personal stays hidden under any spelling of its key.
    """
    CREATE TABLE tagged AS
    WITH hidden AS (SELECT DISTINCT arn, LOWER(key) AS key FROM findings WHERE rule = 'personal-data'),
    single AS (SELECT p.place, r.arn, UNNEST(MAP_ENTRIES(r.tags)) AS tag FROM places p JOIN resources r USING (arn))
    SELECT place, tag.key AS key, tag.value AS value,
        EXISTS (SELECT 1 FROM hidden h WHERE h.arn = single.arn AND h.key = LOWER(tag.key)) AS hide
    FROM single""",
    """
    CREATE TABLE tags AS SELECT ROW_NUMBER() OVER (ORDER BY key, value, hide) - 1 AS code, * FROM (
        SELECT DISTINCT key, value, hide FROM tagged) ORDER BY code""",
    """
    CREATE TABLE tag_sets AS
    SELECT p.place, ANY_VALUE(r.tags IS NOT NULL) AS known,
        LIST(t.code ORDER BY t.code) FILTER (t.code IS NOT NULL) AS codes
    FROM places p LEFT JOIN resources r USING (arn) LEFT JOIN tagged g USING (place)
        LEFT JOIN tags t ON (t.key, t.value, t.hide) = (g.key, g.value, g.hide)
    GROUP BY p.place ORDER BY p.place""",
)


def number_texts(run: AuditRun, most: int = MOST_FINDINGS) -> None:
    """Make the tables of numbers, of at most `most` findings. Raises: duckdb.Error."""
    for step in _STEPS:
        run.db.execute(step.format(most=most, deepest=_DEEPEST, edges=_MOST_EDGES))
