"""Say what applying an environment would change in an organisation: pure, from its seeds before and after."""

from harness.rehearsal.changes import ChangeRow, tag_policy_changes
from harness.rehearsal.control_policies import ControlChange, control_policy_changes
from harness.rehearsal.effective import account_policies, order_doubts
from harness.rehearsal.impact import AccountImpact, impact_by_account
from harness.rehearsal.places import Places
from harness.rehearsal.summary import Rehearsal, compare_seeds, unread_findings

__all__ = [
    "AccountImpact",
    "ChangeRow",
    "ControlChange",
    "Places",
    "Rehearsal",
    "account_policies",
    "compare_seeds",
    "control_policy_changes",
    "impact_by_account",
    "order_doubts",
    "tag_policy_changes",
    "unread_findings",
]
