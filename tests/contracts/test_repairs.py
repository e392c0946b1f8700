"""Every repair for Terraform can be pasted: the finding is gone from the next plan, made by the real provider."""

import re
import subprocess
from collections.abc import Iterator, Mapping

import pytest

from harness.plan_check.judge import Judge
from harness.plan_check.model import CheckFinding
from harness.plan_check.terraform import decode_plan, read_resources
from harness.plan_check.wording import describe
from harness.toolchain import find_terraform
from harness.toolchain_config import cli_variables
from tests.contracts.pasting import filled_in, pasted
from tests.contracts.repair_cases import CASES, COMMON, PROVIDER, PROVIDERS, WRITTEN
from tests.contracts.terraform_root import Root
from tests.unit.plan_check.required import requirements

pytestmark = pytest.mark.terraform

Found = dict[str, list[CheckFinding]]
Rounds = tuple[Found, Found]


def blocks() -> dict[str, str]:
    """Address -> block in HCL, of all cases and providers."""
    found = {}
    for key, pairs in PROVIDERS.items():
        alias = f'alias = "{key.partition(".")[2]}"' if "." in key else ""
        defaults = f"default_tags {{\n  tags = {{\n    {pairs}\n  }}\n}}\n" if pairs else ""
        found[f'provider "{key}"'] = PROVIDER.format(alias=alias, defaults=defaults)
    for name, case in CASES.items():
        head = f'resource "{case.type}" "{name}" {{\n  provider = {case.provider}\n'
        found[f"{case.type}.{name}"] = f"{head}{case.body.rstrip()}\n}}\n"
    return found


def checked(root: Root, texts: Mapping[str, str]) -> Found:
    """Write a root, plan it, and return the findings of each resource."""
    (root.folder / "main.tf").write_text(COMMON + "\n".join(texts.values()), encoding="utf-8")
    done = root.run("plan", "-refresh=false", "-input=false", "-out=plan", "-no-color")
    assert done.returncode == 0, done.stderr[-3000:]
    source = read_resources(decode_plan(root.run("show", "-json", "plan").stdout.encode(), "plan"), "plan")
    judge = Judge(requirements())
    return {one.address: list(describe(source, one, judge.faults(one))) for one in source.resources}


def block_of(finding: CheckFinding) -> str:
    """The block that a repair belongs into."""
    found = re.match(
        r'(in|inside tags of default_tags of|remove .* from tags of default_tags of) (provider "[^"]*")',
        finding.repair_at,
    )
    return found[2] if found else finding.address


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Rounds:
    """What is found before and after all repairs are pasted."""
    folder = tmp_path_factory.mktemp("repairs")
    root = Root(folder, {}, {**cli_variables(folder, find_terraform()), "AWS_EC2_METADATA_DISABLED": "true"})
    texts = blocks()
    (folder / "main.tf").write_text(COMMON + "\n".join(texts.values()), encoding="utf-8")
    done = root.run("init", "-backend=false", "-input=false", "-no-color")
    assert done.returncode == 0, done.stderr[-2000:]
    before = checked(root, texts)
    repairs = {(block_of(one), one.repair, one.repair_at): None for found in before.values() for one in found}
    for block, repair, at in repairs:
        if block in texts:
            place = at.replace("tags of default_tags of", "default_tags.tags of")
            texts[block] = pasted(texts[block], block, repair, place)
    return before, checked(root, texts)


@pytest.mark.parametrize("name", CASES)
def test_a_repair_that_is_pasted_mends_the_finding(rounds: Rounds, name: str) -> None:
    before, after = rounds
    case = CASES[name]
    address = f"{case.type}.{name}"
    assert {one.fault.rule for one in before[address]} == case.rules
    assert {one.fault.rule for one in after[address]} == set(case.left)


def test_every_rule_that_lines_can_mend_has_a_case() -> None:
    others = {
        "reserved-key": "the provider refuses it at plan",
        "key-characters": "AWS's own rule on keys; written as key-length is",
        "malformed-tags": "templates alone",
        "guardrail-denies": "mended by a version of the provider",
        "tag-count": "tags have to go, and which is the author's choice",
        "unknown-propagation": "written as not-propagated is",
    }
    assert not WRITTEN & set(others)


def snippets(rounds: Rounds) -> Iterator[str]:
    """Each repair inside of a block that can hold it."""
    repairs = {one.repair for found in rounds[0].values() for one in found if one.repair}
    for number, repair in enumerate(sorted(repairs)):
        text = filled_in(repair).replace("<what is there now>", "var.tags")
        inner = "\n".join(f"  {line}" for line in text.split("\n"))
        yield f"x{number} = {{\n{inner}\n}}\n" if text.startswith('"') else f'resource "x" "y" {{\n{inner}\n}}\n'


def test_repairs_are_formatted_as_terraform_formats_them(rounds: Rounds) -> None:
    text = "\n".join(snippets(rounds))
    command = [str(find_terraform().path), "fmt", "-no-color", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout == text
