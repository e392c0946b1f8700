"""Render the tag policies of an environment, equal to what modules/tag-policy renders in HCL."""

from collections.abc import Mapping
from dataclasses import dataclass

from harness.dictionary import Dictionary
from harness.environment import Environment, Mode
from harness.errors import TagrailError
from harness.organization import ROOT, Organization, ancestors
from harness.packing import canonical_json, pack

WRAPPER = '{"tags":{}}'
_ACCOUNT = "account:"


@dataclass(frozen=True, slots=True)
class PolicyTarget:
    """Name a node with tag policies: `root`, a path of units or `account:<name>`; `parent` is the nearest above."""

    key: str
    mode: Mode
    parent: str | None


@dataclass(frozen=True, slots=True)
class TagPolicyDocument:
    """Hold one policy's target, the label of its part, and its content (operators included, as AWS stores it)."""

    target: str
    label: str
    content: Mapping[str, object]

    def text(self) -> str:
        """Return the minified JSON, whose characters AWS counts."""
        return canonical_json(self.content)


def policy_targets(
    dictionary: Dictionary, environment: Environment, organization: Organization | None
) -> tuple[PolicyTarget, ...]:
    """Return the targets that env.yaml names, and the units whose values the dictionary changes below them.

    All environments share the dictionary, so a unit that only it names may be missing in an organisation: it is no
    target there. Without an organisation an account counts as a child of the root.
    Raises: TagrailError when an account that is named does not exist, is named twice (by name and by id), or lies in a
    unit whose values the dictionary changes while no target is at or above that unit.
    """
    policy = environment.tag_policy
    modes: dict[str, Mode] = {**({ROOT: policy.root} if policy.root else {}), **policy.organizational_units}
    changed = {path for tag in dictionary.tags.values() for path in tag.values_by_ou}
    for path in sorted(changed - modes.keys() - missing_units(dictionary, environment, organization)):
        above = _nearest(path, policy.organizational_units, root=policy.root is not None)
        if above is not None:
            modes[path] = modes[above]
    root = ROOT in modes
    targets = [PolicyTarget(key, mode, _nearest(key, modes, root=root)) for key, mode in modes.items()]
    named: dict[str, str] = {}
    for name, mode in policy.accounts.items():
        account = organization.account(name) if organization else None
        unit = account.unit if account else ""
        if account:
            _refuse_twin(account.id, name, named)
        parent = _nearest(f"{unit}/", modes, root=root) if unit else (ROOT if root else None)
        if parent is None and (outside := changed & {unit, *ancestors(unit)}):
            rule = f'must lie below a target, since values_by_ou changes values of "{min(outside)}" above it'
            raise TagrailError(f'tag_policy.accounts "{name}": {rule}. Do target that unit or the root too')
        targets.append(PolicyTarget(_ACCOUNT + name, mode, parent))
    return tuple(sorted(targets, key=lambda target: target.key))


def missing_units(
    dictionary: Dictionary, environment: Environment, organization: Organization | None
) -> frozenset[str]:
    """Return the units of values_by_ou that the organisation lacks and env.yaml does not name. Raises: nothing."""
    changed = {path for tag in dictionary.tags.values() for path in tag.values_by_ou}
    if organization is None:
        return frozenset()
    return frozenset(changed - environment.tag_policy.organizational_units.keys() - organization.units.keys())


def _refuse_twin(account_id: str, name: str, named: dict[str, str]) -> None:
    """Refuse an account that is a target already: two of its policies would name the same keys."""
    first = named.setdefault(account_id, name)
    if first != name:
        rule = f'must name each account once; "{first}" and "{name}" are both {account_id}'
        raise TagrailError(f"tag_policy.accounts: {rule}. Do remove one of them")


def target_id(key: str, organization: Organization) -> str:
    """Return the AWS id of a target key.

    Raises: TagrailError when the unit or account does not exist.
    """
    if key == ROOT:
        return organization.root_id
    if key.startswith(_ACCOUNT):
        return organization.account(key.removeprefix(_ACCOUNT)).id
    return organization.unit_id(key)


def _nearest(path: str, modes: Mapping[str, Mode], *, root: bool) -> str | None:
    """Return the nearest target above `path`; a trailing slash makes the unit itself count as above."""
    if path == ROOT:
        return None
    return next((above for above in ancestors(path) if above in modes), ROOT if root else None)


def policy_entries(
    dictionary: Dictionary, target: PolicyTarget, targets: tuple[PolicyTarget, ...]
) -> dict[str, dict[str, object]]:
    """Return tag key -> entry of the target's policies, before they are cut into documents."""
    modes = {other.key: other.mode for other in targets}
    parent_mode = modes[target.parent] if target.parent is not None else None
    entries: dict[str, dict[str, object]] = {}
    for key in sorted(dictionary.tags):
        entry = _top_entry(dictionary, key, target) if parent_mode is None else {}
        if parent_mode is not None:
            entry = _child_entry(dictionary, key, target, parent_mode)
        if entry or parent_mode is None:
            entries[key] = {"tag_key": {"@@assign": key}, **entry}
    return entries


def _top_entry(dictionary: Dictionary, key: str, target: PolicyTarget) -> dict[str, object]:
    tag = dictionary.tags[key]
    change = tag.values_by_ou.get(target.key)
    values = [*(tag.values or ()), *(change.append if change else ())]
    values = [value for value in values if not (change and value in change.remove)]
    entry: dict[str, object] = {}
    if values:
        entry["tag_value"] = {"@@assign": values}
    if target.mode == "enforce" and dictionary.enforced_types(key):
        entry["enforced_for"] = {"@@assign": list(dictionary.enforced_types(key))}
    if dictionary.reported_types(key):
        entry["report_required_tag_for"] = {"@@assign": list(dictionary.reported_types(key))}
    return entry


def _child_entry(dictionary: Dictionary, key: str, target: PolicyTarget, parent_mode: Mode) -> dict[str, object]:
    entry: dict[str, object] = {}
    change = dictionary.tags[key].values_by_ou.get(target.key)
    if change:
        operator = "@@append" if change.append else "@@remove"
        entry["tag_value"] = {operator: list(change.append or change.remove)}
    types = dictionary.enforced_types(key)
    if target.mode != parent_mode and types:
        operator = "@@assign" if target.mode == "enforce" else "@@remove"
        entry["enforced_for"] = {operator: list(types)}
    return entry


def entry_size(key: str, entry: Mapping[str, object]) -> int:
    """Return the characters that an entry and its comma take in a document."""
    return len(canonical_json({key.lower(): entry})) - 1


def render_tag_policies(
    dictionary: Dictionary, name: str, targets: tuple[PolicyTarget, ...], limits: Mapping[str, int]
) -> dict[str, TagPolicyDocument]:
    """Return policy name -> document for every target; `name` is the environment's prefix.

    Raises: nothing; what does not fit is found by `capacity_faults`.
    """
    room = limits["tag_policy_document_characters"] - len(WRAPPER) + 1
    documents: dict[str, TagPolicyDocument] = {}
    for target in targets:
        entries = policy_entries(dictionary, target, targets)
        parts = pack({key: entry_size(key, entry) for key, entry in entries.items()}, room)
        for label, keys in parts.items():
            content = {"tags": {key.lower(): entries[key] for key in keys}}
            documents[f"{name}-tags-{target.key}-{label}"] = TagPolicyDocument(target.key, label, content)
    return documents
