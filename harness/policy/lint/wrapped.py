"""Take a policy out of what people have: an answer of the AWS CLI, or a JSON text as `terraform output` gives it.

docs.aws.amazon.com/cli/latest/reference: organizations describe-policy and describe-effective-policy, iam
get-policy-version and get-role-policy, s3api get-bucket-policy, secretsmanager get-resource-policy, ecr
get-repository-policy.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from harness.policy.json_text import is_text
from harness.policy.lint.lines import line_of, value_offset
from harness.policy.lint.model import PolicyKind

# Members that lead to the policy, and what kind of policy it is, where the command tells.
ANSWERS: tuple[tuple[tuple[str, ...], PolicyKind | None], ...] = (
    (("Policy", "Content"), None),
    (("EffectivePolicy", "PolicyContent"), None),
    (("PolicyVersion", "Document"), "identity"),
    (("PolicyDocument",), "identity"),
    (("Policy",), None),
    (("ResourcePolicy",), None),
    (("policyText",), None),
)
_TYPES: Mapping[str, PolicyKind] = {
    "SERVICE_CONTROL_POLICY": "scp",
    "RESOURCE_CONTROL_POLICY": "rcp",
    "TAG_POLICY": "tag",
}


class Body(NamedTuple):
    """Hold the text of a policy and the line of the file on which it begins.

    `folded`: the file has all of it on that line, as a JSON text. `kind` and `type` (of Organizations) are what the
    wrapping says of it, None and empty where it says nothing.
    """

    text: str
    line: int = 1
    folded: bool = False
    kind: PolicyKind | None = None
    type: str = ""


def unwrap(text: str, value: Any) -> Body:
    """Return the policy in a JSON text whose value is given; the text itself where nothing wraps it.

    >>> unwrap('{"Policy": "{}"}', {"Policy": "{}"}).text
    '{}'

    Raises: nothing.
    """
    if is_text(value):
        return Body(value, 1 + text[: len(text) - len(text.lstrip())].count("\n"), folded=True)
    for steps, kind in ANSWERS:
        held = _member(value, steps)
        if not (is_text(held) or isinstance(held, Mapping)):
            continue
        path, type_ = ".".join(steps), _type(value)
        line, said = line_of(text, path), _TYPES.get(type_, kind)
        if type_ == "TAG_POLICY" and steps[0] == "EffectivePolicy":
            said = "effective"
        if is_text(held):
            return Body(held, line, folded=True, kind=said, type=type_)
        start = value_offset(text, path)
        _, end = json.JSONDecoder(parse_int=str).raw_decode(text, start)
        return Body(text[start:end], 1 + text.count("\n", 0, start), kind=said, type=type_)
    return Body(text)


def known_type(type_: str) -> bool:
    """Return whether a type of Organizations' policies is one that is judged; one that is not said may be."""
    return not type_ or type_ in _TYPES


def _member(value: Any, steps: tuple[str, ...]) -> Any:
    for step in steps:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _type(value: Any) -> str:
    found = _member(value, ("Policy", "PolicySummary", "Type")) or _member(value, ("EffectivePolicy", "PolicyType"))
    return found if is_text(found) else ""
