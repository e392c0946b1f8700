"""Define `tagrail checkov-rules`."""

from pathlib import Path
from typing import Annotated

import typer

from harness.checkov_rules import write_rules
from harness.checkov_rules.compilation import MandatoryOn
from harness.errors import TagrailError
from harness.facts import load_facts
from harness.operations import say
from harness.project import find_root, load_project
from harness.tag_text import ou_path_faults


def checkov_rules(
    out: Annotated[Path, typer.Option("--out", help="Folder to write; for checkov --external-checks-dir.")],
    unit: Annotated[
        str, typer.Option("--unit", help="Organizational unit of the resources, such as Workloads/Prod; else any.")
    ] = "",
    mandatory_on: Annotated[
        MandatoryOn, typer.Option("--mandatory-on", help="taggable: every type; dictionary: those of mandatory_for.")
    ] = "taggable",
) -> int:
    """Write the dictionary as custom checks for checkov.

    They judge HCL and plans, and need checkov alone.
    """
    root = find_root(Path.cwd())
    dictionary = load_project(root, ()).dictionary
    for fault in ou_path_faults(unit, load_facts().limits) if unit else ():
        raise TagrailError(f"--unit: {fault}")
    changed = {path for tag in dictionary.tags.values() for path in tag.values_by_ou}
    if unit and not any(f"{unit}/".startswith(f"{path}/") or path.startswith(f"{unit}/") for path in changed):
        say(f"{unit}: values_by_ou of tags.yaml changes nothing there, so all values of the dictionary hold")
    write_rules(dictionary, out, unit, mandatory_on)
    say(f"{out}: checks CKV2_TAGRAIL_1 to 7. Do run checkov --external-checks-dir {out} --directory ...")
    return 0
