"""What ARNs and SageMaker's own tags show without a call."""

import pytest

from harness.audit.lineage.arns import Spelling, artifact, is_last_resort
from harness.audit.lineage.shown import shown_edges
from harness.audit.model import AuditResource
from tests.unit.audit.lineage.resources import OPS, arn, resource

SPACE, PROFILE, DOMAIN = arn("space/d-1/s"), arn("user-profile/d-1/jane"), arn("domain/d-1")
RUN = arn("pipeline/train/execution/e1")


def pairs(*resources: AuditResource) -> set[tuple[str, str]]:
    return {(edge.parent, edge.child) for edge in shown_edges(resources)}


@pytest.mark.parametrize(
    ("end", "parent"),
    [
        ("model-package/fraud/12", arn("model-package-group/fraud")),
        ("user-profile/d-1/jane", DOMAIN),
        ("pipeline/train/execution/e1", arn("pipeline/train")),
        ("model-package/of-the-old-kind", None),
        ("endpoint/e", None),
    ],
)
def test_an_arn_says_where_it_belongs(end: str, parent: str | None) -> None:
    assert pairs(resource(end)) == ({(parent, arn(end))} if parent else set())


@pytest.mark.parametrize(
    ("tags", "parent"),
    [
        pytest.param({"sagemaker:domain-arn": DOMAIN}, DOMAIN, id="domain"),
        pytest.param({"sagemaker:domain-arn": DOMAIN, "sagemaker:user-profile-arn": PROFILE}, PROFILE, id="profile"),
        pytest.param(
            {"sagemaker:user-profile-arn": PROFILE, "sagemaker:space-arn": SPACE}, SPACE, id="space before profile"
        ),
        pytest.param({"sagemaker:domain-arn": DOMAIN, "sagemaker:shared-space-arn": SPACE}, SPACE, id="as glue has it"),
    ],
)
def test_studio_tags_what_is_made_in_it(tags: dict[str, str], parent: str) -> None:
    session = "arn:aws:glue:eu-central-1:111111111111:session/s"
    assert pairs(resource("training-job/j", tags), resource(session, tags)) == {
        (parent, arn("training-job/j")),
        (parent, session),
    }
    assert is_last_resort(parent, session)


def test_studios_own_parts_are_not_read_from_tags() -> None:
    assert pairs(resource("app/d-1/jane/JupyterLab/default", {"sagemaker:domain-arn": DOMAIN})) == set()


def test_a_pipelines_execution_tags_what_it_makes() -> None:
    job = resource("training-job/j", {"sagemaker:pipeline-execution-arn": RUN})
    assert pairs(job) == {(RUN, job.arn), (arn("pipeline/train"), RUN)}


def test_a_project_is_found_by_its_name_nearby_and_then_anywhere() -> None:
    named = {"sagemaker:project-name": "Churn"}
    own, other = resource("project/churn"), resource("project/churn", account=OPS)
    pipeline = resource("pipeline/p", named)
    assert pairs(pipeline, own, other) == {(own.arn, pipeline.arn)}
    assert pairs(pipeline, other) == {(other.arn, pipeline.arn)}
    assert pairs(pipeline, other, resource("project/churn", account="333333333333")) == set()
    assert pairs(pipeline) == set()


def test_a_tag_of_a_team_that_holds_no_arn_is_no_edge() -> None:
    assert pairs(resource("training-job/j", {"sagemaker:domain-arn": "d-1", "sagemaker:project-name": ""})) == set()


def test_arns_are_found_in_whatever_case_and_the_exact_one_first() -> None:
    upper, lower = arn("training-job/A"), arn("training-job/a")
    assert Spelling([upper]).of(lower) == upper
    assert Spelling([upper, lower]).of(lower) == lower
    assert Spelling([]).of(lower) == lower


def test_a_folder_is_one_artifact_with_and_without_slash() -> None:
    assert artifact("s3://bucket/model/") == artifact("s3://bucket/model")
