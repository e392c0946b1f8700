"""Tell what resources come from by their ARNs and by the tags that SageMaker itself sets: no call is needed.

Studio tags what is made in it: docs.aws.amazon.com/sagemaker/latest/dg/domain-multiple.html ("Automatic tag
propagation"), and sessions of Glue too: docs.aws.amazon.com/sagemaker/latest/dg/getting-started-glue-sm.html.
Pipelines tag what their steps make: aws/sagemaker-python-sdk, src/sagemaker/lineage/artifact.py. Project templates of
AWS tag what they make with the project's name, as its samples do: aws-samples/sagemaker-custom-project-templates.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from harness.audit.lineage.arns import Spelling, kind_of
from harness.audit.model import AuditResource, Edge
from harness.policy.arn import arn_type

# The nearest alone: a space is in its user profile's or its own domain, a user profile in its domain.
_STUDIO = ("sagemaker:space-arn", "sagemaker:shared-space-arn", "sagemaker:user-profile-arn", "sagemaker:domain-arn")
_EXECUTION = "sagemaker:pipeline-execution-arn"
_PROJECT = "sagemaker:project-name"
_VERSION = re.compile(r"(.+)/\d+")


def shown_edges(resources: Iterable[AuditResource]) -> Iterator[Edge]:
    """Yield what the ARNs and tags of resources show, of any accounts at once.

    A project's tag names it without its account: it is looked for in the resource's own account, then in all, where one
    alone may have that name. Raises: nothing.
    """
    every = tuple(resources)
    spelling = Spelling(resource.arn for resource in every)
    projects = _projects(every)
    for resource in every:
        found = (*arn_edges(resource.arn), *_tag_edges(resource.arn, resource.tags or {}, projects))
        yield from (Edge(spelling.of(each.parent), each.child, each.relation) for each in found)


def arn_edges(arn: str) -> Iterator[Edge]:
    """Yield what an ARN says of where the resource belongs.

    >>> [edge.parent for edge in arn_edges("arn:aws:sagemaker:eu-central-1:111111111111:model-package/fraud/3")]
    ['arn:aws:sagemaker:eu-central-1:111111111111:model-package-group/fraud']

    Raises: nothing.
    """
    kind, name = kind_of(arn), arn_type(arn).name
    place = arn.rpartition(f":{arn_type(arn).kind}/")[0]
    if kind == "pipeline-execution":
        yield Edge(f"{place}:pipeline/{name.partition('/execution/')[0]}", arn, "ARN of the execution")
    elif kind == "model-package" and (version := _VERSION.fullmatch(name)):
        yield Edge(f"{place}:model-package-group/{version[1]}", arn, "ARN of the model package")
    elif kind == "user-profile":
        yield Edge(f"{place}:domain/{name.partition('/')[0]}", arn, "ARN of the user profile")


def _projects(resources: Iterable[AuditResource]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for resource in resources:
        if kind_of(resource.arn) == "project":
            found.setdefault(arn_type(resource.arn).name.lower(), []).append(resource.arn)
    return found


def _tag_edges(arn: str, tags: Mapping[str, str], projects: Mapping[str, list[str]]) -> Iterator[Edge]:
    if kind_of(arn) not in ("app", "space", "user-profile"):  # of these AWS shows it better
        key = next((key for key in _STUDIO if tags.get(key, "").startswith("arn:")), None)
        if key:
            yield Edge(tags[key], arn, f"tag {key}")
    if tags.get(_EXECUTION, "").startswith("arn:"):
        yield Edge(tags[_EXECUTION], arn, f"tag {_EXECUTION}")
        yield from arn_edges(tags[_EXECUTION])
    named = projects.get(tags.get(_PROJECT, "").lower(), [])
    own = [project for project in named if project.split(":")[3:5] == arn.split(":")[3:5]] or named
    if len(own) == 1 and own[0] != arn:
        yield Edge(own[0], arn, f"tag {_PROJECT}")
