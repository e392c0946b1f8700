"""Judge resources by the rules of AWS Config: REQUIRED_TAGS, and Guard texts through AWS's own engine.

AWS judges whenever a resource or a rule changes. Here that happens when somebody asks for compliance: every answer is
what AWS would say once it has caught up. A result that AWS would not have renewed either keeps its times, and without a
running recorder nothing is judged, so what was found before stays.

A rule that cannot be judged here (other managed rules; Guard texts that read more than identity and tags) has no
results, never a guess: its compliance is INSUFFICIENT_DATA, and DescribeConfigRuleEvaluationStatus says why.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from guardpycfn import validate_with_guard
from moto.core.utils import get_service_model, iso_8601_datetime_with_milliseconds

from harness.emulator.clock import unix_time
from harness.emulator.config.model import Config, Evaluation, Rule
from harness.emulator.inventory import LiveResource, resources
from harness.facts import load_facts

COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE = "COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE"

_VERDICTS = {"PASS": COMPLIANT, "FAIL": NON_COMPLIANT, "SKIP": NOT_APPLICABLE}
_KEYS = load_facts().limits["config_rule_keys"]

# Recorded, though botocore's list lacks them: awslabs/aws-config-resource-schema has both, and
# docs.aws.amazon.com/config/latest/developerguide/sagemaker-notebook-instance-inside-vpc.html is triggered by changes.
# Nothing public says that AWS Config records endpoints; issue 17 of that repository, which asks for them, is open.
_RECORDED_TOO = {"AWS::SageMaker::EndpointConfig", "AWS::SageMaker::NotebookInstance"}

# Members of a configuration item that moto's models do not give as AWS does.
_UNKNOWN = re.compile(
    r"(?<!tags\.)\b(?:configuration|supplementary_?Configuration|relationships|related_?Events|availability_?Zone|"
    r"configuration_?State_?Id|configuration_?Item_?MD5_?Hash|version)\b",
    re.IGNORECASE,  # as Guard finds members
)
_QUOTED = re.compile(r"<<.*?>>|'[^']*'|\"[^\"]*\"|/(?:\\.|[^/\\\n])+/|#[^\n]*", re.DOTALL)


class UnjudgedError(Exception):
    """Say that a rule fails on a resource, which is no verdict."""


def settle(backend: Config, *rules: Rule, again: bool = False) -> None:
    """Bring the results of some or all rules up to date; `again` gives every result a new time.

    Raises: nothing.
    """
    types = recorded_types(backend)
    for rule in rules or tuple(backend.config_rules.values()):
        rule.problem = _problem(rule)
        if rule.problem:
            rule.evaluations = {}
        elif types is not None:
            _settle(backend, rule, types, again=again)


def _settle(backend: Config, rule: Rule, types: frozenset[str], *, again: bool) -> None:
    held = {} if again else rule.evaluations
    try:
        found = dict(_judge(backend, rule, types, held))
    except UnjudgedError as error:
        rule.problem, rule.evaluations = str(error), {}
        return
    if again or rule.evaluated is None or found != held:
        rule.evaluated = unix_time()
    rule.evaluations = found


def _judge(
    backend: Config, rule: Rule, types: frozenset[str], held: Mapping[tuple[str, str], Evaluation]
) -> Iterator[tuple[tuple[str, str], Evaluation]]:
    text = json.dumps(rule.raw, sort_keys=True)
    for resource in _in_scope(backend, rule, types):
        key = (resource.resource_type, resource.id)
        item = json.dumps(configuration_item(resource), sort_keys=True)
        seen = hash((text, item))
        known = held.get(key)
        yield key, known if known and known.seen == seen else _evaluate(rule, resource, item, seen)


def recorded_types(backend: Config) -> frozenset[str] | None:
    """Return the resource types that are being recorded in an account and region; None when no recorder runs.

    Raises: nothing.
    """
    for recorder in backend.recorders.values():
        if recorder.status.recording:
            group = recorder.recording_group
            excluded = (group.exclusion_by_resource_types or {}).get("resourceTypes") or ()
            return frozenset(group.resource_types or _recordable()).difference(excluded)
    return None


@cache
def _recordable() -> frozenset[str]:
    return frozenset(get_service_model("config").shape_for("ResourceType").enum) | _RECORDED_TOO


def _problem(rule: Rule) -> str:
    """Return why the emulator cannot judge by a rule."""
    source = rule.raw["Source"]
    if source["Owner"] == "CUSTOM_POLICY":
        unknown = sorted(set(_UNKNOWN.findall(_QUOTED.sub(" ", rule.policy_text or ""))))
        return (
            f"The tagrail emulator does not know these members of a resource: {', '.join(unknown)}." if unknown else ""
        )
    if source["Owner"] == "AWS" and source["SourceIdentifier"] == "REQUIRED_TAGS":
        return ""
    return f"The tagrail emulator does not implement the rule {source.get('SourceIdentifier')}."


def _in_scope(backend: Config, rule: Rule, types: frozenset[str]) -> Iterator[LiveResource]:
    """Yield the recorded resources that a rule judges.

    docs.aws.amazon.com/config/latest/APIReference/API_Scope.html
    """
    scope = rule.raw.get("Scope") or {}
    wanted = types.intersection(scope.get("ComplianceResourceTypes") or types)
    if rule.raw["Source"]["Owner"] == "AWS":
        wanted = wanted.intersection(load_facts().required_tags_resource_types)
    key, value = scope.get("TagKey"), scope.get("TagValue")
    for resource in resources(backend.account_id, backend.region_name, wanted):
        if scope.get("ComplianceResourceId", resource.id) != resource.id:
            continue
        if key and (key not in resource.tags or (value is not None and resource.tags[key] != value)):
            continue
        yield resource


def _evaluate(rule: Rule, resource: LiveResource, item: str, seen: int) -> Evaluation:
    if rule.policy_text is None:
        verdict, annotation = required_tags(json.loads(rule.raw.get("InputParameters") or "{}"), resource.tags), ""
    else:
        verdict, annotation = _guard(rule.policy_text, item)
    return Evaluation(resource.resource_type, resource.id, verdict, annotation, seen, unix_time())


def configuration_item(resource: LiveResource) -> dict[str, Any]:
    """Return what Guard rules see of a resource: its identity and its tags, named as AWS names them.

    docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html; `tags` is a mapping.
    Raises: nothing.
    """
    item = {
        "accountId": resource.account_id,
        "arn": resource.arn,
        "ARN": resource.arn,
        "awsAccountId": resource.account_id,
        "awsRegion": resource.region,
        "configurationItemStatus": "OK",
        "resourceId": resource.id,
        "resourceType": resource.resource_type,
        "tags": dict(resource.tags),
    }
    if resource.created:
        item["resourceCreationTime"] = iso_8601_datetime_with_milliseconds(resource.created)
    return item


def required_tags(parameters: Mapping[str, str], tags: Mapping[str, str]) -> str:
    """Return the verdict of REQUIRED_TAGS: keys and values compare case-sensitively, an empty value is there.

    docs.aws.amazon.com/config/latest/developerguide/required-tags.html; values are separated by commas, and the blanks
    around them are not part of them. awslabs/aws-config-rules issue 333 has the empty value.
    Raises: nothing.
    """
    for number in range(1, _KEYS + 1):
        key, listed = parameters.get(f"tag{number}Key"), parameters.get(f"tag{number}Value")
        if key is None:
            continue
        if key not in tags or (listed is not None and tags[key] not in {one.strip() for one in listed.split(",")}):
            return NON_COMPLIANT
    return COMPLIANT


@cache
def _annotation(report: str, *before: str) -> str:
    """Return the messages that a Guard report quotes, as long as AWS takes an annotation (256 characters)."""
    messages = dict.fromkeys(re.findall(r'"custom_message": ?"((?:[^"\\]|\\.)+)"', report))
    return "; ".join([*before, *(json.loads(f'"{message}"') for message in messages)])[:256]


def _guard(policy: str, item: str) -> tuple[str, str]:
    answer = validate_with_guard(item, policy)
    if not answer["success"]:
        raise UnjudgedError(f"Guard: {answer['error']}")
    result = answer["result"]
    if isinstance(
        result, str
    ):  # the binding keeps the end of a long report, and only a failure quotes clauses at length
        return NON_COMPLIANT, _annotation(result, "...")
    return _VERDICTS[result["status"]], _annotation(json.dumps(result))
