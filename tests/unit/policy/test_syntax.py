"""What AWS refuses as malformed is refused, each fault with its path; what it takes is taken."""

import json
from typing import Any

import pytest

from harness.policy.json_text import PolicyError, read_json
from harness.policy.statement import parse_policy, render_policy
from harness.policy.syntax import Kind

VERSION = "2012-10-17"
DENY: dict[str, Any] = {"Effect": "Deny", "Action": "sqs:CreateQueue", "Resource": "*"}
OPEN: dict[str, Any] = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"}


def text(*statements: Any, **top: Any) -> str:
    return json.dumps({"Version": VERSION, "Statement": list(statements), **top})


def deny(**elements: Any) -> str:
    return text({**DENY, **elements})


def open_to(**elements: Any) -> str:
    return text({**OPEN, **elements})


def when(condition: Any) -> str:
    return deny(Condition=condition)


def problems(content: str, kind: Kind = "scp") -> list[str]:
    with pytest.raises(PolicyError) as failure:
        parse_policy(content, kind)
    return list(failure.value.problems)


REFUSED: list[tuple[str, Kind, str]] = [
    ("{", "scp", "line 1: must be JSON"),
    ("[]", "scp", "document: must be an object with Version and Statement; got []"),
    ('{"Version": NaN}', "scp", "document: must be JSON; got the constant NaN"),
    ("[" * 99_999, "scp", "document: must be nested a few levels deep"),
    (f'{{"Version": "{VERSION}"}}', "scp", "Statement: must be one statement or a list of at least 1; got none"),
    (text(), "scp", "Statement: must be one statement or a list of at least 1; got []"),
    (text(5), "scp", 'Statement[0]: must be an object with Effect and Action; got 5'),
    (text(DENY, Version="2020-01-01"), "scp", 'Version: must be "2012-10-17"; got "2020-01-01"'),
    (text(DENY, Version="2008-10-17"), "scp", 'Version: must be "2012-10-17"; got "2008-10-17"'),
    (text(DENY, Version=20121017), "identity", 'Version: must be "2012-10-17"; got 20121017'),
    (json.dumps({"Statement": DENY}), "scp", 'Version: must be "2012-10-17" in a policy of this kind; got none'),
    (json.dumps({"Statement": DENY}), "identity", 'Version: must be "2012-10-17" in a policy of this kind; got none'),
    (text(OPEN, Version="2013-01-01"), "resource", 'Version: must be "2012-10-17" or "2008-10-17"; got "2013-01-01"'),
    (text(DENY, Statements=[]), "scp", 'Statements: must be one of Version, Id, Statement; got "Statements", nearest'),
    (text(DENY, Id=5), "scp", 'Id: must be a text; got 5'),
    (deny(Efect="Deny"), "scp", 'Statement[0].Efect: must be one of Sid, Effect, Action, NotAction, '),
    (deny(Principal="*"), "scp", "Statement[0].Principal: must be one of "),
    (deny(Principal="*"), "identity", "Statement[0].Principal: must be one of "),
    (deny(Effect="deny"), "scp", 'Statement[0].Effect: must be Allow or Deny; got "deny"'),
    (text({"Action": "*", "Resource": "*"}), "scp", "Statement[0].Effect: must be Allow or Deny; got none"),
    (open_to(Effect="Allow"), "rcp", 'Statement[0].Effect: must be Deny; got "Allow"'),
    (deny(NotAction="iam:*"), "scp", "Statement[0]: must have exactly 1 of Action and NotAction; got both"),
    (text({"Effect": "Deny", "Resource": "*"}), "scp", "must have exactly 1 of Action and NotAction; got none"),
    (text({"Effect": "Deny", "Action": "*"}), "scp", "must have exactly 1 of Resource and NotResource; got none"),
    (deny(NotResource="*"), "scp", "must have exactly 1 of Resource and NotResource; got both"),
    (text(DENY), "resource", "Statement[0]: must have exactly 1 of Principal and NotPrincipal; got none"),
    (open_to(NotAction="s3:*"), "rcp", "Statement[0].NotAction: must be one of "),
    (open_to(NotPrincipal="*"), "rcp", "Statement[0].NotPrincipal: must be one of "),
    (open_to(Principal={"AWS": "*"}), "rcp", 'Statement[0].Principal: must be "*" in a resource control policy'),
    (open_to(Action="*"), "rcp", 'Statement[0].Action: must name a service in a resource control policy'),
    (open_to(Principal="me"), "resource", 'Statement[0].Principal: must be "*" or an object'),
    (open_to(Principal={"Aws": "*"}), "resource", "Statement[0].Principal.Aws: must be one of AWS, Service"),
    (open_to(Principal={"AWS": []}), "resource", "Statement[0].Principal.AWS: must be an id or a list of at"),
    (
        text({"Effect": "Allow", "NotPrincipal": {"AWS": "1"}, "Action": "s3:*", "Resource": "*"}),
        "resource",
        "Statement[0].NotPrincipal: must stand in a Deny statement; got Allow",
    ),
    (deny(Action=[]), "scp", "Statement[0].Action: must be a text or a list of at least 1 text; got []"),
    (deny(Action=[5]), "scp", "Statement[0].Action: must be a text or a list of at least 1 text"),
    (deny(Resource=[]), "resource", "Statement[0].Resource: must be a text or a list of at least 1 text"),
    (deny(Action="CreateQueue"), "scp", 'Statement[0].Action: must be "*" or service:action with 1 colon'),
    (deny(Action=["s3:*", "s3:a:b"]), "scp", 'Statement[0].Action[1]: must be "*" or service:action'),
    (deny(Action="s*:Get"), "scp", "Statement[0].Action: must begin with a service prefix"),
    (deny(Resource="jobs"), "scp", 'Statement[0].Resource: must be "*" or an ARN'),
    (deny(Resource="arn:aws"), "identity", 'Statement[0].Resource: must be "*" or an ARN'),
    (deny(Resource="arn:aws:*:*:*:x"), "scp", "must be an ARN whose service has no wildcard"),
    (deny(Resource="arn:aws::::x"), "scp", "must be an ARN whose service has no wildcard"),
    (deny(Resource="arn:aws:s3::bucket"), "identity", "must be an ARN of 6 parts where one is empty"),
    (deny(Resource="arn:${PARTITION}:s3:::b"), "scp", "must be an ARN of the partition aws, aws-cn, "),
    (deny(Resource="arn:aws:iam::1:u*"), "identity", "must be an ARN of IAM that ends in *, root or user/"),
    (deny(Resource="arn:aws:iam:eu::user/x"), "identity", "must have no region in an ARN of IAM"),
    (deny(Resource="arn:aws:s3:eu::b"), "identity", "must have no region in an ARN of S3"),
    (deny(Resource="arn:aws:s3:eu:1:accesspoints"), "identity", "must have no region in an ARN of S3"),
    (deny(Sid=5), "scp", 'Statement[0].Sid: must be a text; got 5'),
    (deny(Sid="a-b"), "identity", 'Statement[0].Sid: must have letters A-Z, a-z and digits alone; got "a-b"'),
    (
        text({**DENY, "Sid": "x"}, {**DENY, "Sid": "x"}),
        "scp",
        'Statement[1].Sid: must be unique in the policy; got "x" 2 times',
    ),
    (when([]), "scp", "Statement[0].Condition: must be an object {operator: {key: values}}"),
    (when({"Null": "x"}), "scp", "Statement[0].Condition.Null: must be an object {key: values}"),
    (
        when({"StringEqual": {"aws:RequestTag/a": "x"}}),
        "scp",
        '.StringEqual: must be a condition operator of IAM; got "StringEqual", nearest is StringEquals',
    ),
    (when({"stringequals": {"a": "x"}}), "scp", "must be a condition operator of IAM"),
    (when({"NullIfExists": {"a": True}}), "scp", "must be a condition operator of IAM"),
    (when({"BinaryNotEquals": {"a": "x"}}), "scp", "must be a condition operator of IAM"),
    (when({"ForAnyValue::Null": {"a": "x"}}), "scp", 'Condition["ForAnyValue::Null"]: must be a'),
    (when({"Null": {"aws:a": [{}]}}), "scp", 'Condition.Null["aws:a"]: must be texts, numbers'),
    (when({"Null": {"aws:a": None}}), "scp", 'Condition.Null["aws:a"]: must be texts, numbers'),
    (when({"Null": {"aws:a": "no"}}), "scp", 'must be true or false with this operator; got "no"'),
    (when({"DateLessThan": {"a": "234-13"}}), "scp", "must be a date such as 2026-11-30T08:00:00Z"),
    (when({"NumericEquals": {"a": "${b}"}}), "scp", "must be an integer or decimal with this"),
    (when({"IpAddress": {"a": "10.0.0.0/33"}}), "scp", "must be an address or a range in CIDR"),
    (when({"BinaryEquals": {"a": "§"}}), "scp", "must be bytes in base64 with this operator"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "kind", "message"), REFUSED, ids=[f"{row[1]}: {row[2]}" for row in REFUSED])
def test_what_aws_refuses_is_refused(content: str, kind: Kind, message: str) -> None:
    found = problems(content, kind)
    assert [problem for problem in found if message in problem]
    assert all(". Do " in problem for problem in found)


def test_all_faults_are_named_at_once() -> None:
    content = text(
        {"Effect": "deny", "Action": 5, "Resource": "*"}, {**DENY, "Condition": {"Nul": {"a": 1}}}, Version="x"
    )
    paths = [problem.partition(": ")[0] for problem in problems(content)]
    assert paths == ["Version", "Statement[0].Effect", "Statement[0].Action", "Statement[1].Condition.Nul"]


def test_a_member_that_stands_twice_is_refused_with_its_path() -> None:
    content = '{"Version": "2012-10-17", "Statement": [{"Condition": {"Null": {"aws:a": 1, "b": 2, "aws:a": 3}}}]}'
    assert problems(content) == [
        'Statement[0].Condition.Null["aws:a"]: must stand once in its object; got it twice. Do merge the two'
    ]
    with pytest.raises(PolicyError, match="Version: must stand once"):
        read_json('{"Version": "2012-10-17", "Version": "2008-10-17"}')


TAKEN: list[tuple[dict[str, Any], Kind]] = [
    # As AWS's own managed policies have them.
    ({**DENY, "Resource": "arn:aws:s3:*:*:access-grants/default/grant/*"}, "identity"),
    ({**DENY, "Resource": "arn:aws:s3:eu-central-1:111122223333:job/*"}, "identity"),
    ({**DENY, "Resource": "arn:aws:iam::aws:role-template/cloudwatch.amazonaws.com/A:1"}, "identity"),
    # The full language of IAM, since September 2025.
    ({"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b", "Condition": {"Null": {"a": "true"}}}, "scp"),
    ({"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::b"}, "scp"),
    ({**DENY, "Action": ["s3:*Object", "s3:Get*Acl", "*:Tag*"]}, "scp"),
    ({**DENY, "Sid": " Deny if org:bu absent"}, "scp"),
    ({**DENY, "Resource": "arn:*:sqs:*"}, "scp"),
    ({**DENY, "Condition": {}}, "identity"),
    ({**DENY, "Condition": {"anything": {}}}, "identity"),
    ({**DENY, "Condition": {"StringEquals": {"a": []}}}, "identity"),
    ({**DENY, "Resource": ["arn:aws:iam::1:root", "arn:aws:iam::*:role/x", "arn:aws:sqs"]}, "identity"),
    ({**DENY, "Resource": "arn:aws:s3:eu:1:accesspoint/x"}, "identity"),
    ({**DENY, "Condition": {"DateLessThan": {"a": ["2016-12-13t2:00:00.59+23", "2026-12", 1795593600]}}}, "identity"),
    (OPEN, "rcp"),
    ({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/*"}, "rcp"),
    ({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}, "resource"),
    ({**OPEN, "Resource": "execute-api:/*"}, "resource"),
    ({**OPEN, "Sid": "Enable IAM User Permissions"}, "resource"),
]  # fmt: skip


def test_the_policy_of_a_resource_may_have_no_statement_left() -> None:
    assert parse_policy(text(), "resource").statements == ()


@pytest.mark.parametrize(("body", "kind"), TAKEN, ids=str)
def test_what_aws_takes_is_taken(body: dict[str, Any], kind: Kind) -> None:
    document = parse_policy(text(body), kind)
    assert parse_policy(render_policy(document), kind) == document
