"""Run checkov over plans with the dictionary's own rules, and say of every resource what no rule gave a verdict on.

checkov passes over in silence a file that it cannot parse as a plan, with exit code 0 and no `parsing_errors`, and
shows its UNKNOWN in no report. So each plan is read here as well, for what must have a verdict.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.checkov_rules import taggable_types, write_rules
from harness.checkov_rules.bundle.tagrail_rules.judgement import RULES
from harness.checkov_rules.bundle.tagrail_rules.planned import Plan
from harness.errors import TagrailError
from harness.finding import Finding, Verdict
from harness.plan_check.requirements import Requirements
from harness.static_audit.installation import CHECKOV
from harness.static_audit.reading import Record, crashes, read_report
from harness.static_audit.running import PLAN_RESULTS, RESULTS, outputs, run_checkov
from harness.tool_installation import ensure_installed

PLANE = "checkov plan"
LOG = PLAN_RESULTS[-1]
NOTHING = "[]"  # checkov's report on no file
IDS = {f"CKV2_TAGRAIL_{number}": name for number, name in RULES.items()}

_Key = tuple[str, str, str]  # resolved file, address, check
_Judged = tuple[Verdict, tuple[str, ...]]  # with the faults
_REPAIR = "Do write it anew: terraform show -json PLAN > FILE.json"


def audit_plans(
    plans: Sequence[Path], requirements: Requirements, root: Path, out: Path, say: Callable[[str], None]
) -> tuple[Finding, ...]:
    """Return what the rules of the dictionary say of plans; checkov's results are in `out`, as plans_*.

    Raises: TagrailError when a plan is missing, checkov cannot be installed or it fails by itself.
    """
    if missing := [str(plan) for plan in plans if not plan.is_file()]:
        raise TagrailError(f"--plan: must be a file; got {', '.join(missing)}. Do run terraform show -json first")
    read = {plan: read_plan(plan) for plan in dict.fromkeys(plans)}
    broken = tuple(found for found in read.values() if isinstance(found, Finding))
    changed = {plan: found for plan, found in read.items() if not isinstance(found, Finding)}
    out.mkdir(parents=True, exist_ok=True)
    for name in PLAN_RESULTS:
        (out / name).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="tagrail-plans-") as scratch:
        rules, results = Path(scratch, "rules"), Path(scratch, "results")
        results.mkdir()
        report, log = NOTHING, ""
        try:
            if changed:
                python = ensure_installed(CHECKOV, say)
                write_rules(requirements, rules)
                given = arguments(tuple(changed), rules, results)
                report, log = run_checkov(python, given, root, results / "results_json.json", out / LOG)
        finally:
            _keep(results, out)
    return (*read_plan_findings(report, log, changed), *broken)


def arguments(plans: Sequence[Path], rules: Path, results: Path) -> tuple[str, ...]:
    """Return checkov's arguments: all plans at once, no rules but these, no text of a plan. Raises: nothing."""
    return (
        *(part for plan in plans for part in ("--file", str(plan.resolve()))),
        *("--framework", "terraform_plan", "--external-checks-dir", str(rules), "--check", ",".join(IDS)),
        *("--skip-download", "--compact"),  # a plan holds secrets in the clear; compact shows no lines of it
        *outputs(results),
    )


def read_plan(plan: Path) -> tuple[str, ...] | Finding:
    """Return the addresses that must have verdicts, or the finding that a plan cannot be read. Raises: nothing."""
    try:
        return changed_resources(json.loads(plan.read_bytes()))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        return _unread(plan, f"it cannot be read as a plan: {error!r}")


def read_plan_findings(report: str, log: str, changed: Mapping[Path, Sequence[str]]) -> tuple[Finding, ...]:
    """Return a finding for each plan, and for each rule and address that plans create or change.

    A plan that checkov passes over, and a rule without a verdict are `unknown`.

    Raises: TagrailError when the report is none.
    """
    results = read_report(report)
    verdicts = {_key(record): _judged(record, "pass") for record in results.passed}
    verdicts |= {_key(record): _judged(record, "fail") for record in results.failed}
    found = (finding for plan, addresses in changed.items() for finding in _of_plan(plan, addresses, verdicts))
    return (*found, *crashes(log, LOG))


def _key(record: Record) -> _Key:
    return record["file_abs_path"], record["resource"], record["check_id"]


def _judged(record: Record, verdict: Verdict) -> _Judged:
    return verdict, tuple(record.get("details") or ())


def _of_plan(plan: Path, addresses: Sequence[str], verdicts: Mapping[_Key, _Judged]) -> Iterator[Finding]:
    """Yield the findings of a plan: what must have a verdict comes from the plan, the verdict from checkov."""
    file = str(plan.resolve())
    if addresses and not any((file, address, check) in verdicts for address in addresses for check in IDS):
        yield _unread(plan, f"checkov has no verdict on any of {len(addresses)} resources")
        return
    yield Finding(PLANE, str(plan), "plan", "pass", f"{len(addresses)} resources looked at", "looked at")
    for address in addresses:
        for check, name in IDS.items():
            yield _finding(plan, f"{check} {address}", name, verdicts.get((file, address, check)))


def changed_resources(content: Any) -> tuple[str, ...]:
    """Return the addresses of resources that a decoded plan creates or changes and whose tags the rules judge.

    Raises: KeyError, TypeError, AttributeError for what is no plan.
    """
    planned, plan, types = content["planned_values"], Plan(content), taggable_types()
    if not isinstance(planned, dict):
        raise TypeError("planned_values must be an object")
    changes = ((address, types.get(change["type"])) for address, change in plan.changes.items())
    return tuple(address for address, facts in changes if facts and plan.tags(address, facts.tags) is not None)


def _finding(plan: Path, subject: str, must_hold: str, judged: _Judged | None) -> Finding:
    if judged is None:
        held = "no verdict: known after apply, or allowed in some organizational units alone"
        repair = (
            f"Do give tags values that are known in a plan, or judge it for its unit: tagrail check {plan} --unit UNIT"
        )
        return Finding(PLANE, str(plan), subject, "unknown", held, must_hold, repair)
    verdict, details = judged
    if verdict == "pass":
        return Finding(PLANE, str(plan), subject, verdict, "so", must_hold)
    faults = [detail.rpartition(". Do ") for detail in details]
    held = "; ".join(fault for fault, _, _ in faults)
    return Finding(PLANE, str(plan), subject, verdict, held, must_hold, f"Do {'; '.join(do for *_, do in faults)}")


def _unread(plan: Path, held: str) -> Finding:
    return Finding(PLANE, str(plan), "plan", "unknown", held, "looked at", _REPAIR)


def _keep(results: Path, out: Path) -> None:
    """Put checkov's results beside those of the folders, over those of an earlier run.

    SARIF quotes the lines of what failed even with --compact (checkov's common/output/sarif.py), so they go here.
    """
    sarif = results / "results_sarif.sarif"
    if sarif.is_file():
        content = json.loads(sarif.read_bytes())
        for place in (place for run in content["runs"] for one in run["results"] for place in one["locations"]):
            place["physicalLocation"]["region"].pop("snippet", None)
        sarif.write_text(json.dumps(content), encoding="utf-8")
    for name, kept in zip(RESULTS, PLAN_RESULTS, strict=True):
        if (results / name).is_file():
            shutil.copyfile(results / name, out / kept)
