"""Write the reports of a run of `tagrail audit`: those that go to files, and one on stdout."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from harness.audit.run import read_run, unread
from harness.dictionary import Dictionary
from harness.errors import InputError, Problem
from harness.finding import Finding
from harness.operations.progress import say
from harness.report.audit import AuditForm, write_report

FailOn = Literal["new", "any"]


class Reports(NamedTuple):
    """Hold what reports are asked for: `form` goes to stdout, `targets` are forms and the files that get them."""

    form: AuditForm
    targets: Sequence[tuple[AuditForm, Path]]
    fail_on: FailOn


def check_reports(targets: Sequence[tuple[AuditForm, Path]]) -> None:
    """Refuse files that cannot be written, before an audit is run for them; folders are made. Raises: InputError."""
    problems = [Problem(f"--report {form}={path}", 0, "", text) for form, path in targets for text in _faults(path)]
    if problems:
        raise InputError(problems)


def _faults(path: Path) -> Iterator[str]:
    """Yield what keeps a file from being written; one that was not there is not left behind."""
    if path.is_dir():
        yield "must be a file; got a folder. Do name a file in it"
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        if is_new or path.is_file():
            path.open("ab").close()
        elif not os.access(path, os.W_OK):  # a pipe, which is not opened twice, or a terminal
            yield "must be writable; got a file without that right. Do name another file"
        if is_new:
            path.unlink()
    except OSError as error:
        yield f"must be a file that can be written; got {error.strerror}. Do name another file, or free this one"


def write_reports(
    folder: Path, environment: str, reports: Reports, dictionary: Dictionary, static: Sequence[Finding]
) -> int:
    """Return the exit code of a run once its reports are written: 1 for what is new, or any finding, else 0.

    A file that cannot be written is named on stderr; the others are written, and 0 becomes 2. Raises: TagrailError,
    OSError when stdout cannot be written.
    """
    allowed = frozenset(value for tag in dictionary.tags.values() for value in tag.values or ())
    is_whole = True
    for form, path in reports.targets:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", encoding="utf-8") as file:
                write_report(folder, form, file, static=static, allowed=allowed)
        except OSError as error:
            is_whole = False
            repair = f"Do free it, then run tagrail audit --env {environment} --last --report {form}={path}"
            say(f"error: {path}: must be writable; got {error.strerror or error}. {repair}")
        else:
            say(f"wrote {path}")
    write_report(folder, reports.form, sys.stdout, static=static, allowed=allowed)
    run = read_run(folder)
    found = sum(run.findings.values()) if reports.fail_on == "any" else run.change.new
    if found or unread(folder, run, only_new=reports.fail_on == "new"):
        return 1
    return 0 if is_whole else 2
