"""Hold a change of a plan as terraform writes it, and what it takes away; read what is known of the time after it.

developer.hashicorp.com/terraform/internals/json-format#change-representation: `after_unknown` has the shape of `after`
with `true` where a value is known only after apply; a `no-op` change is there for each resource that stays as it is.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from harness.plan_check.model import UNKNOWN, Fault

Verdict = Literal["fail", "unknown"]
Rule = Literal[
    "policy-weakened",
    "key-unwatched",
    "cost-tag-deactivated",
    "budget-raised",
    "subscriber-dropped",
    "exemption-widened",
    "export-narrowed",
]

# What must hold, by rule.
RULES: Mapping[Rule, str] = {
    "policy-weakened": "must leave in force what denies, reports or collects",
    "key-unwatched": "must leave every tag key watched that is watched now",
    "cost-tag-deactivated": "must leave active cost allocation tags active: months without are lost",
    "budget-raised": "must leave budgets, their limits and thresholds no higher and no narrower",
    "subscriber-dropped": "must leave everybody told who is told of cost now",
    "exemption-widened": "must exempt nobody and nothing more",
    "export-narrowed": "must leave in the exports of the bill what is in them now",
}

# The attributes that hold lists or blocks; all others hold one value.
_NESTED = frozenset(
    {
        *("aws_service_access_principals", "enabled_policy_types", "excluded_accounts", "resource_types_scope"),
        *("auto_adjust_data", "cost_filter", "cost_types", "filter_expression", "notification", "planned_limit"),
        *("definition", "input_parameter", "recording_group", "recording_mode", "scope", "source"),
        *("account_aggregation_source", "organization_aggregation_source"),
        *("action_threshold", "export", "monitor_arn_list", "subscriber", "threshold_expression"),
        *("rule", "split_charge_rule"),
    }
)
_INDEX = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')


class Change(msgspec.Struct, frozen=True, gc=False):
    """Hold one entry of `resource_changes`, its `change` as plain JSON.

    `references` are the addresses, without indexes, that the expression of its policy id names in the configuration;
    () where nobody looked. `sensitive` is `before_sensitive`. `region` is that of its provider, empty where the
    configuration does not write it out.
    """

    address: str
    type: str
    actions: tuple[str, ...]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    after_unknown: Any = False
    references: tuple[str, ...] = ()
    sensitive: Any = False
    region: str = ""

    def stays(self) -> bool:
        """Tell whether what is there before is there unchanged after."""
        return self.actions in {("no-op",), ("read",)} or self.is_left()

    def is_left(self) -> bool:
        """Tell whether terraform forgets the resource and leaves it alone, which policies ask for by skip_destroy.

        registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/organizations_policy_attachment.
        """
        return self.actions == ("forget",) or (self.actions == ("delete",) and self.held("skip_destroy") is True)

    def is_there(self) -> bool:
        """Tell whether the resource, or one in its place, is there after."""
        return self.after is not None or self.is_left()

    def held(self, name: str) -> Any:
        """Return an attribute before; None where there was no resource or it had none."""
        return _typed(name, (self.before or {}).get(name))

    def will(self, name: str) -> Any:
        """Return an attribute after, UNKNOWN where it, or a part of it, is known only after apply."""
        if self.is_left():
            return self.held(name)
        unknown = self.after_unknown
        if unknown is True or (isinstance(unknown, Mapping) and has_true(unknown.get(name))):
            return UNKNOWN
        return _typed(name, (self.after or {}).get(name))

    def shown(self, text: object) -> str:
        """Return a value of the time before for a reader, unless a part of the resource is secret."""
        return "(sensitive)" if has_true(self.sensitive) else str(text)


class Weakening(msgspec.Struct, frozen=True):
    """Hold what one resource's change takes away: `where` it does so, and the sentence `what`.

    `fault.held` is what will be there, `fault.wanted` what is there now.
    """

    address: str
    type: str
    where: str
    what: str
    fault: Fault

    def must_hold(self) -> str:
        """Return the rule in words."""
        return next(text for rule, text in RULES.items() if rule == self.fault.rule)


class Known(msgspec.Struct, frozen=True):
    """Hold what the caller knows of the organisation beside the plan.

    `unattached` are the ids of policies that are attached nowhere now; `parents` maps unit or account to what it is in.
    """

    unattached: frozenset[str] = frozenset()
    parents: Mapping[str, str] = {}


def weakening(  # noqa: PLR0913 (the members of a fault)
    change: Change,
    rule: Rule,
    what: str,
    *,
    where: str = "",
    path: str = "",
    key: str = "",
    held: str = "",
    wanted: Iterable[str] = (),
    because: str = "",
) -> Weakening:
    """Return what a change takes away; `because` says why that is not known. Raises: nothing."""
    verdict: Verdict = "unknown" if because else "fail"
    fault = Fault(rule, verdict, path, key=key, held=held, wanted=tuple(wanted), because=because)
    return Weakening(change.address, change.type, where or change.address, what, fault)


def _typed(name: str, value: Any) -> Any:
    """Return a value, as text where a plan has a list or an object in the place of a plain value."""
    return str(value) if isinstance(value, list | dict) and name not in _NESTED else value


def has_true(value: Any) -> bool:
    """Tell whether there is a `true` anywhere in a mask such as after_unknown. Raises: nothing."""
    if isinstance(value, Mapping):
        return any(map(has_true, value.values()))
    return any(map(has_true, value)) if isinstance(value, list) else value is True


def items(value: Any) -> list[Any]:
    """Return the members of a list, none for anything else. Raises: nothing."""
    return value if isinstance(value, list) else []


def blocks(value: Any) -> list[Mapping[str, Any]]:
    """Return the blocks of an attribute. Raises: nothing."""
    return [block for block in items(value) if isinstance(block, Mapping)]


def first(value: Any) -> Mapping[str, Any]:
    """Return the block of an attribute that holds one at most; an empty one where there is none. Raises: nothing."""
    return next(iter(blocks(value)), {})


def texts(value: Any) -> frozenset[str]:
    """Return the texts of a list. Raises: nothing."""
    return frozenset(str(each) for each in items(value))


def listed(names: Iterable[str], most: int = 4) -> str:
    """Return names for a reader, each once: the first few, then how many more there are.

    >>> listed("abcdef"), listed(["b", "b"])
    ('a, b, c, d and 2 more', 'b')
    """
    found = list(dict.fromkeys(names))
    return ", ".join(found[:most]) + (f" and {len(found) - most} more" if len(found) > most else "")


def collection(address: str) -> str:
    """Return an address without the index of the resource itself, which names all of its instances.

    >>> collection('module.a["x"].aws_budgets_budget.this["y"]')
    'module.a["x"].aws_budgets_budget.this'
    """
    found = list(_INDEX.finditer(address))
    return address[: found[-1].start()] if found and found[-1].end() == len(address) else address


def index(address: str) -> str:
    """Return what `collection` leaves out. Raises: nothing."""
    return address[len(collection(address)) :]


def module(address: str) -> str:
    """Return the address of the module that holds a resource; empty for the root.

    >>> module('module.a["x.y"].aws_budgets_budget.this["y"]')
    'module.a["x.y"]'
    """
    plain = collection(address)
    resource = re.search(r"(?:^|\.)[A-Za-z0-9_]+\.[A-Za-z0-9_-]+$", plain)
    return plain[: resource.start()] if resource else ""


def written_region(expressions: Any) -> str:
    """Return the region in the expressions of a provider; empty where it is not written out. Raises: nothing."""
    region = expressions.get("region") if isinstance(expressions, Mapping) else None
    return str(region.get("constant_value") or "") if isinstance(region, Mapping) else ""


def unindexed(address: str) -> str:
    """Return an address without any index, as the configuration knows it. Raises: nothing."""
    return _INDEX.sub("", address)
