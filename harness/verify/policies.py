"""Compare the organisation's tag policies and each account's effective policy with what the dictionary implies."""

from collections.abc import Iterator, Mapping
from typing import Any

from harness.documents import TagPolicyDocument, target_id
from harness.finding import Finding
from harness.inheritance import effective_tag_policy
from harness.organization import ROOT, Account, Organization, ancestors
from harness.packing import canonical_json
from harness.state import LivePolicy, State, Unreadable
from harness.verify.unreadable import ORGANIZATIONS, is_about_the_target, unknown

PLANE = "tag policy"
EFFECTIVE = "effective policy"
Documents = Mapping[str, TagPolicyDocument]


def policy_findings(documents: Documents, state: State, apply: str) -> Iterator[Finding]:
    """Yield a finding for each policy, attachment and account; `apply` is the command that repairs.

    Raises: TagrailError when a target does not exist in the organisation.
    """
    if isinstance(state.organization, Unreadable) or isinstance(state.policies, Unreadable):
        part = next(part for part in (state.organization, state.policies) if isinstance(part, Unreadable))
        for plane in (PLANE, EFFECTIVE):
            yield unknown(plane, "organisation", "all", part, ORGANIZATIONS)
        return
    broken: dict[str, str] = {}
    for nodes, finding in _policies(documents, state.organization, state.policies, apply):
        yield finding
        if finding.verdict != "pass":
            for node in nodes:
                broken.setdefault(node, finding.subject)
    yield from _effective(documents, state.organization, state.effective, broken)


def _policies(
    documents: Documents, organization: Organization, policies: tuple[LivePolicy, ...], apply: str
) -> Iterator[tuple[frozenset[str], Finding]]:
    """Yield each finding with the ids of the nodes below which it changes effective policies."""
    if documents and "TAG_POLICY" not in organization.policy_types:
        yield frozenset({organization.root_id}), _type_disabled(organization)
    live = {policy.name: policy for policy in policies}
    for name, document in documents.items():
        node = target_id(document.target, organization)
        if name not in live:
            must_hold = "policy as rendered, attached"
            finding = Finding(PLANE, document.target, name, "fail", "no such policy", must_hold, f"Do run {apply}")
            yield frozenset({node}), finding
            continue
        yield from _attachments(name, document, live[name], node, apply)
        for finding in _content(name, document, live[name], apply):
            yield frozenset({node}), finding
    for name in sorted(live.keys() - documents.keys()):
        yield live[name].targets, _left_over(live[name])


def _type_disabled(organization: Organization) -> Finding:
    command = f"aws organizations enable-policy-type --root-id {organization.root_id} --policy-type TAG_POLICY"
    repair = f"Do run {command}"
    return Finding(PLANE, ROOT, "TAG_POLICY", "fail", "policy type disabled", "policy type enabled", repair)


def _left_over(policy: LivePolicy) -> Finding:
    where = ", ".join(sorted(policy.targets)) or "nowhere"
    repair = f"Do detach and delete policy {policy.id}, after a look at who made it"
    return Finding(PLANE, where, policy.name, "fail", "a policy that nothing asks for", "no such policy", repair)


def _attachments(
    name: str, document: TagPolicyDocument, live: LivePolicy, node: str, apply: str
) -> Iterator[tuple[frozenset[str], Finding]]:
    attached = f"attached to {node}"
    if node in live.targets:
        yield frozenset(), Finding(PLANE, document.target, name, "pass", attached, attached)
    else:
        repair = f"Do run {apply}, or aws organizations attach-policy --policy-id {live.id} --target-id {node}"
        yield frozenset({node}), Finding(PLANE, document.target, name, "fail", "not attached", attached, repair)
    if others := live.targets - {node}:
        held = f"attached to {', '.join(sorted(others))} too"
        commands = (
            f"aws organizations detach-policy --policy-id {live.id} --target-id {other}" for other in sorted(others)
        )
        subject = f"{name}: attachments"
        yield (
            others,
            Finding(PLANE, document.target, subject, "fail", held, attached, f"Do run {' and '.join(commands)}"),
        )


def _content(name: str, document: TagPolicyDocument, live: LivePolicy, apply: str) -> Iterator[Finding]:
    differences = list(_differences(document.content, live.content))
    for path, held, wanted in differences:
        yield Finding(PLANE, document.target, f"{name}: {path}", "fail", held, wanted, f"Do run {apply}")
    if not differences:
        yield Finding(PLANE, document.target, f"{name}: text", "pass", "as rendered", "as rendered")


def _differences(wanted: Mapping[str, Any], held: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield path, held and wanted text of each element that differs between two policies."""
    wanted_tags, held_tags = wanted.get("tags", {}), held.get("tags", {})
    odd = {key: entry for key, entry in held_tags.items() if not isinstance(entry, dict)}
    for key, entry in sorted(odd.items()):
        yield key, _shown(entry), "nothing"
    held_tags = {key: entry for key, entry in held_tags.items() if key not in odd}
    for key in sorted({*wanted_tags, *held_tags}):
        for element in sorted({*wanted_tags.get(key, {}), *held_tags.get(key, {})}):
            must, has = wanted_tags.get(key, {}).get(element), held_tags.get(key, {}).get(element)
            if must != has:
                yield f"{key}.{element}", _shown(has), _shown(must)
    if set(held) != {"tags"}:
        yield "document", f"elements {', '.join(sorted(held)) or 'none'}", "element tags only"


def _shown(value: object) -> str:
    return "nothing" if value is None else canonical_json(value)


def _effective(
    documents: Documents,
    organization: Organization,
    effective: Mapping[str, Mapping[str, Any] | Unreadable],
    broken: Mapping[str, str],
) -> Iterator[Finding]:
    """Yield findings by account; `broken` maps the id of a node to the subject of what is wrong with its policies."""
    by_node: dict[str, list[Mapping[str, Any]]] = {}
    for document in documents.values():
        by_node.setdefault(target_id(document.target, organization), []).append(document.content)
    for account in organization.accounts:
        nodes = _path(account, organization)
        held = effective[account.id]
        where = f"{account.name} ({account.id})"
        if isinstance(held, Unreadable) and account.status in ("SUSPENDED", "CLOSED") and is_about_the_target(held):
            text = f"{account.status.lower()}, and not readable: {held.reason}"
            yield Finding(EFFECTIVE, where, "all", "pass", text, "nothing, since nobody can act in the account")
            continue
        if isinstance(held, Unreadable):
            yield unknown(EFFECTIVE, where, "all", held, "organizations:DescribeEffectivePolicy")
            continue
        wanted = effective_tag_policy([by_node.get(node, []) for node in nodes])
        cause = next((broken[node] for node in nodes if node in broken), "")
        yield from _account(where, wanted, held, cause)


def _path(account: Account, organization: Organization) -> list[str]:
    """Return the ids of the nodes from the root to the account."""
    units = [*reversed(ancestors(account.unit)), account.unit] if account.unit else []
    # A unit's name may hold a slash: then what stands before it is no unit.
    ids = (organization.units[unit] for unit in units if unit in organization.units)
    return [organization.root_id, *ids, account.id]


def _account(where: str, wanted: Mapping[str, Any], held: Mapping[str, Any], cause: str) -> Iterator[Finding]:
    """Yield what differs; where a policy above is at fault already, the difference follows from it."""
    wanted_tags, held_tags = wanted.get("tags", {}), held.get("tags", {})
    differing = [key for key in sorted(wanted_tags) if _sets(wanted_tags[key]) != _sets(held_tags.get(key))]
    foreign = "Do find the foreign tag policy on the path of this account that assigns the key, and detach it"
    for key in differing:
        repair = "Do repair the tag policy first" if cause else foreign
        held_text, wanted_text = _shown(held_tags.get(key)), _shown(wanted_tags[key])
        yield Finding(EFFECTIVE, where, key, "fail", held_text, wanted_text, repair, cause)
    if not differing:
        yield Finding(EFFECTIVE, where, f"{len(wanted_tags)} keys", "pass", "as implied", "as implied")


def _sets(entry: Mapping[str, Any] | None) -> object:
    """Return an entry with its lists as sets: their order means nothing, and no types are as good as none named."""
    if entry is None:
        return None
    kept = {name: value for name, value in entry.items() if value != [] or name == "tag_value"}
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in kept.items()}
