"""Read modules/audit-role/actions.yaml: what audit may read and repair may write, shared with the Terraform module."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ACTIONS_FILE = Path(__file__).parent / "data" / "audit-actions.yaml"  # in a checkout a link, installed a copy

_STANDARD: Mapping[str, tuple[str, ...]] = {"set": ("TagResource",), "remove": ("UntagResource",)}
_ALWAYS = "tag"  # repair writes through TagResources, whatever the service


@dataclass(frozen=True, slots=True)
class TaggingActions:
    """Hold actions that set and that remove tags, sorted; `unlimited` are those that IAM cannot limit to keys."""

    sets: tuple[str, ...]
    removes: tuple[str, ...]
    unlimited: tuple[str, ...]


@cache
def _rows() -> Mapping[str, Any]:
    rows: Mapping[str, Any] = yaml.safe_load(ACTIONS_FILE.read_text(encoding="utf-8"))
    return rows


def read_groups(*, management_account: bool) -> dict[str, tuple[str, ...]]:
    """Return Sid -> actions of reading, sorted. Raises: OSError when the installation lacks the file."""
    rows = _rows()
    groups = {**rows["read"], **(rows["read_payer"] if management_account else {})}
    return {sid: tuple(sorted(group["actions"])) for sid, group in groups.items()}


def tagging_actions(services: Collection[str] | None, *, management_account: bool) -> TaggingActions:
    """Return the tagging actions of these services, None = of all. Raises: OSError as `read_groups`.

    >>> tagging_actions(["ec2"], management_account=False).sets
    ('ec2:CreateTags', 'tag:TagResources')
    """
    rows = _services(management_account=management_account)
    kept = rows if services is None else {name: rows[name] for name in {*services, _ALWAYS} & rows.keys()}
    found = {
        kind: tuple(sorted(f"{service}:{name}" for service, names in kept.items() for name in names[kind]))
        for kind in _STANDARD
    }
    known = {*found["set"], *found["remove"]}
    return TaggingActions(
        found["set"], found["remove"], tuple(action for action in sorted(_rows()["unlimited"]) if action in known)
    )


def repair_services() -> frozenset[str]:
    """Return the services whose resources can be tagged. Raises: OSError when the installation lacks the file."""
    return frozenset(_services(management_account=True))


def left_out() -> Mapping[str, str]:
    """Return service or action -> why no role gets it. Raises: OSError when the installation lacks the file."""
    reasons: Mapping[str, str] = _rows()["left_out"]
    return reasons


def _services(*, management_account: bool) -> dict[str, Mapping[str, Any]]:
    rows = _rows()
    standard = [*rows["repair"]["standard"], *(rows["repair_payer"]["standard"] if management_account else ())]
    return {**dict.fromkeys(standard, _STANDARD), **rows["repair"]["further"]}
