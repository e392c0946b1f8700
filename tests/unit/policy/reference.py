"""The rules of inheritance once more, as plainly as they can be written: an oracle for the engine, without origins.

docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html.
"""

from typing import Any

from harness.policy.tag_policy import CONTROL

from .trees import APPEND, ASSIGN, ELEMENTS, KEYS, OPERATORS, REMOVE, Document, Nodes


def reference(nodes: Nodes) -> dict[str, Any]:
    """Return the effective policy of generated documents, one element at a time."""
    tags: dict[str, Any] = {}
    for key in KEYS:
        found = {
            element: value for element in ("tag_key", *ELEMENTS) if (value := _element(nodes, key, element)) is not None
        }
        if found:
            tags[key] = {"tag_key": key, **found}
    return {"tags": tags}


def _element(nodes: Nodes, key: str, element: str) -> Any:
    value: Any = None
    allowed = {*OPERATORS}
    for documents in nodes:
        uses = [_uses(document, key, element) for document in documents]
        assigned = [use[ASSIGN] for use in uses if ASSIGN in use]
        if assigned and ASSIGN in allowed:
            value = assigned[0]
        for use in uses if APPEND in allowed else ():
            if APPEND in use:
                value = [*(value or []), *use[APPEND]]
        for use in uses if REMOVE in allowed else ():
            if REMOVE in use and value is not None:
                value = [one for one in value if one not in use[REMOVE]]
        for document in documents:
            allowed &= _left(document, key, element)
    return list(dict.fromkeys(value)) if isinstance(value, list) else value


def _uses(document: Document, key: str, element: str) -> Document:
    uses: Document = document["tags"].get(key, {}).get(element, {})
    return uses


def _left(document: Document, key: str, element: str) -> set[str]:
    """Return the operators that one document leaves to its children."""
    entry = document["tags"].get(key, {})
    left = {*OPERATORS}
    for names in (document["tags"].get(CONTROL), entry.get(CONTROL), entry.get(element, {}).get(CONTROL)):
        if names is not None and names != ["@@all"]:
            left &= {*names}
    return left
