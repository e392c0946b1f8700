"""What SageMaker shows, member by member of the table, and what is said where it does not."""

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from msgspec.structs import replace

from harness.audit.lineage.pipelines import MADE
from harness.audit.lineage.reading import read_edges
from harness.audit.lineage.table import Row, rows
from harness.audit.model import Edge, Gap
from tests.unit.audit.lineage.resources import OPS, arn, resource
from tests.unit.audit.lineage.stubs import CLIENT, answer, filled, member, model, stubbed

MEMBERS = [(row, side, path) for row in rows() for side in ("parents", "children") for path in getattr(row, side)]
NAMED = [pytest.param(row, side, path, id=f"{row.kind}-{path}") for row, side, path in MEMBERS]


def said(kind: str, shape: Any) -> tuple[str, str]:
    """Return what a member may hold, and what it means: a name, an ARN, an S3 URI."""
    if kind:
        return "Other-1", arn(f"{kind}/Other-1")
    pattern = shape.metadata.get("pattern", "")
    uri = pattern.startswith(("(https|s3)", "^(https|s3)")) or "s3" in pattern
    return ("s3://bucket/model.tar.gz",) * 2 if uri else (arn("training-job/other", OPS),) * 2


@pytest.mark.parametrize(("row", "side", "path"), NAMED)
def test_every_member_gives_an_edge(row: Row, side: str, path: str) -> None:
    shape = member(model(row.describe).output_shape, path)
    value, end = said(getattr(row, side)[path].kind, shape)
    client, stubber = stubbed()
    one = resource(f"{row.kind}/one")
    named = one.arn if row.kind == "model-package" else "one"
    stubber.add_response(row.describe, answer(row.describe, {path: value}), {row.by: named})
    with stubber:
        edges = set(read_edges(client, [one]))
    relation = f"{CLIENT.meta.method_to_api_mapping[row.describe]}.{path}"
    assert Edge(*((end, one.arn) if side == "parents" else (one.arn, end)), relation) in edges


@pytest.mark.parametrize("row", [row for row in rows() if row.search], ids=lambda row: row.kind)
def test_search_shows_the_same_members_for_many(row: Row) -> None:
    shape = member(model("search").output_shape, f"Results.{row.record}")
    enum = CLIENT.meta.service_model.shape_for("ResourceType").enum
    assert row.search in enum
    assert [member(shape, path).type_name for path in (*row.parents, *row.children)]
    client, stubber = stubbed()
    names, arns = ("one", "two"), [arn(f"{row.kind}/{name}") for name in ("One", "two")]
    path, names_of = next(iter((row.parents | row.children).items()))
    value, end = said(names_of.kind, member(shape, path))
    found = [_record(row, each, path, value) for each in arns]
    asked = {"Resource": row.search, "MaxResults": 100}
    stubber.add_response("search", {"Results": found}, asked)
    with stubber:
        edges = list(read_edges(client, [resource(f"{row.kind}/{name}") for name in names]))
    assert {each for each in edges if isinstance(each, Edge) and end in (each.parent, each.child)} == {
        Edge(
            *((end, arn(f"{row.kind}/{name}")) if path in row.parents else (arn(f"{row.kind}/{name}"), end)),
            f"{CLIENT.meta.method_to_api_mapping[row.describe]}.{path}",
        )
        for name in names
    }
    stubber.assert_no_pending_responses()


def _record(row: Row, named: str, path: str, value: str) -> Any:
    shape = member(model("search").output_shape, f"Results.{row.record}")
    shown = {**filled(shape, path, value), f"{row.by.removesuffix('Name')}Arn": named}
    for name in reversed(row.record.split(".")):
        shown = {name: shown}
    return shown


def test_what_search_does_not_show_is_described() -> None:
    client, stubber = stubbed()
    row = next(row for row in rows() if row.kind == "model")
    stubber.add_response(
        "search", {"Results": [_record(row, arn("model/a"), "PrimaryContainer.ModelPackageName", "p")]}
    )
    stubber.add_response("describe_model", answer("describe_model", {"PrimaryContainer.ModelPackageName": "q"}))
    with stubber:
        edges = list(read_edges(client, [resource("model/a"), resource("model/b")]))
    assert [(each.parent, each.child) for each in edges if isinstance(each, Edge)] == [
        (arn("model-package/p"), arn("model/a")),
        (arn("model-package/q"), arn("model/b")),
    ]


def test_what_search_refuses_is_described_without_a_gap() -> None:
    client, stubber = stubbed()
    stubber.add_client_error("search", "AccessDeniedException")
    for _ in "ab":
        stubber.add_response("describe_endpoint", answer("describe_endpoint", {"EndpointConfigName": "c"}))
    with stubber:
        edges = list(read_edges(client, [resource("endpoint/a"), resource("endpoint/b")]))
    assert {each.parent for each in edges if isinstance(each, Edge)} == {arn("endpoint-config/c")}
    assert not [each for each in edges if isinstance(each, Gap)]


@pytest.mark.parametrize("path", MADE)
def test_every_step_of_a_pipeline_shows_what_it_made(path: str) -> None:
    shape = member(model("list_pipeline_execution_steps").output_shape, "PipelineExecutionSteps")
    client, stubber = stubbed()
    run = arn("pipeline/train/execution/e1")
    listed = {"PipelineExecutionSummaries": [{"PipelineExecutionArn": run}]}
    stubber.add_response("describe_pipeline", {})
    stubber.add_response("list_pipeline_executions", listed, {"PipelineName": "train", "MaxResults": 100})
    steps = {"PipelineExecutionSteps": filled(shape, f"Metadata.{path}", arn("training-job/made"))}
    asked = {"PipelineExecutionArn": run, "MaxResults": 100}
    stubber.add_response("list_pipeline_execution_steps", steps, asked)
    with stubber:
        edges = list(read_edges(client, [resource("pipeline/train")]))
    assert edges == [
        Edge(arn("pipeline/train"), run, "ListPipelineExecutions.PipelineExecutionArn"),
        Edge(run, arn("training-job/made"), f"ListPipelineExecutionSteps.Metadata.{path}"),
    ]


def test_every_step_that_makes_something_is_read() -> None:
    shape = member(model("list_pipeline_execution_steps").output_shape, "PipelineExecutionSteps.Metadata")
    called = {"Lambda", "HubContent", "Lineage"}  # a function is not made; the others are no resources with a bill
    arns = {
        f"{step}.{name}"
        for step, metadata in shape.members.items()
        if metadata.type_name == "structure" and step not in called
        for name in metadata.members
        if name.endswith("Arn")
    }
    assert arns == set(MADE)


SHARED = {"SpaceSharingSettingsSummary": {"SharingType": "Shared"}}
PRIVATE = {"SpaceSharingSettingsSummary": {"SharingType": "Private"}}
OWNED = {"OwnershipSettingsSummary": {"OwnerUserProfileName": "jane"}}


@pytest.mark.parametrize(
    ("space", "parent"),
    [
        pytest.param({**OWNED, **PRIVATE}, "user-profile/d-1/jane", id="private"),
        pytest.param({**OWNED, **SHARED}, "domain/d-1", id="shared"),
        pytest.param({}, "domain/d-1", id="of before there were owners"),
    ],
)
def test_a_space_is_its_owners_or_the_domains(space: dict[str, Any], parent: str) -> None:
    client, stubber = stubbed()
    stubber.add_response("list_spaces", {"Spaces": [{"DomainId": "d-1", "SpaceName": "s", **space}]})
    stubber.add_response("list_apps", {"Apps": []})
    with stubber:
        (edge,) = read_edges(client, [resource("space/d-1/s")])
    assert (edge.parent, edge.child) == (arn(parent), arn("space/d-1/s"))


@pytest.mark.parametrize(
    ("owner", "parent"),
    [({"UserProfileName": "jane"}, "user-profile/d-1/jane"), ({"SpaceName": "jane"}, "space/d-1/jane")],
)
def test_an_app_is_of_a_space_or_a_user_profile_in_whatever_case(owner: dict[str, str], parent: str) -> None:
    client, stubber = stubbed()
    app = {"DomainId": "d-1", "AppType": "JupyterLab", "AppName": "default", **owner}
    stubber.add_response("list_spaces", {"Spaces": []})
    stubber.add_response("list_apps", {"Apps": [app]})
    known = resource("app/d-1/jane/jupyterlab/default")
    with stubber:
        (edge,) = read_edges(client, [known])
    assert (edge.parent, edge.child) == (arn(parent), known.arn)


def test_names_become_arns_as_they_are_known() -> None:
    client, stubber = stubbed()
    shown = answer("describe_endpoint_config", {"ProductionVariants.ModelName": "Fraud"})
    stubber.add_response("describe_model", answer("describe_model", {}))
    stubber.add_response("describe_endpoint_config", shown)
    with stubber:
        edges = list(read_edges(client, [resource("endpoint-config/c"), resource("model/fraud")]))
    assert [edge.parent for edge in edges if isinstance(edge, Edge)] == [arn("model/fraud")]


def test_free_text_is_no_edge() -> None:
    client, stubber = stubbed()
    members = {"MetadataProperties.GeneratedBy": "by hand", "SourceUri": "https://example.com/model"}
    stubber.add_response("describe_model_package", answer("describe_model_package", members))
    with stubber:
        edges = list(read_edges(client, [resource("model-package/fraud/1")]))
    assert [edge.parent for edge in edges if isinstance(edge, Edge)] == [arn("model-package-group/fraud")]


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException"])
def test_a_refusal_is_one_gap_and_ends_the_kind(code: str) -> None:
    client, stubber = stubbed()
    stubber.add_client_error("describe_endpoint_config", code, "no")
    with stubber:
        (gap,) = read_edges(client, [resource(f"endpoint-config/{n}") for n in range(3)])
    assert isinstance(gap, Gap)
    assert (gap.source, gap.code) == ("sagemaker:describe_endpoint_config", code)
    assert (gap.account, gap.region) == ("111111111111", "eu-central-1")
    assert (gap.lacks, gap.reason) == ("where endpoint-configs come from: 3 unread", f"{code}: no")


def test_no_operation_is_called_without_bound() -> None:
    client, stubber = stubbed()
    shown = answer("describe_endpoint_config", {"ProductionVariants.ModelName": "m"})
    stubber.add_response("describe_endpoint_config", shown, {"EndpointConfigName": "new"})
    old, new = (replace(resource(f"endpoint-config/{name}"), created=day) for name, day in (("old", "1"), ("new", "2")))
    with stubber:
        edge, gap = read_edges(client, [old, new], most=1)
    assert isinstance(edge, Edge)
    assert isinstance(gap, Gap)
    assert (gap.lacks, gap.code) == ("where endpoint-configs come from: 1 unread", "")
    assert gap.reason == "no more than 1 are asked for one by one"


def test_what_is_gone_is_a_gap_and_the_others_are_read() -> None:
    client, stubber = stubbed()
    stubber.add_client_error("describe_endpoint_config", "ValidationException", "Could not find")
    stubber.add_response(
        "describe_endpoint_config", answer("describe_endpoint_config", {"ProductionVariants.ModelName": "m"})
    )
    with stubber:
        edge, gap = read_edges(client, [resource("endpoint-config/a"), resource("endpoint-config/b")])
    assert isinstance(edge, Edge)
    assert isinstance(gap, Gap)
    assert gap.lacks == "where endpoint-configs come from: 1 unread"


@pytest.mark.parametrize("operation", ["list_pipeline_executions", "list_pipeline_execution_steps"])
def test_pipelines_that_are_refused_are_gaps(operation: str) -> None:
    client, stubber = stubbed()
    stubber.add_response("describe_pipeline", {})
    if operation.endswith("steps"):
        run = {"PipelineExecutionSummaries": [{"PipelineExecutionArn": arn("pipeline/a/execution/e")}]}
        stubber.add_response("list_pipeline_executions", run)
    stubber.add_client_error(operation, "AccessDenied")
    with stubber:
        (gap,) = (each for each in read_edges(client, [resource("pipeline/a")]) if isinstance(each, Gap))
    assert gap.source == f"sagemaker:{operation}"


def test_who_does_not_answer_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = stubbed()
    calls = []

    def nobody(**_: object) -> None:
        calls.append(1)
        raise EndpointConnectionError(endpoint_url="https://api.sagemaker")

    monkeypatch.setattr(client, "_make_api_call", lambda *_: nobody())
    (gap,) = read_edges(client, [resource("endpoint-config/a"), resource("model/b")])
    assert isinstance(gap, Gap)
    assert (gap.source, gap.code, len(calls)) == ("sagemaker:*", "EndpointConnectionError", 1)


def test_nothing_of_sagemaker_takes_no_call() -> None:
    client, stubber = stubbed()
    with stubber:
        assert not list(read_edges(client, [resource("arn:aws:s3:::logs")]))
        assert not list(read_edges(client, [resource("notebook-instance/n"), resource("cluster/c")]))
