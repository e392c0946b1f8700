"""Judge resources by what is required: each deviation of their tags as a fault, without words."""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from harness.personal_data import may_be_personal, shape_of
from harness.plan_check.exemptions import Exemptions
from harness.plan_check.keys import Keys
from harness.plan_check.model import UNKNOWN, Fault, Gap, Passing, Resource, TagSet
from harness.plan_check.requirements import Requirements
from harness.plan_check.type_rules import TypeRules
from harness.plan_check.values import value_faults
from harness.type_facts import TypeFacts, cloudformation_type, terraform_type

_MAKES: Final = frozenset({"create", "replace"})
_MOST_REMEMBERED = 50_000  # of values that are all different, to remember more would only cost memory


class Judge:
    """Judge resources one after another; what holds for a type, a key or a value is worked out once."""

    def __init__(self, requirements: Requirements, exemptions: Exemptions | None = None) -> None:
        """Start with nothing known."""
        self._requirements = requirements
        self._exemptions = exemptions or Exemptions(requirements)
        self._keys = Keys(requirements)
        self._types: dict[str, TypeRules] = {}
        self._good: set[tuple[str, object]] = set()
        self._free: set[str] = set()
        self._shapes: set[bytes] = set()

    def faults(self, resource: Resource) -> list[Fault]:
        """Return what is wrong with a resource's tags, or cannot be known; [] when all is well. Raises: nothing."""
        rules = self._types.get(resource.type) or self._prepare(resource.type, resource.facts)
        found = list(resource.faults)
        makes = resource.action in _MAKES
        guards = makes and rules.guarded
        unread = {fault.path for fault in found if fault.rule == "malformed-tags"} if found else ()
        for tags in resource.sets:
            if tags.path not in unread:
                self._judge(self._of_part(tags.part) if tags.part else rules, tags, found, guards=guards)
        if resource.gaps and rules.mandatory:
            found += [_gap_fault(gap) for gap in resource.gaps if self._matters(rules, gap)]
        if resource.late and resource.late in self._requirements.guarded and makes:
            found.append(self._late(resource))
        if found and rules.any_characters:  # decided by what is called: ECS and Batch check the tags of their volumes
            found = [fault for fault in found if not _is_of_characters(fault)]
        return self._exemptions.spare(resource, found) if found else found

    def _matters(self, rules: TypeRules, gap: Gap) -> bool:
        """Tell whether something mandatory does not arrive: what a team tags for itself may stay."""
        return not gap.key or self._keys.meaning(gap.key).key in rules.required

    def _late(self, resource: Resource) -> Fault:
        """Return the fault of a resource that is made without its tags, where a guardrail demands them."""
        verdict: Literal["fail", "unknown"] = "fail" if resource.late_surely else "unknown"
        path, keys = resource.sets[0].path, self._requirements.guardrail
        return Fault(
            "guardrail-denies", verdict, path, held=resource.late, wanted=keys, because=self._requirements.place
        )

    def _prepare(self, name: str, facts: TypeFacts) -> TypeRules:
        rules = self._types[name] = TypeRules(self._requirements, name, facts)
        return rules

    def mandatory(self, name: str, facts: TypeFacts) -> tuple[str, ...]:
        """Return the keys that a type must carry. Raises: nothing."""
        return (self._types.get(name) or self._prepare(name, facts)).mandatory

    def passing(self, name: str, facts: TypeFacts, late: str = "") -> Passing | None:
        """Return what tells at once of a type's tags, or of a part's, that all must be well: each was seen before.

        Its False says nothing: `faults` has to look closer. None where no resource may pass like this. Raises: nothing.
        """
        if late and late in self._requirements.guarded:
            return None
        whole = self._types.get(name) or self._prepare(name, facts)

        def passes(tags: Mapping[str, object], part: str) -> bool:
            rules = self._of_part(part) if part else whole
            return len(tags) <= rules.most and rules.required <= tags.keys() and self._all_seen(tags)

        return passes

    def _of_part(self, name: str) -> TypeRules:
        """Return what is required on a type that parts of other resources have."""
        facts = terraform_type(name) or cloudformation_type(name) or TypeFacts()
        return self._types.get(name) or self._prepare(name, facts)

    def _judge(self, rules: TypeRules, tags: TagSet, found: list[Fault], *, guards: bool) -> None:
        """Add the faults of a set of tags; `guards`: a guardrail would deny the call that makes the resource."""
        held = tags.tags
        meant: set[str] = set()
        for key, value in self._unseen(held):
            before = len(found)
            found += self._tag(rules, tags, key, value, meant)
            if len(found) == before:
                self._remember(key, value)
        if not rules.required <= held.keys():
            absent = (key for key in rules.mandatory if not (key in held or key in meant))
            found += (self._missing(rules, tags, key, guards=guards) for key in absent)
        if len(held) > rules.most:
            found += self._too_many(tags, rules.most)

    def _unseen(self, tags: Mapping[str, object]) -> list[tuple[str, object]]:
        """Return the tags of which none was right before that is the same, or differs in digits that no rule reads."""
        return [tag for tag in tags.items() if not self._all_seen({tag[0]: tag[1]})]

    def _all_seen(self, tags: Mapping[str, object]) -> bool:
        """Tell whether `_unseen` has none of these tags."""
        good = self._good
        try:
            for tag in tags.items():
                if tag not in good:
                    key, value = tag
                    if key not in self._free or value.__class__ is not str or shape_of(value) not in self._shapes:
                        return False
        except TypeError:  # a list or an object, where text should be
            return False
        return True

    def _remember(self, key: str, value: object) -> None:
        """Note that a tag passed every rule; of a key that the dictionary does not have, the shape of its value.

        Names mostly differ by their digits alone. Values whose digits could make them personal are never remembered so.
        """
        if not isinstance(value, str) or len(self._good) + len(self._shapes) > _MOST_REMEMBERED:
            return
        if key in self._keys.rules:
            self._good.add((key, value))
        elif not may_be_personal(value):
            self._free.add(key)
            self._shapes.add(shape_of(value))

    def _tag(self, rules: TypeRules, tags: TagSet, key: str, value: object, meant: set[str]) -> Iterator[Fault]:
        meaning = self._keys.meaning(key)
        name = meaning.key or key
        denied = "tag policy" if name.lower() in rules.enforced else ""
        if meaning.key != key and meaning.key:
            meant.add(meaning.key)
        if meaning.rule:
            rule = "duplicate-key" if meaning.rule == "key-case" and meaning.key in tags.tags else meaning.rule
            refused = denied if meaning.rule == "key-case" else ""
            yield Fault(rule, "fail", tags.path, name, meaning.held, meaning.wanted, meaning.because, refused)
        if value is UNKNOWN:
            yield from self._unknown_value(tags, key, name, denied)
        else:
            yield from value_faults(self._keys, name, value, tags.path, denied)

    def _unknown_value(self, tags: TagSet, key: str, name: str, denied: str) -> Iterator[Fault]:
        """Judge a value that is known after apply: wrong if all that it can be is wrong, right if all is right."""
        rule = self._keys.rules.get(name)
        if rule is None or (rule.values is None and not rule.pattern):
            return
        choices = tags.choices.get(key, ()) if tags.choices else ()
        judged = [list(value_faults(self._keys, name, choice, tags.path, denied)) for choice in choices]
        if choices and all(judged):
            yield from judged[0]
        elif not choices or any(judged):
            because = tags.why.get(key, "") if tags.why else tags.more
            yield Fault("unknown-value", "unknown", tags.path, name, "", self._keys.examples[name], because)

    def _missing(self, rules: TypeRules, tags: TagSet, key: str, *, guards: bool) -> Fault:
        examples = self._keys.examples[key]
        if tags.more and (tags.may_come is None or any(self._keys.may_mean(one, key) for one in tags.may_come)):
            return Fault("unknown-key", "unknown", tags.path, key, wanted=examples, because=tags.more)
        for other in tags.tags:
            meaning = self._keys.meaning(other)
            if not meaning.key and not meaning.rule and self._keys.near(other)[:1] == (key,):
                denied = "tag policy" if key.lower() in rules.enforced else ""
                return Fault("key-case", "fail", tags.path, key, other, (key,), denied=denied)
        denied = "guardrail" if guards and key in self._requirements.guardrail else ""
        return Fault("missing-key", "fail", tags.path, key, wanted=examples, denied=denied)

    def _too_many(self, tags: TagSet, most: int) -> Iterator[Fault]:
        count = sum(not key.lower().startswith("aws:") for key in tags.tags)
        if count > most:
            yield Fault("tag-count", "fail", tags.path, held=str(count), wanted=(str(most),))


def _is_of_characters(fault: Fault) -> bool:
    """Tell whether a fault is of the characters alone, not of a value that is no text."""
    return fault.rule in ("key-characters", "value-characters") and not fault.because


def _gap_fault(gap: Gap) -> Fault:
    if gap.unknown:
        return Fault("unknown-propagation", "unknown", gap.path, gap.key, gap.held, gap.wanted, gap.carries)
    return Fault("not-propagated", "fail", gap.path, gap.key, gap.held, gap.wanted, gap.carries)
