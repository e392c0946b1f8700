"""What users and attackers name as inputs: opened, or refused by name within bounds."""

import gzip
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import TagrailError
from harness.plan_check import inputs
from harness.plan_check.inputs import NotAnInputError, expand, kind_of, open_input
from harness.plan_check.run import Reading, check_inputs
from harness.plan_check.terraform import reader
from tests.unit.plan_check.plans import change, plan
from tests.unit.plan_check.required import requirements

TAGS = {"tags": {"a": "1"}, "tags_all": {"a": "1"}}
PLAN = plan([change("aws_sqs_queue.q", TAGS), change("aws_instance.i", {**TAGS, "root_block_device": [{"tags": {}}]})])
TEMPLATE = b"Resources:\n  Q:\n    Type: AWS::SQS::Queue\n"


def judged(path: Path) -> int:
    return check_inputs([str(path)], requirements(), Reading(), "warn").judged


@pytest.mark.parametrize(
    ("content", "count"),
    [
        (PLAN, 2),
        (b"\xef\xbb\xbf" + PLAN, 2),
        (PLAN.decode().encode("utf-16"), 2),
        (b"\xfe\xff" + PLAN.decode().encode("utf-16-be"), 2),
        (gzip.compress(PLAN, mtime=0), 2),
        (gzip.compress(PLAN[:50], mtime=0) + gzip.compress(PLAN[50:], mtime=0), 2),
        (b"\n  " + PLAN, 2),
        (TEMPLATE, 1),
        (b'{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}', 1),
        (gzip.compress(TEMPLATE, mtime=0), 1),
    ],
    ids=["plain", "mark", "utf-16", "utf-16-be", "gzip", "two members", "spaces", "yaml", "json", "yaml in gzip"],
)
def test_an_input_is_read_in_any_wrapping(tmp_path: Path, content: bytes, count: int) -> None:
    (tmp_path / "input").write_bytes(content)
    assert judged(tmp_path / "input") == count


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PLAN)))
    assert check_inputs(["-"], requirements(), Reading(), "warn").inputs[0].name == "standard input"


@pytest.mark.parametrize(
    ("content", "held"),
    [
        (b"", "an empty file"),
        (b" \n", "an empty file"),
        (b"[1]", "a JSON array"),
        (b'{"@level":"info","type":"version"}\n{"type":"planned_change"}\n', "the log of terraform plan -json"),
        (b'{"version": 4, "terraform_version": "1.11.4", "lineage": "x"}', "a state of Terraform"),
        (b'{"format_version": "1.0", "provider_schemas": {}}', "the schemas of providers"),
        (b'{"Version": "2012-10-17", "Statement": []}', "an IAM policy"),
        (b'{"a": 1}', "a JSON object without resource_changes and without Resources"),
        (b"hello", "text without Resources:"),
        (b"\x00\x01", "a binary file"),
        (b'{"mock": {"resource_changes": []}}', "a document with no format_version"),
        (b"Resources: text\n", "no CloudFormation template"),
    ],
)
def test_what_is_neither_is_refused_by_what_it_is(tmp_path: Path, content: bytes, held: str) -> None:
    (tmp_path / "input").write_bytes(content)
    with pytest.raises(TagrailError) as error:
        judged(tmp_path / "input")
    assert held in str(error.value) or held == "no CloudFormation template"
    assert str(error.value).startswith(f"{tmp_path / 'input'}: ")


def test_a_binary_plan_must_be_named_to_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"PK\x03\x04x")))
    with pytest.raises(TagrailError, match="got an archive, which must be named as a file"):
        check_inputs(["-"], requirements(), Reading(), "warn")


def test_an_archive_and_sources_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x", "y")
    (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "q" {}\n', encoding="utf-8")
    for name, held in {"a.zip": "an archive that holds no plan", "main.tf": "Terraform source"}.items():
        with pytest.raises(NotAnInputError, match=held):
            judged(tmp_path / name)


def test_a_folder_is_gone_through_and_what_is_neither_is_counted(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "plan.json").write_bytes(PLAN)
    (tmp_path / "template.yaml").write_bytes(TEMPLATE)
    (tmp_path / "package.json").write_text("{}", encoding="utf-8")
    (tmp_path / ".hidden.json").write_bytes(PLAN)
    result = check_inputs([str(tmp_path)], requirements(), Reading(), "warn")
    assert (result.judged, result.skipped) == (3, {"files that are neither plan nor template": 1})


def cdk_output(folder: Path) -> None:
    folder.mkdir(parents=True)
    tags = {"owner": "ml", "stage": "dev"}
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "s.json", "tags": tags}}
    (folder / "cdk.out").write_text('{"version": "36.0.0"}', encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps({"artifacts": {"S": stack}}), encoding="utf-8")
    (folder / "s.json").write_text('{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}', encoding="utf-8")


def test_a_cdk_output_folder_below_a_folder_is_read_as_one(tmp_path: Path) -> None:
    cdk_output(tmp_path / "app" / "infra" / "cdk.out")
    cdk_output(tmp_path / "app" / "out" / "assembly")
    result = check_inputs([str(tmp_path / "app")], requirements(), Reading(), "warn")
    names = [Path(each.name).relative_to(tmp_path / "app").as_posix() for each in result.inputs]
    assert (result.judged, result.findings, names) == (2, (), ["infra/cdk.out/s.json", "out/assembly/s.json"])


def test_a_file_that_several_paths_lead_to_is_judged_once(tmp_path: Path) -> None:
    cdk_output(tmp_path / "cdk.out")
    (tmp_path / "plan.json").write_bytes(PLAN)
    (tmp_path / "link.json").symlink_to("plan.json")
    folder = [str(tmp_path)]
    once = check_inputs(folder, requirements(), Reading(), "warn")
    more = ["plan.json", "link.json", "../" + tmp_path.name + "/plan.json", "cdk.out", "cdk.out/s.json"]
    paths = [*(str(tmp_path / name) for name in more), *folder, *folder]
    again = check_inputs(paths, requirements(), Reading(), "warn")
    assert (again.judged, len(again.findings), len(again.inputs)) == (once.judged, len(once.findings), 2)


def test_a_folder_without_inputs_and_a_path_without_a_file_are_errors(tmp_path: Path) -> None:
    with pytest.raises(TagrailError, match="must hold plans or templates; got nothing that could be one"):
        judged(tmp_path)
    with pytest.raises(TagrailError, match="must be a file, a folder or - for standard input"):
        list(expand([str(tmp_path / "none")]))


@pytest.mark.parametrize(
    "content", [gzip.compress(PLAN, mtime=0)[:-9], gzip.compress(PLAN, mtime=0)[:20], b"\x1f\x8b" + b"x" * 50]
)
def test_broken_gzip_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "plan.json.gz").write_bytes(content)
    with pytest.raises(TagrailError, match="must be whole gzip"):
        judged(tmp_path / "plan.json.gz")


def test_gzip_that_grows_without_end_is_refused_before_memory_is_full(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "bomb.gz", "wb") as file:
        for _ in range(200):
            file.write(b" " * (1 << 20))
    with pytest.raises(TagrailError, match="be no gzip that grows 300-fold"):
        open_input("bomb.gz", tmp_path / "bomb.gz")


def test_an_input_has_a_largest_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "MOST_BYTES", len(PLAN) - 1)
    for name, content in {"plain": PLAN, "packed": gzip.compress(PLAN, mtime=0)}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(TagrailError, match="got more"):
            open_input(name, tmp_path / name)


def test_a_value_of_millions_of_characters_is_cut_where_it_is_shown(tmp_path: Path) -> None:
    long = "v" * 20_000_000
    (tmp_path / "plan.json").write_bytes(
        plan([change("aws_sqs_queue.q", {"tags_all": {"owner": long, "stage": "dev"}})])
    )
    (finding,) = check_inputs([str(tmp_path / "plan.json")], requirements(), Reading(), "warn").findings
    assert (finding.fault.rule, finding.fault.held) == ("value-length", "20000000")
    assert len(finding.what) < 200


def test_a_resource_has_a_largest_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_BYTES", 1 << 20)
    (tmp_path / "plan.json").write_bytes(plan([change("aws_sqs_queue.q", {"tags_all": {"owner": "v" * 2_000_000}})]))
    with pytest.raises(TagrailError, match=r"aws_sqs_queue\.q: must have attributes of 1 MiB at most"):
        judged(tmp_path / "plan.json")


def test_of_a_member_that_stands_twice_the_last_counts() -> None:
    text = b'{"format_version": "1.2", "resource_changes": [], "resource_changes": []}'
    assert kind_of("plan.json", text) == "plan"


def mutations(content: bytes) -> st.SearchStrategy[bytes]:
    """Content that is cut, or in which some bytes are others, are gone or stand twice."""

    def changed(edits: list[tuple[int, int, bytes]]) -> bytes:
        made = bytearray(content)
        for at, count, put in edits:
            place = at % (len(made) + 1)
            made[place : place + count] = put
        return bytes(made)

    edit = st.tuples(st.integers(0, len(content)), st.integers(0, 12), st.binary(max_size=6))
    return st.one_of(
        st.integers(0, len(content)).map(lambda end: content[:end]), st.lists(edit, min_size=1, max_size=6).map(changed)
    )


PIECES = st.sampled_from(
    [b"null", b"true", b"1e999", b"-0", b'""', b"[]", b"{}", b'"\\ud800"', b'{"a":[1]}', b"[[[[]]]]"]
)
PLACES = ["aws", "root_block_device", '"1"', '["create"]', '"managed"', "{}", '"1.2"']


@pytest.mark.thorough
@settings(max_examples=300, deadline=None)
@given(mutations(PLAN))
def test_no_change_of_a_plan_ends_in_anything_but_a_verdict_or_an_error(tmp_path_factory: Any, content: bytes) -> None:
    check_bytes(tmp_path_factory.getbasetemp() / "fuzzed", content)


@pytest.mark.thorough
@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PLACES), PIECES, st.integers(0, 9))
def test_no_value_in_place_of_another_does_either(tmp_path_factory: Any, place: str, piece: bytes, skip: int) -> None:
    parts = PLAN.split(place.encode())
    at = skip % max(1, len(parts) - 1)
    content = place.encode().join(parts[: at + 1]) + piece + place.encode().join(parts[at + 1 :])
    check_bytes(tmp_path_factory.getbasetemp() / "fuzzed", content)


def check_bytes(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    try:
        check_inputs([str(file)], requirements(), Reading(everything=True), "warn")
    except TagrailError:
        return


def random_json() -> st.SearchStrategy[Any]:
    leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    )


ATTRIBUTES = [
    "tags",
    "tags_all",
    "tag",
    "volume_tags",
    "root_block_device",
    "tag_specifications",
    "propagate_tags",
    "arn",
]
TYPES = [
    "aws_instance",
    "aws_autoscaling_group",
    "aws_launch_template",
    "aws_ecs_service",
    "awscc_s3_bucket",
    "aws_new_one",
]


@pytest.mark.thorough
@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(TYPES),
    *[st.dictionaries(st.sampled_from(ATTRIBUTES), random_json(), max_size=4) | random_json() for _ in range(3)],
)
def test_attributes_may_be_anything(tmp_path_factory: Any, kind: str, after: Any, unknown: Any, sensitive: Any) -> None:
    entry = {**change("aws_instance.i", after, unknown=unknown, sensitive=sensitive), "type": kind}
    file = tmp_path_factory.getbasetemp() / "fuzzed"
    check_bytes(
        file, json.dumps({"format_version": "1.2", "resource_changes": [entry]}).encode("utf-8", "surrogatepass")
    )
