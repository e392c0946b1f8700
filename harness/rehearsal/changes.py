"""Tell what changes in the effective tag policies, accounts and keys that get the same change together."""

from collections.abc import Mapping
from dataclasses import dataclass

from harness.policy.comparison import Change, Effect, Kind, compare_organizations
from harness.policy.provenance import EffectivePolicy

_ELEMENTS = ("", "tag_key", "tag_value", "enforced_for", "report_required_tag_for")
_EFFECTS: tuple[Effect, ...] = ("stricter", "looser", "neutral")


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Hold one change and for whom it is; `keys` are spelled as policies do, `accounts` are ids, both sorted.

    The other members are those of policy.comparison.Change.
    """

    element: str
    kind: Kind
    values: tuple[str, ...]
    effect: Effect
    why: str
    keys: tuple[str, ...]
    accounts: tuple[str, ...]


def tag_policy_changes(
    before: Mapping[str, EffectivePolicy], after: Mapping[str, EffectivePolicy]
) -> tuple[ChangeRow, ...]:
    """Return the changes of all accounts (account id -> effective policy), stricter first, then by element.

    Raises: nothing.
    """
    accounts: dict[Change, list[str]] = {}
    for account in compare_organizations(before, after):
        for change in account.changes:
            accounts.setdefault(change, []).append(account.account)
    spelled = _spellings(before) | _spellings(after)
    keys: dict[ChangeRow, list[str]] = {}
    for change, ids in accounts.items():
        what = (change.element, change.kind, change.values, change.effect, change.why)
        keys.setdefault(ChangeRow(*what, (), tuple(sorted(ids))), []).append(spelled.get(change.key, change.key))
    rows = [ChangeRow(*_what(row), tuple(sorted(found)), row.accounts) for row, found in keys.items()]
    return tuple(sorted(rows, key=_rank))


def _what(row: ChangeRow) -> tuple[str, Kind, tuple[str, ...], Effect, str]:
    return row.element, row.kind, row.values, row.effect, row.why


def _rank(row: ChangeRow) -> tuple[object, ...]:
    return (
        _EFFECTS.index(row.effect),
        _ELEMENTS.index(row.element),
        -len(row.accounts),
        row.keys,
        row.kind,
        row.accounts,
    )


def _spellings(policies: Mapping[str, EffectivePolicy]) -> dict[str, str]:
    """Return policy key -> its spelling; accounts may differ, then in any of theirs."""
    each = {id(policy): policy for policy in policies.values()}.values()
    return {key: entry["tag_key"] for policy in each for key, entry in policy.document()["tags"].items()}
