"""Findings and evidence: in words, over two accounts, and what is never proposed."""

import datetime

import pytest

from harness.audit.evidence import Evidence
from harness.audit.lineage.faults import Lineage
from harness.audit.model import AuditFinding, Edge
from harness.plan_check.requirements import ExemptionRule, KeyRule, Requirements
from tests.unit.audit.lineage.resources import KEY, ML, OPS, OWNER, REQUIREMENTS, arn, resource

GOOD = {KEY: "5045", OWNER: "ml-team"}
FILE = "s3://models/fraud.tar.gz"
JOB, MODEL, CONFIG = arn("training-job/j"), arn("model/m", OPS), arn("endpoint-config/c", OPS)
EDGES = (
    Edge(JOB, FILE, "DescribeTrainingJob.ModelArtifacts.S3ModelArtifacts"),
    Edge(FILE, MODEL, "DescribeModel.PrimaryContainer.ModelDataUrl"),
    Edge(MODEL, CONFIG, "DescribeEndpointConfig.ProductionVariants.ModelName"),
)


def lineage(
    *tags: dict[str, str] | None, required: Requirements = REQUIREMENTS, ops: Requirements | None = None
) -> Lineage:
    """Return what is said of a job in one account, a model and an endpoint configuration in another."""
    ends = (("training-job/j", ML), ("model/m", OPS), ("endpoint-config/c", OPS))
    resources = [resource(end, held, account) for (end, account), held in zip(ends, tags, strict=True)]
    return Lineage(EDGES, resources, lambda account: ops if ops and account == OPS else required)


def one(found: Lineage) -> tuple[AuditFinding, list[Evidence]]:
    (finding,) = found.findings()
    return finding, list(found.evidence())


def test_one_finding_where_the_key_stops_and_evidence_for_all_below() -> None:
    finding, evidence = one(lineage(GOOD, {OWNER: "ml-team"}, {OWNER: "ml-team"}))
    assert (finding.rule, finding.verdict, finding.arn, finding.key) == ("lineage-cut", "fail", MODEL, KEY)
    assert (finding.account, finding.type, finding.name) == (OPS, "AWS::SageMaker::Model", "m")
    assert (finding.held, finding.wanted) == ("", ("5045",))
    relation = "DescribeModel.PrimaryContainer.ModelDataUrl"
    assert finding.because == f"{JOB} carries 5045; it stops at {MODEL} ({relation} from {FILE})"
    assert [(each.arn, each.key, each.value, each.kind) for each in evidence] == [
        (MODEL, KEY, "5045", "lineage"),
        (CONFIG, KEY, "5045", "lineage"),
    ]
    assert evidence[0].said == f"{JOB} carries 5045, by training-job/j > {FILE} > model/m"
    assert evidence[1].said.endswith(f"> model/m > endpoint-config/c; it stops at {MODEL}")


def test_nothing_is_said_where_all_carry_it_or_none_does() -> None:
    for tags in (GOOD, {}):
        found = lineage(tags, tags, tags)
        assert (list(found.findings()), list(found.evidence())) == ([], [])


def test_a_wrong_value_stops_the_key_too() -> None:
    finding, evidence = one(lineage(GOOD, {**GOOD, KEY: "none"}, GOOD))
    assert (finding.held, finding.wanted, [each.value for each in evidence]) == ("none", ("5045",), ["5045"])


def test_another_allowed_value_is_right() -> None:
    assert not list(lineage(GOOD, {**GOOD, KEY: "6060"}, GOOD).findings())


def test_a_deprecated_spelling_carries_its_value() -> None:
    old = {KEY: "5045", "team": "ml-team"}
    finding, _ = one(lineage(old, old, {KEY: "5045"}))
    assert (finding.arn, finding.key, finding.wanted) == (CONFIG, OWNER, ("ml-team",))


def test_what_a_parent_has_wrong_is_not_inherited() -> None:
    assert not list(lineage({**GOOD, KEY: "none"}, {OWNER: "ml-team"}, GOOD).findings())


def test_unread_tags_make_it_unknown_and_prove_nothing() -> None:
    finding, evidence = one(lineage(GOOD, None, {OWNER: "ml-team"}))
    assert (finding.arn, finding.verdict, finding.wanted, evidence) == (CONFIG, "unknown", (), [])
    assert finding.because.endswith(f"; what {MODEL} carries is not known")


def test_parents_that_disagree_are_both_named_and_prove_nothing() -> None:
    other = resource("model/n", {**GOOD, KEY: "6060"}, OPS)
    resources = [resource("model/m", GOOD, OPS), other, resource("endpoint-config/c", {OWNER: "ml-team"}, OPS)]
    found = Lineage((EDGES[2], Edge(other.arn, CONFIG, "shadow")), resources, lambda _: REQUIREMENTS)
    finding, evidence = one(found)
    assert (finding.wanted, evidence, finding.verdict) == ((), [], "fail")
    assert f"{MODEL} carries 5045 and {other.arn} carries 6060, which disagree" in finding.because


def test_of_many_that_carry_it_some_are_named() -> None:
    models = [resource(f"model/{n}", GOOD, OPS) for n in range(9)]
    edges = [Edge(each.arn, CONFIG, "variant") for each in models]
    config = resource("endpoint-config/c", {OWNER: "ml-team"}, OPS)
    finding, evidence = one(Lineage(edges, [*models, config], lambda _: REQUIREMENTS))
    assert finding.because.endswith(f"variant from {models[4].arn}, and 4 more)")
    assert [each.value for each in evidence] == ["5045"]


def test_a_value_that_is_not_allowed_in_the_other_account_is_not_proposed() -> None:
    ops = Requirements(keys=(KeyRule(KEY, ("*",), values=("7070",)), REQUIREMENTS.keys[1]))
    finding, evidence = one(lineage(GOOD, {OWNER: "ml-team"}, {**GOOD, KEY: "7070"}, ops=ops))
    assert (finding.wanted, evidence) == ((), [])
    assert finding.because.endswith(f"; the value is not allowed in account {OPS}")


def test_an_exempt_resource_passes_the_key_on() -> None:
    exempt = ExemptionRule("arn:aws:sagemaker:*:model/*", (), "old", "ml", datetime.date(2999, 1, 1))
    required = Requirements(keys=REQUIREMENTS.keys, exemptions=(exempt,))
    finding, _ = one(lineage(GOOD, {}, {OWNER: "ml-team"}, required=required))
    assert (finding.arn, finding.wanted) == (CONFIG, ("5045",))


def test_personal_data_is_masked_in_findings_and_whole_in_evidence() -> None:
    held = {KEY: "5045", OWNER: "jane.doe@example.com"}
    finding, evidence = one(lineage(held, {KEY: "5045"}, held))
    assert "jane.doe" not in finding.because + "".join(finding.wanted) + evidence[0].said
    assert evidence[0].value == "jane.doe@example.com"


@pytest.mark.parametrize("spelled", [MODEL.upper().replace("ARN:AWS:SAGEMAKER", "arn:aws:sagemaker"), MODEL])
def test_edges_reach_resources_of_other_accounts_in_whatever_case(spelled: str) -> None:
    resources = [resource("model/m", GOOD, OPS), resource("endpoint-config/c", {OWNER: "ml-team"}, OPS)]
    resources += [resource(f"training-job/{n}", GOOD) for n in range(3)]
    found = Lineage([Edge(spelled, CONFIG, "shown")], resources, lambda _: REQUIREMENTS)
    finding, _ = one(found)
    assert finding.arn == CONFIG


def test_fingerprints_stay_and_differ_by_key() -> None:
    first = [each.fingerprint for each in lineage(GOOD, {}, {}).findings()]
    assert first == [each.fingerprint for each in lineage(GOOD, {}, {}).findings()]
    assert len(set(first)) == 2


def test_resources_are_read_once_as_they_come() -> None:
    stream = iter([resource("training-job/j", GOOD), resource("model/m", {OWNER: "ml-team"}, OPS)])
    assert list(Lineage(iter(EDGES[:2]), stream, lambda _: REQUIREMENTS).findings())
