"""Define `tagrail check`, with the standard library's parser: it is to answer before typer would be loaded."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from harness.errors import TagrailError
from harness.plan_check.compiled import read_requirements
from harness.plan_check.run import Reading, check_inputs
from harness.report.check import FORMS, render

DICTIONARY: Final = Path("envs") / "tags.yaml"


class _Check:
    """Hold the command as the dispatcher calls it, which is how click would."""

    @staticmethod
    def main(args: Sequence[str], prog_name: str, standalone_mode: bool = True) -> int:  # noqa: ARG004, FBT001, FBT002
        """Check Terraform plans and CloudFormation templates against the dictionary."""
        return _run(_parser(prog_name).parse_args(args))


check = _Check()


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=name, description=_Check.main.__doc__, epilog=_EPILOG, allow_abbrev=False)
    add = parser.add_argument
    add(
        "inputs",
        nargs="+",
        metavar="PLAN_OR_TEMPLATE",
        help="Plan (terraform show -json, gzip too, or binary), CloudFormation template, folder of these, or -.",
    )
    add("--dictionary", metavar="FILE", help="The dictionary; else envs/tags.yaml here or above.")
    add("--env", "-e", metavar="ENV", default="", help="Environment whose policies reject calls, with --unit.")
    add(
        "--unit",
        metavar="PATH",
        default="",
        help="Organizational unit that the resources go to, such as Workloads/Prod, or root.",
    )
    add(
        "--unknown",
        choices=("fail", "warn", "ignore"),
        default="warn",
        help="What cannot be proven before apply: fails, is shown, is counted. Default: warn.",
    )
    add("--all", action="store_true", help="Judge what does not change, too.")
    add("--format", "-f", choices=FORMS, default="text", help=f"{', '.join(FORMS)}. Default: text.")
    add("--chdir", metavar="DIR", help="Where a binary plan was made; else where it lies.")
    add("--terraform", metavar="COMMAND", default="terraform", help="terraform or tofu, for binary plans.")
    return parser


_EPILOG = "Exit codes: 0 clean, 1 findings, 2 an input or the dictionary cannot be read."


def _run(options: argparse.Namespace) -> int:
    gc.disable()  # what a plan becomes stays until the end; collecting it again and again takes half of the time
    dictionary = Path(options.dictionary) if options.dictionary else find_dictionary(Path.cwd())
    environment = dictionary.parent / options.env / "env.yaml" if options.env else None
    cache = dictionary.parent.parent / ".tagrail" / "cache"
    requirements = read_requirements(dictionary, environment, options.unit, cache)
    reading = Reading(options.all, Path(options.chdir) if options.chdir else None, options.terraform)
    result = check_inputs(options.inputs, requirements, reading, options.unknown)
    sys.stdout.write(render(result, options.format, color=_is_colored()))
    return result.exit_code()


def _is_colored() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def find_dictionary(start: Path) -> Path:
    """Return the nearest envs/tags.yaml at or above a folder. Raises: TagrailError when there is none."""
    for folder in (start, *start.parents):
        if (folder / DICTIONARY).exists():
            return folder / DICTIONARY
    raise TagrailError(
        f"{start}: must lie in a project with {DICTIONARY}; found none above. Do name it with --dictionary"
    )
