"""Find what an environment's documents would exceed of AWS's limits, before anything is sent."""

from collections.abc import Iterator

from harness.dictionary import Dictionary
from harness.documents.audit_role_capacity import audit_role_capacity
from harness.documents.config_rule import render_config_rules
from harness.documents.guardrail import WRAPPER as GUARDRAIL_WRAPPER
from harness.documents.guardrail import statement_size
from harness.documents.guardrail_target import guardrail_targets, render_guardrails, target_statements
from harness.documents.tag_policy import WRAPPER, entry_size, policy_entries, policy_targets, render_tag_policies
from harness.environment import Environment
from harness.facts import Facts
from harness.packing import size_bytes
from harness.yaml_source import Path_

Faults = Iterator[tuple[Path_, str]]


def capacity_faults(dictionary: Dictionary, environment: Environment, facts: Facts) -> Faults:
    """Yield every limit that the rendered documents exceed, as a path in env.yaml and a message with the numbers.

    Raises: nothing of the input's.
    """
    yield from _tag_policies(dictionary, environment, facts)
    yield from _config_rules(dictionary, environment, facts)
    yield from _guardrails(dictionary, environment, facts)
    yield from audit_role_capacity(dictionary, environment, facts)


def _place(target: str, section: str = "tag_policy") -> Path_:
    if target == "root":
        return (section, "root")
    if target.startswith("account:"):
        return (section, "accounts", target.removeprefix("account:"))
    return (section, "organizational_units", target)


def _tag_policies(dictionary: Dictionary, environment: Environment, facts: Facts) -> Faults:
    limits = facts.limits
    room = limits["tag_policy_document_characters"] - len(WRAPPER) + 1
    targets = policy_targets(dictionary, environment, organization=None)
    documents = render_tag_policies(dictionary, environment.name, targets, limits)
    for target in targets:
        sizes = {key: entry_size(key, entry) for key, entry in policy_entries(dictionary, target, targets).items()}
        for key, size in sizes.items():
            if size > room:
                rule = f"must fit tag policies of {room + len(WRAPPER) - 1} characters"
                repair = "Do shorten its values, use a wildcard, or shorten enforced_for"
                yield _place(target.key), f'{rule}; the entry of "{key}" has {size}. {repair}'
        needed = sum(1 for document in documents.values() if document.target == target.key)
        most = limits["tag_policies_per_target"]
        if needed > most:
            rule = f"must need {most} tag policies at most"
            found = f"{len(sizes)} keys with {sum(sizes.values())} characters need {needed}"
            yield _place(target.key), f"{rule}; {found}. Do shorten values, use wildcards, or enforce fewer types"
    most = limits["policy_name_characters"]
    for name, document in documents.items():
        if len(name) > most:
            message = (
                f'must give policy names of {most} characters at most; got {len(name)} in "{name}". Do shorten name'
            )
            yield _place(document.target), message
    most = limits["tag_policies_per_organization"]
    if len(documents) > most:
        yield ("tag_policy",), f"must need {most} tag policies at most; got {len(documents)}. Do name fewer targets"


def _config_rules(dictionary: Dictionary, environment: Environment, facts: Facts) -> Faults:
    limits = facts.limits
    organization = environment.config.scope == "organization"
    kind = "config_organization_rule_name_characters" if organization else "config_rule_name_characters"
    rules = render_config_rules(dictionary, environment.name, facts)
    for name, rule in rules.items():
        if len(name) > limits[kind]:
            message = f'must give rule names of {limits[kind]} characters at most; got {len(name)} in "{name}". '
            yield ("name",), message + "Do shorten name"
        most = limits["config_rule_resource_types"]
        if len(rule.resource_types) > most:
            message = (
                f"must judge {most} resource types at most; got {len(rule.resource_types)}. Do shorten mandatory_for"
            )
            yield ("config",), f"rule {name}: {message}"
        most = limits["config_rule_policy_characters"]
        size = size_bytes(rule.policy or "")
        if size > most:
            message = f"must fit a Guard policy of {most} bytes; got {size}. Do use wildcards or a pattern"
            yield ("config",), f"rule {name}: {message}"
    most = limits["config_rules_per_region"]
    if len(rules) > most:
        yield ("config",), f"must need {most} rules per region at most; got {len(rules)}. Do share mandatory_for lists"


def _guardrails(dictionary: Dictionary, environment: Environment, facts: Facts) -> Faults:
    limits = facts.limits
    limit, most = limits["control_policy_document_characters"], limits["control_policies_per_target"] - 1
    targets = guardrail_targets(dictionary, environment, organization=None)
    documents = render_guardrails(environment, targets, limits)
    for target, statements in target_statements(environment, targets).items():
        place = _place(target, "guardrail")
        for statement in statements:
            size = statement_size(statement) + len(GUARDRAIL_WRAPPER) - 1
            if size > limit:
                rule = f"must fit policies of {limit} characters; statement {statement['Sid']} needs {size}"
                yield place, f"{rule}. Do guard fewer groups, or shorten exempt_principals"
        needed = sum(1 for document in documents.values() if document.target == target)
        if needed > most:
            rule = f"must need {most} policies at most, since AWS demands another one that allows"
            yield place, f"{rule}; got {needed}. Do guard fewer groups or keys, or set exact_spelling: false"
    most = limits["policy_name_characters"]
    for name, document in documents.items():
        if len(name) > most:
            rule = f"must give policy names of {most} characters at most"
            yield _place(document.target, "guardrail"), f'{rule}; got {len(name)} in "{name}". Do shorten name'
    most = limits["control_policies_per_organization"]
    if len(documents) > most:
        rule = f"must need {most} service control policies at most"
        yield ("guardrail",), f"{rule}; got {len(documents)}. Do name fewer targets"
