"""Say what would become of a request: allowed or denied, by which policy, and what the request lacks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from harness.policy.attachment import Node
from harness.policy.compliance import Violation, is_enforced, is_enforced_somewhere, violations
from harness.policy.effective import effective_policy
from harness.policy.evaluation import Decision, Level, Verdict, judge
from harness.policy.provenance import EffectivePolicy
from harness.policy.request import Request, Touched, touched

_ROUNDS = 60  # a request that lacks more tags than a resource can have is beyond help
_ANY = "?*"

Repair = tuple[Literal["add", "change", "spell"], str, str]


@dataclass(frozen=True)
class Rules:
    """Hold what binds an account: service control policies by level, root first, and its lineage of tag policies.

    `levels` are empty for the management account, which no service control policy binds.
    """

    levels: tuple[Level, ...]
    lineage: tuple[Node, ...]

    @cached_property
    def tag_policy(self) -> EffectivePolicy:
        """Return the effective tag policy, with where each value comes from. Raises: nothing."""
        return effective_policy(self.lineage)

    @cached_property
    def tag_document(self) -> Mapping[str, Any]:
        """Return the effective tag policy as AWS shows it. Raises: nothing."""
        return self.tag_policy.document()


@dataclass(frozen=True, slots=True)
class Reason:
    """Say why a resource of a request is not allowed: `text` names policy, node and statement, or what is unknown.

    `tags` are those of the request that count for the resource.
    """

    resource: str
    text: str
    decision: Decision | None = None
    violation: Violation | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Simulation:
    """Hold a request, its verdict, the reasons of each resource that is not allowed, and what to do to be allowed.

    `repairs` are empty where no tag helps.
    """

    request: Request
    verdict: Verdict
    reasons: tuple[Reason, ...]
    repairs: tuple[str, ...]


def simulate(request: Request, rules: Rules) -> Simulation:
    """Return what would become of a request under the rules of its account.

    Raises: KeyError for an action that IAM does not know.
    """
    verdict, reasons = _judge(request, rules)
    repairs = tuple(_worded(repair) for repair in _repairs(request, rules)) if verdict == "denied" else ()
    return Simulation(request, verdict, reasons, repairs)


def _judge(request: Request, rules: Rules) -> tuple[Verdict, tuple[Reason, ...]]:
    denied: list[Reason] = []
    unknown: list[Reason] = []
    levels = () if ":role/aws-service-role/" in request.principal() else rules.levels
    for resource in touched(request):
        decision = judge(levels, resource.access)
        if decision.verdict == "denied":
            denied.append(Reason(resource.arn, _who(decision), decision, None, resource.tags or {}))
        elif decision.verdict == "unknown":
            text = f"{_who(decision)}; not known: {', '.join(decision.reasons)}"
            unknown.append(Reason(resource.arn, text, decision))
        for certain, reason in _tag_policy_reasons(rules, resource):
            (denied if certain else unknown).append(reason)
    if denied:
        return "denied", tuple(denied)
    return ("unknown", tuple(unknown)) if unknown else ("allowed", ())


def _tag_policy_reasons(rules: Rules, resource: Touched) -> Iterator[tuple[bool, Reason]]:
    """Yield why the tag policy denies a resource, each with whether that is certain: its type may be open."""
    entries = rules.tag_document["tags"]
    for found in violations(rules.tag_document, resource.tags or {}):
        entry = entries[found.key.lower()]
        certain = is_enforced(entry, resource.service, resource.type_names)
        if certain or (not resource.type_names and is_enforced_somewhere(entry, resource.service)):
            origins = ", ".join(dict.fromkeys(str(origin) for origin in _origins(rules.tag_policy, found.key.lower())))
            text = f"tag policy: the {found.rule} of {found.key}, enforced by {origins}"
            doubt = "" if certain else "; not known: the type of the resource"
            yield certain, Reason(resource.arn, text + doubt, None, found, resource.tags or {})


def _origins(policy: EffectivePolicy, key: str) -> Iterator[object]:
    element = policy.keys[key].get("enforced_for")
    yield from element.values.values() if element else ()


def _who(decision: Decision) -> str:
    level = decision.level.name if decision.level else ""
    if decision.policy is None:
        return f"service control policy: nothing at {level} allows it"
    statement = decision.sid or f"statement {decision.index + 1}"
    policy = decision.policy
    shown = policy.name if policy.id == policy.name else f"{policy.name} ({policy.id})"
    return f"service control policy {shown} at {level}: {statement}"


def _repairs(request: Request, rules: Rules) -> Sequence[Repair]:
    """Return changes of the request's tags after which it is allowed; nothing when tags do not help."""
    done: list[Repair] = []
    for _ in range(_ROUNDS):
        verdict, reasons = _judge(request, rules)
        if verdict != "denied":
            return _merged(done)
        repair = next((found for reason in reasons for found in _repairs_of(reason)), None)
        if repair is None or repair in done:
            return ()
        done.append(repair)
        by_type = {kind: _mended(tags, repair) for kind, tags in request.tags_by_type.items()}
        request = replace(request, tags=_mended(request.tags, repair), tags_by_type=by_type)
    return ()


def _merged(repairs: Sequence[Repair]) -> Sequence[Repair]:
    """Return repairs of which none changes what another one has added or changed."""
    found: dict[tuple[bool, str], Repair] = {}
    for kind, key, value in repairs:
        place = (kind == "spell", key)
        found[place] = (found[place][0] if place in found else kind, key, value)
    return list(found.values())


def _repairs_of(reason: Reason) -> Iterator[Repair]:
    if reason.violation:
        found = reason.violation
        value = reason.tags[found.key]
        if found.rule == "spelling":
            yield "spell", found.wanted[0], value
        elif found.wanted:
            yield "change", found.key, found.wanted[0]
    for judged in reason.decision.conditions if reason.decision else ():
        operator, key, values = judged.entry
        name, _, tag = key.partition("/")
        held = _held(reason.tags, tag)
        if not values:
            continue  # no tag meets a list of none
        if name.lower() == "aws:requesttag" and operator in ("StringNotLike", "StringNotEquals", "Null"):
            wanted = "" if operator == "Null" or values[0] == _ANY else values[0]
            if held is None or operator != "Null":
                yield ("change" if held is not None else "add"), tag if held is None else held, wanted or "<value>"
        elif key.lower() == "aws:tagkeys" and operator == "ForAllValues:StringNotEquals":
            spelt = _held(reason.tags, values[0])
            yield ("spell" if spelt else "add"), values[0], reason.tags[spelt] if spelt else "<value>"


def _held(tags: Mapping[str, str], key: str) -> str | None:
    """Return the key of a request that is the same but for case."""
    return next((held for held in tags if held.lower() == key.lower()), None)


def _mended(tags: Mapping[str, str], repair: Repair) -> dict[str, str]:
    kind, key, value = repair
    kept = {held: text for held, text in tags.items() if kind != "spell" or held.lower() != key.lower()}
    return {**kept, key: value.replace("*", "x")}


def _worded(repair: Repair) -> str:
    kind, key, value = repair
    if kind == "spell":
        return f"Do write the key {key} exactly so"
    return f"Do {kind} --tag {key}={value}" if kind == "add" else f"Do change {key} to {value}"
