"""Render a check as JUnit XML, which Jenkins, GitLab and others show as tests.

One test case for each finding, and one for each input's totals: a case for each of 100,000 judged resources would pass
the limits of both (GitLab: 30 MB a file, 500,000 cases). Names of cases are stable and unique within a suite, since
GitLab tells cases apart by suite, class and name, drops doubles and compares them with the target branch's.

A new finding that fails is a `failure`. What is unknown is an `error` in the mode `fail`, as in `tagrail verify`: both
systems then show it apart from failures, and Jenkins turns the build unstable. In the mode `warn` it is `skipped`, and
so is what the baseline has: shown, and neither passed nor failed. The text of a case says all, since GitLab shows the
text and not the message.

Pages: docs.gitlab.com/ci/testing/unit_test_reports, plugins.jenkins.io/junit
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree

from harness.plan_check.model import CheckFinding
from harness.plan_check.result import CheckResult, InputCounts, count_findings, is_unknown
from harness.report.check.plain import one_line, place, say_counts, say_more, say_totals, visible

_MOST = 25_000


def render_junit(result: CheckResult, *, most: int = _MOST) -> str:
    """Return the report as JUnit XML with at most `most` findings.

    Raises: KeyError for a rule that RULES does not have.
    """
    findings = result.shown()
    members: defaultdict[str, list[CheckFinding]] = defaultdict(list)
    for finding in findings[:most]:
        members[finding.input].append(finding)
    root = ElementTree.Element("testsuites", name=one_line(result.title))
    suites = [_suite(result, each, members.pop(each.name, ())) for each in _by_name(result.inputs)]
    suites += [_suite(result, InputCounts(name, "terraform", 0, {}), rest) for name, rest in members.items()]
    if len(findings) > most:
        suites.append(_unlisted(findings[most:]))
    root.extend(suites)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, 0)) for suite in suites)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _unlisted(findings: Sequence[CheckFinding]) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name="tagrail", tests="1", failures="0", errors="0", skipped="1")
    case = ElementTree.SubElement(suite, "testcase", classname="tagrail.check", name="every finding is listed")
    ElementTree.SubElement(case, "skipped", message="too many findings").text = say_more(count_findings(findings))
    return suite


def _by_name(inputs: Iterable[InputCounts]) -> Iterable[InputCounts]:
    return {each.name: each for each in inputs}.values()


def _suite(result: CheckResult, counts: InputCounts, findings: Iterable[CheckFinding]) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=one_line(counts.name))
    suite.append(_totals(result, counts))
    seen: set[tuple[str, str]] = set()
    for finding in findings:
        case = _case(result, finding)
        name = (case.get("classname", ""), case.get("name", ""))
        if name in seen:
            case.set("name", f"{name[1]} ({finding.fingerprint})")
        seen.add(name)
        suite.append(case)
    tally = [child.tag for case in suite for child in case]
    suite.set("tests", str(len(suite)))
    for plural, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(plural, str(tally.count(tag)))
    return suite


def _totals(result: CheckResult, counts: InputCounts) -> ElementTree.Element:
    """Return the case of an input's totals; a type that nobody knows cannot be proven to be tagged."""
    case = ElementTree.Element("testcase", classname="tagrail.check", name="every resource type is known")
    alone = CheckResult(result.title, (counts,), (), result.unknown_mode)
    if alone.unknown_types and result.unknown_mode != "ignore":
        tag = "error" if alone.failed() else "skipped"
        ElementTree.SubElement(case, tag, message="unknown types").text = say_totals(alone)
    ElementTree.SubElement(case, "system-out").text = f"{say_totals(alone)}\n{say_counts(result.counts())}"
    return case


def _case(result: CheckResult, finding: CheckFinding) -> ElementTree.Element:
    fault = finding.fault
    name = " ".join(part for part in (fault.rule, fault.path, fault.key) if part)
    case = ElementTree.Element("testcase", classname=one_line(finding.address), name=one_line(name))
    if finding.file:
        case.set("file", one_line(finding.file))
    child = ElementTree.SubElement(case, _tag(result, finding), message=one_line(finding.what))
    if child.tag == "failure":
        child.set("type", fault.rule)
    lines = [f"{one_line(finding.where)}: {one_line(finding.what)}", f"must hold: {one_line(finding.must_hold)}"]
    if at := place(finding):
        lines.append(f"at: {one_line(at)}")
    if finding.is_old:
        lines.append(f"in the baseline: {one_line(result.reasons.get(finding.fingerprint, '')) or 'no reason given'}")
    if finding.repair:
        lines += [f"repair: {one_line(finding.repair_at)}:", visible(finding.repair)]
    elif finding.repair_at:
        lines.append(f"repair: {one_line(finding.repair_at)}")
    child.text = "\n".join(lines)
    return case


def _tag(result: CheckResult, finding: CheckFinding) -> str:
    if finding.is_old:
        return "skipped"
    if is_unknown(finding):
        return "error" if result.unknown_mode == "fail" else "skipped"
    return "failure"
