"""AWS's own managed policies have no mistake that is an error; their sizes are AWS's own affair."""

import json

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from harness.facts import load_facts
from harness.policy.lint import RULES, Given, lint, read_policy

SHARES = 8  # of the work between processes
POLICIES = json.loads(aws_managed_policies_data)
SIZES = {"document-too-large", "larger-than-a-managed-policy"}
# Right as they are, though likely mistakes elsewhere: services that are gone, old ARNs, service roles of AWS.
LIKELY = {rule.id for rule in RULES if rule.severity != "error"}


@pytest.mark.thorough
@pytest.mark.parametrize("share", range(SHARES))
def test_no_managed_policy_has_an_error(share: int) -> None:
    for name in sorted(POLICIES)[share::SHARES]:
        policy = read_policy(name, json.dumps(POLICIES[name]["Document"], separators=(",", ":")), "identity")
        found = {(name, hit.rule.id, hit.lint.path) for hit in lint(Given((policy,), load_facts().limits))}
        assert {each for each in found if each[1] not in LIKELY | SIZES} == set()
