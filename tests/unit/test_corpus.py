"""Real policies of public repositories: the engine takes those that AWS takes, and refuses the others by name.

Read in place from the folder that TAGRAIL_CORPUS names; each file's source and licence stand in its INDEX.md.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from harness.policy.compliance import violated_key, violations
from harness.policy.effective import effective_tag_policy
from harness.policy.json_text import PolicyError
from harness.policy.statement import parse_policy, render_policy
from harness.policy.syntax import Kind
from harness.policy.tag_policy import TagPolicyError, parse_tag_policy

CORPUS = os.environ.get("TAGRAIL_CORPUS")
ROOT = Path(CORPUS or "TAGRAIL_CORPUS-is-not-set")
FILES = sorted((ROOT / "tag-policies").glob("*.json*"))
STATEMENTS = sorted((ROOT / "scps").glob("*.json"))

# No tag policy, no JSON, an effective policy (which AWS refuses as input), an answer of the CLI, or a type AWS refuses.
REFUSED = {
    "not-tag-": "tags",
    ".json.broken": "must be JSON",
    "docs-cli-describe-effective-policy": "tags",
    "-effective": "@@assign",
    "readme-basic-rendered": "enforced_for",
}

# AWS's documented results, and the policies at each node, root first, that they come from.
DOCUMENTED = {
    "docs-ex1-effective": [["docs-ex1-2-3-policy-A"], ["docs-ex1-policy-B-ou"]],
    "docs-ex2-effective": [["docs-ex1-2-3-policy-A"], ["docs-ex2-policy-C-ou-append"]],
    "docs-ex4-effective": [["docs-ex4-policy-E-restrict"], ["docs-ex4-policy-F-child"]],
    "docs-ex6-effective": [["docs-ex6-policy-J-first", "docs-ex6-policy-K-second"]],
}

needs_corpus = pytest.mark.skipif(CORPUS is None, reason="TAGRAIL_CORPUS names no folder of public files")


def refusal(file: Path) -> str | None:
    return next((words for part, words in REFUSED.items() if part in file.name), None)


@needs_corpus
def test_the_corpus_is_there() -> None:
    assert len(FILES) >= 40


@needs_corpus
@pytest.mark.parametrize("file", [file for file in FILES if refusal(file) is None], ids=lambda file: file.name)
def test_a_real_policy_is_understood(file: Path) -> None:
    policy = parse_tag_policy(file.read_text(encoding="utf-8"))
    effective = effective_tag_policy([[policy]])
    assert {key.lower() for key, entry in policy["tags"].items() if entry} == set(effective["tags"])
    assert "@@" not in json.dumps(effective)


@needs_corpus
@pytest.mark.parametrize("file", [file for file in FILES if refusal(file) is not None], ids=lambda file: file.name)
def test_what_is_no_tag_policy_is_refused(file: Path) -> None:
    with pytest.raises(TagPolicyError, match=refusal(file)):
        parse_tag_policy(file.read_text(encoding="utf-8"))


def documented(name: str) -> Any:
    return json.loads(
        (ROOT / "tag-policies" / f"awsdocs__aws-organizations-docs__{name}.json").read_text(encoding="utf-8")
    )


@needs_corpus
def test_every_documented_result_is_compared() -> None:
    names = {file.stem.split("__")[-1] for file in FILES if "-effective" in file.name and "-cli-" not in file.name}
    assert {name.removesuffix("-erratum") for name in names} == set(DOCUMENTED)


@needs_corpus
@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_documented_result_is_ours(name: str) -> None:
    ours = effective_tag_policy([[documented(policy) for policy in node] for node in DOCUMENTED[name]])
    assert ours == documented(name)
    if (ROOT / "tag-policies" / f"awsdocs__aws-organizations-docs__{name}-erratum.json").is_file():
        assert ours != documented(f"{name}-erratum")


@needs_corpus
@pytest.mark.parametrize("name", ["docs-color-forbid", "docs-color-append-empty"])
def test_a_key_without_values_is_forbidden_where_aws_says_so(name: str) -> None:
    effective = effective_tag_policy([[documented(name)]])
    assert effective["tags"]["color"]["tag_value"] == []
    for value in ("", "red"):
        assert violated_key(effective, "dynamodb", {"table"}, {"Color": value}) == "Color"
        assert violated_key(effective, "s3", {"bucket"}, {"Color": value}) is None


@needs_corpus
def test_an_answer_of_the_cli_holds_a_policy_that_allows_any_value() -> None:
    effective = json.loads(documented("docs-cli-describe-effective-policy")["EffectivePolicy"]["PolicyContent"])
    policy = {"tags": {"CostCenter": {"tag_key": {"@@assign": "CostCenter"}, "tag_value": {"@@assign": ["*"]}}}}
    assert effective_tag_policy([[policy]]) == effective
    assert violations(effective, {"CostCenter": ""}) == ()


# Policies that are attached to identities, not to an organisation.
IDENTITY = ("sagemaker-notebooks-managed", "-tag-deny", "docs-orgs-tagkeys-allow", "iam-abac-tutorial")
# Placeholders that a reader or a pipeline fills in are no partition, and no range of addresses.
UNFILLED = {
    "lza-part0-core-ous": 'must be an ARN of the partition aws.*got "arn:\\${PARTITION}:',
    "data-perimeter-policy-examples__network-perimeter": 'must be an address or a range.*got "<my-corporate-cidr>"',
}


def kind(file: Path) -> Kind:
    if "-rcp" in file.stem:
        return "rcp"
    return "identity" if any(part in file.stem for part in IDENTITY) else "scp"


def unfilled(file: Path) -> str | None:
    return next((words for part, words in UNFILLED.items() if part in file.name), None)


@needs_corpus
def test_the_corpus_of_statements_is_there() -> None:
    assert len(STATEMENTS) >= 27
    assert {kind(file) for file in STATEMENTS} == {"scp", "rcp", "identity"}


@needs_corpus
@pytest.mark.parametrize("file", [file for file in STATEMENTS if not unfilled(file)], ids=lambda file: file.name)
def test_real_statements_are_understood(file: Path) -> None:
    document = parse_policy(file.read_text(encoding="utf-8"), kind(file))
    assert parse_policy(render_policy(document), kind(file)) == document


@needs_corpus
@pytest.mark.parametrize("file", [file for file in STATEMENTS if unfilled(file)], ids=lambda file: file.name)
def test_statements_with_placeholders_are_refused(file: Path) -> None:
    with pytest.raises(PolicyError) as failure:
        parse_policy(file.read_text(encoding="utf-8"), kind(file))
    assert all(re.search(str(unfilled(file)), problem) for problem in failure.value.problems)
