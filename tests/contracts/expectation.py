"""What a dictionary says, worked out anew and plainly: who may carry which value where; no code of the renderers."""

import fnmatch
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import guardpycfn

from harness.dictionary import Dictionary
from harness.documents import RuleDocument
from harness.environment import Environment
from harness.organization import Account

MANAGED_KEYS = 6


def expected_effective(dictionary: Dictionary, environment: Environment, account: Account) -> dict[str, dict[str, Any]]:
    """Return policy key -> what the account's effective policy must say; lists as sets, empty ones left out."""
    policy = environment.tag_policy
    parts = account.unit.split("/") if account.unit else []
    path = ["root", *("/".join(parts[: end + 1]) for end in range(len(parts)))]
    modes = {"root": policy.root, **policy.organizational_units}
    own = policy.accounts.get(account.name) or policy.accounts.get(account.id)
    named = [node for node in path if modes.get(node)]
    if not named and own is None:
        return {}
    mode = own or modes[named[-1]]
    below = path[path.index(named[0]) :] if named else []
    expected: dict[str, dict[str, Any]] = {}
    for key, tag in dictionary.tags.items():
        values = set(tag.values or ())
        for node in below:
            if change := tag.values_by_ou.get(node):
                values = (values | set(change.append)) - set(change.remove)
        defaults = dictionary.defaults
        enforced = tag.enforced_for if tag.enforced_for is not None else defaults.enforced_for if tag.values else ()
        reported = tag.report_required_tag_for
        if reported is None:
            reported = defaults.report_required_tag_for if tag.mandatory else ()
        elements = {
            "tag_value": values,
            "enforced_for": set(enforced) if mode == "enforce" else set(),
            "report_required_tag_for": set(reported),
        }
        expected[key.lower()] = {"tag_key": key, **{name: found for name, found in elements.items() if found}}
    return expected


def right_value(dictionary: Dictionary, key: str, examples: Mapping[str, str]) -> str:
    """Return a value that the dictionary allows."""
    if key in examples:
        return examples[key]
    values = dictionary.tags[key].values
    return values[0].replace("*", "x") if values else "anything"


def allowed_values(dictionary: Dictionary, key: str) -> list[str]:
    """Return every value that some unit allows, with text for each wildcard; without those the pattern refuses."""
    tag = dictionary.tags[key]
    values = [*(tag.values or ()), *(value for change in tag.values_by_ou.values() for value in change.append)]
    return (
        [value for value in values if "*" not in value]
        if tag.pattern
        else [value.replace("*", "x y") for value in values]
    )


def wrong_values(dictionary: Dictionary, key: str) -> Iterator[str]:
    """Yield values that the dictionary forbids: empty ones, another case, more text around, text of no kind."""
    tag = dictionary.tags[key]
    values = [*(tag.values or ()), *(value for change in tag.values_by_ou.values() for value in change.append)]
    yield from ("", " ")
    for value in ("no such value", f"x{values[0]}" if values else "", f"{values[0]}x" if values else "", "A/b c/9"):
        named = any(fnmatch.fnmatchcase(value, each.replace("[", "[[]")) for each in values)
        matched = tag.pattern is not None and re.fullmatch(tag.pattern, value)
        if value and ((values and not named) or (tag.pattern is not None and not matched)):
            yield value


def judge(rule: RuleDocument, resource_type: str, tags: Mapping[str, str]) -> bool:
    """Tell whether a rule lets a resource pass: REQUIRED_TAGS as AWS documents it, or the real Guard engine."""
    if rule.policy is None:
        return _required_tags(rule.parameters or {}, tags)
    document = json.dumps({"resourceType": resource_type, "tags": tags})
    answer = guardpycfn.validate_with_guard(document, rule.policy)
    assert answer["success"], answer["error"]
    result = answer["result"]
    if isinstance(result, str):  # the binding cuts long reports, and only a failure quotes clauses at length
        assert "status" not in result[:20]
        return False
    return result["status"] in {"PASS", "SKIP"}


def _required_tags(parameters: Mapping[str, str], tags: Mapping[str, str]) -> bool:
    """Judge presence, and the value where values are listed; an empty one counts as present (aws-config-rules#333)."""
    for number in range(1, MANAGED_KEYS + 1):
        key = parameters.get(f"tag{number}Key")
        if key is None:
            continue
        listed = parameters.get(f"tag{number}Value")
        if key not in tags or (listed is not None and tags[key] not in listed.split(",")):
            return False
    return True
