"""Compare the payer's cost categories with what the dictionary and the environment imply: rules, order, shares."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from harness.documents import CategoryRuleDocument, ConditionDocument, CostCategoryDocument, SplitChargeDocument
from harness.finding import Finding
from harness.state import LiveCostCategory, State, Unreadable
from harness.verify.unreadable import unknown

COST_CATEGORY = "cost category"
_WHERE = "billing"
_READ = "ce:ListCostCategoryDefinitions and ce:DescribeCostCategoryDefinition in the payer account"
_MATCHES = {"EQUALS": "", "STARTS_WITH": "beginning with ", "ENDS_WITH": "ending with ", "CONTAINS": "containing "}

_Rule = CategoryRuleDocument | str
_Difference = tuple[str, str, str]


def cost_category_findings(
    documents: Mapping[str, CostCategoryDocument], state: State, apply: str
) -> Iterator[Finding]:
    """Yield a finding for each cost category and each part of it that differs.

    Those that env.yaml does not name are nobody's fault. Raises: nothing.
    """
    if not documents:
        return
    if isinstance(state.cost_categories, Unreadable):
        yield unknown(COST_CATEGORY, _WHERE, "all", state.cost_categories, _READ)
        return
    for name, wanted in documents.items():
        held = state.cost_categories.get(name)
        must = f"{len(wanted.rules)} rules, default {wanted.default}"
        if held is None:
            yield Finding(COST_CATEGORY, _WHERE, name, "fail", "no such cost category", must, f"Do run {apply}")
        elif isinstance(held, Unreadable):
            yield unknown(COST_CATEGORY, _WHERE, name, held, _READ)
        else:
            differences = list(_differences(wanted, held))
            for part, has, wants in differences:
                yield Finding(COST_CATEGORY, _WHERE, f"{name}: {part}", "fail", has, wants, f"Do run {apply}")
            if not differences:
                yield Finding(COST_CATEGORY, _WHERE, name, "pass", must, must)


def _differences(wanted: CostCategoryDocument, held: LiveCostCategory) -> Iterator[_Difference]:
    if held.default != wanted.default:
        yield "default", held.default or "none", wanted.default
    yield from _rules(wanted.rules, held.rules)
    splits = {each.source: each for each in held.split_charges}
    must = {each.source: each for each in wanted.split_charges}
    for source in sorted({*splits, *must}):
        if splits.get(source) != must.get(source):
            yield f"split of {source}", _split(splits.get(source)), _split(must.get(source))


def _rules(wanted: Sequence[CategoryRuleDocument], held: Sequence[_Rule]) -> Iterator[_Difference]:
    """Yield the rules that are there too much or too little, else the first place where their order differs."""
    has: list[_Rule] = list(held)
    must: list[_Rule] = list(wanted)
    if has == must:
        return
    lacking, foreign = Counter(must) - Counter(has), Counter(has) - Counter(must)
    if lacking or foreign:
        yield "rules", _listed(foreign.elements(), "no further rule"), _listed(lacking.elements(), "no such rule")
        return
    place = next(index for index, (one, other) in enumerate(zip(has, must, strict=True)) if one != other)
    yield f"order of rules, from rule {place + 1} on", _text(has[place]), _text(must[place])


def _listed(rules: Iterator[_Rule], none: str) -> str:
    texts = [_text(rule) for rule in rules]
    more = f" and {len(texts) - 3} more" if len(texts) > 3 else ""
    return "; ".join(texts[:3]) + more or none


def _text(rule: _Rule) -> str:
    if isinstance(rule, str):
        return rule
    if rule.inherits:
        return f"the value of {rule.inherited_key}" if rule.inherited_key else "the account's name"
    return f"{rule.value} for {' and '.join(_condition(each) for each in rule.conditions)}"


def _condition(condition: ConditionDocument) -> str:
    values = " or ".join(condition.values)
    match = _MATCHES.get(condition.match, f"{condition.match} ")
    return f"{'not ' if condition.negated else ''}{condition.key} {match}{values}"


def _split(split: SplitChargeDocument | None) -> str:
    if split is None:
        return "no split"
    if not split.percents:
        return f"{split.method} among {', '.join(sorted(split.targets))}"
    shares = sorted(zip(split.targets, split.percents, strict=True))
    return f"{split.method}: {', '.join(f'{target} {percent:g} %' for target, percent in shares)}"
