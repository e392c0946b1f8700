"""Where keys stop: by hand for what people see, and on random graphs against a reference that tries every path."""

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audit.lineage.graph import Graph, Standing, Trace, trace
from harness.audit.model import Edge
from tests.unit.audit.lineage.resources import arn

KEY = "k"
HOLDS = {"a": Standing({KEY: "A"}), "b": Standing({KEY: "B"}), "-": Standing(wrong=(KEY,)), "o": Standing()}


def found(edges: str, standings: str) -> dict[str, Trace]:
    """Trace `1>2 2>3` with `1a 2- 3o`: a, b carry a value, - lacks it, o need not have it, ? is unread."""
    graph = Graph(Edge(*each.split(">"), "shown") for each in edges.split())
    held = {each[0]: HOLDS.get(each[1], Standing(unread=True)) for each in standings.split()}
    return {each.arn: each for each in trace(graph, held, KEY)}


def cuts(traces: Mapping[str, Trace]) -> dict[str, str]:
    return {name: " ".join(f"{edge.parent}>{edge.child}" for edge in each.cut) for name, each in traces.items()}


@pytest.mark.parametrize(
    ("edges", "standings", "values", "where"),
    [
        pytest.param("1>2 2>3", "1a 2a 3a", {}, {}, id="nothing is lacking"),
        pytest.param("1>2 2>3", "1a 2a 3-", {"3": "A"}, {"3": "2>3"}, id="the last lacks it"),
        pytest.param("1>2 2>3", "1a 2- 3-", {"2": "A", "3": "A"}, {"2": "1>2", "3": "1>2"}, id="descendants point up"),
        pytest.param("1>2 2>3", "1a 2- 3a", {"2": "A"}, {"2": "1>2"}, id="mended below"),
        pytest.param("1>2 2>3", "1a 2o 3-", {"3": "A"}, {"3": "2>3"}, id="passes what need not carry it"),
        pytest.param("1>2 2>3", "1- 2- 3-", {}, {}, id="nobody carries it"),
        pytest.param("1>3 2>3", "1a 2b 3-", {"3": "A B"}, {"3": "1>3 2>3"}, id="parents disagree"),
        pytest.param("1>3 2>3", "1a 2a 3-", {"3": "A"}, {"3": "1>3 2>3"}, id="parents agree"),
        pytest.param("1>2 2>4 3>4", "1a 2o 3b 4-", {"4": "B"}, {"4": "3>4"}, id="the nearer counts"),
        pytest.param("1>2 1>3 2>3", "1a 2- 3-", {"2": "A", "3": "A"}, {"2": "1>2", "3": "1>2"}, id="two ways, one cut"),
        pytest.param("1>2 2>3 3>2", "1a 2- 3-", {"2": "A", "3": "A"}, {"2": "1>2", "3": "1>2"}, id="cycle"),
        pytest.param("2>3 3>2 1>3 2>2", "1a 2- 3-", {"2": "A", "3": "A"}, {"2": "1>3", "3": "1>3"}, id="cycle, other"),
        pytest.param("1>2 2>1", "1- 2-", {}, {}, id="cycle without a value"),
    ],
)
def test_the_cut_is_where_a_carrier_meets_who_lacks_it(
    edges: str, standings: str, values: dict[str, str], where: dict[str, str]
) -> None:
    traces = found(edges, standings)
    assert {name: " ".join(each.values) for name, each in traces.items()} == values
    assert cuts(traces) == where


def test_a_path_leads_from_the_ancestor_to_the_resource() -> None:
    traces = found("1>2 2>3 3>4", "1a 2o 3- 4-")
    assert [[edge.child for edge in path] for path in traces["4"].paths] == [["2", "3", "4"]]


def test_past_an_unread_ancestor_another_value_may_be_nearer() -> None:
    assert found("1>2 2>3", "1a 2? 3-")["3"].unread == "2"
    assert found("1>2 2>3 3>4", "1a 2? 3- 4-")["4"].unread == "2"


def test_an_unread_parent_beside_may_disagree() -> None:
    assert found("1>3 2>3", "1a 2? 3-")["3"].unread == "2"
    assert found("1>3 2>3", "1a 3-")["3"].unread == "2"


def test_what_takes_no_tags_does_not_make_an_ancestor_farther() -> None:
    pipeline, run, tuning, job = (
        arn("pipeline/p"),
        arn("pipeline/p/execution/e"),
        arn("tuning/t"),
        arn("training-job/j"),
    )
    graph = Graph([Edge(pipeline, run, ""), Edge(run, job, ""), Edge(tuning, job, "")])
    held = {pipeline: HOLDS["a"], tuning: HOLDS["b"], job: HOLDS["-"]}
    assert [each.values for each in trace(graph, held, KEY)] == [("A", "B")]


def test_who_made_it_counts_where_nothing_else_tells() -> None:
    pipeline, profile, job = arn("pipeline/p"), arn("user-profile/d/jane"), arn("training-job/j")
    run = arn("pipeline/p/execution/e")
    edges = [Edge(pipeline, run, ""), Edge(run, job, ""), Edge(profile, job, "")]
    held = {pipeline: HOLDS["a"], profile: HOLDS["b"], job: HOLDS["-"]}
    assert [each.values for each in trace(Graph(edges), held, KEY)] == [("A",)]
    assert [each.values for each in trace(Graph(edges), {**held, pipeline: HOLDS["o"]}, KEY)] == [("B",)]


def test_an_app_comes_from_its_user_profile() -> None:
    profile, app, experiment = arn("user-profile/d/jane"), arn("app/d/jane/JupyterLab/default"), arn("experiment/e")
    held = {profile: HOLDS["a"], app: HOLDS["-"]}
    (one,) = trace(Graph([Edge(profile, app, ""), Edge(experiment, app, "")]), held, KEY)
    assert (one.values, one.unread) == (("A",), "")


def test_a_long_chain_and_a_wide_fan_end() -> None:
    edges = [Edge(str(n), str(n + 1), "") for n in range(20_000)] + [Edge("0", f"fan{n}", "") for n in range(20_000)]
    held = {edge.child: HOLDS["-"] for edge in edges} | {"0": HOLDS["a"]}
    traces = list(trace(Graph(edges), held, KEY))
    assert len(traces) == 40_000
    assert sum(each.is_cut for each in traces) == 20_001


NODES = "1234567"
STANDINGS = st.fixed_dictionaries({node: st.sampled_from("ab--oo?") for node in NODES})
PAIRS = st.sets(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=14)


def ways(node: str, pairs: set[tuple[str, str]], held: Mapping[str, str], seen: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield every way from an ancestor with a value to a node, through none that has one, as `135`."""
    for parent, child in sorted(pairs):
        if child == node and parent not in seen and parent != node:
            if held[parent] in "ab":
                yield parent + node
            else:
                yield from (way + node for way in ways(parent, pairs, held, (*seen, node)))


def slow(pairs: set[tuple[str, str]], held: Mapping[str, str]) -> dict[str, tuple[tuple[str, ...], str]]:
    """Return the values of the nearest ancestors, and the resource where mending begins, of a graph without cycles."""
    every = {node: list(ways(node, pairs, held)) for node in NODES if held[node] not in "ab"}

    def stops(node: str) -> set[str]:
        above = [parent for parent, child in pairs if child == node and every.get(parent)]
        before = set().union(*(stops(parent) for parent in above)) if above else set()
        return before or ({node} if held[node] == "-" else set())

    found = {}
    for node, leads in every.items():
        if held[node] == "-" and leads:
            nearest = [way for way in leads if len(way) == min(map(len, leads))]
            values = tuple(sorted({held[way[0]].upper() for way in nearest}))
            found[node] = (values, "".join(sorted(stops(node))))
    return found


@settings(max_examples=400, deadline=None)
@given(pairs=PAIRS, held=STANDINGS)
def test_without_cycles_as_trying_every_path_finds(pairs: set[tuple[str, str]], held: dict[str, str]) -> None:
    forward = {(one, other) for one, other in pairs if one < other}
    traces = found(" ".join(f"{one}>{other}" for one, other in forward), " ".join(map("".join, held.items())))
    wanted = slow(forward, held)
    assert {name: each.values for name, each in traces.items()} == {
        name: values for name, (values, _) in wanted.items()
    }
    for name, each in traces.items():
        assert each.cut[0].child in wanted[name][1]
        assert each.is_cut == (wanted[name][1] == name)


@settings(max_examples=400, deadline=None)
@given(pairs=PAIRS, held=STANDINGS)
def test_with_cycles_every_cut_is_led_into_by_who_carries_the_key(
    pairs: set[tuple[str, str]], held: dict[str, str]
) -> None:
    traces = found(" ".join(f"{one}>{other}" for one, other in pairs), " ".join(map("".join, held.items())))
    assert set(traces) == {node for node in NODES if held[node] == "-" and list(ways(node, pairs, held))}
    for each in traces.values():
        mending = each.cut[0].child
        assert traces[mending].is_cut
        assert all(held[edge.parent] != "-" for edge in traces[mending].cut)
        for path in each.paths:
            assert held[path[0].parent] in "ab"
            assert [edge.child for edge in path[:-1]] == [edge.parent for edge in path[1:]]
            assert path[-1].child == each.arn
