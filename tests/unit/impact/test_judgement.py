"""What passes now and would not any more: calls and resources, with unknown counted as hit."""

import json
from dataclasses import replace
from typing import Any

from harness.impact.cloudtrail import CreateCall
from harness.impact.judgement import TaggedResource, judge_impact
from harness.policy.attachment import AttachedPolicy, Node
from harness.policy.evaluation import Level, Policy
from harness.policy.request_tags import RequestTags
from harness.policy.simulation import Rules
from harness.policy.statement import parse_policy

ACCOUNT = "444444444441"
ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DENY = {
    "Sid": "Team",
    "Effect": "Deny",
    "Action": "sqs:CreateQueue",
    "Resource": "*",
    "Condition": {"Null": {"aws:RequestTag/team": "true"}},
}
BY_ADDRESS = {**DENY, "Sid": "Address", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}
UNTAGGED = RequestTags({}, {}, frozenset())
CALL = CreateCall("2026-11-20T10:00:00Z", "sqs:CreateQueue", ACCOUNT, "eu-central-1", "", UNTAGGED)
TEAM = {"tags": {"team": {"tag_key": {"@@assign": "team"}, "tag_value": {"@@assign": ["ml"]}}}}


def rules(*statements: dict[str, Any], tags: dict[str, Any] | None = None) -> Rules:
    text = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW, *statements]})
    policy = Policy("p-1", "control", parse_policy(text, "scp"))
    node = Node("r-1", "root", (AttachedPolicy("p-2", "tags", tags),) if tags else ())
    return Rules((Level("service control policy", "root", (policy,)),), (node,))


def test_a_call_that_passes_now_and_not_after_is_hit() -> None:
    tagged = replace(CALL, tags=RequestTags({"team": "ml"}, {}, frozenset()))
    found = judge_impact([CALL, CALL, tagged], [], lambda _: rules(), lambda _: rules(DENY))
    assert [(hit.call, hit.verdict) for hit in found.calls] == [(CALL, "denied"), (CALL, "denied")]
    assert found.calls[0].simulation.repairs == ("Do add --tag team=<value>",)
    assert (found.number(), found.judged_calls, found.by_account()) == (2, 3, {ACCOUNT: 2})


def test_a_call_that_is_denied_now_is_not_hit() -> None:
    assert judge_impact([CALL], [], lambda _: rules(DENY), lambda _: rules(DENY, BY_ADDRESS)).number() == 0


def test_what_cannot_be_known_counts_as_hit() -> None:
    (hit,) = judge_impact([CALL], [], lambda _: rules(), lambda _: rules(BY_ADDRESS)).calls
    assert hit.verdict == "unknown"
    assert "condition key aws:SourceIp" in hit.simulation.reasons[0].text


def test_what_is_as_doubtful_now_is_no_hit_and_what_is_more_so_is() -> None:
    by_organization = {**DENY, "Sid": "Home", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}}
    tagged = replace(CALL, tags=RequestTags({"team": "ml"}, {}, frozenset()))
    assert judge_impact([tagged], [], lambda _: rules(BY_ADDRESS), lambda _: rules(BY_ADDRESS, DENY)).number() == 0
    assert judge_impact([CALL], [], lambda _: rules(BY_ADDRESS), lambda _: rules(BY_ADDRESS, DENY)).number() == 1
    more = judge_impact([tagged], [], lambda _: rules(BY_ADDRESS), lambda _: rules(BY_ADDRESS, by_organization))
    assert [hit.verdict for hit in more.calls] == ["unknown"]


def test_a_wrong_tag_that_one_type_of_a_call_gets_is_a_hit() -> None:
    policy = {"tags": {"team": {**TEAM["tags"]["team"], "enforced_for": {"@@assign": ["ec2:volume"]}}}}
    call = replace(CALL, action="ec2:RunInstances", tags=RequestTags({}, {"volume": {"team": "x"}}, frozenset()))
    (hit,) = judge_impact([call], [], lambda _: rules(), lambda _: rules(tags=policy)).calls
    assert (hit.verdict, hit.simulation.repairs) == ("denied", ("Do change team to ml",))


def test_the_partition_is_that_of_the_region() -> None:
    chinese = replace(CALL, region="cn-north-1")
    other = {**DENY, "Resource": "arn:aws-cn:sqs:*:*:*"}
    found = judge_impact([CALL, chinese], [], lambda _: rules(), lambda _: rules(other))
    assert [hit.call.region for hit in found.calls] == ["cn-north-1"]


def test_a_resource_is_hit_by_what_its_policy_did_not_say_before() -> None:
    resources = [
        TaggedResource("arn:a", ACCOUNT, {"team": "ml"}),
        TaggedResource("arn:b", ACCOUNT, {"team": "retail"}),
        TaggedResource("arn:c", ACCOUNT, {"Team": "ml", "other": "x"}),
    ]
    found = judge_impact([], resources, lambda _: rules(), lambda _: rules(tags=TEAM))
    wrong = [(hit.resource.arn, tag.violation.rule, tag.violation.key) for hit in found.resources for tag in hit.tags]
    assert wrong == [("arn:b", "value", "team"), ("arn:c", "spelling", "Team")]
    assert not any(hit.is_denied() for hit in found.resources)
    assert judge_impact([], resources, lambda _: rules(tags=TEAM), lambda _: rules(tags=TEAM)).number() == 0


def test_a_resource_that_is_wrong_already_is_hit_once_its_type_is_enforced() -> None:
    bucket, queue = "arn:aws:s3:::data", f"arn:aws:sqs:eu-central-1:{ACCOUNT}:jobs"
    resources = [TaggedResource(arn, ACCOUNT, {"team": "retail"}) for arn in (bucket, queue)]
    enforced = {"tags": {"team": {**TEAM["tags"]["team"], "enforced_for": {"@@assign": ["s3:bucket"]}}}}
    found = judge_impact([], resources, lambda _: rules(tags=TEAM), lambda _: rules(tags=enforced))
    assert [(hit.resource.arn, hit.is_denied()) for hit in found.resources] == [(bucket, True)]
    assert found.resources[0].tags[0].is_new is False
    assert judge_impact([], resources, lambda _: rules(tags=enforced), lambda _: rules(tags=enforced)).number() == 0


def test_accounts_of_others_are_counted_and_not_judged() -> None:
    resource = TaggedResource("arn:a", ACCOUNT, {})
    found = judge_impact([CALL], [resource], lambda _: None, lambda _: None)
    assert (found.strangers, found.judged_calls, found.judged_resources, found.number()) == (2, 0, 0, 0)
