"""Judge the tags of a request by an account's effective tag policy, where it is enforced.

docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies-enforcement.html: values and the
capitals of keys are enforced; a resource that gets none of the policy's keys is never denied.
"""

from collections.abc import Mapping
from typing import Any

from harness.emulator.enforcement.resources import Touched, plain
from harness.policy.patterns import like

_EVERYTHING = ("*", "all_supported")


def violated_key(policy: Mapping[str, Any], touched: Touched) -> str | None:
    """Return the first tag key of a request that an effective tag policy does not let pass on this resource.

    Raises: nothing.
    """
    for key, value in sorted((touched.tags or {}).items()):
        entry = policy["tags"].get(key.lower())
        if entry and _is_enforced(entry, touched) and not _complies(entry, key, value):
            return key
    return None


def _is_enforced(entry: Mapping[str, Any], touched: Touched) -> bool:
    for name in entry.get("enforced_for", ()):
        service, _, kind = name.lower().partition(":")
        if service == touched.service and (kind in _EVERYTHING or plain(kind) in touched.type_names):
            return True
    return False


def _complies(entry: Mapping[str, Any], key: str, value: str) -> bool:
    """Tell whether a tag has the wanted capitals and an allowed value; no values allow every value."""
    allowed = entry.get("tag_value")
    return key == entry["tag_key"] and (not allowed or any(_value_matches(pattern, value) for pattern in allowed))


def _value_matches(pattern: str, value: str) -> bool:
    return like(pattern.replace("?", "\0"), value.replace("?", "\0"))
