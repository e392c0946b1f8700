"""Say where lineage stops as findings, and what it proves as evidence for repair."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from harness.audit.evidence import Evidence
from harness.audit.judging import fingerprint
from harness.audit.lineage.arns import Spelling, is_passage
from harness.audit.lineage.graph import Graph, Standing, Trace, trace
from harness.audit.lineage.standing import Standings
from harness.audit.model import AuditFinding, AuditResource, Edge
from harness.personal_data import masked, personal_parts
from harness.plan_check.requirements import Requirements
from harness.policy.arn import arn_type

RULE = "lineage-cut"
_MOST_NAMED = 5  # edges that lead to where a key stops


class Lineage:
    """Hold what lineage says of all accounts together.

    Only resources that edges touch are kept, whatever else there is. `requirements_of` gives what an account requires.
    """

    def __init__(
        self,
        edges: Iterable[Edge],
        resources: Iterable[AuditResource],
        requirements_of: Callable[[str], Requirements],
    ) -> None:
        """Work out each mandatory key. Raises: nothing."""
        found = tuple(edges)
        ends = {end.lower() for edge in found for end in (edge.parent, edge.child)}
        self._resources = {each.arn: each for each in resources if each.arn.lower() in ends}
        spelling = Spelling(self._resources)
        graph = Graph(Edge(spelling.of(edge.parent), spelling.of(edge.child), edge.relation) for edge in found)
        self._rules = Standings(requirements_of)
        judged = (each for arn, each in self._resources.items() if not is_passage(arn) or each.tags)
        standings: Mapping[str, Standing] = {each.arn: self._rules.of(each) for each in judged}
        keys = sorted({key for standing in standings.values() for key in standing.wrong})
        self._traces = [each for key in keys for each in trace(graph, standings, key)]

    def findings(self) -> Iterator[AuditFinding]:
        """Yield a finding for each key and resource where the key stops; what comes from there has none of its own.

        Raises: nothing.
        """
        for each in self._traces:
            if each.is_cut:
                yield self._finding(each, self._resources[each.arn])

    def evidence(self) -> Iterator[Evidence]:
        """Yield the proven value for each key that a resource lacks or has wrong, wherever it stopped.

        Ancestors that disagree prove nothing, nor do values that are not allowed in the resource's own account, nor is
        anything proven past an ancestor whose tags nobody could read. Raises: nothing.
        """
        for each in self._traces:
            if (value := self._proven(each)) is not None:
                where = "" if each.is_cut else f"; it stops at {each.cut[0].child}"
                yield Evidence(each.arn, each.key, value, "lineage", f"{_carried(each, 0)}, by {_way(each)}{where}")

    def _proven(self, found: Trace) -> str | None:
        if len(found.values) != 1 or found.unread:
            return None
        value = found.values[0]
        return value if self._rules.allows(self._resources[found.arn], found.key, value) else None

    def _finding(self, found: Trace, child: AuditResource) -> AuditFinding:
        value = self._proven(found)
        return AuditFinding(
            fingerprint=fingerprint(RULE, child.arn, found.key),
            rule=RULE,
            verdict="unknown" if found.unread else "fail",
            arn=child.arn,
            account=child.account,
            region=child.region,
            type=child.type,
            name=child.name,
            key=found.key,
            held=_shown((child.tags or {}).get(found.key, "")),
            wanted=() if value is None else (_shown(value),),
            because=self._because(found),
        )

    def _because(self, found: Trace) -> str:
        by = [f"{edge.relation} from {edge.parent}" for edge in found.cut]
        more = f", and {len(by) - _MOST_NAMED} more" if len(by) > _MOST_NAMED else ""
        stops = f"{found.cut[0].child} ({', '.join(by[:_MOST_NAMED])}{more})"
        if len(found.values) > 1:
            carried = " and ".join(_carried(found, position) for position in range(len(found.values)))
            return f"{carried}, which disagree; both stop at {stops}"
        said = f"{_carried(found, 0)}; it stops at {stops}"
        if found.unread:
            return f"{said}; what {found.unread} carries is not known"
        if self._proven(found) is None:
            return f"{said}; the value is not allowed in account {self._resources[found.arn].account}"
        return said


def _carried(found: Trace, position: int) -> str:
    return f"{found.sources[position]} carries {_shown(found.values[position])}"


def _way(found: Trace) -> str:
    """Return the way of a value in short: the resources without partition, region and account where these are known."""
    return " > ".join(_short(end) for end in (found.sources[0], *(edge.child for edge in found.paths[0])))


def _short(arn: str) -> str:
    found = arn_type(arn)
    return f"{found.kind}/{found.name}" if found.name else arn


def _shown(value: str) -> str:
    return masked(value) if personal_parts(value) else value
