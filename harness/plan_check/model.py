"""Model what a plan or a template will make: resources, and the sets of tags that they and their parts will carry.

Structs of msgspec, which are made ten times faster than dataclasses: a plan may hold 100,000 resources.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal, NamedTuple

import msgspec

from harness.type_facts import TypeFacts

Passing = Callable[
    [Mapping[str, Any], str], bool
]  # nothing is wrong with tags, on a part of that type where it has one
Passes = Callable[[str, TypeFacts, str], Passing | None]  # the same of a type, its facts, and the call that is late
Action = Literal["create", "update", "replace", "import", "move", "none"]
Language = Literal["terraform", "cloudformation"]
Syntax = Literal["hcl", "yaml", "json"]
Shape = Literal["map", "list", "pairs", "single"]


class Unknown:
    """Stand for a value that is known only after apply or deployment."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return what people read."""
        return "(known after apply)"


UNKNOWN: Final = Unknown()


class TagSet(msgspec.Struct, frozen=True, gc=False):
    """Hold the tags that one carrier will have: a resource itself, or a part of it that AWS tags and bills.

    `path` is where in the resource, as its language writes it: `tags`, `root_block_device[0].tags`. `tags` maps keys to
    text or UNKNOWN. `more` says why further keys may come that nobody knows yet; "" when these are all. `own` are the
    tags that are written at the resource itself, without those of the provider's default_tags; None when that is all of
    them. `hidden` are the keys whose values are sensitive and must not be shown; True = all. `carries` says what gets
    these tags when it is not the resource itself ("each instance"), and `part` of which type that is, "" where it has
    none of its own: the dictionary may demand other keys on it.

    What a reader may add to say of what is not known: `why` a key's value is UNKNOWN; `choices`, of such a key, all the
    texts that its value can come to be; `may_come`, where `more` is about these keys and no others, with * for what is
    not known of a key. `shape` is how a template writes them where the type's facts do not say it.
    """

    path: str
    tags: Mapping[str, Any]
    more: str = ""
    own: Mapping[str, Any] | None = None
    hidden: frozenset[str] | bool = False
    carries: str = ""
    part: str = ""
    why: Mapping[str, str] | None = None
    choices: Mapping[str, tuple[str, ...]] | None = None
    may_come: frozenset[str] | None = None
    shape: Shape | None = None

    def hides(self, key: str) -> bool:
        """Tell whether the value of a key must not be shown. Raises: nothing."""
        return self.hidden if isinstance(self.hidden, bool) else key in self.hidden

    def may_get(self, key: str) -> bool:
        """Tell whether a key, spelled like this, may be one of those that may yet come. Raises: nothing."""
        return bool(self.more) and (self.may_come is None or any(fits(form, key) for form in self.may_come))


def fits(form: str, key: str) -> bool:
    """Tell whether a key may be what a form stands for, in which * is any text. Raises: nothing.

    >>> fits("kubernetes.io/cluster/*", "owner"), fits("*-owner", "team-owner"), fits("owner", "owner")
    (False, True, True)
    """
    return form == key or ("*" in form and re.fullmatch(".*".join(map(re.escape, form.split("*"))), key) is not None)


class Gap(msgspec.Struct, frozen=True, gc=False):
    """Hold a setting of a resource without which its tags do not reach what it makes.

    `path` is the setting, `held` its value as text, `wanted` the values with which tags arrive, `carries` what they
    would reach. `unknown`: the value is known only after apply. `key`: the setting is of one tag, which this is.
    """

    path: str
    held: str
    wanted: tuple[str, ...]
    carries: str
    unknown: bool = False
    key: str = ""


class Fault(msgspec.Struct, frozen=True, gc=False):
    """Hold one deviation of a set of tags or a setting, without words.

    `rule` is one of RULES. `key` is the dictionary's key, or the key as held where the dictionary has none. `held` is
    what is there, `wanted` what may be there instead, the likeliest first. `because` adds a fact: why something is
    unknown, in which units a value is allowed, which rule of personal data matched. `denied` names what would reject
    the call when the resource is made: "guardrail", "tag policy" or "".
    """

    rule: str
    verdict: Literal["fail", "unknown"]
    path: str
    key: str = ""
    held: str = ""
    wanted: tuple[str, ...] = ()
    because: str = ""
    denied: str = ""


class Resource(msgspec.Struct, frozen=True, gc=False):
    """Hold a resource that will exist.

    `address` as its language names it; `type` as written; `arn` as far as it is known, with * for what is not, ""
    for nothing. `sets` begin with the resource's own. `file` and `line` (from 1) say where it is written, "" and 0
    where that is not known. `late` is the call that makes it without its tags, which follow in a second call, ""
    where tags are part of it; `late_surely`: in every version of the provider that the configuration allows;
    `late_until` is the version that no longer does so.
    `faults` are those that only a reader sees, as a key that is written twice in a list: its set holds that key
    once.
    """

    address: str
    type: str
    facts: TypeFacts
    action: Action
    sets: tuple[TagSet, ...]
    gaps: tuple[Gap, ...] = ()
    arn: str = ""
    file: str = ""
    line: int = 0
    late: str = ""
    late_surely: bool = True
    late_until: str = ""
    faults: tuple[Fault, ...] = ()


class CheckFinding(msgspec.Struct, frozen=True):
    """Hold a fault in words: where, what, why, and what to write.

    `where` is the address and path, `what` a sentence on what is there, `must_hold` the rule, `repair` text in the
    resource's language that can be pasted, `repair_at` where to put it, or what to do without it. `fingerprint` is the
    same for the same rule, address, path and key, wherever the file or the line goes. `is_old`: the baseline has it.
    `syntax` is that of the repair.
    """

    fault: Fault
    input: str
    address: str
    type: str
    where: str
    what: str
    must_hold: str
    repair: str
    repair_at: str
    language: Language
    fingerprint: str
    file: str = ""
    line: int = 0
    is_old: bool = False
    syntax: Syntax = "hcl"


class Written(NamedTuple):
    """Say how far a path is written: `depth` steps of it are, -1 where nobody knows.

    `form` is that of the last of these: "literal", "expression" for what is worked out, or "".
    """

    depth: int
    form: str


class Input:
    """Hold an input that was read.

    `name` as the user wrote it. `resources` can be gone through once; after that `skipped` has counted, by reason, what
    is not judged (deleted, unchanged, read, of another provider, untaggable, of an unknown type), and `unknown_types`
    names the types that the facts do not have, and `passed` how many resources a reader has let pass by itself, since
    nothing is wrong with them. `provider_of` gives the provider configuration of an address, whose default_tags it
    gets. `findings` are those of the input as a whole: what a plan takes away from governance. `written` says of an
    address how far the steps of a path are written, in the file's `syntax`. `parameters` are those that a template
    takes.
    """

    __slots__ = (
        "findings",
        "language",
        "name",
        "parameters",
        "passed",
        "provider_of",
        "resources",
        "skipped",
        "syntax",
        "unknown_types",
        "written",
    )

    def __init__(self, name: str, language: Language, resources: Iterable[Resource]) -> None:
        """Start with nothing skipped."""
        self.name = name
        self.language: Language = language
        self.resources = resources
        self.passed = 0
        self.parameters: frozenset[str] = frozenset()
        self.skipped: Counter[str] = Counter()
        self.unknown_types: set[str] = set()
        self.findings: tuple[CheckFinding, ...] = ()
        self.syntax: Syntax = "hcl" if language == "terraform" else "yaml"
        self.provider_of: Callable[[str], str] = _no_provider
        self.written: Callable[[str, tuple[str, ...]], Written] = _not_shown


def _no_provider(_: str) -> str:
    return ""


def _not_shown(_: str, __: tuple[str, ...]) -> Written:
    return Written(-1, "")
