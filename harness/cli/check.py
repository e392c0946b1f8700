"""Define `tagrail check`, with the standard library's parser: it is to answer before typer would be loaded."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import structs

from harness.cli.check_options import ABOUT, FORMS, make_parser
from harness.errors import TagrailError
from harness.plan_check.compiled import read_requirements
from harness.plan_check.result import CheckResult
from harness.plan_check.run import Reading, check_inputs
from harness.report.check import CheckForm, render

DICTIONARY: Final = Path("envs") / "tags.yaml"
_SHOWN: Final = 3  # entries of a baseline that are named


class _Check:
    """Hold the command as the dispatcher calls it, which is how click would."""

    help = ABOUT

    @staticmethod
    def main(args: Sequence[str], prog_name: str, standalone_mode: bool = True) -> int:  # noqa: ARG004, FBT001, FBT002
        """Check Terraform plans and CloudFormation templates against the dictionary."""
        try:
            options = make_parser(prog_name).parse_args(args)
        except SystemExit as end:  # of --help, or of options that argparse has refused in words
            return int(end.code or 0)
        return _run(options)


check = _Check()

_KEPT: list[object] = []


def _keep(plan: object) -> None:
    """Hold the last plan until the process ends, which frees it at once."""
    _KEPT[:] = [plan]


def _run(options: argparse.Namespace) -> int:
    gc.disable()  # what a plan becomes stays until the end; collecting it again and again takes half of the time
    reports = _reports(options.report)
    dictionary = Path(options.dictionary) if options.dictionary else find_dictionary(Path.cwd())
    environment = _environment(dictionary.parent, options.env) if options.env else None
    requirements = read_requirements(dictionary, environment, options.unit, _cache(dictionary))
    result = check_inputs(options.inputs, requirements, _reading(options), options.unknown)
    if options.source:
        from harness.plan_check.hcl import located  # noqa: PLC0415 (loaded when it is asked for)

        result = located(result, Path(options.source))
    if options.title:
        result = structs.replace(result, title=options.title)
    result = _held_against_baseline(result, options)
    if options.allow_weakening is not None:
        from harness.plan_check.baseline import with_weakening  # noqa: PLC0415 (as above)

        result = with_weakening(result, options.allow_weakening)
    for form, file in reports:
        _write(file, render(result, form))
    sys.stdout.write(render(result, options.format, color=sys.stdout.isatty() and not os.environ.get("NO_COLOR")))
    return result.exit_code()


def _environment(folder: Path, name: str) -> Path:
    """Return the file of an environment beside the dictionary. Raises: TagrailError naming those that there are."""
    file = folder / name / "env.yaml"
    if not file.is_file():
        known = ", ".join(sorted(one.parent.name for one in folder.glob("*/env.yaml"))) or "none"
        rule = f"must be a folder with an env.yaml beside the dictionary; there are {known}"
        raise TagrailError(f'--env "{name}": {rule}. Do name one of them')
    return file


def _cache(dictionary: Path) -> Path | None:
    """Return the folder of a project's own files; a dictionary that lies elsewhere has none, and nothing is kept."""
    folder = dictionary.absolute().parent
    return folder.parent / ".tagrail" / "cache" if folder.name == DICTIONARY.parent.name else None


def _reading(options: argparse.Namespace) -> Reading:
    parameters: dict[str, str] = {}
    tags: dict[str, str] = {}
    asked: dict[str, str] = {}
    if options.deployment or options.parameter or options.stack_tag:
        from harness.plan_check.cloudformation import pairs, read_deployment  # noqa: PLC0415 (as above)

        for file in options.deployment:
            found = read_deployment(_read(file), file, "Parameters")
            parameters |= found.parameters
            tags |= found.tags
        asked = pairs(options.parameter, "--parameter")
        parameters |= asked
        tags |= pairs(options.stack_tag, "--stack-tag")
    folder = Path(options.chdir) if options.chdir else None
    return Reading(options.all, folder, options.terraform, parameters, tags, keep=_keep, asked=frozenset(asked))


def _held_against_baseline(result: CheckResult, options: argparse.Namespace) -> CheckResult:
    if not options.baseline and not options.write_baseline:
        return result
    from harness.plan_check.baseline import with_baseline  # noqa: PLC0415 (as above)

    known = Path(options.baseline) if options.baseline else None
    made, gone = with_baseline(result, known, Path(options.write_baseline) if options.write_baseline else None)
    if gone:
        named = [f"{entry.where} {entry.rule} {entry.key}".rstrip() for entry in gone]
        more = f" and {len(gone) - _SHOWN} more" if len(gone) > _SHOWN else ""
        said = f"{', '.join(named[:_SHOWN])}{more}"
        many = f"{len(gone)} entries are found no more: {said}. Do remove them, or name the inputs that have them"
        one = f"{said} is found no more. Do remove it"
        sys.stderr.write(f"{options.baseline}: {one if len(gone) == 1 else many}\n")
    return made


def _reports(texts: Sequence[str]) -> list[tuple[CheckForm, Path]]:
    """Return form and file of each --report. Raises: TagrailError for a form that there is not."""
    found: list[tuple[CheckForm, Path]] = []
    for text in texts:
        name, _, file = text.partition("=")
        form = next((one for one in FORMS if one == name), None)
        if form is None or not file:
            raise TagrailError(
                f'--report: must be FORM=FILE with a form of {", ".join(FORMS)}; got "{text}". Do correct it'
            )
        found.append((form, Path(file)))
    return found


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise TagrailError(f"{file}: must be readable; got {error.strerror}. Do name a file") from error


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise TagrailError(f"{file}: must be writable; got {error.strerror}. Do name another file") from error


def find_dictionary(start: Path) -> Path:
    """Return the nearest envs/tags.yaml at or above a folder. Raises: TagrailError when there is none."""
    for folder in (start, *start.parents):
        if (folder / DICTIONARY).exists():
            return folder / DICTIONARY
    rule = f"must lie in a project with {DICTIONARY}"
    raise TagrailError(f"{start}: {rule}; found none above. Do name the dictionary with --dictionary")
