"""Render a check as SARIF 2.1.0, which GitHub code scanning and many editors show at the lines of the sources.

GitHub refuses a whole file for one result without a physical location, so a finding whose source is not known stands
at the input that holds it, and the address stands beside as logical location. It refuses more than 25,000 results, so
the most important are kept and a notification counts the others. It tells alerts apart by `primaryLocationLineHash`
alone. Results of the baseline are suppressed, and notes: GitHub does not look at suppressions by itself.

Pages: docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html,
docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from typing import Any
from urllib.parse import quote

from harness import __version__
from harness.plan_check.model import CheckFinding
from harness.plan_check.result import CheckResult, count_findings, is_unknown
from harness.plan_check.rules import RANKS, RULES, Rule
from harness.report.check.machine import encode
from harness.report.check.plain import one_line, path_of, say_counts, say_more, say_totals, visible

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_MOST = 25_000


def render_sarif(result: CheckResult, *, most: int = _MOST) -> str:
    """Return a SARIF log of one run, with at most `most` results.

    Raises: KeyError for a rule that RULES does not have.
    """
    findings = result.shown()
    driver = {
        "name": "tagrail",
        "fullName": f"tagrail check {__version__}",
        "semanticVersion": __version__,
        "rules": [_rule(name, rule) for name, rule in RULES.items()],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"tagrail-check/{one_line(result.title)}/"},
        "invocations": [_invocation(result, findings[most:])],
        "columnKind": "unicodeCodePoints",
        "results": [_result(result, each) for each in findings[:most]],
        "properties": _properties(result),
    }
    return encode({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _rule(name: str, rule: Rule) -> dict[str, Any]:
    return {
        "id": name,
        "name": "".join(part.capitalize() for part in name.split("-")),
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": f"{rule.title}. {rule.help}"},
        "help": {"text": rule.help},
        "defaultConfiguration": {"level": rule.level},
        "properties": {
            "tags": ["governance" if rule.weakens else "tagging"],
            "precision": "very-high",
            "problem.severity": rule.level,
        },
    }


def _invocation(result: CheckResult, hidden: list[CheckFinding]) -> dict[str, Any]:
    notes = []
    if hidden:
        notes.append({"level": "warning", "message": {"text": say_more(count_findings(hidden))}})
    if result.unknown_types:
        notes.append({"level": "warning", "message": {"text": say_totals(result, most_types=1000)}})
    made = {"executionSuccessful": True, "exitCode": result.exit_code()}
    return made | ({"toolExecutionNotifications": notes} if notes else {})


def _properties(result: CheckResult) -> dict[str, Any]:
    counts = result.counts()
    return {
        "verdict": result.verdict(),
        "unknownMode": result.unknown_mode,
        "judged": result.judged,
        "skipped": result.skipped,
        "unknownTypes": list(result.unknown_types),
        "fail": counts.fail,
        "unknown": counts.unknown,
        "old": counts.old,
        "summary": say_counts(counts),
    }


def _result(result: CheckResult, finding: CheckFinding) -> dict[str, Any]:
    fault = finding.fault
    made = {
        "ruleId": fault.rule,
        "ruleIndex": RANKS[fault.rule],
        "level": result.level(finding),
        "message": {"text": _message(finding)},
        "locations": [_location(finding)],
        "partialFingerprints": {"primaryLocationLineHash": finding.fingerprint, "tagrail/v1": finding.fingerprint},
        "baselineState": "unchanged" if finding.is_old else "new",
        "properties": {
            "address": finding.address,
            "path": fault.path,
            "key": fault.key,
            "verdict": "unknown" if is_unknown(finding) else "fail",
            "repair": finding.repair,
            "repairAt": finding.repair_at,
        },
    }
    if finding.is_old:
        reason = result.reasons.get(finding.fingerprint) or "The baseline has it, without a reason."
        made["suppressions"] = [{"kind": "external", "status": "accepted", "justification": reason}]
    return made


def _message(finding: CheckFinding) -> str:
    """Return what to show, in which no value of an outsider is read as an embedded link (section 3.11.6)."""
    said = f"{finding.where}: {finding.what} Must hold: {finding.must_hold}"
    if finding.repair:
        said += f"\nRepair, {finding.repair_at}:\n{finding.repair}"
    elif finding.repair_at:
        said += f"\nRepair: {finding.repair_at}."
    return visible(said).replace("](", "] (")


def _location(finding: CheckFinding) -> dict[str, Any]:
    line = max(finding.line, 1)
    name = finding.address.rpartition(".")[2] or finding.address
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(path_of(finding))},
            "region": {"startLine": line, "startColumn": 1, "endLine": line, "endColumn": 2},
        },
        "logicalLocations": [{"name": name, "fullyQualifiedName": finding.address, "kind": "resource"}],
    }


def _uri(path: str) -> str:
    """Return a relative reference, or for a place outside the working directory a file URI (section 3.4.3).

    A colon is quoted, as the first part of a relative reference would be a scheme with it: RFC 3986, section 4.2.

    >>> _uri("root/a b.tf"), _uri("/srv/main.tf"), _uri("C:/srv/main.tf")
    ('root/a%20b.tf', 'file:///srv/main.tf', 'file:///C:/srv/main.tf')
    """
    drive = path[:2] if path[1:3] == ":/" and path[0].isalpha() else ""
    rest = quote(path.removeprefix(drive), safe="/", errors="replace")
    if drive or path.startswith("/"):
        return f"file:///{drive}{rest if drive else rest.lstrip('/')}"
    return rest
