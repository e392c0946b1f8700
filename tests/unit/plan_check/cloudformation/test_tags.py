"""How tags are written, which may yet come, and what CloudFormation would refuse."""

import pytest

from harness.plan_check.model import UNKNOWN
from tests.unit.plan_check.cloudformation.templates import bucket, read

NONE = "!Ref AWS::NoValue"


@pytest.mark.parametrize(
    ("kind", "text", "path"),
    [
        ("AWS::S3::Bucket", "Tags: [{Key: a, Value: b}]", "Tags"),
        ("AWS::SSM::Parameter", "Tags: {a: b}", "Tags"),
        ("AWS::EFS::FileSystem", "FileSystemTags: [{Key: a, Value: b}]", "FileSystemTags"),
        ("AWS::Cognito::UserPool", "UserPoolTags: {a: b}", "UserPoolTags"),
        ("AWS::Route53::HostedZone", "HostedZoneTags: [{Key: a, Value: b}]", "HostedZoneTags"),
        ("AWS::Backup::BackupVault", "BackupVaultTags: {a: b}", "BackupVaultTags"),
        ("AWS::AppStream::AppBlock", "Tags: [{TagKey: a, TagValue: b}]", "Tags"),
        ("AWS::CloudFormation::Stack", "Tags: [{Key: a, Value: b}]", "Tags"),
        ("AWS::Serverless::SimpleTable", "Tags: {a: b}", "Tags"),
    ],
)
def test_each_type_has_its_own_property_and_shape(kind: str, text: str, path: str) -> None:
    _, (found,) = read(f"A:\n  Type: {kind}\n  Properties:\n    {text}")
    assert (found.sets[0].path, found.sets[0].tags, found.faults) == (path, {"a": "b"}, ())


@pytest.mark.parametrize(
    ("kind", "counted"),
    [
        ("AWS::IAM::AccessKey", "untaggable"),
        ("Custom::Thing", "untaggable"),
        ("AWS::CloudFormation::CustomResource", "untaggable"),
        ("AWS::CDK::Metadata", "untaggable"),
        ("MyCo::Net::Vpc::MODULE", "of an unknown type"),
        ("AWS::New::Service", "of an unknown type"),
    ],
)
def test_what_is_not_judged_is_counted(kind: str, counted: str) -> None:
    made, found = read(f"A: {{Type: '{kind}'}}")
    assert not found
    assert made.skipped == {counted: 1}
    assert made.unknown_types == ({kind} if counted == "of an unknown type" else set())


@pytest.mark.parametrize(
    ("tags", "known"),
    [
        (f"[{{Key: a, Value: b}}, {NONE}]", {"a": "b"}),
        (NONE, {}),
        ("!If [Always, [{Key: a, Value: b}], []]", {"a": "b"}),
        (f"[!If [Never, {{Key: a, Value: b}}, {NONE}]]", {}),
        ("[!If [IsEast, {Key: a, Value: b}, {Key: a, Value: b}]]", {"a": "b"}),
        (f"[!If [IsEast, {{Key: a, Value: b}}, {NONE}], !If [NotEast, {{Key: a, Value: b}}, {NONE}]]", {"a": "b"}),
        ('[{Key: !Sub "x:${One}", Value: b}]', {"x:prod": "b"}),
    ],
)
def test_tags_are_known(tags: str, known: dict[str, str]) -> None:
    held = bucket(tags).sets[0]
    assert (held.tags, held.more) == (known, "")


@pytest.mark.parametrize(
    ("tags", "known", "more", "may_come"),
    [
        ("!Ref Free", {}, "the parameter Free", None),
        ("[{Key: a, Value: b}, !GetAtt A.B]", {"a": "b"}, "Fn::GetAtt is worked out", None),
        ('[{Key: !Sub "${Free}", Value: b}]', {}, "a key is not known: the parameter Free", None),
        (f"[!If [IsEast, {{Key: a, Value: b}}, {NONE}]]", {}, "the condition IsEast decides over a", {"a"}),
        ("!If [IsEast, [{Key: a, Value: b}], !Ref Free]", {}, "the parameter Free", None),
        ("{'Fn::Transform': {Name: AWS::Include}}", {}, "Fn::Transform is worked out", None),
    ],
)
def test_tags_that_may_yet_come_are_named(
    tags: str, known: dict[str, str], more: str, may_come: set[str] | None
) -> None:
    held = bucket(tags).sets[0]
    assert held.tags == known
    assert more in held.more
    assert held.may_come == (frozenset(may_come) if may_come else None)


@pytest.mark.parametrize(
    ("tags", "rule", "path", "key", "because"),
    [
        ("[{Key: a, Value: 1}, {Key: a, Value: 1}]", "duplicate-key", "Tags[1]", "a", "each key may stand once"),
        ("[{Key: a, Value: null}]", "malformed-tags", "Tags[0]", "a", "refuses a Value that is no text"),
        ("[{Key: a}]", "malformed-tags", "Tags[0]", "a", "a tag must have a Value"),
        ("[{Key: a, Value: [b]}]", "malformed-tags", "Tags[0]", "a", "refuses a Value that is no text"),
        ("[{Value: a}]", "malformed-tags", "Tags[0]", "", "an object with Key and Value"),
        ("[a]", "malformed-tags", "Tags[0]", "", "an object with Key and Value"),
        ("[[{Key: a, Value: b}]]", "malformed-tags", "Tags[0]", "", "an object with Key and Value"),
        ("{a: b}", "malformed-tags", "Tags", "", "must be a list of objects"),
        ("null", "malformed-tags", "Tags", "", "CloudFormation refuses it"),
        ("a", "malformed-tags", "Tags", "", "CloudFormation refuses it"),
    ],
)
def test_what_would_be_refused_is_a_fault(tags: str, rule: str, path: str, key: str, because: str) -> None:
    (fault,) = bucket(tags).faults
    assert (fault.rule, fault.verdict, fault.path, fault.key) == (rule, "fail", path, key)
    assert because in fault.because


def test_tags_of_the_wrong_shape_are_read_all_the_same() -> None:
    assert bucket("{a: b}").sets[0].tags == {"a": "b"}
    _, (found,) = read("A: {Type: AWS::SSM::Parameter, Properties: {Tags: [{Key: a, Value: b}]}}")
    assert found.sets[0].tags == {"a": "b"}
    assert [fault.because for fault in found.faults] == ["these tags must be a mapping of keys to values"]


def test_a_fault_of_one_outcome_is_unknown() -> None:
    (fault,) = bucket("!If [IsEast, [{Key: a, Value: null}], []]").faults
    assert fault.verdict == "unknown"


def test_globals_of_sam_are_below_a_functions_own_tags() -> None:
    head = (
        "Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Function:\n    Tags: {a: global, b: global}\nResources:\n"
    )
    _, (own, none, other) = read(
        "A: {Type: AWS::Serverless::Function, Properties: {Tags: {a: own}}}\n"
        "B: {Type: AWS::Serverless::Function}\n"
        "C: {Type: AWS::Serverless::Api}",
        head=head,
    )
    assert own.sets[0].tags == {"a": "own", "b": "global"}
    assert none.sets[0].tags == {"a": "global", "b": "global"}
    assert other.sets[0].tags == {}


def test_a_macro_makes_all_tags_unknown() -> None:
    head = "Transform: [AWS::LanguageExtensions, Count]\nResources:\n"
    made, (found,) = read(
        "A: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: a, Value: b}]}}\nB: {Kind: x}", head=head
    )
    assert found.sets[0].tags == {}
    assert found.sets[0].more == "the macro Count may rewrite the template"
    assert made.skipped == {"made by a macro": 1}


@pytest.mark.parametrize("where", ["Properties: {Fn::Transform: {Name: M}}", "Fn::Transform: {Name: M}"])
def test_a_macro_in_a_resource_makes_its_tags_unknown(where: str) -> None:
    _, (found,) = read(f"A:\n  Type: AWS::S3::Bucket\n  {where}")
    assert "Fn::Transform" in found.sets[0].more


@pytest.mark.parametrize("where", ["{}Resources:\n", "Resources:\n  {}"])
def test_a_macro_beside_resources_may_rewrite_all_of_them(where: str) -> None:
    _, (found,) = read("A: {Type: AWS::S3::Bucket}", head=where.format("Fn::Transform: {Name: M}\n"))
    assert found.sets[0].more == "the macro M may rewrite the template"


def test_what_is_one_text_is_no_other_one() -> None:
    head = (
        "Conditions:\n  East: !Equals [!Ref AWS::Region, a]\n  West: !Equals [b, !Ref AWS::Region]\n"
        "  NotEast: !Not [!Equals [a, !Ref AWS::Region]]\nResources:\n"
    )
    tags = [f"!If [{name}, {{Key: k, Value: {name}}}, !Ref AWS::NoValue]" for name in ("East", "West", "NotEast")]
    _, (one_key,) = read(f"A: {{Type: AWS::S3::Bucket, Properties: {{Tags: [{tags[0]}, {tags[1]}]}}}}", head=head)
    assert one_key.faults == ()
    assert one_key.sets[0].may_come == {"k"}
    _, (always,) = read(f"A: {{Type: AWS::S3::Bucket, Properties: {{Tags: [{tags[0]}, {tags[2]}]}}}}", head=head)
    assert (always.sets[0].choices or {})["k"] == ("East", "NotEast")


def test_what_a_macro_adds_to_resources_is_counted() -> None:
    made, found = read("A: {Type: AWS::S3::Bucket}\nFn::Transform: {Name: AWS::Include}")
    assert len(found) == 1
    assert made.skipped == {"made by a macro": 1}


def test_a_loop_is_written_out() -> None:
    made, found = read(
        "Fn::ForEach::L:\n- Id\n- [a, b-c]\n"
        '- "X&{Id}": {Type: AWS::S3::Bucket, Properties: '
        '{Tags: [{Key: k, Value: !Ref Id}, {Key: "n-${Id}", Value: x}]}}'
    )
    assert [one.address for one in found] == ["Xa", "Xbc"]
    assert found[1].sets[0].tags == {"k": "b-c", "n-b-c": "x"}
    assert {one.line for one in found} == {20}
    assert not made.skipped


def test_loops_nest_and_take_known_collections() -> None:
    _, found = read(
        "Fn::ForEach::L:\n- Id\n- !FindInMap [Centers, dev, List]\n- Fn::ForEach::M:\n  - In\n  - [p, q]\n"
        '  - "${Id}${In}": {Type: AWS::S3::Bucket}'
    )
    assert [one.address for one in found] == ["xp", "xq", "yp", "yq"]


def test_a_loop_over_what_is_unknown_comes_once() -> None:
    _, (found,) = read(
        "Fn::ForEach::L:\n- Id\n- !Ref Names\n"
        '- "X${Id}": {Type: AWS::S3::Bucket, Properties: '
        '{Tags: [{Key: k, Value: !Ref Id}, {Key: n, Value: "x-${Id}"}]}}'
    )
    assert found.address == "X${Id}"
    assert found.sets[0].tags == {"k": UNKNOWN, "n": UNKNOWN}
