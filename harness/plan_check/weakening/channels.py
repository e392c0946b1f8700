"""Find what a plan takes away between an alert of cost and who hears of it: topics, subscriptions, and their policies.

docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html: without leave in the topic's policy and in
that of its key, AWS drops alerts and tells nobody.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.plan_check.model import UNKNOWN
from harness.plan_check.weakening.budgets import BUDGET
from harness.plan_check.weakening.model import Change, Weakening, blocks, first, items, texts, weakening
from harness.plan_check.weakening.notifications import TOPIC

SUBSCRIPTION = "aws_sns_topic_subscription"
ANOMALIES = "aws_ce_anomaly_subscription"
_POLICIES = (TOPIC, "aws_sns_topic_policy", "aws_kms_key", "aws_kms_key_policy")
TYPES = frozenset({TOPIC, SUBSCRIPTION, ANOMALIES, *_POLICIES})

_SUBSCRIBED = ("topic_arn", "protocol", "endpoint")
_SENDERS = ("budgets.amazonaws.com", "costalerts.amazonaws.com")
_FREQUENCIES = ("IMMEDIATE", "DAILY", "WEEKLY")
_NAMED = re.compile(r"budget|cost|anomal|spend|billing|finops", re.IGNORECASE)


def channel_weakenings(by_type: Mapping[str, Sequence[Change]]) -> Iterator[Weakening]:
    """Yield topics, subscriptions and leaves to publish that alerts of cost lose. Raises: nothing."""
    topics = _alert_topics(by_type)
    for change in by_type.get(TOPIC, ()):
        if change.held("arn") in topics and ("delete" in change.actions):
            name = str(change.held("name"))
            made_anew = "subscriptions that the plan does not hold go with it" if change.is_there() else ""
            what = f"topic {name} {'is made anew' if made_anew else 'goes'}, which hears of alerts"
            yield _dropped(change, what, "arn", name, made_anew)
    yield from _subscriptions(by_type.get(SUBSCRIPTION, ()), topics)
    for kind in _POLICIES:
        for change in by_type.get(kind, ()):
            yield from _leave(change)
    for change in by_type.get(ANOMALIES, ()):
        yield from _anomalies(change, by_type.get(ANOMALIES, ()))


def _alert_topics(by_type: Mapping[str, Sequence[Change]]) -> frozenset[str]:
    """Return the ARNs of topics that budgets and anomaly detection use, or may publish to by their policy."""
    found: set[str] = set()
    for change in by_type.get(BUDGET, ()):
        for block in blocks(change.held("notification")):
            found |= texts(block.get("subscriber_sns_topic_arns"))
    for change in by_type.get(ANOMALIES, ()):
        found |= {str(each.get("address")) for each in blocks(change.held("subscriber")) if each.get("type") == "SNS"}
    for kind in (TOPIC, "aws_sns_topic_policy"):
        found |= {str(change.held("arn")) for change in by_type.get(kind, ()) if _senders(change.held("policy"))}
    return frozenset(found)


def _subscriptions(changes: Sequence[Change], topics: frozenset[str]) -> Iterator[Weakening]:
    after: dict[tuple[Any, ...], list[Change]] = {}
    for change in changes:
        if change.is_there():
            after.setdefault(tuple(change.will(name) for name in _SUBSCRIBED), []).append(change)
    for change in changes:
        topic = str(change.held("topic_arn"))
        is_named = bool(_NAMED.search(topic.rpartition(":")[2]))
        if change.before is None or change.stays() or not (topic in topics or is_named):
            continue
        who = change.shown(f"{change.held('protocol')} {change.held('endpoint')}")
        kept = after.get(tuple(change.held(name) for name in _SUBSCRIBED), [])
        what = f"{who} hears of alerts at {topic.rpartition(':')[2]} no more"
        if not kept:
            unknown = change.is_there() and UNKNOWN in {change.will(name) for name in ("topic_arn", "endpoint")}
            because = "what is subscribed is known only after apply" if unknown else ""
            because = because or ("" if topic in topics else "nothing in the plan says that the topic is for alerts")
            yield _dropped(change, what, "endpoint", who, because)
        elif all(
            _filter(each.will("filter_policy")) not in ({}, _filter(change.held("filter_policy"))) for each in kept
        ):
            what = f"{who} hears of alerts at {topic.rpartition(':')[2]} through another filter"
            yield _dropped(change, what, "filter_policy", who, "filter policies are not compared")


def _filter(text: Any) -> Any:
    try:
        return json.loads(text or "{}")
    except (TypeError, ValueError, RecursionError):
        return text


def _leave(change: Change) -> Iterator[Weakening]:
    """Yield AWS's services that may send alerts now and may not after; a deleted topic or key is told of elsewhere."""
    held, will = _senders(change.held("policy")), change.will("policy")
    if not held or change.stays() or (change.type == TOPIC and not change.is_there()):
        return
    if change.is_there() and will is UNKNOWN:
        if change.type == TOPIC:
            return  # the provider computes it from the topic's policy resource
        what = f"the policy of {change.address} changes, by which {', '.join(sorted(held))} sends alerts"
        yield _dropped(change, what, "policy", "", "the policy is known only after apply")
        return
    for sender in sorted(held - _senders(will if change.is_there() else None)):
        what = f"{change.address} does not let {sender} send alerts any more"
        yield _dropped(change, what, "policy", sender, "")
    if change.type == "aws_kms_key" and change.held("is_enabled") and change.will("is_enabled") is False:
        yield _dropped(
            change, f"{change.address} is switched off, with which alerts are encrypted", "is_enabled", "", ""
        )


def _senders(text: Any) -> frozenset[str]:
    """Return the services of AWS's that a policy allows and that send alerts of cost."""
    if not isinstance(text, str) or not any(sender in text for sender in _SENDERS):
        return frozenset()
    try:
        statements = json.loads(text).get("Statement", [])
    except (ValueError, AttributeError, RecursionError):
        return frozenset()
    found: set[str] = set()
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal") if isinstance(statement, Mapping) else None
        if isinstance(principal, Mapping) and statement.get("Effect") == "Allow":
            named = principal.get("Service", [])
            found |= {*([named] if isinstance(named, str) else named)} & {*_SENDERS}
    return frozenset(found)


def _anomalies(change: Change, changes: Sequence[Change]) -> Iterator[Weakening]:
    """Yield what an anomaly subscription loses: itself, subscribers, monitors, its threshold."""
    if change.before is None or change.stays():
        return
    made = [each for each in changes if each.before is None and each.is_there()]
    same = [each for each in made if _subscribers(each.will("subscriber")) >= _subscribers(change.held("subscriber"))]
    after = change if change.is_there() else next(iter(same), None)
    name = change.held("name")
    if after is None:
        yield _dropped(change, f"anomaly subscription {name} goes", "name", "", "")
        return
    for path in ("subscriber", "monitor_arn_list", "threshold_expression"):
        if after.will(path) is UNKNOWN and path != "monitor_arn_list":
            yield _dropped(change, f"{path} of {name} changes", path, "", f"{path} is known only after apply")
    for lost in sorted(_subscribers(change.held("subscriber")) - _subscribers(after.will("subscriber"))):
        if after.will("subscriber") is not UNKNOWN:
            shown = change.shown(lost)
            yield _dropped(change, f"anomaly subscription {name} tells {shown} no more", "subscriber", shown, "")
    yield from _frequency(change, after)
    monitors = after.will("monitor_arn_list")
    for lost in sorted(texts(change.held("monitor_arn_list")) - texts(monitors)) if monitors is not UNKNOWN else ():
        yield _dropped(change, f"anomaly subscription {name} listens to {lost} no more", "monitor_arn_list", lost, "")
    yield from _threshold(change, after)


def _frequency(change: Change, after: Change) -> Iterator[Weakening]:
    held, will = change.held("frequency"), after.will("frequency")
    if held not in _FREQUENCIES or held == will:
        return
    if will not in _FREQUENCIES or _FREQUENCIES.index(will) > _FREQUENCIES.index(held):
        what = f"anomaly subscription {change.held('name')} tells its subscribers later than {held}"
        because = "" if will in _FREQUENCIES else "frequency is known only after apply"
        yield weakening(change, "subscriber-dropped", what, path="frequency", held=str(will), because=because)


def _threshold(change: Change, after: Change) -> Iterator[Weakening]:
    path = "threshold_expression"
    held, will = change.held(path), after.will(path)
    if will is UNKNOWN or held == will:
        return
    was, now = (first(first(side).get("dimension")) for side in (held, will))
    same = was and now and {**was, "values": ()} == {**now, "values": ()}
    amounts = [float(text) for side in (was, now) for text in items(side.get("values")) if _is_number(text)]
    what = f"the threshold of anomaly subscription {change.held('name')} changes"
    if same and len(amounts) == 2 and "GREATER_THAN_OR_EQUAL" in items(was.get("match_options")):
        if amounts[1] > amounts[0]:
            what = f"{what} from {amounts[0]:g} to {amounts[1]:g}"
            yield weakening(change, "budget-raised", what, path=path, held=f"{amounts[1]:g}")
        return
    why = "threshold expressions are not compared"
    yield weakening(change, "budget-raised", what, path=path, because=why)


def _is_number(text: Any) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", str(text)) is not None


def _subscribers(value: Any) -> frozenset[str]:
    return frozenset(f"{each.get('type')} {each.get('address')}" for each in blocks(value))


def _dropped(change: Change, what: str, path: str, key: str, because: str) -> Weakening:
    return weakening(change, "subscriber-dropped", what, path=path, key=key, because=because)
