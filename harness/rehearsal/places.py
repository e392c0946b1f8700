"""Name nodes and sets of accounts for people: a unit stands for all its accounts, `all but` for the rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from harness.emulator.seed_model import Organization
from harness.organization import ROOT

_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Places:
    """Hold the names of an organisation's nodes, and which accounts lie below each unit."""

    organization: Organization
    names: Mapping[str, str] = field(init=False, repr=False)
    below: Mapping[str, frozenset[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Look through the organisation once."""
        accounts, units = self.organization.accounts, self.organization.organizational_units
        names = {self.organization.root_id: ROOT, **{unit.id: unit.path for unit in units}}
        object.__setattr__(self, "names", {**names, **{account.id: account.name for account in accounts}})
        below: dict[str, set[str]] = {unit.path: set() for unit in units}
        parents = {unit.path: unit.parent for unit in units}
        for account in accounts:
            path = account.parent
            while path:
                below[path].add(account.id)
                path = parents[path]
        object.__setattr__(self, "below", {path: frozenset(members) for path, members in below.items() if members})

    def node(self, identity: str) -> str:
        """Return the name of a root, unit or account; its id where nobody knows it. Raises: nothing."""
        return self.names.get(identity, identity)

    def accounts(self, ids: Collection[str]) -> str:
        """Return short words for a set of accounts: units, and names of what is left, or all but these.

        Raises: nothing.
        """
        wanted = frozenset(ids)
        everyone = frozenset(account.id for account in self.organization.accounts)
        if wanted == everyone:
            return f"all {len(everyone)}"
        inside, outside = self._pieces(wanted), self._pieces(everyone - wanted)
        count = f" ({len(wanted)})" if len(wanted) > 1 else ""
        if len(outside) < len(inside):
            return f"all but {_first(outside)}{count}"
        return _first(inside) + (count if len(inside) != len(wanted) or len(inside) > _MOST_NAMES else "")

    def _pieces(self, ids: frozenset[str]) -> list[str]:
        """Return the highest units of several accounts that lie within the set, and the accounts in none of them."""
        left = set(ids)
        pieces = []
        for path, members in self.below.items():
            if len(members) > 1 and members <= left:
                pieces.append(path)
                left -= members
        return sorted(pieces) + sorted(map(self.node, left))


def _first(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more
