"""What the rules of many accounts have found, as an aggregator of AWS Config shows it.

An aggregator of an organization sees every active account of it, one of accounts those it names; the regions are all or
named. docs.aws.amazon.com/config/latest/APIReference/API_DescribeAggregateComplianceByConfigRules.html
"""

from collections.abc import Iterator
from typing import Any

from moto.config.models import config_backends
from moto.organizations.models import organizations_backends

from harness.emulator.config.compliance import compliance, result, summarize
from harness.emulator.config.evaluation import COMPLIANT, NON_COMPLIANT, settle
from harness.emulator.config.model import Config, Rule
from harness.emulator.wire import AwsError, page, payer_of

_PAGE, _DETAILS = 1000, 50
_GROUPS = {"ACCOUNT_ID": "AccountId", "AWS_REGION": "AwsRegion"}


def by_rule(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of the rules of all accounts and regions, with their compliance.

    Raises: AwsError NoSuchConfigurationAggregatorException, ValidationException or InvalidNextTokenException.
    """
    filters = request.get("Filters") or {}
    _check_type(filters)
    found = [one for one in _rules(backend, request) if _matches(one, filters)]
    shown, following = page(found, request, "Limit", _PAGE)
    return {"AggregateComplianceByConfigRules": shown, **following}


def details_by_rule(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of what a rule has found in one account and region.

    Raises: AwsError NoSuchConfigurationAggregatorException, ValidationException or InvalidNextTokenException.
    """
    _check_type(request)
    wanted = {request["ComplianceType"]} if request.get("ComplianceType") else {COMPLIANT, NON_COMPLIANT}
    place = {"AccountId": request["AccountId"], "AwsRegion": request["AwsRegion"]}
    found = [
        {**result(rule, rule.evaluations[key]), **place}
        for source, rule in _settled(backend, request)
        for key in sorted(rule.evaluations)
        if (source.account_id, source.region_name) == (request["AccountId"], request["AwsRegion"])
        and rule.config_rule_name == request["ConfigRuleName"]
        and rule.evaluations[key].compliance in wanted
    ]
    shown, following = page(found, request, "Limit", _DETAILS)
    return {"AggregateEvaluationResults": shown, **following}


def summary(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    """Return how many rules are compliant and how many are not, by account or by region when that is asked for.

    Raises: AwsError NoSuchConfigurationAggregatorException or InvalidNextTokenException.
    """
    filters = request.get("Filters") or {}
    found = [one for one in _rules(backend, request) if _matches(one, filters)]
    group = _GROUPS.get(request.get("GroupByKey", ""))
    if group is None:
        return {"AggregateComplianceCounts": [{"ComplianceSummary": _summarize(found)}]}
    counts = [
        {"GroupName": name, "ComplianceSummary": _summarize([one for one in found if one[group] == name])}
        for name in sorted({one[group] for one in found})
    ]
    shown, following = page(counts, request, "Limit", _PAGE)
    return {"GroupByKey": request["GroupByKey"], "AggregateComplianceCounts": shown, **following}


def sources(backend: Config, name: str) -> Iterator[Config]:
    """Yield the accounts and regions of an aggregator, those that have rules or a recorder.

    Raises: AwsError NoSuchConfigurationAggregatorException.
    """
    aggregator = backend.config_aggregators.get(name)
    if aggregator is None:
        text = "The configuration aggregator does not exist. Check the configuration aggregator name and try again."
        raise AwsError("NoSuchConfigurationAggregatorException", text)
    organization = aggregator.organization_aggregation_source
    if organization:
        accounts = organizations_backends[payer_of(backend.account_id)]["aws"].accounts
        places = [(account.id, organization) for account in accounts if account.status == "ACTIVE"]
    else:
        places = [(id_, source) for source in aggregator.account_aggregation_sources for id_ in source.account_ids]
    for account_id, source in places:
        regions = config_backends[account_id]
        for region in sorted(regions.keys()):
            if source.all_aws_regions or region in (source.aws_regions or ()):
                yield regions[region]


def _settled(backend: Config, request: dict[str, Any]) -> Iterator[tuple[Config, Rule]]:
    """Yield the rules of all sources with results that are up to date."""
    for source in sources(backend, request["ConfigurationAggregatorName"]):
        settle(source)
        for name in sorted(source.config_rules):
            yield source, source.rule(name)


def _rules(backend: Config, request: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "ConfigRuleName": rule.config_rule_name,
            "Compliance": compliance(rule.evaluations.values()),
            "AccountId": source.account_id,
            "AwsRegion": source.region_name,
        }
        for source, rule in _settled(backend, request)
    ]


def _matches(one: dict[str, Any], filters: dict[str, Any]) -> bool:
    held = {**one, "ComplianceType": one["Compliance"]["ComplianceType"]}
    return all(held[name] == value for name, value in filters.items())


def _summarize(found: list[dict[str, Any]]) -> dict[str, Any]:
    return summarize(one["Compliance"] for one in found)


def _check_type(request: dict[str, Any]) -> None:
    """Refuse what the aggregate forms do not filter by (API_ConfigRuleComplianceFilters)."""
    if request.get("ComplianceType", COMPLIANT) not in (COMPLIANT, NON_COMPLIANT):
        raise AwsError("ValidationException", "The ComplianceType must be COMPLIANT or NON_COMPLIANT.")
