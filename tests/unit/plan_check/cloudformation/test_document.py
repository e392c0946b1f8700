"""What a template may be written in, and what is refused, by its line and name."""

import codecs
import contextlib
import time

import pytest

from harness.errors import InputError
from harness.plan_check.cloudformation import document_kind, is_template, open_document, read_template

YAML = "Resources:\n  A:\n    Type: AWS::S3::Bucket\n  B:\n    Type: AWS::SNS::Topic\n"
JSON = '{\n\t"Resources": {\n\t\t"A": {"Type": "AWS::S3::Bucket"},\n\t\t"B": {"Type": "AWS::SNS::Topic"}\n\t}\n}'


@pytest.mark.parametrize(
    "content",
    [
        YAML.encode(),
        codecs.BOM_UTF8 + YAML.encode(),
        YAML.encode("utf-16"),
        YAML.encode("utf-16-le"),
        YAML.encode("utf-16-be"),
        codecs.BOM_UTF16_BE + YAML.encode("utf-16-be"),
        YAML.replace("\n", "\r\n").encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16-le", "utf-16-be", "utf-16-be-bom", "crlf"],
)
def test_resources_have_their_file_and_line(content: bytes) -> None:
    found = list(read_template(content, "t.yaml").resources)
    assert [(one.address, one.file, one.line) for one in found] == [("A", "t.yaml", 2), ("B", "t.yaml", 4)]


@pytest.mark.parametrize("content", [JSON.encode(), codecs.BOM_UTF8 + JSON.encode(), JSON.encode("utf-16")])
def test_json_with_tabs_has_lines_too(content: bytes) -> None:
    assert [one.line for one in read_template(content, "t.json").resources] == [3, 4]


def test_yaml_may_begin_with_a_brace() -> None:
    found = list(read_template(b"{Resources: {A: {Type: AWS::S3::Bucket}}} # flow", "t.yaml").resources)
    assert [one.address for one in found] == ["A"]


def test_an_anchor_is_expanded_and_merged() -> None:
    text = (
        "Tags: &tags\n  Owner: a\n  Team: b\n"
        "Resources:\n  A:\n    Type: AWS::SSM::Parameter\n"
        "    Properties:\n      Tags:\n        <<: *tags\n        Team: c\n"
    )
    (found,) = read_template(text.encode(), "t").resources
    assert found.sets[0].tags == {"Owner": "a", "Team": "c"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Resources:\n  A:\n    Type: x\n  A:\n    Type: y\n", 4, 'each key once; "A" stands above'),
        ("Resources:\n  A:\n    Type: x\n    Metadata:\n      a: 1\n      a: 2\n", 6, "each key once"),
        ('{"Resources": {\n"A": {"Type": "x"},\n"A": {"Type": "y"}}}', 3, 'each key once; "A" stands above'),
        ('{"Resources": {"A": {"Type": "x",\n"M": [{"a": "}"}, {"b": 1,\n"b": 2}]}}}', 3, 'each key once; "b"'),
        ("Resources:\n  A: [\n", 3, "must be YAML"),
        ('{"Resources": \n{"A": {"Type" "x"}}}', 2, "must be JSON"),
        ('{"a": "\\ud800"}', 0, "must be Unicode"),
        ('{"a": NaN', 1, "must be JSON"),
        ("a: 1\n---\nb: 2\n", 2, "must hold one YAML document"),
        ("a: !!binary aGk=\n", 1, 'YAML tags of CloudFormation\'s functions only; got "binary"'),
        ("? [a]\n: b\n", 1, "must have text as key"),
        ("a: *b\n", 1, 'an anchor that ends above; got "[*]b"'),
        ("a: &a [*a]\n", 1, 'an anchor that ends above; got "[*]a"'),
        ("a: 1\nb:\n  <<: 3\n", 3, "must merge mappings"),
        ("a: \x07\n", 0, "must be YAML"),
        ("[" * 5000, 0, "nested at most 100 levels"),
        ("- " * 5000, 1, "nested at most 100 levels"),
        ('{"a":' * 5000, 0, "nested at most 100 levels|must be JSON"),
        ('{"a":' * 200 + "1" + "}" * 200, 0, "nested at most 100 levels"),
    ],
)
def test_what_breaks_a_document_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(InputError, match=words) as failure:
        open_document(text.encode(), "t.yaml")
    assert failure.value.problems[0].file == "t.yaml"
    assert failure.value.problems[0].line == line


def test_a_file_named_json_is_read_as_json_alone() -> None:
    text = b'{"Resources": {"A": {"Type": "AWS::S3::Bucket",}}}'
    with pytest.raises(InputError, match=r"t.json:1: must be JSON; .* at column 48"):
        open_document(text, "t.json")
    assert open_document(text, "t.yaml").data["Resources"]


def test_other_encodings_and_large_files_are_refused() -> None:
    with pytest.raises(InputError, match="must be UTF-8 or UTF-16; byte 3 is not"):
        open_document("a: é".encode("latin-1"), "t")
    with pytest.raises(InputError, match="must be at most 10 MiB"):
        open_document(b" " * (10 * 1024 * 1024 + 1), "t")


def test_aliases_that_multiply_are_refused_at_once() -> None:
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    laughs += "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12))
    before = time.perf_counter()
    with pytest.raises(InputError, match="at most 200,000 values with its aliases"):
        open_document(laughs.encode(), "t")
    assert time.perf_counter() - before < 1


@pytest.mark.parametrize(
    "text",
    [
        'Resources: {A: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: k, Value: !Sub "'
        + "${" * 1_000_000
        + '"}]}}}',
        "Resources: {" + "a: b, " * 500_000 + "}",
        "a: " + "1:" * 2_000_000 + "x",
        "[" * 5_000_000,
        "- " * 2_000_000,
        '{"a": "' + "x" * 5_000_000,
    ],
    ids=["placeholders", "repeated keys", "colons", "brackets", "dashes", "open text"],
)
def test_hostile_content_is_answered_at_once(text: str) -> None:
    before = time.perf_counter()
    with contextlib.suppress(InputError):
        list(read_template(text.encode(), "t").resources)
    assert time.perf_counter() - before < 3


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("AWSTemplateFormatVersion: 2010-09-09", "a CloudFormation template"),
        ("Resources: {Fn::ForEach::X: [a, [b], {}]}", "a CloudFormation template"),
        ("apiVersion: v1\nkind: Pod", "a Kubernetes object"),
        ('{"format_version": "1.2", "planned_values": {}}', "a Terraform plan in JSON"),
        ('{"version": "40", "artifacts": {}}', "the manifest of a CDK output folder"),
        ("services: {}", "a Compose file"),
        ('{"Version": "2012-10-17", "Statement": []}', "an IAM policy"),
        ("Resources: {a: b}", 'a mapping with "Resources"'),
        ("- a", "a list"),
        ("hello", "text"),
        ("", "an empty file"),
    ],
)
def test_a_document_is_named(text: str, kind: str) -> None:
    document = open_document(text.encode(), "t")
    assert document_kind(document) == kind
    assert is_template(document) is (kind == "a CloudFormation template")


def test_what_is_no_template_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="t: must be a CloudFormation template; got a Kubernetes object"):
        read_template(b"apiVersion: v1\nkind: Pod", "t")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("AWSTemplateFormatVersion: 2010-09-09", "Resources: must be a mapping of resources"),
        ("AWSTemplateFormatVersion: 2010-09-09\nResources: []", "Resources: must be a mapping"),
        ("Parameters: [a]\nResources: {A: {Type: x}}", "Parameters: must be a mapping"),
        ("Resources:\n  A: {Type: x}\n  B: {}\n", "t:3: Resources.B: must have a Type"),
        ("Resources:\n  A: {Type: x}\n  B: 1\n", "t:3: Resources.B: must be a mapping with Type"),
        ("Resources:\n  A: {Type: x}\n  Fn::ForEach::L: 1\n", "Fn::ForEach::L: must hold an identifier"),
    ],
)
def test_what_breaks_a_template_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        list(read_template(text.encode(), "t").resources)
