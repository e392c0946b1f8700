"""Remember which resources had tags once: GetResources shows those, with no tags, and never those that had none ever.

docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
"""

from harness.emulator.enforcement.call import Call
from harness.emulator.enforcement.resources import touched_resources
from harness.emulator.inventory import find_resource
from harness.policy.actions import find_action

_once: set[str] = set()
# An action of this name takes away all tags of a bucket, or sets others in their place.
_SETS_ALL = frozenset({"s3:PutBucketTagging"})


def remember(arn: str) -> None:
    """Remember that a resource had tags. Raises: nothing."""
    _once.add(arn)


def was_tagged(arn: str) -> bool:
    """Tell whether a resource is known to have had tags. Raises: nothing."""
    return arn in _once


def remember_before(call: Call) -> None:
    """Remember the tagged resources from which a call is about to take tags. Raises: nothing."""
    action = find_action(call.action)
    if action is None or not (action.removes_tags or action.id in _SETS_ALL):
        return
    for touched in touched_resources(call):
        found = find_resource(call.account_id, call.region, touched.arn)
        if found and found.tags:
            _once.add(touched.arn)


def forget_tagged() -> None:
    """Forget all of them. Raises: nothing."""
    _once.clear()
