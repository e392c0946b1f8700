"""Compile what the dictionary requires, and what an environment denies at one of its units.

It needs the strict models, which take longer to load than most checks: harness/plan_check/compiled.py keeps the result.
"""

from pathlib import Path

from harness.dictionary import Dictionary, Exemption, load_dictionary
from harness.documents import guarded_keys
from harness.environment import Environment, Mode, load_environment
from harness.environment.model import Guardrail, TagPolicy
from harness.errors import TagrailError
from harness.facts import load_facts
from harness.guardrail_actions import guarded
from harness.organization import ROOT, ancestors
from harness.plan_check.requirements import ExemptionRule, KeyRule, Requirements
from harness.plan_check.units import refuse_unknown_unit
from harness.tag_text import ou_path_faults


def compile_files(dictionary: Path, environment: Path | None, unit: str) -> Requirements:
    """Return what files require. Raises: InputError with every problem of the files; TagrailError for a wrong unit."""
    loaded = load_dictionary(dictionary)
    settings = load_environment(environment, loaded, str(environment)) if environment else None
    found = compile_requirements(loaded, settings, unit)
    if unit not in ("", ROOT):
        refuse_unknown_unit(unit, loaded, settings, environment)
    return found


def compile_requirements(dictionary: Dictionary, environment: Environment | None, unit: str) -> Requirements:
    """Return what holds at a unit of an environment: its allowed values, and the policies that are enforced there.

    Without a unit the values of every unit may be meant, and without an environment nothing is enforced.
    Raises: TagrailError for a unit that is no path.
    """
    limits = load_facts().limits
    for fault in ou_path_faults(unit, limits) if unit and unit != ROOT else ():
        raise TagrailError(f"--unit: {fault}")
    places = _lineage(unit)
    is_enforced = environment is not None and _mode(environment.tag_policy, places) == "enforce"
    guards = environment is not None and "enforce" in _modes(environment.guardrail, places)
    return Requirements(
        keys=tuple(_key_rule(dictionary, key, places, is_enforced=is_enforced) for key in dictionary.tags),
        exemptions=tuple(_exemption(one) for one in dictionary.exemptions),
        not_checked_for=dictionary.defaults.not_checked_for,
        prohibited=dict(dictionary.prohibited_keys),
        place=unit,
        guardrail=guarded_keys(dictionary, environment) if guards and environment else (),
        guarded=_guarded(environment) if guards and environment else (),
        key_characters=limits["tag_key_characters"],
        value_characters=limits["tag_value_characters"],
        tags_per_resource=limits["tags_per_resource"],
    )


def _lineage(unit: str) -> tuple[str, ...]:
    """Return the unit and what is above it, nearest first, the root last; without a unit nothing."""
    if not unit:
        return ()
    return (ROOT,) if unit == ROOT else (unit, *ancestors(unit), ROOT)


def _key_rule(dictionary: Dictionary, key: str, places: tuple[str, ...], *, is_enforced: bool) -> KeyRule:
    tag = dictionary.tags[key]
    return KeyRule(
        key=key,
        checked_for=dictionary.checked_types(key),
        values=tag.values_at(places[0]) if places else tag.values,
        elsewhere={unit: change.append for unit, change in tag.values_by_ou.items() if change.append and not places},
        pattern=tag.pattern,
        personal=tag.pii == "allowed",
        deprecated=tag.deprecated_spellings,
        enforced_for=dictionary.enforced_types(key) if is_enforced else (),
        default=tag.default,
        purpose=tag.purpose,
    )


def _modes(settings: TagPolicy | Guardrail, places: tuple[str, ...]) -> tuple[Mode | None, ...]:
    units = settings.organizational_units
    return tuple(settings.root if place == ROOT else units.get(place) for place in places)


def _mode(settings: TagPolicy | Guardrail, places: tuple[str, ...]) -> Mode | None:
    """Return the mode of the nearest place that has one."""
    return next((mode for mode in _modes(settings, places) if mode), None)


def _guarded(environment: Environment) -> tuple[str, ...]:
    settings = environment.guardrail
    found = guarded(settings.groups, settings.without_actions, settings.further_actions)
    return (*found.whole, *(action for scope in found.narrow for action in scope.actions))


def _exemption(one: Exemption) -> ExemptionRule:
    return ExemptionRule(one.resource, one.tags or (), one.reason, one.owner, one.expires)
