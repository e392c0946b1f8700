"""Compare cost allocation tags with what the dictionary and the environment imply."""

from collections.abc import Iterator

from harness.documents import CostAllocationDocument
from harness.finding import PENDING, Finding
from harness.state import State, Unreadable
from harness.verify.unreadable import unknown

COST_ALLOCATION = "cost allocation"
_WHERE = "billing"
_ONCE_SEEN = "Active once billing has seen it"
_UNSEEN = "billing has not seen the key yet"


def cost_tag_findings(document: CostAllocationDocument, state: State, apply: str) -> Iterator[Finding]:
    """Yield a finding for each key; a pending key passes and says so: AWS needs up to 24 hours. Raises: nothing."""
    if isinstance(state.cost_tags, Unreadable):
        yield unknown(COST_ALLOCATION, _WHERE, "all", state.cost_tags, "ce:ListCostAllocationTags in the payer account")
        return
    for status, keys in (("Active", document.active), ("Inactive", document.inactive)):
        for key in keys:
            held = state.cost_tags.get(key, "unseen")
            good = held == status
            repair = "" if good else f"Do run {apply}"
            yield Finding(COST_ALLOCATION, _WHERE, key, "pass" if good else "fail", held, status, repair)
    for key in document.pending:
        repair = f"Do run {apply} again once a resource with the key has been billed"
        yield Finding(COST_ALLOCATION, _WHERE, key, "pass", _UNSEEN, _ONCE_SEEN, repair, note=PENDING)
