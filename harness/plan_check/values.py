"""Judge one value of one key: its characters, what the dictionary allows, and whether it is a person's data."""

import re
from collections.abc import Iterator

from harness.personal_data import personal_data
from harness.plan_check.keys import Keys
from harness.plan_check.model import Fault
from harness.plan_check.nearest import by_nearness
from harness.plan_check.requirements import KeyRule
from harness.policy.compliance import value_matches
from harness.tag_text import bad_characters

_PLAIN = re.compile(r"[A-Za-z0-9_.:/=+@ -]*")


def value_faults(keys: Keys, key: str, value: object, path: str, denied: str) -> Iterator[Fault]:
    """Yield what is wrong with a known value; `denied` names what would reject a value that is not allowed.

    Raises: nothing.
    """
    if not isinstance(value, str):
        yield Fault("value-characters", "fail", path, key, _shown(value), because="a tag's value is text")
        return
    rule = keys.rules.get(key)
    if not value.strip():
        if rule:
            wanted = rule.values or ((rule.default,) if rule.default else ())
            yield Fault("empty-value", "fail", path, key, value, tuple(wanted), denied=denied if rule.values else "")
        return
    if len(value) > keys.value_characters:
        yield Fault("value-length", "fail", path, key, str(len(value)), (str(keys.value_characters),))
        return
    if not _PLAIN.fullmatch(value) and (bad := bad_characters(value)):
        yield Fault("value-characters", "fail", path, key, bad)
    if rule and rule.values is not None and value not in keys.values[key] and not _matches(rule.values, value):
        yield _not_allowed(rule, rule.values, value, path, denied)
    if rule and rule.pattern and not keys.patterns[key].fullmatch(value):
        yield Fault("value-pattern", "fail", path, key, value, (rule.pattern,))
    if not (rule and rule.personal) and (found := personal_data(value)):
        yield Fault("personal-data", "fail", path, key, value, because=found)


def _matches(values: tuple[str, ...], value: str) -> bool:
    return any("*" in one and value_matches(one, value) for one in values)


def _not_allowed(rule: KeyRule, values: tuple[str, ...], value: str, path: str, denied: str) -> Fault:
    wanted = by_nearness(value, values)
    units = [unit for unit, further in rule.elsewhere.items() if any(value_matches(one, value) for one in further)]
    if units:
        because = f"allowed in {', '.join(units)} alone"
        return Fault("wrong-value", "unknown", path, rule.key, value, wanted, because)
    same = next((one for one in values if one.lower() == value.lower()), None)
    if same is not None:
        return Fault("value-case", "fail", path, rule.key, value, (same,), denied=denied)
    return Fault("wrong-value", "fail", path, rule.key, value, wanted, denied=denied)


def _shown(value: object) -> str:
    return "null" if value is None else type(value).__name__
