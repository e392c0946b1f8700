"""Cost categories: the answers of Cost Explorer. `cost_categories` holds their rules; definitions are moto's."""

import datetime
from typing import Any
from weakref import WeakKeyDictionary

from moto.ce.models import CostCategoryDefinition, CostExplorerBackend

from harness.emulator.billing.cost_categories import check_definition, first_of_month, refuse_more
from harness.emulator.clock import DAY, utcnow
from harness.emulator.wire import AwsError, answering, page, payer_of

_FOR_PAYER = frozenset(
    {
        "CreateCostCategoryDefinition",
        "DeleteCostCategoryDefinition",
        "UpdateCostCategoryDefinition",
    }
)
_SHOWN = ("CostCategoryArn", "EffectiveStart", "Name", "DefaultValue")
_changed: WeakKeyDictionary[CostCategoryDefinition, datetime.datetime] = WeakKeyDictionary()


def _create(backend: CostExplorerBackend, request: dict[str, Any]) -> dict[str, Any]:
    check_definition(request, applied=False)
    refuse_more([held.name for held in backend.cost_categories.values()], request["Name"])
    arn, start = backend.create_cost_category_definition(
        name=request["Name"],
        effective_start=request.get("EffectiveStart") or first_of_month(),
        rule_version=request["RuleVersion"],
        rules=request["Rules"],
        default_value=request.get("DefaultValue"),
        split_charge_rules=request.get("SplitChargeRules"),
        tags=request.get("ResourceTags") or [],
    )
    _changed[backend.cost_categories[arn]] = utcnow()
    return {"CostCategoryArn": arn, "EffectiveStart": start}


def _describe(backend: CostExplorerBackend, request: dict[str, Any]) -> dict[str, Any]:
    held = _held(backend, request)
    shown = {name: value for name, value in held.to_json().items() if value is not None}
    status = "APPLIED" if _is_applied(held) else "PROCESSING"
    return {"CostCategory": {**shown, "ProcessingStatus": [{"Component": "COST_EXPLORER", "Status": status}]}}


def _is_applied(held: CostCategoryDefinition) -> bool:
    """Tell whether its rules have reached the costs, which takes AWS up to a day, and the emulator a whole one.

    docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/create-cost-categories.html.
    """
    return utcnow() - _changed[held] >= DAY


def _update(backend: CostExplorerBackend, request: dict[str, Any]) -> dict[str, Any]:
    """Replace the whole definition: what the request leaves out is gone, and it holds from this month on."""
    held = _held(backend, request)
    check_definition(request, applied=_is_applied(held))
    held.update(
        rule_version=request["RuleVersion"],
        effective_start=request.get("EffectiveStart") or first_of_month(),
        rules=request["Rules"],
        default_value=request.get("DefaultValue"),
        split_charge_rules=request.get("SplitChargeRules"),
    )
    _changed[held] = utcnow()
    return {"CostCategoryArn": held.arn, "EffectiveStart": held.effective_start}


def _delete(backend: CostExplorerBackend, request: dict[str, Any]) -> dict[str, Any]:
    held = _held(backend, request)
    del backend.cost_categories[held.arn]
    return {"CostCategoryArn": held.arn, "EffectiveEnd": first_of_month()}


def _list(backend: CostExplorerBackend, request: dict[str, Any]) -> dict[str, Any]:
    found = [_reference(held) for held in backend.cost_categories.values()]
    shown, following = page(sorted(found, key=lambda each: each["Name"]), request, "MaxResults", 100)
    return {"CostCategoryReferences": shown, **following}


def _reference(held: CostCategoryDefinition) -> dict[str, Any]:
    """Return AWS's CostCategoryReference."""
    shown = {name: value for name, value in held.to_json().items() if name in _SHOWN and value is not None}
    values = dict.fromkeys(rule["Value"] for rule in held.rules if rule.get("Value"))
    return {**shown, "NumberOfRules": len(held.rules), "Values": [*values]}


def _held(backend: CostExplorerBackend, request: dict[str, Any]) -> CostCategoryDefinition:
    arn = request["CostCategoryArn"]
    if arn not in backend.cost_categories:
        text = f"No Cost Categories found with ID {arn.rsplit('/', 1)[-1]}"
        raise AwsError("ResourceNotFoundException", text)
    return backend.cost_categories[arn]


class CategoryResponse:
    """Answer requests about cost categories."""

    current_account: str

    create_cost_category_definition = answering(_create)
    describe_cost_category_definition = answering(_describe)
    update_cost_category_definition = answering(_update)
    delete_cost_category_definition = answering(_delete)
    list_cost_category_definitions = answering(_list)

    def check_category_caller(self, operation: str) -> None:
        """Refuse member accounts what only their payer may do.

        Raises: AwsError AccessDeniedException.
        """
        if operation in _FOR_PAYER and payer_of(self.current_account) != self.current_account:
            raise AwsError("AccessDeniedException", "Linked account doesn't have access to cost categories.")
