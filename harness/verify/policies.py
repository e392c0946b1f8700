"""Compare the organisation's tag policies with what the dictionary implies, and what follows for each account."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.documents import TagPolicyDocument, target_id
from harness.finding import Finding
from harness.organization import ROOT, Organization
from harness.packing import canonical_json
from harness.state import LivePolicy, State, Unreadable
from harness.verify.effective import EFFECTIVE, PLANE, Causes, effective_findings, foreign_findings
from harness.verify.unreadable import ORGANIZATIONS, unknown

Documents = Mapping[str, TagPolicyDocument]


def unreadable_policies(part: Unreadable) -> Iterator[Finding]:
    """Yield that nothing can be said of tag policies and of what accounts get. Raises: nothing."""
    for plane in (PLANE, EFFECTIVE):
        yield unknown(plane, "organisation", "all", part, ORGANIZATIONS)


def policy_findings(
    documents: Documents, state: State, apply: str, most: int, gone: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield a finding for each policy, attachment and account; `apply` is the command that repairs.

    `most` is how many tag policies AWS lets one node have. `gone` maps the beginning of the names of policies whose
    target is not there any more, and has a finding already, to the subject of that.
    Raises: TagrailError when a target of `documents` does not exist in the organisation.
    """
    organization, policies, foreign = state.organization, state.policies, state.foreign_policies
    if isinstance(organization, Unreadable) or isinstance(policies, Unreadable):
        part = next(part for part in (organization, policies) if isinstance(part, Unreadable))
        yield from unreadable_policies(part)
        return
    # A policy that is wanted is none of a target that is gone, though one name may begin with the other.
    subjects = {policy.name: "" if policy.name in documents else _gone_subject(policy, gone) for policy in policies}
    broken = {node: subject for policy in policies if (subject := subjects[policy.name]) for node in policy.targets}
    ours = tuple(policy for policy in policies if not subjects[policy.name])
    for nodes, finding in _policies(documents, organization, ours, apply):
        yield finding
        if finding.verdict != "pass":
            for node in nodes:
                broken.setdefault(node, finding.subject)
    yield from _full_nodes(documents, organization, foreign, most)
    effective = tuple(effective_findings(documents, organization, state.effective, Causes(broken, foreign)))
    yield from foreign_findings(foreign, effective, _names(organization))
    yield from effective


def _gone_subject(policy: LivePolicy, gone: Mapping[str, str]) -> str:
    return next((subject for start, subject in gone.items() if policy.name.startswith(start)), "")


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


def _full_nodes(
    documents: Documents, organization: Organization, foreign: Sequence[LivePolicy], most: int
) -> Iterator[Finding]:
    """Yield the targets that cannot take all policies beside the foreign ones that are attached there."""
    for target, count in Counter(document.target for document in documents.values()).items():
        node = target_id(target, organization)
        others = [f"{policy.name} ({policy.id})" for policy in foreign if node in policy.targets]
        if count + len(others) > most:
            held = f"{count} of tagrail's and {len(others)} foreign ones: {', '.join(others)}"
            repair = f"Do detach {count + len(others) - most} of the foreign ones"
            yield Finding(PLANE, target, "attachments", "fail", held, f"at most {most} tag policies", repair)


def _names(organization: Organization) -> dict[str, str]:
    accounts = {account.id: f"{account.name} ({account.id})" for account in organization.accounts}
    return {organization.root_id: ROOT, **{node: path for path, node in organization.units.items()}, **accounts}


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
