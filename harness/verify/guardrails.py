"""Compare the organisation's service control policies under tagrail's names with the guardrails of an environment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from harness.dictionary import Dictionary
from harness.documents import GuardrailDocument, guardrail_targets, render_guardrails, target_id
from harness.environment import Environment, facts_of
from harness.errors import TagrailError
from harness.finding import Finding
from harness.organization import ROOT, Organization
from harness.packing import canonical_json
from harness.state import LivePolicy, State, Unreadable
from harness.verify.names import gone, refused
from harness.verify.unreadable import ORGANIZATIONS, unknown

PLANE = "guardrail"
_TYPE = "SERVICE_CONTROL_POLICY"


def guardrail_findings(dictionary: Dictionary, environment: Environment, state: State, apply: str) -> Iterator[Finding]:
    """Yield a finding for each policy and attachment; `apply` is the command that repairs. Raises: nothing."""
    organization, policies = state.organization, state.control_policies
    if isinstance(organization, Unreadable) or isinstance(policies, Unreadable):
        part = next(part for part in (organization, policies) if isinstance(part, Unreadable))
        if environment.guardrail.is_wanted():
            yield unknown(PLANE, "organisation", "all", part, ORGANIZATIONS)
        return
    named = environment.guardrail.accounts
    accounts = gone(PLANE, named, organization.account)
    kept = {name: mode for name, mode in named.items() if name not in accounts}
    guardrail = environment.guardrail.model_copy(update={"accounts": kept})
    environment = environment.model_copy(update={"guardrail": guardrail})
    try:
        targets = guardrail_targets(dictionary, environment, organization)
    except TagrailError as error:
        yield refused(PLANE, "guardrail", error)
        return
    units = gone(PLANE, (target.key for target in targets), partial(target_id, organization=organization))
    yield from (*accounts.values(), *units.values())
    documents = render_guardrails(environment, targets, facts_of(environment).limits)
    present = {name: document for name, document in documents.items() if document.target not in units}
    enforced = frozenset(target.key for target in targets if target.mode == "enforce")
    labels = [*(f"account:{name}" for name in accounts), *units]
    spared = tuple(f"{environment.name}-guardrail-{label}-" for label in labels)
    yield from _policies(_Expected(present, enforced, spared, apply), organization, policies)


@dataclass(frozen=True, slots=True)
class _Expected:
    """Hold documents by name, enforced targets, beginnings of names that have a finding already, and the repair."""

    documents: Mapping[str, GuardrailDocument]
    enforced: frozenset[str]
    spared: tuple[str, ...]
    apply: str


@dataclass(frozen=True, slots=True)
class _Attached:
    """Hold the nodes that a policy must be attached to, and the same in words."""

    target: str
    nodes: frozenset[str]
    text: str


def _policies(expected: _Expected, organization: Organization, policies: tuple[LivePolicy, ...]) -> Iterator[Finding]:
    documents, apply = expected.documents, expected.apply
    if documents and _TYPE not in organization.policy_types:
        command = f"aws organizations enable-policy-type --root-id {organization.root_id} --policy-type {_TYPE}"
        yield Finding(PLANE, ROOT, _TYPE, "fail", "policy type disabled", "policy type enabled", f"Do run {command}")
    live = {policy.name: policy for policy in policies}
    for name, document in documents.items():
        node = target_id(document.target, organization)
        must = _Attached(document.target, frozenset(), "attached nowhere")
        if document.target in expected.enforced:
            must = _Attached(document.target, frozenset({node}), f"attached to {node}")
        if name not in live:
            rule = f"policy as rendered, {must.text}"
            yield Finding(PLANE, document.target, name, "fail", "no such policy", rule, f"Do run {apply}")
            continue
        yield from _attachments(name, live[name], must, apply)
        yield from _content(name, document, live[name], apply)
    for name in sorted(live.keys() - documents.keys()):
        if not name.startswith(expected.spared):
            where = ", ".join(sorted(live[name].targets)) or "nowhere"
            repair = f"Do detach and delete policy {live[name].id}, after a look at who made it"
            yield Finding(PLANE, where, name, "fail", "a policy that nothing asks for", "no such policy", repair)


def _attachments(name: str, live: LivePolicy, must: _Attached, apply: str) -> Iterator[Finding]:
    if missing := must.nodes - live.targets:
        attach = f"aws organizations attach-policy --policy-id {live.id} --target-id {min(missing)}"
        yield Finding(PLANE, must.target, name, "fail", "not attached", must.text, f"Do run {apply}, or {attach}")
    if others := sorted(live.targets - must.nodes):
        held = f"attached to {', '.join(others)}" + (" too" if must.nodes else "")
        detach = (f"aws organizations detach-policy --policy-id {live.id} --target-id {other}" for other in others)
        repair = f"Do run {' and '.join(detach)}"
        yield Finding(PLANE, must.target, f"{name}: attachments", "fail", held, must.text, repair)
    if live.targets == must.nodes:
        yield Finding(PLANE, must.target, name, "pass", must.text, must.text)


def _content(name: str, document: GuardrailDocument, live: LivePolicy, apply: str) -> Iterator[Finding]:
    wanted, held = _by_sid(document.content), _by_sid(live.content)
    different = sorted(sid for sid in {*wanted, *held} if wanted.get(sid) != held.get(sid))
    for sid in different:
        has, must = (canonical_json(part[sid]) if sid in part else "nothing" for part in (held, wanted))
        yield Finding(PLANE, document.target, f"{name}: statement {sid}", "fail", has, must, f"Do run {apply}")
    if not different:
        yield Finding(PLANE, document.target, f"{name}: text", "pass", "as rendered", "as rendered")


def _by_sid(content: Mapping[str, Any]) -> dict[str, object]:
    """Return statements by Sid, those without one by their place; the rest of the document is under its own names."""
    statements = content.get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    found = {
        str(one.get("Sid", index)) if isinstance(one, dict) else str(index): one for index, one in enumerate(listed)
    }
    return {**found, **{name: value for name, value in content.items() if name != "Statement"}}
