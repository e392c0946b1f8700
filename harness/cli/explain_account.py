"""Print what the tag policies of one account add up to: the part of `tagrail explain` that asks the target."""

from harness.cli.session import open_target
from harness.operations.rules import read_governance
from harness.policy.provenance import render_provenance
from harness.report import console
from harness.targets.name import TargetName


def print_account(env: str, target: TargetName | None, account: str, key: str | None) -> None:
    """Print which policy gives each value, for one key or for all.

    Raises: TagrailError as open_session, or for an account that the organisation does not have.
    """
    governance = read_governance(open_target(env, target, None, start=True), if_enforced=False)
    policy = governance.rules(governance.organization.account(account)).tag_policy
    for line in render_provenance(policy, key):
        console().print(line, markup=False)
