"""Say for each tag key what each plane does with it: enforced, reported, or what AWS cannot do and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from harness.dictionary import Dictionary
from harness.documents import guarded_keys, guardrail_targets, policy_targets
from harness.environment import Environment, export_columns, offered_values
from harness.errors import TagrailError
from harness.facts import Facts
from harness.guardrail_actions import left_out
from harness.spelling import nearest

PLANES = (
    "tag policy",
    "guardrail",
    "Config rule",
    "TagOption",
    "cost allocation",
    "cost category",
    "cost export",
    "budget",
    "anomaly detection",
)
_TAG_COLUMNS = frozenset({"Tags", "resource_tags"})
_UNTAGGED = "AWS cannot deny absence (a tag policy never judges a resource without tags)"


@dataclass(frozen=True, slots=True)
class Cell:
    """Say what one plane does with one key: `word` for a table, `detail` for a reader."""

    word: str
    detail: str


def explain(
    dictionary: Dictionary, environment: Environment, facts: Facts, key: str | None
) -> dict[str, dict[str, Cell]]:
    """Return key -> plane -> cell, for one key or for all.

    Raises: TagrailError for a key that the dictionary does not have.
    """
    if key is not None and key not in dictionary.tags:
        guess = nearest(key, dictionary.tags) or f" Do choose one of {', '.join(dictionary.tags)}"
        raise TagrailError(f'tag "{key}": must be a key of envs/tags.yaml.{guess}')
    keys = dictionary.tags if key is None else [key]
    return {each: dict(zip(PLANES, _cells(dictionary, environment, facts, each), strict=True)) for each in keys}


def _cells(dictionary: Dictionary, environment: Environment, facts: Facts, key: str) -> tuple[Cell, ...]:
    return (
        _tag_policy(dictionary, environment, key),
        _guardrail(dictionary, environment, key),
        _config_rule(dictionary, environment, facts, key),
        _tag_option(dictionary, environment, key),
        _cost_allocation(dictionary, environment, key),
        _cost_category(dictionary, environment, key),
        _cost_export(dictionary, environment, key),
        _budget(dictionary, environment, key),
        _anomaly(dictionary, environment, key),
    )


def _tag_policy(dictionary: Dictionary, environment: Environment, key: str) -> Cell:
    targets = policy_targets(dictionary, environment, organization=None)
    if not targets:
        return Cell("-", "env.yaml names no target for tag policies")
    enforcing = [target.key for target in targets if target.mode == "enforce"]
    reporting = [target.key for target in targets if target.mode == "report"]
    types = dictionary.enforced_types(key)
    parts = []
    if types and enforcing:
        parts.append(f"a value that is not allowed is denied at {', '.join(enforcing)} on {', '.join(types)}")
    if reporting:
        parts.append(f"wrong case and wrong values are reported at {', '.join(reporting)}")
    if dictionary.tags[key].mandatory:
        reported = ", ".join(dictionary.reported_types(key))
        parts.append(_UNTAGGED + (f"; absence is reported on {reported}" if reported else ""))
    if dictionary.tags[key].pattern:
        parts.append("AWS cannot judge the pattern (tag policies know one * per value)")
    return Cell("enforced" if types and enforcing else "reported", "; ".join(parts))


def _guardrail(dictionary: Dictionary, environment: Environment, key: str) -> Cell:
    settings = environment.guardrail
    targets = guardrail_targets(dictionary, environment, organization=None)
    if not targets:
        return Cell("-", "env.yaml names no target for guardrails")
    if key not in guarded_keys(dictionary, environment):
        return Cell("-", "guardrail.keys leaves it out" if settings.keys is not None else "the key is not mandatory")
    enforcing = ", ".join(target.key for target in targets if target.mode == "enforce")
    waiting = ", ".join(target.key for target in targets if target.mode == "report")
    tag, groups = dictionary.tags[key], ", ".join(settings.groups)
    parts = []
    if enforcing:
        wanted = "without it or with another value" if tag.values else "without it or with an empty value"
        what = wanted if tag.mandatory else "with a value that is not allowed"
        parts.append(f"a create {what} is denied at {enforcing} in {groups}")
    if waiting:
        parts.append(f"policies exist and bind nobody at {waiting}")
    if not settings.exact_spelling:
        parts.append("other capitals of the key pass (exact_spelling is false)")
    if tag.pattern:
        parts.append("AWS cannot judge the pattern")
    if spared := left_out(settings.groups):
        parts.append(f"not guarded, since a denial would break them: {', '.join(sorted(spared))}")
    return Cell("enforced" if enforcing else "ready", "; ".join(parts))


def _config_rule(dictionary: Dictionary, environment: Environment, facts: Facts, key: str) -> Cell:
    types = dictionary.mandatory_types(key)
    if not types:
        return Cell("-", "the key is not mandatory")
    seen = [kind for kind in types if kind in facts.required_tags_resource_types]
    unrecorded = [kind for kind in types if kind in facts.unrecorded_resource_types]
    unseen = [kind for kind in types if kind not in {*facts.required_tags_resource_types, *unrecorded}]
    where = "in every account" if environment.config.scope == "organization" else "in this account"
    parts = [f"absence and wrong values are reported {where}, after creation; AWS Config never denies"]
    parts += [f"REQUIRED_TAGS sees {', '.join(seen)}"] if seen else []
    parts += [f"a Guard rule sees {', '.join(unseen)}, which REQUIRED_TAGS does not"] if unseen else []
    parts += [f"nothing judges {', '.join(unrecorded)}, which AWS Config is not known to record"] if unrecorded else []
    return Cell("reported", "; ".join(parts))


def _tag_option(dictionary: Dictionary, environment: Environment, key: str) -> Cell:
    section, values = environment.tag_option, dictionary.every_value(key)
    if section is None:
        return Cell("-", "env.yaml has no tag_option")
    whole = [value for value in values if "*" not in value]
    if not whole:
        found = "only values with a *" if values else "any value"
        return Cell("AWS cannot", f"a TagOption is one value, and this key allows {found}")
    if key not in offered_values(dictionary, environment):
        return Cell("-", "the key is not mandatory" if section.keys is None else "tag_option.keys does not name it")
    places = [*section.portfolios, *section.products]
    where = f"in {', '.join(places)}" if places else "nowhere yet, since env.yaml names no portfolio or product"
    skipped = [value for value in values if "*" in value]
    parts = [f"Service Catalog offers {', '.join(whole)} {where}; resources made outside of it are not touched"]
    parts += [f"AWS cannot offer {', '.join(skipped)} (a TagOption is one value)"] if skipped else []
    return Cell("offered", "; ".join(parts))


def _cost_allocation(dictionary: Dictionary, environment: Environment, key: str) -> Cell:
    if dictionary.tags[key].cost_allocation:
        return Cell("active", "activated once billing has seen the key, up to 24 hours after its first use")
    if key in environment.cost_allocation.deactivate:
        return Cell("inactive", "deactivated by name in env.yaml")
    return Cell("-", "cost_allocation is false")


def _cost_category(dictionary: Dictionary, environment: Environment, key: str) -> Cell:
    names = [
        name
        for name, category in environment.cost_categories.items()
        if any(key in (each.per_value_of, each.inherit_tag, *each.tags, *each.unless.tags) for each in category.rules)
    ]
    if names:
        return Cell("sorts", f"cost categories {', '.join(names)} sort costs by it")
    if not dictionary.tags[key].cost_allocation:
        return Cell("AWS cannot", "cost categories sort by cost allocation tags only, and this key is none")
    return Cell("-", "no cost category names it")


def _cost_export(dictionary: Dictionary, environment: Environment, key: str) -> Cell:
    exports = environment.cost_exports.exports if environment.cost_exports else {}
    holding = [name for name, export in exports.items() if _TAG_COLUMNS & {*export_columns(export)}]
    if not holding:
        return Cell("-", "no export has a column of tags" if exports else "env.yaml has no cost_exports")
    if not dictionary.tags[key].cost_allocation:
        return Cell("AWS cannot", "an export has cost allocation tags only, and this key is none")
    return Cell("exported", f"exports {', '.join(holding)} have its values from the day on which it is active")


def _budget(dictionary: Dictionary, environment: Environment, key: str) -> Cell:
    uses: Mapping[str, bool] = {
        name: key in (budget.per_value_of, budget.tag.key if budget.tag else None)
        for name, budget in environment.budgets.items()
    }
    names = [name for name, used in uses.items() if used]
    if names:
        return Cell("watched", f"budgets {', '.join(names)} filter on it")
    if not dictionary.tags[key].cost_allocation:
        return Cell("AWS cannot", "a budget filters on cost allocation tags only, and this key is none")
    return Cell("-", "no budget names it")


def _anomaly(dictionary: Dictionary, environment: Environment, key: str) -> Cell:
    names = [name for name, monitor in environment.anomaly.monitors.items() if monitor.tag == key]
    if names:
        return Cell("watched", f"anomaly monitors {', '.join(names)} watch values of it")
    if not dictionary.tags[key].cost_allocation:
        return Cell("AWS cannot", "a monitor watches cost allocation tags only, and this key is none")
    return Cell("-", "no anomaly monitor names it")
