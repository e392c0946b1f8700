"""Define `tagrail costs`."""

import datetime
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.costs_sources import (
    Asked,
    AthenaTable,
    CostExplorer,
    Fresh,
    MostRequests,
    Output,
    Region,
    Workgroup,
    check_source,
    explore,
    open_source,
)
from harness.cli.options import Target
from harness.cli.place import root
from harness.costs.engine import connect
from harness.costs.groups import By, Period
from harness.costs.model import Report
from harness.costs.report import Wanted, make_reports
from harness.costs.units import read_metrics
from harness.documents import BudgetDocument, CostCategoryDocument, render_budgets, render_cost_categories
from harness.errors import TagrailError
from harness.operations.progress import say
from harness.plan_check.compiled import read_requirements
from harness.project import Project, load_project
from harness.project_root import DICTIONARY
from harness.report.costs import FORMS, CostForm, render
from harness.report.costs.tables import TABLE_FORMS, TableForm, write_tables
from harness.tag_text import owner_key

_MEBIBYTES = 1_500

Sources = Annotated[
    list[str] | None,
    typer.Argument(metavar="BILL…", help="Files, folders or s3://…: CUR 1, CUR 2.0 or FOCUS; CSV, gzip, zip, Parquet."),
]
Env = Annotated[str | None, typer.Option("--env", "-e", help="Environment whose budgets are set beside the costs.")]
Form = Annotated[CostForm, typer.Option("--format", "-f", help="text, json or html, to stdout.")]
Out = Annotated[
    list[str] | None,
    typer.Option(
        "--out",
        "-o",
        metavar="FORM=PATH",
        help="html=F, json=F, text=F, or csv=DIR, parquet=DIR of tables. Repeatable.",
    ),
]
Metrics = Annotated[
    Path | None, typer.Option(help="CSV file with month, metric, value [, dimension, name]: gives cost per unit.")
]
Owner = Annotated[
    str | None, typer.Option(help="Key that names who pays; else the first whose last part is owner or team.")
]
Dimensions = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="NAME,NAME",
        help="Also sum by several dimensions at once: keys, cost categories, SubAccountId, ServiceName, RegionId, …",
    ),
]
Every = Annotated[Period, typer.Option("--period", help="What --by sums over.")]
Title = Annotated[str, typer.Option(help="Title of the report.")]
Memory = Annotated[int, typer.Option(min=256, help="MiB that DuckDB may hold; what is more is spilled to disk.")]
Threads = Annotated[int | None, typer.Option(min=1, help="Threads; else one for each CPU.")]
Least = Annotated[
    float | None,
    typer.Option("--min-coverage", min=0, max=100, help="Exit with 1 below this percent of coverage of taggable cost."),
]


def costs(  # noqa: PLR0913, PLR0917 (options of a command)
    sources: Sources = None,
    env: Env = None,
    form: Form = "text",
    out: Out = None,
    metrics: Metrics = None,
    owner: Owner = None,
    by: Dimensions = None,
    period: Every = "month",
    title: Title = "tagrail costs",
    memory: Memory = _MEBIBYTES,
    threads: Threads = None,
    least: Least = None,
    athena: AthenaTable = None,
    workgroup: Workgroup = None,
    output: Output = None,
    region: Region = None,
    target: Target = None,
    fresh: Fresh = False,  # noqa: FBT002 (flag)
    cost_explorer: CostExplorer = False,  # noqa: FBT002 (flag)
    most_requests: MostRequests = 200,
) -> int:
    """Say what is spent, by whom, and how much of it carries its tags.

    Reads bills as AWS exports them; which form they have is recognised. Amounts agree with the bill to the cent, or the
    report says what is missing, and the exit code is 1.
    """
    asked = Asked(
        tuple(sources or ()), athena, workgroup, output, region, env, target, fresh, cost_explorer, most_requests
    )
    check_source(asked)
    project = root()
    targets = [_target(text) for text in out or ()]
    requirements = read_requirements(project / DICTIONARY, None, "", project / ".tagrail" / "cache")
    loaded = load_project(project, [env] if env else [])
    key = owner or owner_key(rule.key for rule in requirements.keys)
    if owner and owner not in loaded.dictionary.tags:
        raise TagrailError(f'--owner "{owner}": must be a key of the dictionary; it has none such. Do correct it')
    wanted = Wanted(
        requirements,
        frozenset(loaded.dictionary.cost_allocation_keys()),
        key,
        _budgets(loaded, env),
        _categories(loaded, env),
        read_metrics(metrics, str(metrics)) if metrics else (),
        title,
        _by(by, period, cost_explorer=cost_explorer),
    )
    with tempfile.TemporaryDirectory(prefix="tagrail-costs-") as scratch:
        connection = connect(memory, threads or os.cpu_count() or 1, scratch)
        made = datetime.datetime.now(datetime.UTC)
        if cost_explorer:
            reports: tuple[Report, ...] = (explore(asked, connection, wanted, made),)
        else:
            parts, engine = open_source(asked, connection, Path(scratch))
            reports = make_reports(parts, engine, connection, wanted, made)
    allowed = frozenset(value for rule in requirements.keys for value in rule.values or ())
    for name, path in targets:
        if name == "csv" or name == "parquet":  # noqa: PLR1714 (mypy does not narrow by `in`)
            write_tables(reports, path, name)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(render(reports, name, allowed), encoding="utf-8")
        say(f"wrote {path}")
    sys.stdout.write(render(reports, form, allowed))
    return _exit_code(reports, least)


def _by(text: str | None, period: Period, *, cost_explorer: bool) -> By | None:
    """Return what --by asks for. Raises: TagrailError for nothing to sum by, or a source that cannot tell."""
    if text is None:
        if period != "month":
            raise TagrailError("--period: must go with --by; got no --by. Do name what to sum by, as --by ServiceName")
        return None
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise TagrailError(f'--by "{text}": must name a dimension; got none. Do write --by SubAccountId,ServiceName')
    if cost_explorer:
        raise TagrailError("--by: must go with a bill; got Cost Explorer, which sums by one key. Do name an export")
    return By(names, period)


def _target(text: str) -> tuple[CostForm | TableForm, Path]:
    """Return the form and the path of an --out. Raises: TagrailError for another form."""
    name, _, path = text.partition("=")
    for known in (*FORMS, *TABLE_FORMS):
        if name == known and path:
            return known, Path(path)
    forms = ", ".join((*FORMS, *TABLE_FORMS))
    raise TagrailError(f'--out "{text}": must be FORM=PATH with a form of {forms}. Do write html=costs.html')


def _budgets(project: Project, env: str | None) -> Mapping[str, BudgetDocument]:
    """Return the budgets of an environment; accounts that it names stay names, and match a bill by them or by id."""
    if env is None:
        return {}
    return render_budgets(project.dictionary, project.environments[env], lambda account: account, "")


def _categories(project: Project, env: str | None) -> Mapping[str, CostCategoryDocument]:
    """Return the cost categories of an environment, likewise."""
    if env is None:
        return {}
    return render_cost_categories(project.dictionary, project.environments[env], lambda account: account)


def _exit_code(reports: Sequence[Report], least: float | None) -> int:
    """Return 1 where sums do not agree, or a mandatory key covers less than what was asked for, or nobody knows."""
    if not all(report.reconciliation.agrees for report in reports):
        return 1
    shares = [row.taggable_share for report in reports for row in report.coverage]
    is_less = least is not None and any(share is None or share * 100 < least for share in shares)
    return int(is_less)
