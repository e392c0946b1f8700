"""Turn checkov's JSON report into findings, those included that checkov keeps to itself: what it did not look at."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from harness.errors import TagrailError
from harness.finding import INFO, Finding

PLANE = "checkov"
SEEN = "CKV_TAGRAIL_SEEN"  # the check of checks/resource_seen.py

_RESOURCE = re.compile(r'^resource\s+"([^"]+)"\s+"([^"]+)"', re.MULTILINE)
_INDEX = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|[0-9]+)\]')
_LOGGED = re.compile(r"\[ERROR\s*\]\s*(.+)")
_NO_REASON = "No comment provided"

Record = Mapping[str, Any]
Place = tuple[str, str]  # file below the project, type.name


class Results(NamedTuple):
    """Hold the records of a report, and the files that could not be parsed."""

    passed: Sequence[Record]
    failed: Sequence[Record]
    skipped: Sequence[Record]
    broken: Sequence[str]


def declared_resources(root: Path, folders: Iterable[str]) -> frozenset[Place]:
    """Return file and `type.name` of every resource block below these folders; .terraform and the like are left out.

    Raises: OSError when a file cannot be read.
    """
    files = (file for folder in folders for file in sorted((root / folder).rglob("*.tf")))
    own = (file for file in files if not any(part.startswith(".") for part in file.relative_to(root).parts))
    return frozenset(
        (file.relative_to(root).as_posix(), f"{kind}.{name}")
        for file in own
        for kind, name in _RESOURCE.findall(file.read_text(encoding="utf-8"))
    )


def read_findings(report: str, log: str, declared: Collection[Place]) -> tuple[Finding, ...]:
    """Return what checkov's JSON report and log say of the declared resources.

    A failed check is `fail`, a suppressed one `pass` with its reason as a note, and `fail` without one. A file that
    checkov could not parse, a resource that it passed over and a check that crashed are `unknown`.

    Raises: TagrailError when the report is none, or no resource was looked at.
    """
    passed, failed, skipped, broken = read_report(report)
    seen = {_place(record) for record in passed if record["check_id"] == SEEN}
    if not seen & set(declared):
        raise TagrailError(
            f"checkov: must look at a resource; it looked at none of {len(declared)} in modules/ and envs/. "
            "Do check .checkov.yaml, for skip-path above all"
        )
    return (
        *(_finding(record, "pass") for record in passed if record["check_id"] != SEEN),
        *(_finding(record, "fail") for record in failed if record["check_id"] != SEEN),
        *map(_suppressed, skipped),
        *_looked_at(seen, declared),
        *(
            _unknown(file, "file", "checkov cannot parse it", "write it in the HCL that it can parse")
            for file in broken
        ),
        *crashes(log, "log.txt"),
    )


def read_report(report: str) -> Results:
    """Return the results of checkov's JSON report. Raises: TagrailError when it is none."""
    try:
        parts = json.loads(report)
        results = [part["results"] for part in (parts if isinstance(parts, list) else [parts]) if "results" in part]
        passed, failed, skipped = (
            tuple(record for result in results for record in result[kind])
            for kind in ("passed_checks", "failed_checks", "skipped_checks")
        )
        return Results(passed, failed, skipped, sorted({file for part in results for file in part["parsing_errors"]}))
    except (ValueError, KeyError, TypeError) as error:
        repair = "Do look at results_json.json; quiet in .checkov.yaml leaves out what passed"
        raise TagrailError(f"checkov's report: must be its JSON with all results; got {error!r}. {repair}") from error


def crashes(log: str, file: str) -> Iterator[Finding]:
    """Yield what checkov's log says of checks that crashed; `file` holds the log. Raises: nothing."""
    for text in dict.fromkeys(_LOGGED.findall(log)):
        yield _unknown(file, "check", text, f"read {file}; checkov counts a check that crashed as neither")


def _place(record: Record) -> Place:
    address = _INDEX.sub("", record["resource"]).split(".")
    return record["file_path"].lstrip("/"), ".".join(address[-2:])


def _where(record: Record) -> str:
    return f"{record['file_path'].lstrip('/')}:{record['file_line_range'][0]}"


def _finding(record: Record, verdict: Any) -> Finding:
    guideline = f" See {record['guideline']}" if record.get("guideline") else ""
    repair = f"Do mend it, or say why not: #checkov:skip={record['check_id']}:REASON in the block.{guideline}"
    return Finding(
        PLANE,
        _where(record),
        f"{record['check_id']} {record['resource']}",
        verdict,
        held="so" if verdict == "pass" else "not so",
        must_hold=record["check_name"],
        repair="" if verdict == "pass" else repair,
    )


def _suppressed(record: Record) -> Finding:
    reason = (record["check_result"].get("suppress_comment") or _NO_REASON).strip()
    has_reason = reason not in ("", _NO_REASON)
    return Finding(
        PLANE,
        _where(record),
        f"{record['check_id']} {record['resource']}",
        "pass" if has_reason else "fail",
        held=f"suppressed: {reason}",
        must_hold=f"{record['check_name']}, or a reason why not",
        repair="" if has_reason else f"Do write the reason: #checkov:skip={record['check_id']}:REASON",
        note=INFO if has_reason else "",
    )


def _looked_at(seen: Collection[Place], declared: Collection[Place]) -> Iterator[Finding]:
    for file, name in sorted(declared):
        if (file, name) in seen:
            yield Finding("checkov's view", file, name, "pass", "looked at", "looked at")
        else:
            yield _unknown(file, name, "checkov passes it over", "count it by what checkov can evaluate, or not at all")


def _unknown(file: str, subject: str, held: str, repair: str) -> Finding:
    return Finding("checkov's view", file, subject, "unknown", held, "looked at", f"Do {repair}")
