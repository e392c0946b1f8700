"""Find where mandatory tags stop being inherited, and which value the nearest ancestor carries.

Pure: edges and what resources hold come in, traces go out. For a key each node is settled once and each edge looked at
once, so that neither cycles nor a fan of children take longer than their edges.
"""

import heapq
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

import msgspec

from harness.audit.lineage.arns import is_last_resort, is_passage
from harness.audit.model import Edge

_STEP = 2  # to a resource; half of it to or from what tags only pass through
_LAST = 1 << 32  # farther than any lineage: who made it counts where nothing else tells
_MOST_VALUES = 2  # that disagree: to name two is enough
_MOST_STEPS = 16  # of a path, which people read: so long that it is whole, unless a graph is not as SageMaker makes it


class Standing(msgspec.Struct, frozen=True):
    """Hold how a resource stands: `held` its allowed values by key, `wrong` the keys that it lacks or has wrong.

    A key in neither need not be there. `unread`: nobody knows its tags.
    """

    held: Mapping[str, str] = {}
    wrong: Collection[str] = ()
    unread: bool = False


class Trace(msgspec.Struct, frozen=True):
    """Hold what lineage says of one key that a resource lacks or has wrong.

    `values` are those of its nearest ancestors, sorted: one, or two that disagree. `sources` are ancestors that carry
    them, and `paths` lead from there to the resource, without their beginning where they are long. `cut` are the edges
    where the key stops: into this resource, or into an ancestor of it, where mending begins. `unread` is an ancestor
    whose tags nobody knows and that may carry another value, "" for none.
    """

    arn: str
    key: str
    values: tuple[str, ...]
    sources: tuple[str, ...]
    paths: tuple[tuple[Edge, ...], ...]
    cut: tuple[Edge, ...]
    unread: str = ""

    @property
    def is_cut(self) -> bool:
        """Tell whether the key stops at this very resource. Raises: nothing."""
        return self.cut[0].child == self.arn


class Graph:
    """Hold edges from both ends, each pair of resources once, and how long each is; cannot be changed."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        """Sort the edges, so that the same ones give the same answers."""
        once: dict[tuple[str, str], Edge] = {}
        for edge in sorted(edges, key=lambda edge: (edge.parent, edge.child, edge.relation)):
            if edge.parent != edge.child:
                once.setdefault((edge.parent, edge.child), edge)
        self.lengths = {pair: _length(*pair) for pair in once}
        self.children: dict[str, list[Edge]] = {}
        self.parents: dict[str, list[Edge]] = {}
        for edge in once.values():
            self.children.setdefault(edge.parent, []).append(edge)
            self.parents.setdefault(edge.child, []).append(edge)


def trace(graph: Graph, standings: Mapping[str, Standing], key: str) -> Iterator[Trace]:
    """Yield a trace for each resource that lacks a key or has it wrong and has an ancestor with an allowed value.

    What has no standing and is no passage is unread. Raises: nothing.
    """
    yield from _Key(graph, standings, key).traces()


class _Key:
    """Work out one key."""

    def __init__(self, graph: Graph, standings: Mapping[str, Standing], key: str) -> None:
        self._graph = graph
        self._standings = standings
        self._key = key
        self._far: dict[str, int] = {}
        self._by: dict[str, list[Edge]] = {}  # the edges by which a node has its nearest ancestors
        self._next: dict[str, dict[str, tuple[str, Edge | None]]] = {}  # by value: who carries it, the edge towards it
        self._unread: dict[str, str] = {}
        self._cuts: dict[str, tuple[Edge, ...]] = {}

    def traces(self) -> Iterator[Trace]:
        order = self._spread()
        for node in order:
            self._inherit(node)
        self._cut([node for node in order if self._held(node) is None])
        for node in order:
            if self._is_wrong(node):
                found = self._next[node]
                sources = tuple(source for source, _ in found.values())
                paths = tuple(self._path(node, value) for value in found)
                unread = self._unread.get(node, "")
                yield Trace(node, self._key, tuple(found), sources, paths, self._cuts[node], unread)

    def _held(self, node: str) -> str | None:
        standing = self._standings.get(node)
        return standing.held.get(self._key) if standing else None

    def _is_wrong(self, node: str) -> bool:
        standing = self._standings.get(node)
        return standing is not None and self._key in standing.wrong

    def _is_unread(self, node: str) -> bool:
        standing = self._standings.get(node)
        return standing.unread if standing else not is_passage(node)

    def _spread(self) -> list[str]:
        """Return the nodes that have an ancestor with a value, nearest first, from those that carry one."""
        order: list[str] = []
        near = {0: [node for node in sorted(self._graph.children) if self._held(node) is not None]}
        self._far = dict.fromkeys(near[0], 0)
        distances = [0]
        while distances:
            far = heapq.heappop(distances)
            for node in near.pop(far):
                if self._far[node] != far:
                    continue  # a shorter way was found since
                order.append(node)
                for edge in self._graph.children.get(node, ()):
                    if self._held(edge.child) is None:
                        self._reach(edge, far + self._graph.lengths[node, edge.child], near, distances)
        return order

    def _reach(self, edge: Edge, far: int, near: dict[int, list[str]], distances: list[int]) -> None:
        known = self._far.get(edge.child)
        if known is None or far < known:
            self._far[edge.child] = far
            self._by[edge.child] = [edge]
            if far not in near:
                heapq.heappush(distances, far)
            near.setdefault(far, []).append(edge.child)
        elif far == known:
            self._by[edge.child].append(edge)

    def _inherit(self, node: str) -> None:
        """Take the values of the nearest ancestors, and who of them nobody could read."""
        own = self._held(node)
        if own is not None:
            self._next[node] = {own: (node, None)}
            return
        values = {
            value: (source, edge)
            for edge in reversed(self._by[node])
            for value, (source, _) in self._next[edge.parent].items()
        }
        self._next[node] = {value: values[value] for value in sorted(values)[:_MOST_VALUES]}
        unread = (self._unread.get(edge.parent, "") for edge in self._by[node])
        beside = (edge.parent for edge in self._counting(node) if self._is_unread(edge.parent))
        if found := next((arn for arn in (*unread, *beside) if arn), ""):
            self._unread[node] = found

    def _counting(self, node: str) -> list[Edge]:
        """Return the edges to a node's parents, without those of last resort where it has its value without them."""
        edges = self._graph.parents[node]
        return (
            edges
            if self._far[node] >= _LAST
            else [edge for edge in edges if self._graph.lengths[edge.parent, node] < _LAST]
        )

    def _cut(self, order: list[str]) -> None:
        """Find for each node the edges where the key stops before it, () where it has not stopped yet.

        Parents come before children; in a cycle the node that is nearest to who carries the key comes first.
        """
        inside = set(order)
        above = {node: [e.parent for e in self._counting(node) if e.parent in inside] for node in order}
        below: dict[str, list[str]] = {}
        for node, parents in above.items():
            for parent in parents:
                below.setdefault(parent, []).append(node)
        waiting = {node: len(parents) for node, parents in above.items()}
        ready = deque(node for node in order if not waiting[node])
        nearest = iter(order)
        while ready or (ready := deque(self._first_left(nearest))):
            node = ready.popleft()
            self._cuts[node] = self._cut_at(node, above[node])
            for child in below.get(node, ()):
                waiting[child] -= 1
                if not waiting[child] and child not in self._cuts:
                    ready.append(child)

    def _first_left(self, nearest: Iterator[str]) -> list[str]:
        """Return the nearest node of a cycle that nothing outside leads into any more; [] where all are settled."""
        return list(islice((node for node in nearest if node not in self._cuts), 1))

    def _cut_at(self, node: str, parents: list[str]) -> tuple[Edge, ...]:
        before = next((self._cuts[parent] for parent in parents if self._cuts.get(parent)), ())
        return before or (tuple(self._by[node]) if self._is_wrong(node) else ())

    def _path(self, node: str, value: str) -> tuple[Edge, ...]:
        edges: list[Edge] = []
        while len(edges) < _MOST_STEPS and (edge := self._next[node][value][1]) is not None:
            edges.append(edge)
            node = edge.parent
        return tuple(reversed(edges))


def _length(parent: str, child: str) -> int:
    short = is_passage(parent) + is_passage(child)
    return max(_STEP - short, 1) + (_LAST if is_last_resort(parent, child) else 0)
