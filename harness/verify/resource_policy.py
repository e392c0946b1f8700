"""Compare the policy of a resource, statement by statement, with the one that is rendered."""

from collections.abc import Iterator, Mapping
from typing import Any

from harness.finding import Finding
from harness.packing import canonical_json


def statement_findings(  # noqa: PLR0913, PLR0917 (one policy of one resource, and what to say about it)
    plane: str, what: str, wanted: Mapping[str, Any], held: Mapping[str, Any] | None, where: str, apply: str
) -> Iterator[Finding]:
    """Yield a finding for each statement, by its Sid, that is missing, changed or not ours. Raises: nothing."""
    must_by_sid = {statement["Sid"]: statement for statement in wanted["Statement"]}
    held_by_sid = {statement.get("Sid", "without Sid"): statement for statement in held_statements(held)}
    for sid in sorted({*must_by_sid, *held_by_sid}):
        must, has = must_by_sid.get(sid), held_by_sid.get(sid)
        subject = f"{what}: {sid}"
        if must is not None and has is not None and _normal(must) == _normal(has):
            yield Finding(plane, where, subject, "pass", "as rendered", "as rendered")
            continue
        held_text = "no such statement" if has is None else canonical_json(has)
        must_text = "no such statement" if must is None else canonical_json(must)
        yield Finding(plane, where, subject, "fail", held_text, must_text, f"Do run {apply}")


def held_statements(policy: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """Return a live policy's statements; AWS takes one without a list around it too. Raises: nothing."""
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
