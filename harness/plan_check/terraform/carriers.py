"""Know the parts of Terraform resources that AWS tags and bills by themselves, and how tags reach them."""

from functools import cache
from pathlib import Path

import msgspec

_FILE = Path(__file__).parents[2] / "data" / "terraform-carriers.json"


class Carrier(msgspec.Struct, frozen=True, gc=False):
    """Hold one row of harness/data/terraform-carriers.json.

    `path` is where: attributes and blocks with dots, `[]` after a block that repeats. `kind`: "map": a map of tags,
    merged with default_tags in `all` if that is named; "specifications": blocks `resource_type` and `tags`, one for
    each of `wanted`; "flag": a setting that must have one of the values `wanted` for tags to arrive; "never": the id of
    what the resource never tags, `wanted` says in words what else would. `carries` says what gets the tags. `absent`: a
    map that is not there is judged as empty ("missing") or not at all (""). `only` names an attribute, and the values
    of it with which the row counts. `unless` is a path that, when set, takes this one's place. `defaults`: the version
    of the provider from which on default_tags are merged into these tags, though no attribute shows both together
    before apply; `proof` is an attribute that only such versions have. `unsure` names a block that may give further
    tags. `part` is the type of what gets the tags, where it is one that is made by itself, too.
    """

    type: str
    path: str
    kind: str
    carries: str
    source: str
    all: str = ""
    wanted: tuple[str, ...] = ()
    absent: str = ""
    only: tuple[str, ...] = ()
    unless: str = ""
    defaults: tuple[int, int] | None = None
    proof: str = ""
    unsure: str = ""
    part: str = ""


class TaggedLater(msgspec.Struct, frozen=True):
    """Hold a type whose create call carries no tags, which follow in a second call, until a version of the provider."""

    action: str
    until: tuple[int, int]
    source: str


class _Data(msgspec.Struct):
    carriers: list[Carrier]
    tagged_later: dict[str, TaggedLater]


@cache
def _data() -> _Data:
    return msgspec.json.decode(_FILE.read_bytes(), type=_Data)


def carriers_of(name: str) -> tuple[Carrier, ...]:
    """Return the carriers of a type, in their order. Raises: nothing."""
    return _by_type().get(name, ())


def all_carriers() -> tuple[Carrier, ...]:
    """Return every row of the table. Raises: nothing."""
    return tuple(_data().carriers)


@cache
def _by_type() -> dict[str, tuple[Carrier, ...]]:
    found: dict[str, tuple[Carrier, ...]] = {}
    for carrier in _data().carriers:
        found[carrier.type] = (*found.get(carrier.type, ()), carrier)
    return found


@cache
def attributes_of(name: str) -> frozenset[str]:
    """Return the attributes at the top of a type that its carriers read. Raises: nothing."""
    rows = carriers_of(name)
    paths = (path for row in rows for path in (row.path, row.all, row.unless, row.proof, row.unsure, *row.only[:1]))
    return frozenset(path.partition(".")[0].removesuffix("[]") for path in paths if path)


def tagged_later(name: str) -> TaggedLater | None:
    """Return how a type is made without its tags; None for all others. Raises: nothing.

    >>> tagged_later("aws_s3_bucket").action, tagged_later("aws_sqs_queue")
    ('s3:CreateBucket', None)
    """
    return _data().tagged_later.get(name)
