"""Check what an environment asks of guardrails."""

import re
from collections.abc import Iterator, Mapping

from harness.dictionary import Dictionary
from harness.environment.model import Environment, Mode
from harness.facts import Facts
from harness.guardrail_actions import group_names, known_actions
from harness.organization import ROOT, ancestors
from harness.policy.actions import find_action
from harness.spelling import nearest
from harness.tag_text import ou_path_faults
from harness.yaml_source import Path_

Faults = Iterator[tuple[Path_, str]]

_AT = "guardrail"
_PRINCIPAL = re.compile(r"arn:[a-z*-]+:(iam|sts)::(\d{12}|\*):.+")


def guardrail_faults(environment: Environment, dictionary: Dictionary, facts: Facts) -> Faults:
    """Yield every fault of the section `guardrail` as its path and message. Raises: nothing."""
    yield from _targets(environment, facts)
    yield from _guarded(environment, dictionary)
    yield from _principals(environment)
    yield from _actions(environment)


def _targets(environment: Environment, facts: Facts) -> Faults:
    settings = environment.guardrail
    modes: Mapping[str, Mode] = {**({ROOT: settings.root} if settings.root else {}), **settings.organizational_units}
    for path, mode in settings.organizational_units.items():
        place: Path_ = (_AT, "organizational_units", path)
        for fault in ou_path_faults(path, facts.limits):
            yield place, fault
        above = next((found for found in (*ancestors(path), ROOT) if modes.get(found) == "enforce"), None)
        if mode == "report" and above:
            rule = f'must be enforce below "{above}", which is enforced: a policy below takes no denial away'
            yield place, f"{rule}; got report. Do remove it, or report above too"
    if settings.root == "enforce":
        for name in (name for name, mode in settings.accounts.items() if mode == "report"):
            rule = 'must be enforce below "root", which is enforced: a policy below takes no denial away'
            yield (_AT, "accounts", name), f"{rule}; got report. Do remove it, or report above too"


def _guarded(environment: Environment, dictionary: Dictionary) -> Faults:
    settings = environment.guardrail
    known = group_names()
    if settings.is_wanted() and not settings.groups and not settings.further_actions:
        yield (_AT, "groups"), f"must name a group; got none. Do choose some of {', '.join(known)}"
    for index, name in enumerate(settings.groups):
        if name not in known:
            guess = nearest(name, known) or f" Do choose one of {', '.join(known)}"
            yield (_AT, "groups", index), f'must be a group of modules/tag-guardrail/actions.yaml; got "{name}".{guess}'
    for index, key in enumerate(settings.keys or ()):
        if key not in dictionary.tags:
            guess = nearest(key, dictionary.tags) or " Do add it to tags.yaml, or remove it"
            yield (_AT, "keys", index), f'must be a key of the dictionary; got "{key}".{guess}'


def _principals(environment: Environment) -> Faults:
    for field in ("exempt_principals", "tag_editors"):
        names: tuple[str, ...] = getattr(environment.guardrail, field)
        for index, name in enumerate(names):
            if not _PRINCIPAL.fullmatch(name):
                message = f'must be the ARN pattern of an IAM principal; got "{name}". '
                yield (_AT, field, index), message + 'Do write it as "arn:*:iam::*:role/break-glass"'


def _actions(environment: Environment) -> Faults:
    settings = environment.guardrail
    for index, name in enumerate(settings.without_actions):
        if name not in known_actions():
            guess = nearest(name, known_actions()) or " Do look at modules/tag-guardrail/actions.yaml"
            yield (_AT, "without_actions", index), f'must be an action of the groups; got "{name}".{guess}'
    for name, arns in settings.further_actions.items():
        place: Path_ = (_AT, "further_actions", name)
        action = find_action(name)
        if action is None or action.id != name:
            repair = f'Do write "{action.id}"' if action else "Do correct the name"
            yield place, f'must be an IAM action; got "{name}". {repair}'
        elif not action.tags_on_create:
            yield place, f'must take tags with its request; "{name}" does not. Do leave it to another plane'
        if not arns or ("*" in arns and len(arns) > 1):
            yield place, f'must hold "*" alone, or ARN patterns; got [{", ".join(arns)}]. Do correct the list'
