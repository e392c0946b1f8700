"""Say what a statement asks of tags: of those in the request, and of those that a resource has.

Names of condition keys fold case, the tag key in `aws:RequestTag/Owner` included
(docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html).
"""

from collections.abc import Iterator

from harness.policy.conditions import judge_entry
from harness.policy.context import context_of
from harness.policy.operators import find_operator
from harness.policy.statement import ConditionEntry, Statement
from harness.policy.truth import Truth

REQUEST_TAG, TAG_KEYS = "aws:requesttag", "aws:tagkeys"

_NOTHING = context_of({})


def head(key: str) -> str:
    """Return a condition key in lower case without the tag key that follows its slash.

    >>> head("aws:RequestTag/Owner"), head("s3:prefix")
    ('aws:requesttag', 's3:prefix')
    """
    return key.partition("/")[0].lower()


def request_tag(key: str) -> str:
    """Return the tag key of `aws:RequestTag/Owner`; empty for any other condition key. Raises: nothing."""
    return key.partition("/")[2] if head(key) == REQUEST_TAG else ""


def resource_tag(key: str) -> str:
    """Return the tag key of `aws:ResourceTag/Owner`, or of a service's own key of that name; else empty.

    >>> resource_tag("ec2:ResourceTag/Owner"), resource_tag("ec2:Region")
    ('Owner', '')
    """
    return key.partition("/")[2] if head(key).endswith(":resourcetag") else ""


def is_tag_keys(key: str) -> bool:
    """Tell whether a condition key is `aws:TagKeys`. Raises: nothing."""
    return key.lower() == TAG_KEYS


def tells_of_request_tags(entry: ConditionEntry) -> bool:
    """Tell whether a condition is about the tags of the request. Raises: nothing."""
    return bool(request_tag(entry.key)) or is_tag_keys(entry.key)


def tells_of_principal(entry: ConditionEntry) -> bool:
    """Tell whether a condition is about who calls. Raises: nothing."""
    return head(entry.key) in {"aws:userid", "aws:username"} or head(entry.key).startswith("aws:principal")


def when_absent(entry: ConditionEntry) -> Truth:
    """Return whether a condition holds where the request has no such key. Raises: nothing."""
    return judge_entry(entry, _NOTHING, variables=True).truth


def is_negated(entry: ConditionEntry) -> bool:
    """Tell whether the operator is one such as StringNotLike. Raises: nothing."""
    operator = find_operator(entry.operator)
    return operator is not None and operator.negated


def quantifier(entry: ConditionEntry) -> str:
    """Return `ForAllValues`, `ForAnyValue` or nothing. Raises: nothing."""
    operator = find_operator(entry.operator)
    return operator.quantifier if operator else ""


def is_null(entry: ConditionEntry, value: str) -> bool:
    """Tell whether a condition is `Null` with this value alone, `true` or `false`. Raises: nothing."""
    return entry.operator == "Null" and {text.lower() for text in entry.values} == {value}


def denies_untagged(statement: Statement) -> bool:
    """Tell whether a Deny asks for tags: a request without any is denied, as far as tags decide. Raises: nothing."""
    asked = [entry for entry in statement.condition if tells_of_request_tags(entry)]
    return statement.effect == "Deny" and bool(asked) and all(when_absent(entry) is Truth.YES for entry in asked)


def demanding(statement: Statement) -> Iterator[ConditionEntry]:
    """Yield the conditions by which a Deny demands a tag: `Null` true, or a negated operator, which absence meets.

    Raises: nothing.
    """
    if denies_untagged(statement):
        for entry in statement.condition:
            if tells_of_request_tags(entry) and (is_null(entry, "true") or is_negated(entry)):
                yield entry


def demanded_keys(statement: Statement) -> tuple[str, ...]:
    """Return the tag keys that a Deny demands, as it spells them, each once. Raises: nothing."""
    found: list[str] = []
    for entry in demanding(statement):
        if is_tag_keys(entry.key):
            found += entry.values if is_negated(entry) else ()
        else:
            found.append(request_tag(entry.key))
    return tuple(dict.fromkeys(found))
