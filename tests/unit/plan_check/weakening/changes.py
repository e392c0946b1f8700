"""Short ways to write the changes of a plan in tests."""

import json
from collections.abc import Mapping
from typing import Any

from harness.plan_check.weakening import Change, Known, Weakening, weakenings

ROOT, UNIT, ACCOUNT = "r-abcd", "ou-abcd-11111111", "111122223333"
Values = Mapping[str, Any]


def change(address: str, before: Values | None, after: Values | None, unknown: Any = None, **more: Any) -> Change:
    """Return a change whose actions follow from what is there before and after."""
    if before is None:
        actions: tuple[str, ...] = ("create",)
    elif after is None:
        actions = ("delete",)
    else:
        actions = ("no-op",) if before == after and not unknown else ("update",)
    kind = address.split("[", maxsplit=1)[0].split(".")[-2]
    return Change(address, kind, more.pop("actions", actions), before, after, unknown, **more)


def stays(address: str, **values: Any) -> Change:
    """Return a resource that a plan leaves as it is."""
    return change(address, values, values)


def goes(address: str, **values: Any) -> Change:
    """Return a resource that a plan deletes."""
    return change(address, values, None)


def comes(address: str, *unknown: str, **values: Any) -> Change:
    """Return a resource that a plan creates; `unknown` are known only after apply."""
    return change(address, None, values, dict.fromkeys(unknown, True))


def becomes(address: str, values: Values, *unknown: str, **new: Any) -> Change:
    """Return a resource of which a plan changes some values; `unknown` are known only after apply."""
    return change(address, values, {**values, **new}, dict.fromkeys(unknown, True))


def found(*changes: Change, known: Known | None = None) -> list[tuple[str, str, str]]:
    """Return rule, verdict and address of what changes take away."""
    return [(each.fault.rule, each.fault.verdict, each.address) for each in weakenings(changes, known)]


def only(*changes: Change, known: Known | None = None) -> Weakening:
    """Return the one thing that changes take away."""
    (weakening,) = weakenings(changes, known)
    return weakening


def tag_policy(**tags: Any) -> str:
    """Return the text of a tag policy; what each key assigns is given by element."""
    entries = {
        key: {"tag_key": {"@@assign": key}, **{name: {"@@assign": values} for name, values in elements.items()}}
        for key, elements in tags.items()
    }
    return json.dumps({"tags": entries})


def deny(*actions: str, sid: str = "", resource: Any = "*", **condition: Any) -> dict[str, Any]:
    """Return a statement that denies; a keyword names an operator."""
    statement = {"Effect": "Deny", "Action": list(actions), "Resource": resource}
    return statement | ({"Sid": sid} if sid else {}) | ({"Condition": condition} if condition else {})


def document(*statements: Any) -> str:
    """Return the text of a policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def attachment(policy: str, target: str) -> dict[str, str]:
    """Return the values of an attachment."""
    return {"policy_id": policy, "target_id": target}
