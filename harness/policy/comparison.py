"""Compare effective tag policies before and after a change: what differs for an account, and whether it is stricter.

Stricter: a tag that passes before may be denied or reported after. Looser: the other way round. Neutral: all tags are
judged alike. What values mean, docs.aws.amazon.com/organizations/latest/userguide/
orgs_manage_policies_example-tag-policies.html: without `tag_value` any value passes, with an empty list none.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from harness.policy.compliance import covers, names_type, plain
from harness.policy.provenance import EffectivePolicy

Kind = Literal["added", "removed", "changed"]
Effect = Literal["stricter", "looser", "neutral"]
Presence = Literal["kept", "added", "removed"]
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """Hold one difference for a policy key (lower case).

    `element` is empty where the key itself came or went. `changed` is said of `tag_key` alone, whose `values` are the
    old and the new spelling; it is called stricter, for tags that pass in the old one. `why` tells what the effect
    rests on.
    """

    key: str
    element: str
    kind: Kind
    values: tuple[str, ...]
    effect: Effect
    why: str


@dataclass(frozen=True, slots=True)
class AccountChange:
    """Hold what differs for one account; one that was added or removed is compared with having no policy."""

    account: str
    presence: Presence
    changes: tuple[Change, ...]


def compare_organizations(
    before: Mapping[str, EffectivePolicy], after: Mapping[str, EffectivePolicy]
) -> Iterator[AccountChange]:
    """Yield each account for which something differs, by id; `before` and `after` map account id to effective policy.

    Accounts that share both policies (the same objects) share one comparison. Raises: nothing.
    """
    nothing = EffectivePolicy()
    known: dict[tuple[int, int], tuple[Change, ...]] = {}
    for account in sorted(before.keys() | after.keys()):
        old, new = before.get(account, nothing), after.get(account, nothing)
        pair = (id(old), id(new))
        if pair not in known:
            known[pair] = compare_policies(old.document(), new.document())
        presence: Presence = "added" if account not in before else "removed" if account not in after else "kept"
        if known[pair] or presence != "kept":
            yield AccountChange(account, presence, known[pair])


def compare_policies(before: Document, after: Document) -> tuple[Change, ...]:
    """Return what differs between two operator-free policies: keys sorted, elements in AWS's order. Raises: nothing.

    >>> [(c.kind, c.values, c.effect) for c in compare_policies(
    ...     {"tags": {"a": {"tag_value": ["x"]}}}, {"tags": {"a": {"tag_value": ["x", "y"]}}})]
    [('added', ('y',), 'looser')]
    """
    old, new = ({key.lower(): entry for key, entry in policy.get("tags", {}).items()} for policy in (before, after))
    differing = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    return tuple(change for key in differing for change in _of_key(key, old.get(key), new.get(key)))


def _of_key(key: str, old: Document | None, new: Document | None) -> Iterator[Change]:
    if old is None:
        yield Change(key, "", "added", (), "stricter", "the key was not judged before")
    elif new is None:
        yield Change(key, "", "removed", (), "looser", "the key is not judged any more")
    else:
        spellings = (old.get("tag_key", key), new.get("tag_key", key))
        if spellings[0] != spellings[1]:
            yield Change(key, "tag_key", "changed", spellings, "stricter", "the old spelling does not pass any more")
    old, new = old or {}, new or {}
    yield from _values(key, old.get("tag_value"), new.get("tag_value"))
    for rule in _TYPES:
        yield from _lists(key, old.get(rule.element, ()), new.get(rule.element, ()), rule)


def _values(key: str, old: Sequence[str] | None, new: Sequence[str] | None) -> Iterator[Change]:
    """Yield how the allowed values changed; without a list any value passes, as with `*`."""
    if old is None and new is not None:
        why = "* lets any value pass" if "*" in new else "any value passed before" if new else _NOTHING
        yield Change(key, "tag_value", "added", tuple(sorted(new)), "neutral" if "*" in new else "stricter", why)
    elif old is not None and new is None:
        why = "* let any value pass" if "*" in old else "any value passes now"
        yield Change(key, "tag_value", "removed", tuple(sorted(old)), "neutral" if "*" in old else "looser", why)
    elif old is not None and new is not None:
        yield from _lists(key, old, new, _VALUES if new else replace(_VALUES, lost=_NOTHING))


def _lists(key: str, old: Sequence[str], new: Sequence[str], rule: "_Rule") -> Iterator[Change]:
    """Yield what a list gained and lost, apart from what its other entries cover anyway."""
    gained, lost = sorted({*new} - {*old}), sorted({*old} - {*new})
    covered = [one for one in gained if any(rule.covers(other, one) for other in old)]
    still = [one for one in lost if any(rule.covers(other, one) for other in new)]
    parts: tuple[tuple[Kind, list[str], Effect, str], ...] = (
        ("added", [one for one in gained if one not in covered], rule.more, rule.gained),
        ("added", covered, "neutral", rule.had),
        ("removed", [one for one in lost if one not in still], rule.less, rule.lost),
        ("removed", still, "neutral", rule.kept),
    )
    for kind, values, effect, why in parts:
        if values:
            yield Change(key, rule.element, kind, tuple(values), effect, why)


def _type_covers(name: str, other: str) -> bool:
    service, _, kind = other.lower().partition(":")
    return names_type(name, service, {plain(kind)})


@dataclass(frozen=True, slots=True)
class _Rule:
    """Say what it means when a list gains or loses an entry, and in which words."""

    element: str
    covers: Callable[[str, str], bool]
    more: Effect
    less: Effect
    gained: str
    had: str
    lost: str
    kept: str


_NOTHING = "no value passes any more"
_VALUES = _Rule(
    element="tag_value",
    covers=covers,
    more="looser",
    less="stricter",
    gained="did not pass before",
    had="passed before, by a value with *",
    lost="does not pass any more",
    kept="still passes, by a value with *",
)
_TYPES = (
    _Rule(
        element="enforced_for",
        covers=_type_covers,
        more="stricter",
        less="looser",
        gained="wrong tags are denied there now",
        had="wrong tags were denied there before",
        lost="wrong tags are not denied there any more",
        kept="wrong tags are still denied there",
    ),
    _Rule(
        element="report_required_tag_for",
        covers=_type_covers,
        more="stricter",
        less="looser",
        gained="a missing tag is reported there now",
        had="a missing tag was reported there before",
        lost="a missing tag is not reported there any more",
        kept="a missing tag is still reported there",
    ),
)
