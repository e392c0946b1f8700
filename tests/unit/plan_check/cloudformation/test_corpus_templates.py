"""Real templates of public repositories: each is read, and every resource of it is judged or counted.

Read in place from the folder that TAGRAIL_CORPUS names; each file's source and licence stand in its INDEX.md.
"""

import os
from pathlib import Path

import pytest

from harness.plan_check.cloudformation import is_template, open_document, read_template

CORPUS = os.environ.get("TAGRAIL_CORPUS")
FILES = sorted(
    file
    for file in (Path(CORPUS or "TAGRAIL_CORPUS-is-not-set") / "cloudformation").glob("*.*")
    if file.suffix != ".md"
)
# Resources that Fn::ForEach makes of one entry.
LOOPS = {"fn-foreach-ddb": 3}
UNKNOWN_TYPES = {"generic": {"AWS::EC2::Instance1"}, "guard-functions-template": {"AWS::New::Service"}}

needs_corpus = pytest.mark.skipif(CORPUS is None, reason="TAGRAIL_CORPUS names no folder of public files")


@needs_corpus
def test_the_corpus_is_there() -> None:
    assert len(FILES) >= 39


@needs_corpus
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_resource_is_judged_or_counted(file: Path) -> None:
    document = open_document(file.read_bytes(), file.name)
    assert is_template(document)
    made = read_template(document, file.name)
    found = list(made.resources)
    entries = document.data["Resources"]
    further = next((more for part, more in LOOPS.items() if part in file.name), 0)
    assert len(found) + made.skipped.total() == len(entries) + further
    assert made.unknown_types == next((held for part, held in UNKNOWN_TYPES.items() if part in file.name), set())
    assert set(made.skipped) <= {"untaggable", "of an unknown type", "condition is false"}
    text = file.read_text(encoding="utf-8-sig").splitlines()
    assert all(one.line and (one.address in text[one.line - 1] or "Fn::ForEach" in text[one.line - 1]) for one in found)
    assert all(one.sets and one.file == file.name for one in found)


@needs_corpus
def test_null_values_are_faults() -> None:
    (file,) = [file for file in FILES if "non-string-tags" in file.name]
    faults = [fault for found in read_template(file.read_bytes(), file.name).resources for fault in found.faults]
    assert {(fault.rule, fault.held) for fault in faults} == {("malformed-tags", "null")}
    assert len(faults) == 13
