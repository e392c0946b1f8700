"""Read resources of one type: what is the same for all of them is worked out once."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from harness.plan_check.model import Action, Fault, Gap, Passes, Passing, Resource, TagSet
from harness.plan_check.terraform.arns import arn_attribute, known_arn
from harness.plan_check.terraform.autoscaling import GROUP_TEMPLATES, GROUP_TYPE, OLD_PAIRS, unpropagated
from harness.plan_check.terraform.carriers import attributes_of, carriers_of, tagged_later
from harness.plan_check.terraform.defaults import Defaults, overlay, tags_of_expression
from harness.plan_check.terraform.inherited import Surroundings
from harness.plan_check.terraform.parts import carried
from harness.plan_check.terraform.plan_json import UNREADABLE, PlanError, ResourceChange, decoder_of, said
from harness.plan_check.terraform.tag_values import known_tags, marks_in, pairs, single_tag
from harness.type_facts import TypeFacts, terraform_type

_NOTHING: Mapping[str, Any] = {}
MOST_BYTES: Final = 64 << 20  # of one resource: a value of a gigabyte would be held in memory several times
_AFTER_APPLY = "tags are known after apply"
PASSED: Final = Resource("", "", TypeFacts(), "none", ())
_MOST_REMEMBERED = 1_000  # texts of after_unknown, which are few for a type


def reader_of(defaults: Defaults, passes: Passes | None, each: ResourceChange) -> "Reader | str":
    """Return a reader of a resource's type, or the reason why its resources are not judged.

    Raises: PlanError for attributes that cannot be read.
    """
    name = each.type
    if not name.startswith(("aws_", "awscc_")):
        return "of another provider"
    facts = terraform_type(name)
    if facts is None:
        try:
            shown = decoder_of(("tags", "tags_all"))(each.change.after)
        except UNREADABLE as error:
            raise _unreadable(each, error) from error
        if not _is_object(shown) or (shown.tags is None and shown.tags_all is None):
            return "of an unknown type"
        # Newer than the facts: what shows tags takes tags.
        kind = "list" if isinstance(shown.tags, list) else "map"
        facts = TypeFacts(tags=kind, property="tags", all=shown.tags_all is not None)
    if not facts.tags and not facts.single and not carriers_of(name):
        return "untaggable"
    return Reader(name, facts, defaults, passes)


class Reader:
    """Read the resources of one type."""

    __slots__ = (
        "_at_once",
        "_attribute",
        "_carriers",
        "_decode",
        "_defaults",
        "_has_parts",
        "_known",
        "_last",
        "_late",
        "_open",
        "_partly_hidden",
        "_passes",
        "_propagates",
        "facts",
        "name",
    )

    def __init__(self, name: str, facts: TypeFacts, defaults: Defaults, passes: Passes | None) -> None:
        """Work out which attributes matter."""
        self.name = name
        self.facts = facts
        self._defaults = defaults
        self._attribute = _snake(facts.property) if name.startswith("awscc_") else facts.property
        self._carriers = carriers_of(name)
        own = {self._attribute, "tags_all"} if facts.all else {self._attribute} if facts.tags else set()
        own |= {facts.single, "key", "value"} if facts.single else set()
        self._propagates = facts.cloudformation == GROUP_TYPE
        further = {*GROUP_TEMPLATES, OLD_PAIRS} if self._propagates else set()
        self._late = _late(name, defaults)
        self._passes = passes(name, facts, self._late[0]) if passes else None
        self._has_parts = bool(self._carriers) or self._propagates
        self._at_once = None if self._has_parts else self._passes
        self._partly_hidden = defaults.are_partly_hidden
        names = tuple(sorted(own | further | {"arn"} | arn_attribute(name) | attributes_of(name)))
        self._decode = decoder_of(names)
        self._open = msgspec.Raw(b"{}")
        self._known: dict[bytes, tuple[Any, bool]] = {}
        self._last: tuple[msgspec.Raw, tuple[Any, bool]] = (msgspec.Raw(), (None, False))

    def read(self, each: ResourceChange, action: Action) -> Resource | None:
        """Return a resource, None where no attributes are shown, PASSED for one with which nothing is wrong.

        Raises: PlanError for what cannot be read.
        """
        change = each.change
        if len(change.after) > MOST_BYTES:
            rule = f"must have attributes of {MOST_BYTES >> 20} MiB at most, more than Terraform takes from a provider"
            raise PlanError(f"{each.address}: {rule}; got {len(change.after) >> 20} MiB. Do plan again")
        try:
            after = self._decode(change.after)
            unknown, is_known = self._unknown(change.after_unknown)
        except UNREADABLE as error:
            raise _unreadable(each, error) from error
        if after is None or after.__class__ is bool:
            return None
        own: TagSet | None = None
        faults: tuple[Fault, ...] = ()
        if is_known and after.tags_all is not None:  # by far the most: all is known, unless default_tags are not
            own = self._merged(each, after)
            if own is None:
                return PASSED
        elif self.facts.tags or self.facts.single:
            own, faults = self._own(each, after, unknown)
        if own and own.tags.__class__ is not dict:
            return self._malformed(each, action, own)
        sets: tuple[TagSet, ...] = (own,) if own else ()
        gaps: tuple[Gap, ...] = ()
        if self._has_parts:
            further, gaps = self._parts(each, after, unknown)
            sets += further
        if self._passes and not gaps and not faults and _all_pass(sets, self._passes):
            return PASSED
        return self._made(each, action, after, (sets, gaps, faults))

    def _merged(self, each: ResourceChange, after: Any) -> TagSet | None:
        """Return the tags that a plan shows with the provider's default_tags; None where nothing more is to be read."""
        tags, own = after.tags_all, after.tags if after.tags.__class__ is dict else _NOTHING
        if tags.__class__ is dict and not own.keys() <= tags.keys():
            # ignore_tags of the provider takes keys out of what is shown, and not out of what is sent.
            tags = {**tags, **known_tags(own, None)}
        if self._partly_hidden and tags.__class__ is dict:
            found = self._defaults.completed(each.address, tags, own)
            passes = self._at_once and not found.more and self._at_once(found.tags, "")
            return None if passes else found
        if self._at_once and tags.__class__ is dict and self._at_once(tags, ""):
            return None
        return TagSet("tags", tags, "", own)

    def _parts(self, each: ResourceChange, after: Any, unknown: Any) -> tuple[tuple[TagSet, ...], tuple[Gap, ...]]:
        """Return the tags of a resource's parts, and the settings without which tags do not arrive."""
        sets, gaps = carried(self._carriers, after, unknown, Surroundings(each.address, self._defaults))
        further = unpropagated(self._attribute, after, unknown) if self._propagates else ()
        return sets, (*gaps, *further)

    def _made(
        self,
        each: ResourceChange,
        action: Action,
        after: Any,
        found: tuple[tuple[TagSet, ...], tuple[Gap, ...], tuple[Fault, ...]],
    ) -> Resource:
        """Return a resource with its own set of tags and those of its parts, the gaps, and what is wrong as written."""
        sets, gaps, faults = found
        if each.change.after_sensitive != self._open and self._hides(each.change.after_sensitive):
            sets = tuple(self._hidden(each, one) for one in sets)
        arn = known_arn(self.name, after)
        return Resource(each.address, self.name, self.facts, action, sets, gaps, arn, "", 0, *self._late, faults)

    def unseen(self, each: ResourceChange, action: Action) -> Resource:
        """Return a resource of which a plan that was cut by hand shows no attributes. Raises: nothing."""
        sets = (TagSet(self._attribute, {}, "the plan shows no attributes"),) if self.facts.tags else ()
        return Resource(each.address, self.name, self.facts, action, sets)

    def _unknown(self, raw: msgspec.Raw) -> tuple[Any, bool]:
        """Return what is marked as unknown, and whether tags_all shows all tags and nothing of it is marked.

        Resources of a type mostly have the same text there, which is decoded once.
        """
        if raw == self._last[0]:
            return self._last[1]
        text = bytes(raw)
        found = self._known.get(text)
        if found is None:
            unknown = self._decode(raw)
            found = unknown, self.facts.all and marks_in(unknown, "tags_all") is None
            if len(self._known) < _MOST_REMEMBERED:
                self._known[text] = found
        self._last = raw, found
        return found

    def _hides(self, raw: msgspec.Raw) -> bool:
        """Tell whether something is marked as sensitive; a text that marks nothing is kept to be compared with."""
        if b"true" in bytes(raw):
            return True
        self._open = raw
        return False

    def _malformed(self, each: ResourceChange, action: Action, tags: TagSet) -> Resource:
        """Return a resource whose tags are no map, which only a plan that was written by hand has."""
        because = f"they must be a map; got {type(tags.tags).__name__}"
        faults = (Fault("malformed-tags", "fail", tags.path, because=because),)
        return Resource(each.address, self.name, self.facts, action, (), faults=faults)

    def _own(self, each: ResourceChange, after: Any, unknown: Any) -> tuple[TagSet, tuple[Fault, ...]]:
        """Return a resource's own tags, and the faults of a list that has a key twice."""
        facts, name = self.facts, self._attribute
        if facts.single:
            return single_tag(facts.single, after, unknown), ()
        marks = marks_in(unknown, name)
        if marks is True and self._is_left_out(each):
            marks = None
        held = getattr(after, name)
        if facts.tags != "map":
            found = pairs(held, marks)
            if facts.tags == "pairs" and (after.tags or marks_in(unknown, OLD_PAIRS)):
                found = found.and_those(pairs(after.tags, marks_in(unknown, OLD_PAIRS)))
            twice = tuple(Fault("duplicate-key", "fail", f'{name}["{key}"]', key) for key in found.twice)
            more = _AFTER_APPLY if found.is_open else ""
            return TagSet(name, found.tags, more, shape="pairs" if self._propagates else None), twice
        # Types of the SDK show no null in tags; for those of the framework it is an empty value, over default_tags too.
        null = "" if facts.all else None
        own, more = self._written(each) if marks is True else (known_tags(held, marks, null=null), "")
        if not facts.all:
            return TagSet(name, own, more), ()
        return self._with_defaults(each, after, unknown, own, more), ()

    def _is_left_out(self, each: ResourceChange) -> bool:
        """Tell whether tags are known after apply for no other reason than that they are not written.

        Whatever is not written the provider awscc reads back after the create.
        """
        is_made = self.name.startswith("awscc_") and "create" in each.change.actions
        return is_made and Surroundings(each.address, self._defaults).leaves_out(self._attribute)

    def _written(self, each: ResourceChange) -> tuple[Mapping[str, Any], str]:
        """Return what the expression of wholly unknown tags tells of them, and what is left unknown."""
        written = self._defaults.resource(each.address)
        expressions = written.expressions if written and isinstance(written.expressions, Mapping) else {}
        own, source = tags_of_expression(expressions.get(self._attribute))
        if source:
            return own, f"tags come from {source}, known after apply"
        return own, "" if own else _AFTER_APPLY

    def _with_defaults(
        self, each: ResourceChange, after: Any, unknown: Any, own: Mapping[str, Any], more: str
    ) -> TagSet:
        """Return own tags over the provider's defaults, when the plan does not show both together."""
        marks = marks_in(unknown, "tags_all")
        if marks is None and after.tags_all is None and not more:
            return TagSet("tags", own)  # of a provider that knew no default_tags yet
        if isinstance(marks, Mapping) and isinstance(after.tags_all, Mapping):
            return self._defaults.completed(each.address, {**own, **known_tags(after.tags_all, marks)}, own)
        defaults = self._defaults.of(each.address)
        reasons = "; ".join(reason for reason in (more, defaults.more) if reason)
        return TagSet("tags", overlay(defaults, own, more), reasons, own, may_come=None if more else defaults.may_come)

    def _hidden(self, each: ResourceChange, tags: TagSet) -> TagSet:
        """Return a set of tags with the keys whose values must not be shown."""
        try:
            marks = self._decode(each.change.after_sensitive)
        except UNREADABLE:
            return msgspec.structs.replace(tags, hidden=True)  # no marks that can be read: nothing is shown
        first = tags.path.partition(".")[0].partition("[")[0]
        found = {name: marks_in(marks, name) for name in (first, "tags_all") if marks is True or hasattr(marks, name)}
        if any(mark is True for mark in found.values()):
            return msgspec.structs.replace(tags, hidden=True)
        if first not in (self._attribute, "tags_all"):
            return msgspec.structs.replace(tags, hidden=bool(found.get(first)))
        keys = (key for mark in found.values() if isinstance(mark, Mapping) for key, secret in mark.items() if secret)
        return msgspec.structs.replace(tags, hidden=frozenset(keys))


def _late(name: str, defaults: Defaults) -> tuple[str, bool, str]:
    """Return the call that makes a type without its tags, whether every allowed version does so, and until which."""
    row = tagged_later(name)
    if row is None:
        return "", True, ""
    lowest, highest = defaults.versions("aws")
    until = ".".join(map(str, row.until))
    return ("", True, "") if lowest >= row.until else (row.action, highest < row.until, until)


def _all_pass(sets: tuple[TagSet, ...], passes: Passing) -> bool:
    for one in sets:  # noqa: SIM110 (all() of a generator takes longer, for each of 100,000 resources)
        if one.more or not passes(one.tags, one.part):
            return False
    return True


def _unreadable(each: ResourceChange, error: Exception) -> PlanError:
    return PlanError(f"{each.address}: must have attributes as terraform shows them; got {said(error)}. Do plan again")


def _is_object(decoded: Any) -> bool:
    """Tell attributes from null, true and false."""
    return isinstance(decoded, msgspec.Struct)


def _snake(name: str) -> str:
    """Return CloudFormation's name of a property as the provider awscc writes it.

    >>> _snake("FileSystemTags")
    'file_system_tags'
    """
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name).lstrip("_")
