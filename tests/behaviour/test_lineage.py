"""A run over two accounts whose tags stop at each possible place: the audit names that place and proves the value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from harness.audit.joined import Joiner
from harness.audit.lineage.faults import Lineage
from harness.audit.lineage.graph import Graph
from harness.audit.lineage.reading import read_edges
from harness.audit.lineage.shown import shown_edges
from harness.audit.model import AuditResource, Edge, Gap, Seen
from harness.audit.sources.listing import Listed
from harness.audit.sources.tagging import read_tagged
from harness.emulator import process
from harness.plan_check.requirements import KeyRule, Requirements
from tests.behaviour.lineage_seed import EDGES, REGION, SEED, SERVES, SERVING, TRAINING, TRAINS
from tests.clients import Client, client_maker

pytestmark = pytest.mark.emulator

KEY, VALUE = "cost-center", "5045"
REQUIREMENTS = Requirements(keys=(KeyRule(KEY, ("AWS::SageMaker::*",), values=(VALUE, "6060")),))
PLACES = {"T": TRAINING, "S": SERVING}
PASSAGES = ("s3://", "/execution/")


def full(end: str) -> str:
    place, _, rest = end.partition(":")
    return f"{PLACES[place]}:{rest}" if place in PLACES else end


@dataclass(frozen=True, slots=True)
class Live:
    """Hold an emulator's clients, and the edges that were read once."""

    make: Client
    graph: Graph
    edges: tuple[Edge, ...]
    gaps: tuple[Gap, ...]

    def tag(self, lacking: set[str], wrong: Mapping[str, str]) -> None:
        for resource in resources(self.make):
            sagemaker = self.make("sagemaker", resource.account, REGION)
            if resource.arn in lacking:
                sagemaker.delete_tags(ResourceArn=resource.arn, TagKeys=[KEY])
            else:
                tag = {"Key": KEY, "Value": wrong.get(resource.arn, VALUE)}
                sagemaker.add_tags(ResourceArn=resource.arn, Tags=[tag])

    def lineage(self) -> Lineage:
        return Lineage(self.edges, resources(self.make), lambda _: REQUIREMENTS)

    def below(self, arn: str) -> set[str]:
        """Return a resource with all that comes from it."""
        found: set[str] = set()
        waiting = [arn]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += [edge.child for edge in self.graph.children.get(one, ())]
        return found


def resources(make: Client) -> list[AuditResource]:
    """Return what an audit sees of both accounts."""
    seen: dict[str, list[Seen]] = {}
    for account in (TRAINS, SERVES):
        tagged = [
            row for page in read_tagged(make("resourcegroupstaggingapi", account), account, REGION) for row in page
        ]
        known = {row.arn.lower() for row in tagged}
        listed = Listed(make("sagemaker", account, REGION), account, REGION, known, lambda _: True)
        pages = [page for page in listed.read() if not isinstance(page, Gap)]
        for row in (*tagged, *(row for page in pages for row in page)):
            if ":sagemaker:" in row.arn:
                seen.setdefault(row.arn, []).append(row)
    return list(Joiner((), ()).join(seen.values()))


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("lineage")
    (folder / "seed.yaml").write_text(yaml.safe_dump(SEED, sort_keys=False), encoding="utf-8")
    running = process.start("lineage", folder, folder / "seed.yaml")
    make = client_maker(running.url)
    found: list[Any] = list(shown_edges(resources(make)))
    for account in (TRAINS, SERVES):
        own = [each for each in resources(make) if each.account == account]
        found += read_edges(make("sagemaker", account, REGION), own)
    edges = tuple(each for each in found if isinstance(each, Edge))
    yield Live(make, Graph(edges), edges, tuple(each for each in found if isinstance(each, Gap)))
    process.stop("lineage", folder)


def test_the_edges_are_those_of_the_run(live: Live) -> None:
    assert live.gaps == ()
    wanted = {(full(parent), full(child)) for parent, child in EDGES}
    found = {(edge.parent, edge.child) for edges in live.graph.children.values() for edge in edges}
    assert found == wanted


@pytest.mark.parametrize(
    ("parent", "child"), sorted(EDGES), ids=lambda end: end.rpartition(":")[2] if isinstance(end, str) else None
)
def test_the_audit_names_where_the_tag_stops(live: Live, parent: str, child: str) -> None:
    lacking = live.below(full(child))
    live.tag(lacking, {})
    lineage = live.lineage()
    findings = list(lineage.findings())
    evidence = {each.arn: each for each in lineage.evidence()}
    tagged = {arn for arn in lacking if not any(passage in arn for passage in PASSAGES)}
    assert set(evidence) == tagged
    assert {each.value for each in evidence.values()} == {VALUE}
    firsts = {full(child)} if full(child) in tagged else {edge.child for edge in live.graph.children[full(child)]}
    assert {each.arn for each in findings} <= firsts
    for finding in findings:
        assert (finding.rule, finding.verdict, finding.wanted) == ("lineage-cut", "fail", (VALUE,))
        assert finding.account == finding.arn.split(":")[4]
    named = [each for each in findings if full(parent) in each.because or full(child) in each.because]
    assert named == findings
    assert findings
    if full(child) in tagged:
        assert len(findings) == 1
        assert all(f"it stops at {full(child)}" in each.said for each in evidence.values() if each.arn != full(child))


def test_a_wrong_value_stops_it_and_an_allowed_one_does_not(live: Live) -> None:
    package, model = full("S:model-package/churn/1"), full("S:model/churn")
    live.tag(live.below(model), {package: "6060"})
    (finding,) = live.lineage().findings()
    assert (finding.arn, finding.wanted) == (model, ("6060",))
    live.tag(live.below(model), {package: "none"})
    (finding,) = live.lineage().findings()
    assert (finding.arn, finding.held, finding.wanted) == (package, "none", (VALUE,))


def test_all_is_well_where_all_carry_the_tag(live: Live) -> None:
    live.tag(set(), {})
    lineage = live.lineage()
    assert (list(lineage.findings()), list(lineage.evidence())) == ([], [])


def test_repair_by_evidence_leaves_nothing_to_say(live: Live) -> None:
    live.tag(live.below(full("T:training-job/churn-train")), {})
    for each in live.lineage().evidence():
        sagemaker = live.make("sagemaker", each.arn.split(":")[4], REGION)
        sagemaker.add_tags(ResourceArn=each.arn, Tags=[{"Key": each.key, "Value": each.value}])
    assert not list(live.lineage().findings())
