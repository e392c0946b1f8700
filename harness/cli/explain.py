"""Define `tagrail explain`, and print the matrix of keys and planes."""

from collections.abc import Mapping
from typing import Annotated

import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from harness.cli.options import Env, Target
from harness.cli.place import root
from harness.environment import facts_of
from harness.explain import PLANES, Cell
from harness.explain import explain as explain_keys
from harness.project import load_project
from harness.report import console

_STYLES = {"enforced": "green", "active": "green", "offered": "green", "watched": "green", "reported": "yellow"}


def explain(
    key: Annotated[str | None, typer.Argument(help="Tag key; none = all keys.")] = None,
    env: Env = "local",
    account: Annotated[
        str | None, typer.Option("--account", "-a", help="What the tag policies of this account add up to, and whence.")
    ] = None,
    target: Target = None,
) -> int:
    """Say what each plane does with each tag key.

    Enforced, reported, or what AWS cannot do; with a KEY, the reasons; with an account, which policy gives each value.
    """
    if account is not None:
        from harness.cli.explain_account import print_account  # noqa: PLC0415 (only this asks AWS)

        print_account(env, target, account, key)
        return 0
    project = load_project(root(), [env])
    environment = project.environments[env]
    rows = explain_keys(project.dictionary, environment, facts_of(environment), key)
    if key is not None:
        _print_reasons(rows)
    else:
        _print_matrix(rows)
    return 0


def _print_reasons(rows: Mapping[str, Mapping[str, Cell]]) -> None:
    out = console()
    for key, cells in rows.items():
        out.print(f"[bold]{escape(key)}[/]")
        for plane, cell in cells.items():
            out.print(f"  {plane:<16} {cell.word:<9} {escape(cell.detail)}")


def _print_matrix(rows: Mapping[str, Mapping[str, Cell]]) -> None:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("key")
    for plane in PLANES:
        table.add_column(plane)
    for key, cells in rows.items():
        words = (f"[{_STYLES.get(cell.word, 'dim')}]{cell.word}[/]" for cell in cells.values())
        table.add_row(escape(key), *words)
    out = console()
    out.print(table, soft_wrap=False)
    out.print("tagrail explain KEY gives the reasons of one key")
