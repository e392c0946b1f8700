"""The checks for checkov without checkov: what HCL and plans say of tags, facts of a dictionary, the written folder."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from harness.checkov_rules import compile_facts, taggable_types, write_rules
from harness.checkov_rules.bundle.tagrail_rules.configuration import Scope, scope_of
from harness.checkov_rules.bundle.tagrail_rules.expression import UNKNOWN, Map, evaluate, to_tags
from harness.checkov_rules.bundle.tagrail_rules.judgement import allows
from harness.checkov_rules.bundle.tagrail_rules.planned import Plan
from harness.checkov_rules.bundle.tagrail_rules.syntax import parse, tokenize
from harness.checkov_rules.bundle.tagrail_rules.tags import NOTHING_KNOWN, Tags
from harness.errors import TagrailError
from harness.plan_check.compiling import compile_files
from harness.plan_check.requirements import KeyRule, Requirements
from harness.plan_check.run import Reading, check_inputs
from harness.policy.compliance import value_matches

CASES = Path(__file__).parents[1] / "checkov"
DICTIONARY = CASES / "tags.yaml"


def refer(kind: str, name: str) -> Any:
    known = {"text": "x", "map": Map({"k": "v", "later": UNKNOWN}), "open": Map({"k": "v"}, is_open=True), "none": None}
    return known.get(name, UNKNOWN)


def tags_of(text: str) -> Tags:
    return to_tags(evaluate(tokenize(text), refer))


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("{}", Tags()),
        ("null", Tags()),
        ('{ a = "1", "b" : "2" }', Tags({"a": "1", "b": "2"})),
        ('{\n  a = "1" # one\n  /* two */ b = 2,\n\n  c = 1.50 // 3\n}', Tags({"a": "1", "b": "2", "c": "1.5"})),
        ("{ a = 100, b = true, c = 0 }", Tags({"a": "100", "b": "true", "c": "0"})),
        ('{ a = null, b = "" }', Tags({"b": ""})),
        (r'{ a = "say \"a\" \u00e9 $${x} }" }', Tags({"a": 'say "a" é ${x} }'})),
        ('{ a = "${var.text}", b = "p-${var.text}-${ "q" }" }', Tags({"a": "x", "b": "p-x-q"})),
        ('{ a = "p-${var.later}", b = var.later }', Tags({"a": None, "b": None})),
        ('{ "${var.text}:a" = "1", (var.text) = "2" }', Tags({"x:a": "1", "x": "2"})),
        ('{ (var.later) = "1", a = "2" }', Tags({"a": "2"}, is_open=True)),
        ('{ a = "1", (var.later) = "2" }', Tags({"a": None}, is_open=True)),
        ("var.map", Tags({"k": "v", "later": None})),
        ('{ a = var.map.k, b = var.map["k"] }', Tags({"a": "v", "b": "v"})),
        ('{ a = var.map["no"], b = var.open.other }', Tags({"a": None, "b": None})),
        ('merge(var.map, { k = "w" })', Tags({"k": "w", "later": None})),
        ('merge({ a = "1" }, var.later)', Tags({"a": None}, is_open=True)),
        ('merge(var.later, { a = "1" },)', Tags({"a": "1"}, is_open=True)),
        ('merge({ a = "1" }, null)', Tags({"a": "1"})),
        ('merge([{ a = "1" }]...)', NOTHING_KNOWN),
        ('tomap((merge({ a = "1" }, {})))', Tags({"a": "1"})),
        ('{ a = var.text == "x" ? "1" : "2", b = "3" }', Tags({"a": None, "b": "3"})),
        ('{ a = upper("x"), b = -1, c = [1, 2], d = { e = "f" } }', Tags(dict.fromkeys("abcd"))),
        ("{ a = aws_x.y[0].arn, b = data.x.y.z, c = each.value, d = local.map[*].k }", Tags(dict.fromkeys("abcd"))),
        ("{ for k, v in var.map : k => v }", NOTHING_KNOWN),
        ("var.later", NOTHING_KNOWN),
        ("var.map.k", NOTHING_KNOWN),
        ('var.x ? { a = "1" } : {}', NOTHING_KNOWN),
        ('{ a = "%{ if true }x%{ endif }", b = <<-EOT\n  text\n  EOT\n}', Tags({"a": None, "b": None})),
        ("{ a = provider::x::f(1) }", Tags({"a": None})),
    ],
)  # fmt: skip
def test_tags_of_an_expression(text: str, tags: Tags) -> None:
    assert tags_of(text) == tags


@given(
    st.lists(st.sampled_from(['"', "{", "}", "(", ")", "[", "]", "=", ",", "\n", "a", "var.x", "${", "1", ".", "?"]))
)
def test_whatever_stands_there_is_a_value_or_no_hcl(parts: list[str]) -> None:
    try:
        tags_of("".join(parts))
        parse("".join(parts))
    except ValueError:
        return


def test_blocks_of_a_file() -> None:
    body = parse('resource "a" "b" {\n  x = {\n    y = "}"\n  }\n  tag { key = "k" }\n  dynamic "tag" {\n  }\n}\n')
    (block,) = body.blocks
    assert (block.kind, block.labels) == ("resource", ("a", "b"))
    assert block.inner("tag")[0].attributes["key"] == (("string", "k"),)
    assert block.is_generated("tag")


@pytest.mark.parametrize("text", ['a = "x', "a {", "}", "a = <<E\nx", '"${', "= 1"])
def test_what_is_no_hcl_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"without end|no block|unmatched|no token"):
        parse(text)


def project(root: Path, **files: str) -> Path:
    for name, text in files.items():
        file = root / name.replace("__", "/")
        file = file.with_name(f"{file.name}.tfvars.json" if "json" in name else f"{file.name}.tf")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def test_a_value_comes_through_two_modules(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        main='locals {\n  o = "ml"\n}\nmodule "m" {\n  o = local.o\n  n = null\n}\nprovider "aws" {}\n',
        m__main='variable "o" {}\nvariable "n" {}\nvariable "d" {\n  default = "d"\n}\nmodule "k" {\n'
        "  o = var.o\n  n = var.n\n  d = var.d\n}\n",
        m__k__main='variable "o" {}\nvariable "n" {}\nvariable "d" {}\nresource "aws_x" "y" {\n'
        "  tags = { o = var.o, n = var.n, d = var.d, u = var.u }\n}\n",
    )
    calls = [(str(root / "main.tf"), "m"), (str(root / "m" / "main.tf"), "k")]
    tags = scope_of(str(root / "m" / "k" / "main.tf"), calls).tags("aws_x", "y", "map")
    assert tags == Tags({"o": "ml", "n": None, "d": "d", "u": None})


def test_circles_and_json_values_are_unknown(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        main='variable "j" {\n  default = "d"\n}\nlocals {\n  a = local.b\n  b = local.a\n}\nprovider "aws" {}\n'
        'resource "aws_x" "y" {\n  tags = { a = local.a, j = var.j }\n}\n',
        json='{"j": "k"}',
    )
    (root / "json.tfvars.json").rename(root / "terraform.tfvars.json")
    assert Scope(str(root)).tags("aws_x", "y", "map") == Tags({"a": None, "j": None})


def test_of_a_folder_with_override_files_nothing_is_said(tmp_path: Path) -> None:
    root = project(tmp_path, main='resource "aws_x" "y" {}\n', main_override='resource "aws_x" "y" {}\n')
    with pytest.raises(ValueError, match="overrides"):
        Scope(str(root))


def change(**change: Any) -> Tags | None:
    what = {"actions": ["create"], "after": {}, "after_unknown": {}} | change
    return Plan({"resource_changes": [{"address": "aws_x.y", "change": what}]}).tags("aws_x.y", "map")


def test_a_plan_of_another_shape_leaves_tags_unknown() -> None:
    assert Plan({}).tags("aws_x.y", "map") == NOTHING_KNOWN
    assert change(after={"tags": {"a": "1"}}, after_unknown={"tags_all": True}) == Tags({"a": "1"}, is_open=True)


@pytest.mark.parametrize(
    ("key", "tags"),
    [
        ("aws", {"a": "root"}),
        ("module.m.module.n:aws", {"a": "root"}),
        ("m:aws", {"a": "root"}),
        ("module.o.module.p:aws", {"a": "of o"}),
        ("aws.unwritten", {}),
    ],
)
def test_default_tags_of_a_module_come_from_the_nearest_configuration(key: str, tags: dict[str, str]) -> None:
    def provider(value: str) -> dict[str, Any]:
        return {"expressions": {"default_tags": [{"tags": {"constant_value": {"a": value}}}]}}

    resource = {"address": "aws_x.y", "provider_config_key": key}
    module = {"module_calls": {"m": {"module": {"resources": [resource]}}}}
    providers = {"aws": provider("root"), "module.o:aws": provider("of o")}
    plan = Plan({"configuration": {"provider_config": providers, "root_module": module}})
    assert plan.default_tags('module.m["x"].aws_x.y[0]') == Tags(tags)


def test_no_key_is_missing_while_a_default_tag_is_known_after_apply() -> None:
    what = {"actions": ["create"], "after": {"tags_all": {"a": "1"}}}
    changes = [
        {"address": "aws_x.shows", "change": what | {"after_unknown": {"tags_all": True}}},
        {"address": "aws_x.hides", "change": what},
    ]
    module = {"resources": [{"address": each["address"], "provider_config_key": "aws"} for each in changes]}
    for tags, is_open in (({"references": ["aws_a.b.id"]}, True), ({"constant_value": {}}, False)):
        providers = {"aws": {"expressions": {"default_tags": [{"tags": tags}]}}}
        configuration = {"provider_config": providers, "root_module": module}
        plan = Plan({"resource_changes": changes, "configuration": configuration})
        assert plan.tags("aws_x.hides", "map") == Tags({"a": "1"}, is_open=is_open)


@pytest.mark.parametrize("actions", [["no-op"], ["read"], ["delete"], ["forget"]])
def test_what_a_plan_leaves_or_removes_is_not_judged(actions: list[str]) -> None:
    assert change(actions=actions, after={"tags_all": {"a": "1"}}) is None


def test_facts_hold_types_and_keys() -> None:
    facts = compile_facts(compile_files(DICTIONARY, None, ""))
    assert facts["types"]["aws_s3_bucket"] == "map"
    assert facts["types"]["aws_autoscaling_group"] == "pairs"
    assert not {"aws_inspector_resource_group", "aws_sns_topic_policy"} & set(facts["types"])
    assert len(taggable_types()) == 748
    assert facts["keys"]["any:env"] == {
        "mandatory": True,
        "values": ["dev", "prod", "pre-*"],
        "elsewhere": ["experiment"],
        "pattern": None,
        "deprecated": [],
        "personal": False,
        "default": None,
    }


def test_facts_follow_the_types_that_a_key_is_checked_for() -> None:
    narrow = (KeyRule("a", checked_for=("AWS::SNS::*",)), KeyRule("b", checked_for=("*",)), KeyRule("c"))
    facts = compile_facts(Requirements(narrow, not_checked_for=("aws_sqs_*",)))["keys"]
    assert facts["a"]["mandatory"] == ["aws_sns_topic"]
    assert "aws_sqs_queue" not in facts["b"]["mandatory"]
    assert "aws_s3_bucket" in facts["b"]["mandatory"]
    assert facts["c"]["mandatory"] == []


def test_facts_of_a_unit_hold_its_values() -> None:
    keys = compile_facts(compile_files(DICTIONARY, None, "Prod"))["keys"]
    assert (keys["any:env"]["values"], keys["any:env"]["elsewhere"]) == (["prod", "pre-*"], [])


FAULTS_BY_RULE = {
    "missing-key": 1,
    "empty-value": 2,
    "wrong-value": 3,
    "value-case": 3,
    "key-case": 4,
    "duplicate-key": 4,
    "deprecated-key": 5,
    "value-pattern": 6,
    "personal-data": 7,
    "prohibited-key": 8,
}


def test_what_is_expected_of_checkov_is_what_tagrail_check_finds() -> None:
    cases = yaml.safe_load((CASES / "plan.yaml").read_text(encoding="utf-8"))
    result = check_inputs([str(CASES / "plan" / "plan.json")], compile_files(DICTIONARY, None, ""), Reading(), "warn")
    found: dict[str, set[int]] = {}
    for finding in result.findings:
        if finding.fault.verdict == "fail":
            found.setdefault(finding.address, set()).add(FAULTS_BY_RULE[finding.fault.rule])
    assert found == {address: set(case["fail"]) for address, case in cases.items() if "fail" in case}


@given(st.text("ab*", max_size=4).filter(lambda text: text.count("*") < 2), st.text("abc", max_size=4))
def test_values_match_as_in_tag_policies(allowed: str, value: str) -> None:
    assert allows(allowed, value) == value_matches(allowed, value)


@pytest.fixture(scope="module")
def required() -> Requirements:
    return compile_files(DICTIONARY, None, "")


def test_the_folder_needs_checkov_and_the_standard_library_alone(tmp_path: Path, required: Requirements) -> None:
    write_rules(required, tmp_path / "rules")
    write_rules(required, tmp_path / "rules")  # over those of before
    files = sorted((tmp_path / "rules").rglob("*.py"))
    imported = {
        name.split(".")[0]
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else
                     [alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
    }  # fmt: skip
    assert imported - set(sys.stdlib_module_names) == {"checkov", "tagrail_rules"}
    assert not (tmp_path / "rules" / "tagrail_rules" / "__init__.py").exists()
    assert all(file.read_text(encoding="utf-8").startswith("# Generated by tagrail checkov-rules;") for file in files)
    json.loads((tmp_path / "rules" / "tagrail_facts.txt").read_text(encoding="utf-8"))


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, required: Requirements) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(TagrailError, match=r"must be empty, or hold rules of an earlier run\. Do name another folder"):
        write_rules(required, tmp_path)
    with pytest.raises(TagrailError, match="must be empty"):
        write_rules(required, tmp_path / "notes.txt")


def command(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "harness", "checkov-rules", *arguments]
    return subprocess.run(call, cwd=root, capture_output=True, text=True, check=False)


def test_the_command_writes_the_folder(tmp_path: Path) -> None:
    (tmp_path / "envs").mkdir()
    (tmp_path / "envs" / "tags.yaml").write_text(DICTIONARY.read_text(encoding="utf-8"), encoding="utf-8")
    done = command(tmp_path, "--out", "rules", "--unit", "Prod")
    assert done.returncode == 0, done.stderr
    assert "CKV2_TAGRAIL_1 to 8" in done.stderr
    assert json.loads((tmp_path / "rules" / "tagrail_facts.txt").read_text(encoding="utf-8"))["unit"] == "Prod"
    refused = command(tmp_path, "--out", "rules", "--unit", "Prod//x")
    assert refused.returncode == 2
    assert "--unit: must be a path of organizational units" in refused.stderr
