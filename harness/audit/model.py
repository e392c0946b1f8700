"""Model what an audit sees and says: rows of sources, resources, findings, gaps. Structs of msgspec, for millions."""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

# Whose word on tags counts first: the tagging API answers at once, Config and Explorer lag behind by minutes to a day.
SOURCES: Final = ("tagging", "listing", "organizations", "config", "explorer")
Source = Literal["tagging", "listing", "organizations", "explorer", "config"]
GLOBAL: Final = "global"  # the region of what has none: accounts, IAM roles, hosted zones


class Seen(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Hold one resource as one source shows it.

    `type` is CloudFormation's name, "" where the source does not say it; `created` is ISO 8601, "" where unknown.
    `tags` is None where the source does not show any, which says nothing about whether there are.
    """

    arn: str
    account: str
    region: str
    source: Source
    type: str = ""
    name: str = ""
    created: str = ""
    tags: dict[str, str] | None = None


class Gap(msgspec.Struct, frozen=True, gc=False):
    """Name a source that could not be read, so that what it would have shown is unknown.

    `account` and `region` are "" for a source of the whole organisation. `lacks` says in words what cannot be known.
    `code` is AWS's own, or "" where nobody asked, as for an account that is suspended.
    """

    source: str
    account: str
    region: str
    lacks: str
    reason: str
    code: str = ""


class AuditResource(msgspec.Struct, frozen=True, gc=False):
    """Hold one resource as all sources show it: a row of resources.parquet.

    `tags` is None where no source that could be read shows them; `sources` are those that saw it; `created` is ISO
    8601; `cost` is its effective cost of the last whole month in the bill's currency, as decimal text, "" for none.
    """

    arn: str
    account: str
    region: str
    type: str
    name: str
    created: str
    tags: Mapping[str, str] | None
    sources: tuple[str, ...]
    cost: str = ""


class AuditFinding(msgspec.Struct, frozen=True, gc=False):
    """Hold one deviation of one resource: a row of findings.parquet.

    `rule`, `verdict`, `key`, `held`, `wanted` and `because` are those of harness.plan_check.model.Fault; `held` is
    masked where the rule is personal-data. `owner` is what the resource or its account says of whom to ask, `cost` as
    in AuditResource. `fingerprint` is the same for the same rule, resource and key in every run.
    """

    fingerprint: str
    rule: str
    verdict: Literal["fail", "unknown"]
    arn: str
    account: str
    region: str
    type: str
    name: str
    key: str = ""
    held: str = ""
    wanted: tuple[str, ...] = ()
    because: str = ""
    owner: str = ""
    cost: str = ""
    is_new: bool = True


class Edge(msgspec.Struct, frozen=True, gc=False):
    """Say that one resource comes from another, from which mandatory tags should pass on: a row of edges.parquet.

    `relation` is how AWS shows it, as `DescribeModel.PrimaryContainer.ModelPackageName`.
    """

    parent: str
    child: str
    relation: str
