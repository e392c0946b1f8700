"""Find what a plan takes away from AWS Config rules, whichever rule holds it.

The rules of a module and region are compared as a whole: modules/required-tags packs keys into several rules, and the
same demand may come from REQUIRED_TAGS or from a Guard rule.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from harness.plan_check.model import UNKNOWN
from harness.plan_check.weakening.config_demands import Demand, demands_of, has_type, types_of
from harness.plan_check.weakening.model import Change, Weakening, first, module, texts, weakening

ACCOUNT_RULE = "aws_config_config_rule"
MANAGED, GUARD = "aws_config_organization_managed_rule", "aws_config_organization_custom_policy_rule"
LAMBDA = "aws_config_organization_custom_rule"
PACKS = ("aws_config_conformance_pack", "aws_config_organization_conformance_pack")
# What a rule looks at and demands: unknown, it makes the rule unknown.
_JUDGED = (
    *("source", "scope", "input_parameters", "policy_text", "rule_identifier", "lambda_function_arn"),
    *("resource_types_scope", "resource_id_scope", "tag_key_scope", "tag_value_scope", "excluded_accounts"),
)
TYPES = frozenset({ACCOUNT_RULE, MANAGED, GUARD, LAMBDA, *PACKS})


class ConfigRule(msgspec.Struct, frozen=True):
    """Hold a rule at one time.

    `kind` is the identifier of AWS's rule, "guard", or the ARN of a function; `content` its parameters or text;
    `demands` None where they cannot be told. `narrow` is what its scope names beside types. `unknown` names the
    attributes that are known only after apply.
    """

    change: Change
    region: str
    is_organization: bool
    kind: str
    content: Any
    types: frozenset[str]
    narrow: tuple[str, ...]
    excluded: frozenset[str]
    demands: tuple[Demand, ...] | None
    unknown: tuple[str, ...]


def config_rule_weakenings(by_type: Mapping[str, Sequence[Change]]) -> Iterator[Weakening]:
    """Yield what Config rules lose. Raises: nothing."""
    changes = [change for kind in (MANAGED, GUARD, LAMBDA, ACCOUNT_RULE) for change in by_type.get(kind, ())]
    after = _Index(_rule(change, after=True) for change in changes if change.is_there())
    for change in changes:
        if change.before is not None and not change.stays():
            yield from _of_rule(_rule(change, after=False), after)
    for kind in PACKS:
        for change in by_type.get(kind, ()):
            yield from _of_pack(change)


class _Index:
    """Find the rules after a plan that look where a rule looks, by address, key, text, or because they are unknown."""

    def __init__(self, rules: Iterable[ConfigRule]) -> None:
        self._found: dict[tuple[str, str, object], list[ConfigRule]] = {}
        for rule in rules:
            inside = module(rule.change.address)
            places = [("module", inside), ("region", rule.region) if rule.region else ("bare", inside)]
            tokens: list[object] = [rule.change.address, _text(rule), *((each.key,) for each in rule.demands or ())]
            for kind, place in places:
                for token in (*dict.fromkeys(tokens), *([None] if rule.unknown else [])):
                    self._found.setdefault((kind, place, token), []).append(rule)

    def beside(self, old: ConfigRule, token: object) -> Iterator[ConfigRule]:
        """Yield rules in the region of the old one, or its module where no region is known, and in all its accounts."""
        inside = module(old.change.address)
        places = [("region", old.region), ("bare", inside)] if old.region else [("module", inside)]
        for kind, place in places:
            for rule in self._found.get((kind, place, token), ()):
                if rule.is_organization or not old.is_organization:
                    yield rule


def _of_rule(old: ConfigRule, after: _Index) -> Iterator[Weakening]:
    same = next(after.beside(old, old.change.address), None)
    if same is not None and same.unknown:
        why = f"{', '.join(same.unknown)} is known only after apply"
        what = f"Config rule {old.change.held('name')} changes"
        yield weakening(old.change, "policy-weakened", what, path=same.unknown[0], because=why)
    elif old.demands is None:
        yield from _of_opaque(old, same, after)
    else:
        yield from _of_demands(old, same, after)
    if same is not None and same.is_organization and "excluded_accounts" not in same.unknown:
        for account in sorted(same.excluded - old.excluded):
            name, path = old.change.held("name"), "excluded_accounts"
            yield weakening(
                old.change,
                "exemption-widened",
                f"Config rule {name} leaves out account {account} too",
                path=path,
                key=account,
                held=account,
            )


def _of_demands(old: ConfigRule, same: ConfigRule | None, after: _Index) -> Iterator[Weakening]:
    lost: dict[Demand, list[str]] = {}
    for demand in old.demands or ():
        for kind in sorted(old.types):
            if not any(_demands(rule, demand, kind, old) for rule in after.beside(old, (demand.key,))):
                lost.setdefault(demand, []).append(kind)
    name = old.change.held("name")
    because = _doubt(old, after)
    if (
        same is None
        and lost
        and {*lost} == {*(old.demands or ())}
        and all(len(t) == len(old.types) for t in lost.values())
    ):
        keys = sorted({demand.key for demand in lost})
        what = f"Config rule {name} goes, and with it what it demands of {', '.join(keys)}"
        yield _weakening(
            old, "key-unwatched", what, path="name", key=keys[0] if len(keys) == 1 else "", because=because
        )
        return
    for key in dict.fromkeys(demand.key for demand in lost):
        yield _of_key(old, key, {demand: kinds for demand, kinds in lost.items() if demand.key == key}, after, because)


def _of_key(old: ConfigRule, key: str, lost: Mapping[Demand, list[str]], after: _Index, because: str) -> Weakening:
    kinds = sorted({kind for each in lost.values() for kind in each})
    name, shown = old.change.held("name"), ", ".join("every type" if kind == "*" else kind for kind in kinds)
    watched = any(
        demand.key == key and any(has_type(rule.types, kind) for kind in kinds)
        for rule in after.beside(old, (key,))
        for demand in rule.demands or ()
    )
    if not watched:
        what = f"Config rule {name} watches {key} no more on {shown}"
        return _weakening(old, "key-unwatched", what, path="scope", key=key, because=because)
    demands = ", ".join(sorted({demand.kind for demand in lost}))
    values = tuple(value for demand in lost for value in demand.values)
    what = f"Config rule {name} demands less of {key} on {shown}: {demands}"
    return _weakening(old, "policy-weakened", what, path="content", key=key, wanted=values, because=because)


def _of_opaque(old: ConfigRule, same: ConfigRule | None, after: _Index) -> Iterator[Weakening]:
    """Yield what a rule loses whose content is not read: a rule of the same content is as good."""
    name = old.change.held("name")
    equal = [rule for rule in after.beside(old, _text(old)) if _narrow(rule, old)]
    wide = [rule for rule in equal if all(has_type(rule.types, kind) for kind in old.types)]
    if any(not rule.excluded - old.excluded for rule in wide):
        return
    if same is None:
        yield _weakening(old, "policy-weakened", f"Config rule {name} goes", path="name", because=_doubt(old, after))
    elif wide:
        return  # the accounts that it leaves out too are told apart
    elif not equal:
        why = "what the rule demands cannot be compared"
        yield _weakening(old, "policy-weakened", f"Config rule {name} changes", path="content", because=why)
    else:
        gone = ", ".join(sorted(kind for kind in old.types if not any(has_type(rule.types, kind) for rule in equal)))
        yield _weakening(old, "policy-weakened", f"Config rule {name} looks at {gone or 'less'} no more", path="scope")


def _doubt(old: ConfigRule, after: _Index) -> str:
    """Return why a rule may yet demand what is lost; empty where none may."""
    unsure = next(after.beside(old, None), None)
    return f"{', '.join(unsure.unknown)} of {unsure.change.address} is known only after apply" if unsure else ""


def _demands(rule: ConfigRule, demand: Demand, kind: str, old: ConfigRule) -> bool:
    """Tell whether a rule demands as much, on a type, of whoever the old rule looks at.

    More excluded accounts are told of by themselves where the rule is the same one.
    """
    is_same = rule.change.address == old.change.address
    reaches = _narrow(rule, old) and has_type(rule.types, kind) and (is_same or not rule.excluded - old.excluded)
    return reaches and any(demand.met_by(other) for other in rule.demands or ())


def _narrow(rule: ConfigRule, old: ConfigRule) -> bool:
    return not any(rule.narrow) or rule.narrow == old.narrow


def _text(rule: ConfigRule) -> tuple[str, str]:
    return rule.kind, re.sub(r"\s+", " ", str(rule.content or ""))


def _rule(change: Change, *, after: bool) -> ConfigRule:
    values: Mapping[str, Any] = (change.after if after and change.after is not None else change.before) or {}
    is_account = change.type == ACCOUNT_RULE
    kind, content = _content(change, values)
    scope = first(values.get("scope")) if is_account else values
    prefix, suffix = ("compliance_", "") if is_account else ("", "_scope")
    narrow = [scope.get(name) for name in (f"{prefix}resource_id{suffix}", f"tag_key{suffix}", f"tag_value{suffix}")]
    return ConfigRule(
        change,
        _region(change, values),
        not is_account,
        kind,
        content,
        types_of(scope.get(f"{prefix}resource_types{suffix}")),
        tuple(str(each or "") for each in narrow),
        texts(values.get("excluded_accounts")),
        demands_of(kind, content),
        tuple(name for name in _JUDGED if after and change.will(name) is UNKNOWN),
    )


def _content(change: Change, values: Mapping[str, Any]) -> tuple[str, Any]:
    """Return AWS's identifier of a rule, "guard" or the ARN of a function, and its parameters or text."""
    source = first(values.get("source"))
    if source.get("owner") == "CUSTOM_POLICY":
        return "guard", first(source.get("custom_policy_details")).get("policy_text")
    if change.type == GUARD:
        return "guard", values.get("policy_text")
    names = (source.get("source_identifier"), values.get("rule_identifier"), values.get("lambda_function_arn"))
    return next((str(name) for name in names if name), ""), values.get("input_parameters")


def _region(change: Change, values: Mapping[str, Any]) -> str:
    """Return the region of a rule, which providers from 6.0 on name and every ARN does; empty where unknown."""
    arn = str(values.get("arn") or "").split(":")
    return str(values.get("region") or (arn[3] if len(arn) > 3 else "") or change.region)


def _of_pack(change: Change) -> Iterator[Weakening]:
    """Yield conformance packs that go or change and speak of tags."""
    name, body = change.held("name"), str(change.held("template_body") or "")
    about_tags = "tag" in body.lower()
    if change.before is None or change.stays() or not (about_tags or not body):
        return
    if not change.is_there():
        yield weakening(change, "policy-weakened", f"conformance pack {name} goes", path="template_body")
        return
    excluded = change.will("excluded_accounts")
    if excluded is not UNKNOWN:
        for account in sorted(texts(excluded) - texts(change.held("excluded_accounts"))):
            what = f"conformance pack {name} leaves out account {account} too"
            yield weakening(change, "exemption-widened", what, path="excluded_accounts", key=account, held=account)
    if any(change.will(each) != change.held(each) for each in ("template_body", "template_s3_uri", "input_parameter")):
        why = "templates of conformance packs are not compared"
        what = f"conformance pack {name} changes"
        yield weakening(change, "policy-weakened", what, path="template_body", because=why)


def _weakening(  # noqa: PLR0913 (the members of a fault)
    old: ConfigRule, rule: Any, what: str, *, path: str, key: str = "", wanted: Sequence[str] = (), because: str = ""
) -> Weakening:
    return weakening(old.change, rule, what, path=path, key=key, wanted=wanted, because=because)
