"""Compare the policy of a resource with the one that is rendered, or with what a service asks for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.finding import Finding
from harness.packing import canonical_json
from harness.verify.access import Request, lets_in


def statement_findings(  # noqa: PLR0913, PLR0917 (one policy of one resource, and what to say about it)
    plane: str, what: str, wanted: Mapping[str, Any], held: Mapping[str, Any] | None, where: str, apply: str
) -> Iterator[Finding]:
    """Yield a finding for each statement, by its Sid, that is missing, changed or not ours. Raises: nothing."""
    must_by_sid = {statement["Sid"]: statement for statement in wanted["Statement"]}
    held_by_sid = {statement.get("Sid", "without Sid"): statement for statement in _statements(held)}
    for sid in sorted({*must_by_sid, *held_by_sid}):
        must, has = must_by_sid.get(sid), held_by_sid.get(sid)
        subject = f"{what}: {sid}"
        if must is not None and has is not None and _normal(must) == _normal(has):
            yield Finding(plane, where, subject, "pass", "as rendered", "as rendered")
            continue
        held_text = "no such statement" if has is None else canonical_json(has)
        must_text = "no such statement" if must is None else canonical_json(must)
        yield Finding(plane, where, subject, "fail", held_text, must_text, f"Do run {apply}")


def let_in_finding(  # noqa: PLR0913, PLR0917 (one policy of one resource, and what to say about it)
    plane: str, what: str, where: str, policy: Mapping[str, Any] | None, requests: Sequence[Request], example: str
) -> Finding:
    """Return whether a service may do all that is requested; where conditions leave it open, that is unknown.

    `example` says where its statement stands. Raises: nothing.
    """
    statements = _statements(policy)
    judgements = {request.action: lets_in(statements, request) for request in requests}
    service = requests[0].service
    must = f"{service} may {' and '.join(judgements)}, for account {requests[0].account_id}"
    if all(judgements.values()):
        return Finding(plane, where, what, "pass", must, must)
    refused = [action for action, judgement in judgements.items() if judgement is False]
    held = canonical_json(statements)
    if refused:
        return Finding(plane, where, what, "fail", held, must, f"Do let {service} {' and '.join(refused)}; {example}")
    repair = "Do look at the conditions, and at what has arrived"
    return Finding(plane, where, what, "unknown", held, must, repair)


def _statements(policy: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """Return a live policy's statements; AWS takes one without a list around it too."""
    statements = (policy or {}).get("Statement", [])
    return statements if isinstance(statements, list) else [statements]


def _normal(value: Any) -> object:
    """Return a policy element with single-element lists as scalars and lists in order, since AWS may rewrite both."""
    if isinstance(value, dict):
        return {key: _normal(item) for key, item in value.items()}
    if isinstance(value, list):
        items = sorted((_normal(item) for item in value), key=str)
        return items[0] if len(items) == 1 else items
    return value
