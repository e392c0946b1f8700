"""Read where SageMaker's resources come from, in one account and region, with as few calls as SageMaker allows.

Search shows 100 resources a call with what Describe shows of one (docs.aws.amazon.com/sagemaker/latest/APIReference/
API_Search.html): what it does not have, its index being late or the kind none of its own, is described one by one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from harness.audit.lineage.arns import Spelling, artifact, kind_of
from harness.audit.lineage.pipelines import pipeline_edges
from harness.audit.lineage.refused import Lacking, lists
from harness.audit.lineage.shown import arn_edges
from harness.audit.lineage.studio import studio_edges
from harness.audit.lineage.table import Names, Row, rows, values_at
from harness.audit.model import AuditResource, Edge, Gap
from harness.targets.refusals import said

MOST: Final = 5_000  # calls of one operation in one account and region: ten minutes at the pace that SageMaker bears
_FEWEST = 2  # resources of a kind from which on Search takes no more calls than Describe


def read_edges(client: Any, resources: Iterable[AuditResource], most: int = MOST) -> Iterator[Edge | Gap]:
    """Yield edges to and from the resources of one account and region, then what AWS did not let us see.

    No operation that shows one resource alone is called more than `most` times, for the newest; the others are a gap.
    What tags show is not among them: `shown_edges` gives it for all accounts at once. Names become ARNs of the same
    account and region, S3 URIs stay: a model's file joins the job that wrote it with what reads it, in any account.
    Raises: nothing of AWS's.
    """
    own = [resource for resource in resources if kind_of(resource.arn)]
    if not own:
        return
    reading = _Reading(client, own)
    lacking = Lacking(own[0].account, own[0].region, most)
    try:
        yield from reading.edges(lacking)
    except BotoCoreError as error:  # nobody answers, so nobody will answer the next call
        lacking.add("*", type(error).__name__, said(error), "where the rest of SageMaker's resources come from")
    yield from lacking.gaps()


class _Reading:
    """Read one account and region."""

    def __init__(self, client: Any, resources: list[AuditResource]) -> None:
        self._client = client
        self._kinds: dict[str, list[AuditResource]] = {}
        for resource in resources:
            self._kinds.setdefault(kind_of(resource.arn), []).append(resource)
        self._spelling = Spelling(resource.arn for resource in resources)
        self._place = resources[0].arn.split(":")[:5]

    def edges(self, lacking: Lacking) -> Iterator[Edge]:
        for found in self._found(lacking):
            parent, child = (self._spelling.of(end) for end in (found.parent, found.child))
            if parent != child:
                yield Edge(parent, child, found.relation)

    def _found(self, lacking: Lacking) -> Iterator[Edge]:
        for resource in (resource for kind in self._kinds.values() for resource in kind):
            yield from arn_edges(resource.arn)
        for row in rows():
            if row.kind in self._kinds:
                yield from self._of_kind(row, self._kinds[row.kind], lacking)
        if "app" in self._kinds or "space" in self._kinds:
            yield from studio_edges(self._client, self._arn, lacking)
        yield from pipeline_edges(self._client, self._kinds.get("pipeline", ()), lacking)

    def _of_kind(self, row: Row, resources: list[AuditResource], lacking: Lacking) -> Iterator[Edge]:
        searched: set[str] = set()
        if row.search and len(resources) >= _FEWEST:
            with suppress(ClientError):  # Describe is asked for what Search refuses, and says why it cannot be seen
                for arn, shown in self._searched(row):
                    searched.add(arn.lower())
                    yield from self._edges_of(row, arn, shown)
        lacks = f"where {row.kind}s come from"
        left = [resource for resource in resources if resource.arn.lower() not in searched]
        left.sort(key=lambda resource: resource.created, reverse=True)
        left = lacking.bounded(row.describe, left, lacks)
        for position, resource in enumerate(left):
            try:
                shown = getattr(self._client, row.describe)(**{row.by: _named(row, resource)})
            except ClientError as error:
                if lacking.refused(row.describe, error, lacks, len(left) - position):
                    return
            else:
                yield from self._edges_of(row, resource.arn, shown)

    def _searched(self, row: Row) -> Iterator[tuple[str, Mapping[str, Any]]]:
        member = _arn_member(row)
        for record in lists(self._client, "search", "Results", Resource=row.search):
            shown: Any = record
            for name in row.record.split("."):
                shown = shown.get(name, {})
            if arn := shown.get(member):
                yield arn, shown

    def _edges_of(self, row: Row, arn: str, shown: Mapping[str, Any]) -> Iterator[Edge]:
        label = self._client.meta.method_to_api_mapping[row.describe]
        yield from self._ends(row.parents, shown, lambda end, path: Edge(end, arn, f"{label}.{path}"))
        yield from self._ends(row.children, shown, lambda end, path: Edge(arn, end, f"{label}.{path}"))

    def _ends(
        self, members: Mapping[str, Names], shown: Mapping[str, Any], edge: Callable[[str, str], Edge]
    ) -> Iterator[Edge]:
        for path, names in members.items():
            for value in dict.fromkeys(values_at(shown, path)):
                if end := self._end(names, value):
                    yield edge(end, path)

    def _end(self, names: Names, value: str) -> str:
        """Return the ARN or S3 URI that a member names, "" for free text."""
        if value.startswith("arn:"):
            return value if kind_of(value) else ""
        if value.startswith("s3://"):
            return artifact(value)
        return self._arn(names.kind, value) if names.kind else ""

    def _arn(self, kind: str, name: str) -> str:
        return f"{':'.join(self._place)}:{kind}/{name}"


def _arn_member(row: Row) -> str:
    """Return the member that holds a resource's ARN: `TrainingJobName` has `TrainingJobArn` beside it."""
    return f"{row.by.removesuffix('Name')}Arn"


def _named(row: Row, resource: AuditResource) -> str:
    """Return what Describe wants: a model package's ARN, as versions have no name of their own, else the name."""
    return resource.arn if row.kind == "model-package" else resource.name
