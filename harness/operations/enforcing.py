"""Find targets that move from report to enforce, and refuse the move while it hits more than the user accepts."""

from collections.abc import Iterator

from harness.documents import guardrail_targets, policy_targets, render_guardrails, render_tag_policies, target_id
from harness.environment import facts_of
from harness.errors import TagrailError
from harness.impact.judgement import judge_impact
from harness.operations.impact import Sources, read_calls, read_resources, rules_by_id
from harness.operations.rules import read_live, with_rendered
from harness.operations.session import Session
from harness.state import State, Unreadable


def newly_enforced(session: Session, live: State) -> tuple[str, ...]:
    """Return the targets where the environment enforces what AWS only reports now, sorted.

    On AWS a policy that does not exist yet counts as reporting: nothing was denied before. On an organisation that is
    made for trying things out it does not. Raises: TagrailError when env.yaml names what does not exist.
    """
    if isinstance(live.organization, Unreadable):
        return ()
    return tuple(sorted({*_guardrails(session, live), *_tag_policies(session, live)}))


def refuse_impact(session: Session, targets: tuple[str, ...], sources: Sources, accepted: int) -> None:
    """Refuse to enforce while more calls and resources are hit than `accepted`.

    Raises: TagrailError naming targets and number, or when the impact cannot be measured.
    """
    live = read_live(session)
    after = with_rendered(live, session.dictionary, session.environment)
    calls, resources = read_calls(session, sources), read_resources(session, sources)
    found = judge_impact(calls.calls, resources, rules_by_id(live), rules_by_id(after))
    if found.number() <= accepted:
        return
    hits = f"{found.number()} ({len(found.calls)} calls and {len(found.resources)} resources)"
    rule = f"must hit {accepted} calls and resources at most when it is enforced; got {hits}"
    repair = f"Do look at them with tagrail impact --env {session.name}, or pass --accept-impact {found.number()}"
    raise TagrailError(f"{', '.join(targets)}: {rule}. {repair}")


def _guardrails(session: Session, live: State) -> Iterator[str]:
    if isinstance(live.control_policies, Unreadable) or isinstance(live.organization, Unreadable):
        return
    environment, held = session.environment, {policy.name: policy for policy in live.control_policies}
    targets = {one.key: one for one in guardrail_targets(session.dictionary, environment, live.organization)}
    for name, document in render_guardrails(environment, targets.values(), facts_of(environment).limits).items():
        if targets[document.target].mode == "enforce":
            node = target_id(document.target, live.organization)
            is_attached = name in held and node in held[name].targets
            if not is_attached and (name in held or session.target.name == "aws"):
                yield f"guardrail at {document.target}"


def _tag_policies(session: Session, live: State) -> Iterator[str]:
    if isinstance(live.policies, Unreadable) or isinstance(live.organization, Unreadable):
        return
    environment, held = session.environment, {policy.name: policy for policy in live.policies}
    targets = policy_targets(session.dictionary, environment, live.organization)
    documents = render_tag_policies(session.dictionary, environment.name, targets, facts_of(environment).limits)
    for name, document in documents.items():
        wanted = _assigned_types(document.content)
        present = _assigned_types(held[name].content) if name in held else frozenset()
        if wanted - present and (name in held or session.target.name == "aws"):
            yield f"tag policy at {document.target}"


def _assigned_types(content: object) -> frozenset[tuple[str, str]]:
    """Return the key and type of every enforcement that a policy assigns."""
    tags = content.get("tags", {}) if isinstance(content, dict) else {}
    return frozenset(
        (key, kind)
        for key, entry in tags.items()
        if isinstance(entry, dict)
        for kind in entry.get("enforced_for", {}).get("@@assign", ())
    )
