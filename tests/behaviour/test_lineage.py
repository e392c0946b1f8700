"""A run over two accounts whose tags stop at each possible place: the audit names that place and proves the value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
import yaml
from msgspec.structs import replace

from harness.audit.joined import Joiner
from harness.audit.lineage.arns import is_passage
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


def full(end: str) -> str:
    place, _, rest = end.partition(":")
    return f"{PLACES[place]}:{rest}" if place in PLACES else end


@dataclass(frozen=True, slots=True)
class Live:
    """Hold an emulator's clients, and what was read once: resources, the edges between them, what was refused."""

    make: Client
    resources: tuple[AuditResource, ...]
    edges: tuple[Edge, ...]
    graph: Graph
    gaps: tuple[Gap, ...]

    def tag(self, lacking: set[str], other: Mapping[str, str]) -> None:
        """Tag all but those that lack it, some of them with another value."""
        for resource in self.resources:
            sagemaker = self.make("sagemaker", resource.account, REGION)
            if resource.arn in lacking:
                sagemaker.delete_tags(ResourceArn=resource.arn, TagKeys=[KEY])
            else:
                tag = {"Key": KEY, "Value": other.get(resource.arn, VALUE)}
                sagemaker.add_tags(ResourceArn=resource.arn, Tags=[tag])

    def lineage(self) -> Lineage:
        """Return what lineage says of the tags of now."""
        tags = {row.arn: row.tags for account in (TRAINS, SERVES) for row in tagged(self.make, account)}
        now = (replace(each, tags=tags.get(each.arn, {})) for each in self.resources)
        return Lineage(self.edges, now, lambda _: REQUIREMENTS)

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


def tagged(make: Client, account: str) -> list[Seen]:
    return [row for page in read_tagged(make("resourcegroupstaggingapi", account), account, REGION) for row in page]


def resources(make: Client, account: str) -> list[AuditResource]:
    """Return what an audit sees of SageMaker in an account."""
    seen: dict[str, list[Seen]] = {}
    rows = tagged(make, account)
    listed = Listed(
        make("sagemaker", account, REGION), account, REGION, {row.arn.lower() for row in rows}, lambda _: True
    )
    pages = [page for page in listed.read() if not isinstance(page, Gap)]
    for row in (*rows, *(row for page in pages for row in page)):
        if ":sagemaker:" in row.arn:
            seen.setdefault(row.arn, []).append(row)
    return list(Joiner((), ()).join(seen.values()))


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("lineage")
    (folder / "seed.yaml").write_text(yaml.safe_dump(SEED, sort_keys=False), encoding="utf-8")
    make = client_maker(process.start("lineage", folder, folder / "seed.yaml").url)
    by_account = {account: resources(make, account) for account in (TRAINS, SERVES)}
    every = tuple(each for own in by_account.values() for each in own)
    found: list[Edge | Gap] = list(shown_edges(every))
    for account, own in by_account.items():
        found += read_edges(make("sagemaker", account, REGION), own)
    edges = tuple(each for each in found if isinstance(each, Edge))
    yield Live(make, every, edges, Graph(edges), tuple(each for each in found if isinstance(each, Gap)))
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
    findings, evidence = list(lineage.findings()), {each.arn: each for each in lineage.evidence()}
    assert {arn: each.value for arn, each in evidence.items()} == {arn: VALUE for arn in lacking if not is_passage(arn)}
    assert {each.arn for each in findings} == first(live, full(child))
    for finding in findings:
        assert (finding.rule, finding.verdict, finding.wanted) == ("lineage-cut", "fail", (VALUE,))
        assert finding.account == finding.arn.split(":")[4]
        assert full(parent) in finding.because or full(child) in finding.because
    for arn, each in evidence.items():
        assert arn in first(live, full(child)) or any(f"it stops at {cut.arn}" in each.said for cut in findings)


def first(live: Live, arn: str) -> set[str]:
    """Return the resources where the tag is lacking first, if it stops before one, or before what takes no tags."""
    if not is_passage(arn):
        return {arn}
    children = {edge.child for edge in live.graph.children[arn]}
    return {one for one in children if not any(one in live.below(other) for other in children - {one})}


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
