"""What an account's AWS Config rules have found in a region: by rule, by resource, in numbers.

docs.aws.amazon.com/config/latest/APIReference/API_DescribeComplianceByConfigRule.html and its neighbours.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from harness.emulator.clock import unix_time
from harness.emulator.config.evaluation import COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE, settle
from harness.emulator.config.model import Config, Evaluation, Rule
from harness.emulator.wire import AwsError, page

INSUFFICIENT_DATA = "INSUFFICIENT_DATA"

_RULES, _DETAILS = 25, 10  # on a page, where the request has no size or names none
_MOST, _MOST_OF_TYPE = 25, 100  # that AWS counts
_SECONDS_BETWEEN = 60  # calls of StartConfigRulesEvaluation, says LimitExceededException


def by_rule(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of rules with their compliance.

    Raises: AwsError NoSuchConfigRuleException or InvalidNextTokenException.
    """
    wanted = request.get("ComplianceTypes")
    described = [
        {"ConfigRuleName": rule.config_rule_name, "Compliance": compliance(rule.evaluations.values())}
        for rule in _settled(backend, request.get("ConfigRuleNames"))
    ]
    kept = [one for one in described if not wanted or one["Compliance"]["ComplianceType"] in wanted]
    shown, following = page(kept, request, "Limit", _RULES)
    return {"ComplianceByConfigRules": shown, **following}


def by_resource(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of resources that rules have judged, with their compliance.

    Raises: AwsError InvalidParameterValueException for an id without a type, or InvalidNextTokenException.
    """
    type_, id_, wanted = (request.get(name) for name in ("ResourceType", "ResourceId", "ComplianceTypes"))
    if id_ and not type_:
        raise _refused("You must specify a resource type when you specify a resource ID.")
    found: dict[tuple[str, str], list[Evaluation]] = {}
    for rule in _settled(backend):
        for one in _judged(rule):
            if type_ in (None, one.resource_type) and id_ in (None, one.resource_id):
                found.setdefault((one.resource_type, one.resource_id), []).append(one)
    described: list[dict[str, Any]] = [
        {"ResourceType": kind, "ResourceId": name, "Compliance": compliance(found[kind, name])}
        for kind, name in sorted(found)
    ]
    kept = [one for one in described if not wanted or one["Compliance"]["ComplianceType"] in wanted]
    shown, following = page(kept, request, "Limit", _DETAILS)
    return {"ComplianceByResources": shown, **following}


def details_by_rule(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of a rule's results; NOT_APPLICABLE ones when they are asked for.

    Raises: AwsError NoSuchConfigRuleException, InvalidParameterValueException or InvalidNextTokenException.
    """
    (rule,) = _settled(backend, [request["ConfigRuleName"]])
    shown, following = page(_results([rule], _wanted(request)), request, "Limit", _DETAILS)
    return {"EvaluationResults": shown, **following}


def details_by_resource(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of the results of one resource.

    Raises: AwsError InvalidParameterValueException or InvalidNextTokenException; NotImplementedError for an evaluation
    before deployment.
    """
    if request.get("ResourceEvaluationId"):
        raise NotImplementedError("GetComplianceDetailsByResource with a ResourceEvaluationId")
    if not request.get("ResourceType") or not request.get("ResourceId"):
        raise _refused("You must specify a resource type and a resource ID.")
    place = (request["ResourceType"], request["ResourceId"])
    found = _results(_settled(backend), _wanted(request), place)
    shown, following = page(found, request, "Limit", _DETAILS)
    return {"EvaluationResults": shown, **following}


def summary_by_rule(backend: Config, _request: dict[str, Any]) -> dict[str, Any]:
    """Return how many rules are compliant, and how many are not.

    Raises: nothing.
    """
    return {"ComplianceSummary": summarize(compliance(rule.evaluations.values()) for rule in _settled(backend))}


def summary_by_type(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    """Return how many resources are compliant and how many are not, by type when types are named.

    Raises: nothing.
    """
    everything = by_resource(backend, {"Limit": len(list(_all_judged(backend)))})["ComplianceByResources"]
    types = request.get("ResourceTypes") or [None]
    summaries = []
    for type_ in types:
        counted = (one["Compliance"] for one in everything if type_ in (None, one["ResourceType"]))
        named = {"ResourceType": type_} if type_ else {}
        summaries.append({**named, "ComplianceSummary": summarize(counted, _MOST_OF_TYPE)})
    return {"ComplianceSummariesByResourceType": summaries}


def start(backend: Config, request: dict[str, Any]) -> None:
    """Judge anew by the named rules.

    Raises: AwsError NoSuchConfigRuleException or InvalidParameterValueException; LimitExceededException for a rule that
    was judged so less than a minute ago.
    """
    rules = [backend.rule(name) for name in request.get("ConfigRuleNames") or ()]
    if not rules:
        raise _refused("You must specify at least one ConfigRule name.")
    now = unix_time()
    for rule in rules:
        if rule.started is not None and now - rule.started < _SECONDS_BETWEEN:
            text = f"The rule {rule.config_rule_name} can be evaluated once per minute. Please try again later."
            raise AwsError("LimitExceededException", text)
    for rule in rules:
        rule.started = now
    settle(backend, *rules, again=True)


def statuses(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of what AWS Config says about its evaluations, the reason of one that cannot be had among it.

    Raises: AwsError NoSuchConfigRuleException or InvalidNextTokenException.
    """
    described = [_status(rule) for rule in _settled(backend, request.get("ConfigRuleNames"))]
    shown, following = page(described, request, "Limit", _RULES)
    return {"ConfigRulesEvaluationStatus": shown, **following}


def compliance(evaluations: Iterable[Evaluation]) -> dict[str, Any]:
    """Return AWS's Compliance of a rule or a resource: noncompliant by one result, compliant by all, else unknown.

    Raises: nothing.
    """
    verdicts = [one.compliance for one in evaluations if one.compliance != NOT_APPLICABLE]
    wrong = verdicts.count(NON_COMPLIANT)
    if wrong:
        return {"ComplianceType": NON_COMPLIANT, "ComplianceContributorCount": count(wrong, _MOST)}
    return {"ComplianceType": COMPLIANT if verdicts else INSUFFICIENT_DATA}


def count(number: int, most: int) -> dict[str, Any]:
    """Return AWS's capped count.

    Raises: nothing.
    """
    return {"CappedCount": min(number, most), "CapExceeded": number > most}


def summarize(compliances: Iterable[dict[str, Any]], most: int = _MOST) -> dict[str, Any]:
    """Return AWS's ComplianceSummary of these; what is unknown counts for neither.

    Raises: nothing.
    """
    types = [one["ComplianceType"] for one in compliances]
    return {
        "CompliantResourceCount": count(types.count(COMPLIANT), most),
        "NonCompliantResourceCount": count(types.count(NON_COMPLIANT), most),
        "ComplianceSummaryTimestamp": unix_time(),
    }


def result(rule: Rule, one: Evaluation) -> dict[str, Any]:
    """Return AWS's EvaluationResult.

    Raises: nothing.
    """
    qualifier = {
        "ConfigRuleName": rule.config_rule_name,
        "ResourceType": one.resource_type,
        "ResourceId": one.resource_id,
        "EvaluationMode": "DETECTIVE",
    }
    return {
        "EvaluationResultIdentifier": {"EvaluationResultQualifier": qualifier, "OrderingTimestamp": one.recorded},
        "ComplianceType": one.compliance,
        "ResultRecordedTime": one.recorded,
        "ConfigRuleInvokedTime": one.recorded,
        **({"Annotation": one.annotation} if one.annotation else {}),
    }


def _settled(backend: Config, names: Sequence[str] | None = None) -> list[Rule]:
    """Return the named rules, or all, with results that are up to date."""
    rules = [backend.rule(name) for name in names or sorted(backend.config_rules)]
    if rules:
        settle(backend, *rules)
    return rules


def _judged(rule: Rule) -> list[Evaluation]:
    return [one for one in rule.evaluations.values() if one.compliance != NOT_APPLICABLE]


def _all_judged(backend: Config) -> Iterator[Evaluation]:
    for rule in _settled(backend):
        yield from _judged(rule)


def _wanted(request: dict[str, Any]) -> frozenset[str]:
    """Return the verdicts that a request asks for.

    docs.aws.amazon.com/config/latest/APIReference/API_GetComplianceDetailsByConfigRule.html has no INSUFFICIENT_DATA.
    """
    wanted = frozenset(request.get("ComplianceTypes") or (COMPLIANT, NON_COMPLIANT))
    if INSUFFICIENT_DATA in wanted:
        raise _refused("The ComplianceTypes can be COMPLIANT, NON_COMPLIANT and NOT_APPLICABLE.")
    return wanted


def _results(
    rules: Iterable[Rule], wanted: frozenset[str], place: tuple[str, str] | None = None
) -> list[dict[str, Any]]:
    return [
        result(rule, rule.evaluations[key])
        for rule in rules
        for key in sorted(rule.evaluations)
        if place in (None, key) and rule.evaluations[key].compliance in wanted
    ]


def _status(rule: Rule) -> dict[str, Any]:
    described = {
        "ConfigRuleName": rule.config_rule_name,
        "ConfigRuleArn": rule.config_rule_arn,
        "ConfigRuleId": rule.config_rule_id,
        "FirstActivatedTime": rule.activated,
        "FirstEvaluationStarted": rule.evaluated is not None,
    }
    if rule.evaluated is not None:
        described |= {"LastSuccessfulInvocationTime": rule.evaluated, "LastSuccessfulEvaluationTime": rule.evaluated}
    if rule.problem:
        described |= {"LastErrorCode": "NotImplemented", "LastErrorMessage": rule.problem}
        described |= {"LastFailedInvocationTime": rule.activated, "LastFailedEvaluationTime": rule.activated}
    return described


def _refused(text: str) -> AwsError:
    return AwsError("InvalidParameterValueException", text)
