"""Find whether the customer's key of the bucket of exports lets AWS Data Exports deliver."""

from collections.abc import Iterator

from harness.finding import Finding
from harness.state import LiveKey, Unreadable
from harness.verify.access import EXPORTS, Request
from harness.verify.resource_policy import let_in_finding
from harness.verify.unreadable import unknown

_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")
_READ = "kms:DescribeKey and kms:GetKeyPolicy in the account of the key"
_EXAMPLE = "modules/cost-export/README.md says what it needs"


def export_key_findings(
    plane: str, arn: str, held: LiveKey | Unreadable | None, account_id: str, organization_id: str
) -> Iterator[Finding]:
    """Yield whether the key is one that is enabled, and lets Data Exports of the payer `account_id` in.

    Nobody can read the policy of another account's key, which stays unknown. Raises: nothing.
    """
    if held is None or isinstance(held, Unreadable):
        part = held if isinstance(held, Unreadable) else Unreadable("nothing asked for it")
        yield unknown(plane, arn, "key", part, _READ)
    elif held.managed_by_aws:
        repair = "Do name a customer-managed key in env.yaml, or none"
        yield Finding(plane, arn, "key", "fail", "AWS-managed key", "a customer-managed key", repair)
    elif held.state != "Enabled":
        yield Finding(
            plane, arn, "key", "fail", held.state, "Enabled", "Do enable the key, or name another in env.yaml"
        )
    else:
        partition = arn.split(":")[1]
        requests = [Request(each, arn, account_id, organization_id, partition, EXPORTS) for each in _ACTIONS]
        yield let_in_finding(plane, "key policy", arn, held.policy, requests, _EXAMPLE)
