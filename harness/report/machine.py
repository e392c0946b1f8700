"""Render findings for programs: JSON and JUnit XML."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from xml.etree import ElementTree

from harness.finding import Finding, worst


def render_json(title: str, findings: Sequence[Finding]) -> str:
    """Return `{title, verdict, counts, findings}` as indented JSON. Raises: nothing."""
    counts = Counter(finding.verdict for finding in findings)
    document = {
        "title": title,
        "verdict": worst(findings),
        "counts": {verdict: counts[verdict] for verdict in ("pass", "fail", "unknown")},
        "findings": [asdict(finding) for finding in findings],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def render_junit(title: str, findings: Sequence[Finding]) -> str:
    """Return a JUnit document: a suite per plane; `fail` is a failure, `unknown` an error. Raises: nothing."""
    root = ElementTree.Element("testsuites", name=title)
    for plane in dict.fromkeys(finding.plane for finding in findings):
        members = [finding for finding in findings if finding.plane == plane]
        counts = Counter(finding.verdict for finding in members)
        numbers = {"tests": len(members), "failures": counts["fail"], "errors": counts["unknown"]}
        suite = ElementTree.SubElement(root, "testsuite", {"name": plane} | {key: str(n) for key, n in numbers.items()})
        for finding in members:
            case = ElementTree.SubElement(suite, "testcase", classname=f"{plane}.{finding.where}", name=finding.subject)
            if finding.verdict != "pass":
                kind = "failure" if finding.verdict == "fail" else "error"
                message = f"held {finding.held}; must hold {finding.must_hold}"
                ElementTree.SubElement(case, kind, message=message).text = finding.repair
            elif finding.note:
                said = f"{finding.note}: held {finding.held}; must hold {finding.must_hold}. {finding.repair}"
                ElementTree.SubElement(case, "system-out").text = said
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)
