"""Find the targets of an environment's guardrails, and the values that are allowed at each and below it."""

from collections.abc import Iterable, Mapping

from harness.dictionary import Dictionary, Tag
from harness.documents.guardrail import (
    GuardedKey,
    GuardrailDocument,
    GuardrailTarget,
    Principals,
    Statement,
    guardrail_statements,
    render_guardrail,
    stricter_statements,
)
from harness.environment import Environment, Mode, repair_role_name
from harness.errors import TagrailError
from harness.guardrail_actions import exempt_principals, guarded
from harness.organization import ROOT, Organization, ancestors

_ACCOUNT = "account:"


def guardrail_targets(
    dictionary: Dictionary, environment: Environment, organization: Organization | None
) -> tuple[GuardrailTarget, ...]:
    """Return the targets that env.yaml names, sorted. Without an organisation an account counts as one of the root.

    A policy binds everything below its target, so that the values of all units below are allowed there.
    Raises: TagrailError when an account that is named does not exist, is named twice (by name and by id), or shall
    report below a target that is enforced.
    """
    settings = environment.guardrail
    modes: dict[str, Mode] = {**({ROOT: settings.root} if settings.root else {}), **settings.organizational_units}
    keys = guarded_keys(dictionary, environment)
    found = [
        GuardrailTarget(place, mode, _enforced_above(place, modes), _keys(dictionary, keys, place, below=True))
        for place, mode in modes.items()
    ]
    named: dict[str, str] = {}
    for name, mode in settings.accounts.items():
        account = organization.account(name) if organization else None
        unit = account.unit if account else ""
        if account and (first := named.setdefault(account.id, name)) != name:
            rule = f'must name each account once; "{first}" and "{name}" are both {account.id}'
            raise TagrailError(f"guardrail.accounts: {rule}. Do remove one of them")
        parent = _enforced_above(f"{unit}/", modes) if unit else _enforced_above("-", modes)
        if parent and mode == "report":
            rule = f'must be enforce below "{parent}", which is enforced: a policy below takes no denial away'
            raise TagrailError(f'guardrail.accounts "{name}": {rule}. Do remove it, or report above too')
        place = unit or ROOT
        found.append(GuardrailTarget(_ACCOUNT + name, mode, parent, _keys(dictionary, keys, place, below=False)))
    return tuple(sorted(found, key=lambda target: target.key))


def render_guardrails(
    environment: Environment, targets: Iterable[GuardrailTarget], limits: Mapping[str, int]
) -> dict[str, GuardrailDocument]:
    """Return policy name -> document for every target. Raises: nothing; `capacity_faults` finds what does not fit."""
    limit = limits["control_policy_document_characters"]
    documents: dict[str, GuardrailDocument] = {}
    for key, statements in target_statements(environment, targets).items():
        documents.update(render_guardrail(statements, environment.name, key, limit))
    return documents


def target_statements(environment: Environment, targets: Iterable[GuardrailTarget]) -> dict[str, tuple[Statement, ...]]:
    """Return target key -> statements. Raises: KeyError for a group that is unknown."""
    settings = environment.guardrail
    actions = guarded(settings.groups, settings.without_actions, settings.further_actions)
    repairer = repair_role_name(environment)
    editors = (*settings.tag_editors, *([f"arn:*:iam::*:role/{repairer}"] if repairer else []))
    principals = Principals((*exempt_principals(), *settings.exempt_principals), editors)
    by_key = {target.key: target for target in targets}
    return {
        key: stricter_statements(target.keys, by_key[target.parent].values(), actions, principals)
        if target.parent
        else guardrail_statements(target.keys, actions, principals, exact_spelling=settings.exact_spelling)
        for key, target in by_key.items()
    }


def guarded_keys(dictionary: Dictionary, environment: Environment) -> tuple[str, ...]:
    """Return the keys that guardrails demand, sorted. Raises: nothing."""
    named = environment.guardrail.keys
    return tuple(sorted(set(named))) if named is not None else dictionary.mandatory_keys()


def _keys(dictionary: Dictionary, keys: Iterable[str], place: str, *, below: bool) -> tuple[GuardedKey, ...]:
    tags = {key: dictionary.tags[key] for key in keys if key in dictionary.tags}
    return tuple(GuardedKey(key, tag.mandatory, _values(tag, place, below=below)) for key, tag in tags.items())


def _values(tag: Tag, place: str, *, below: bool) -> tuple[str, ...]:
    """Return the values that are allowed at a unit, and with `below` those of any unit under it, sorted."""
    values = set(tag.values_at(place) or ())
    for path, change in tag.values_by_ou.items() if below else ():
        if place == ROOT or path.startswith(f"{place}/"):
            values |= set(change.append)
    return tuple(sorted(values)) if tag.values else ()


def _enforced_above(path: str, modes: Mapping[str, Mode]) -> str | None:
    """Return the nearest enforced target above a path; a trailing slash makes the unit itself count as above."""
    above = () if path == ROOT else (*ancestors(path), ROOT)
    return next((place for place in above if modes.get(place) == "enforce"), None)
