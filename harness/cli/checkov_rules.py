"""Define `tagrail checkov-rules`."""

from pathlib import Path
from typing import Annotated

import typer

from harness.checkov_rules import write_rules
from harness.cli.place import root
from harness.operations.progress import say
from harness.plan_check.compiled import read_requirements
from harness.project_root import DICTIONARY


def checkov_rules(
    out: Annotated[Path, typer.Option("--out", help="Folder to write, for checkov --external-checks-dir.")],
    unit: Annotated[
        str, typer.Option("--unit", help="Unit that the resources go to, such as Workloads/Prod, or root; else any.")
    ] = "",
) -> int:
    """Write the dictionary as custom checks for checkov.

    They judge HCL and plans, and need checkov alone.
    """
    write_rules(read_requirements(root() / DICTIONARY, None, unit, None), out)
    say(f"{out}: checks CKV2_TAGRAIL_1 to 8. Do run checkov --external-checks-dir {out} --directory FOLDER")
    return 0
