"""Real plans and templates of public repositories: findings that were worked out by hand, and counts of all the others.

Read in place from the folder that TAGRAIL_CORPUS names; each file's source and licence stand in its INDEX.md. The
expected files in corpus/ were written from the inputs and AWS's rules, without the check. Each names its input, how
many resources are judged, why others are not, and of each judged address verdict, rule and key of its findings;
`summary` has their numbers by type instead.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.dictionary.model import Dictionary
from harness.errors import TagrailError
from harness.plan_check.compiling import compile_requirements
from harness.plan_check.judge import Judge
from harness.plan_check.model import Input, Resource
from harness.plan_check.requirements import Requirements
from harness.plan_check.run import Reading, check_inputs, read_inputs
from harness.report.check import FORMS, render
from tests.unit.plan_check.test_cases import said

CORPUS = os.environ.get("TAGRAIL_CORPUS")
ROOT = Path(CORPUS or "TAGRAIL_CORPUS-is-not-set")
PLANS = sorted((ROOT / "plans").glob("*.json"))
TEMPLATES = sorted(file for file in (ROOT / "cloudformation").glob("*.*") if file.suffix != ".md")
FOLDER = Path(__file__).parent / "corpus"
EXPECTED = sorted(FOLDER.glob("*.yaml"))
# No plan, and a plan that ended in an error.
REFUSED = {"wrapped-mock-not-a-plan": "no format_version", "plan-error": "ended in an error"}
# By actions of a change: why it is not judged.
LEFT_OUT = {("delete",): "deleted", ("no-op",): "unchanged", ("read",): "read", ("forget",): "forgotten"}
NEEDS_FACTS = {"untaggable", "of an unknown type"}
WITHOUT_FOLDER = "TAGRAIL_CORPUS names no folder of public files"

needs_corpus = pytest.mark.skipif(CORPUS is None, reason=WITHOUT_FOLDER)


@cache
def corpus_requirements() -> Requirements:
    """The dictionary that the expected files were written for: keys that occur in public files."""
    raw = yaml.safe_load((FOLDER / "dictionary.yml").read_text(encoding="utf-8"))
    return compile_requirements(Dictionary.model_validate_json(json.dumps(raw)), None, "")


def refusal(file: Path) -> str | None:
    return next((words for part, words in REFUSED.items() if part in file.name), None)


def opened(file: Path, *, everything: bool = False) -> tuple[Input, list[Resource]]:
    (source,) = read_inputs([str(file)], Reading(everything=everything), [])
    return source, list(source.resources)


def content(name: str) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


@needs_corpus
def test_the_corpus_is_there() -> None:
    assert len(PLANS) >= 123
    assert len(TEMPLATES) >= 39
    assert {file.name for file in (*PLANS, *TEMPLATES)} >= {Path(content(one.stem)["file"]).name for one in EXPECTED}


@needs_corpus
@pytest.mark.parametrize("name", [file.stem for file in EXPECTED])
def test_findings_are_those_that_were_worked_out_by_hand(name: str) -> None:
    expected = content(name)
    source, resources = opened(ROOT / expected["file"])
    judge = Judge(corpus_requirements())
    found = {resource.address: said(judge.faults(resource)) for resource in resources}
    assert (len(found), dict(source.skipped)) == (expected["judged"], expected["skipped"])
    if "summary" not in expected:
        assert found == {address: sorted(lines) for address, lines in expected["findings"].items()}
        return
    by_type: dict[str, Counter[str]] = {}
    for resource in resources:
        by_type.setdefault(resource.type, Counter()).update(found[resource.address])
    assert {kind: dict(lines) for kind, lines in by_type.items()} == expected["summary"]


def entries(file: Path) -> Iterator[tuple[str, str]]:
    """Of each change of a plan, by plain JSON: its type, and why it is not judged or ""."""
    raw = file.read_bytes()
    document = json.loads(raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"))
    deferred = [each["resource_change"] for each in document.get("deferred_changes", ())]
    for entry in [*(document.get("resource_changes") or ()), *deferred]:
        change = entry["change"]
        reason = LEFT_OUT.get(tuple(change.get("actions", ())), "")
        if reason == "unchanged" and (change.get("importing") or entry.get("previous_address")):
            reason = ""
        if entry.get("mode") == "data":
            reason = "read"
        if not reason and not entry["type"].startswith(("aws_", "awscc_")):
            reason = "of another provider"
        yield entry["type"], reason


@needs_corpus
@pytest.mark.parametrize("file", [file for file in PLANS if not refusal(file)], ids=lambda file: file.name)
def test_every_change_of_a_plan_is_judged_or_counted(file: Path) -> None:
    source, resources = opened(file)
    listed = Counter(reason for _, reason in entries(file))
    counted = {reason: number for reason, number in source.skipped.items() if reason not in NEEDS_FACTS}
    if counted.pop("listed without a change", 0):
        assert not listed
    taggable = len(resources) + sum(source.skipped[reason] for reason in NEEDS_FACTS)
    assert (taggable, counted) == (listed.pop("", 0), dict(listed))
    assert source.unknown_types <= {kind for kind, _ in entries(file)}


@needs_corpus
@pytest.mark.parametrize("file", [file for file in PLANS if not refusal(file)], ids=lambda file: file.name)
def test_all_that_will_exist_is_judged_on_demand(file: Path) -> None:
    if "listed without a change" in opened(file)[0].skipped:
        with pytest.raises(TagrailError, match="must have resource_changes for --all"):
            opened(file, everything=True)
        return
    source, resources = opened(file, everything=True)
    assert "unchanged" not in source.skipped
    assert len(resources) + source.skipped.total() == len(list(entries(file)))


@needs_corpus
@pytest.mark.parametrize("file", [file for file in PLANS if refusal(file)], ids=lambda file: file.name)
def test_what_is_no_whole_plan_is_refused(file: Path) -> None:
    with pytest.raises(TagrailError, match=refusal(file)):
        opened(file)


@needs_corpus
def test_all_of_it_at_once_gives_every_report() -> None:
    files = [str(file) for file in (*PLANS, *TEMPLATES) if not refusal(file)]
    result = check_inputs(files, corpus_requirements(), Reading(), "warn")
    assert len(result.inputs) == len(files)
    assert all(render(result, form) for form in FORMS)
    assert sum(result.counts()) == len(result.findings)
    assert all(each.what and each.must_hold and each.where and each.repair_at for each in result.findings)
