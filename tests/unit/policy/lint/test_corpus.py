"""What the rules find in real policies of public repositories is what a reviewer has found to be true.

Read in place from the folder that TAGRAIL_CORPUS names; corpus.yaml beside this file holds the verdicts.
"""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.facts import load_facts
from harness.policy.lint import RULES, Given, PolicyKind, UnreadablePolicyError, lint, read_policy

CORPUS = os.environ.get("TAGRAIL_CORPUS")
ROOT = Path(CORPUS or "TAGRAIL_CORPUS-is-not-set")
FOLDERS = ("scps", "tag-policies")
FILES = [file for folder in FOLDERS for file in sorted((ROOT / folder).glob("*.json*"))]
REVIEWED: Any = yaml.safe_load((Path(__file__).parent / "corpus.yaml").read_text(encoding="utf-8"))
SEVERITY = {rule.id: rule.severity for rule in RULES}
IDENTITY = ("sagemaker-notebooks-managed", "-tag-deny", "docs-orgs-tagkeys-allow", "iam-abac-tutorial")

needs_corpus = pytest.mark.skipif(CORPUS is None, reason="TAGRAIL_CORPUS names no folder of public files")


def name(file: Path) -> str:
    return file.name.split("__")[-1].partition(".json")[0]


def kind(file: Path) -> PolicyKind | None:
    """Return what nothing in a file of statements tells; a tag policy shows itself."""
    if file.parent.name != "scps":
        return None
    if "-rcp" in file.stem:
        return "rcp"
    return "identity" if any(part in file.stem for part in IDENTITY) else "scp"


@needs_corpus
def test_every_file_was_reviewed() -> None:
    for folder in FOLDERS:
        assert {name(file) for file in FILES if file.parent.name == folder} == set(REVIEWED[folder])


@needs_corpus
@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_real_policy_gets_the_findings_that_were_reviewed(file: Path) -> None:
    expected = REVIEWED[file.parent.name][name(file)]
    text = file.read_text(encoding="utf-8")
    if expected == "unreadable":
        with pytest.raises(UnreadablePolicyError):
            read_policy(file.name, text, kind(file))
        return
    policy = read_policy(file.name, text, kind(file))
    assert Counter(hit.rule.id for hit in lint(Given((policy,), load_facts().limits))) == expected


def test_no_error_is_a_false_alarm() -> None:
    doubted = [rule for group in ("false_alarms", "doubtful") for found in REVIEWED[group].values() for rule in found]
    assert {SEVERITY[rule] for rule in doubted} <= {"warning", "info"}


def test_a_false_alarm_is_one_of_the_findings() -> None:
    for group in ("false_alarms", "doubtful"):
        for file, found in REVIEWED[group].items():
            assert set(found) <= set(REVIEWED["tag-policies"].get(file) or REVIEWED["scps"][file])
