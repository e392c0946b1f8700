"""Where tagrail and the oracle differ: what each says of a Deny statement, and the page of AWS that decides.

Every row is a case of its own in test_oracle; the generated cases have none of these forms.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

_IAM = "docs.aws.amazon.com/IAM/latest/UserGuide"
_VARIABLES = f"{_IAM}/reference_policies_variables.html"
_OPERATORS = f"{_IAM}/reference_policies_elements_condition_operators.html"
_RESOURCE = f"{_IAM}/reference_policies_elements_resource.html"
_LISTS = f"{_IAM}/reference_policies_condition-single-vs-multi-valued-context-keys.html"

QUEUE = "arn:aws:sqs:eu-central-1:111122223333:jobs"
TABLE = "arn:aws:dynamodb:eu-central-1:111122223333:table/jobs"
_ENV, _OWNER, _ROLE = "aws:RequestTag/env", "aws:RequestTag/Owner", "arn:aws:iam::111122223333:role/dev"


class Difference(NamedTuple):
    """Hold a Deny statement's Resource and Condition, the request, and the verdicts: `denied` where it applies."""

    statement: dict[str, Any]
    context: Mapping[str, str | list[str]]
    ours: str
    theirs: str
    page: str
    action: str = "sqs:CreateQueue"
    arn: str = QUEUE


def _on(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {"Resource": "*", "Condition": {operator: {key: list(values)}}}


def _we_deny(statement: dict[str, Any], context: Mapping[str, str | list[str]], page: str) -> Difference:
    return Difference(statement, context, "denied", "allowed", page)


DIFFERENCES = {
    "a negated operator matches a variable without a value": _we_deny(
        _on("StringNotEquals", _OWNER, "${aws:PrincipalTag/Owner}"),
        {_OWNER: "ml"},
        f"{_VARIABLES}#policy-vars-no-value: inverted operators do match against a null value",
    ),
    "NotResource with a variable without a value excludes nothing": Difference(
        {"NotResource": f"{TABLE}${{aws:userid}}"},
        {},
        "denied",
        "allowed",
        f"{_VARIABLES}#policy-vars-no-value: it will not match any resource",
        "dynamodb:CreateTable",
        TABLE,
    ),
    "a variable may begin the resource part of an ARN": _we_deny(
        {"Resource": "arn:aws:sqs:eu-central-1:*:${aws:username}"},
        {"aws:username": "jobs"},
        f"{_VARIABLES}#policy-vars-wheretouse: in the portion after the fifth colon",
    ),
    "so may one with a default": _we_deny(
        {"Resource": "arn:aws:sqs:eu-central-1:*:jo${aws:userid, 'bs'}"},
        {},
        f"{_VARIABLES}#policy-vars-default-values",
    ),
    "${*} is a star in StringEquals": _we_deny(
        _on("StringEquals", _ENV, "a${*}"),
        {_ENV: "a*"},
        f"{_VARIABLES}#policy-vars-specialchars: in any string where variables can be used",
    ),
    "${$} is a dollar sign": _we_deny(
        _on("StringEquals", _ENV, "${$}a"),
        {_ENV: "$a"},
        f"{_VARIABLES}#policy-vars-specialchars: in any string where variables can be used",
    ),
    "ARN operators take variables": _we_deny(
        _on("ArnLike", "aws:PrincipalArn", "arn:aws:iam::${aws:PrincipalAccount}:role/*"),
        {"aws:PrincipalArn": _ROLE, "aws:PrincipalAccount": "111122223333"},
        f"{_OPERATORS}#Conditions_ARN: policy variables are supported",
    ),
    "ArnNotLike matches what is no ARN": _we_deny(
        _on("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*"),
        {"aws:PrincipalArn": "anonymous"},
        f"{_OPERATORS}#Conditions_ARN: negated matching for ARN",
    ),
    "epoch time is in seconds": _we_deny(
        _on("DateLessThan", "aws:CurrentTime", "1800000000"),
        {"aws:CurrentTime": "2026-11-25T08:00:00Z"},
        f"{_OPERATORS}#Conditions_Date: epoch (UNIX) time",
    ),
    "/0 is every address": _we_deny(
        _on("IpAddress", "aws:SourceIp", "0.0.0.0/0"),
        {"aws:SourceIp": "203.0.113.7"},
        f"{_OPERATORS}#Conditions_IPAddress: the standard CIDR format",
    ),
    "ForAllValues matches a null data set": _we_deny(
        _on("ForAllValues:StringEquals", "aws:TagKeys", "Owner"),
        {"aws:TagKeys": [""]},
        f"{_OPERATORS}#Conditions_ARN: true if the value resolves to a null dataset, such as an empty string",
    ),
    "ForAnyValue matches no null data set": Difference(
        _on("ForAnyValue:StringLike", "aws:TagKeys", "*"),
        {"aws:TagKeys": [""]},
        "allowed",
        "denied",
        f"{_IAM}/access_policies_create-console.html: for a null dataset, the condition returns false",
    ),
    "IfExists holds with ForAnyValue too": _we_deny(
        _on("ForAnyValue:StringEqualsIfExists", "aws:TagKeys", "Owner"),
        {},
        f"{_OPERATORS}#Conditions_IfExists: if the key is not present, evaluate the condition element as true",
    ),
    "an address of IPv6 is none of IPv4": _we_deny(
        _on("NotIpAddress", "aws:SourceIp", "203.0.113.7"),
        {"aws:SourceIp": "2001:db8::7"},
        f"{_OPERATORS}#Conditions_IPAddress: all IP addresses except the specified one",
    ),
    "a list of one is compared like a value": _we_deny(
        _on("StringEquals", "aws:TagKeys", "Owner"),
        {"aws:TagKeys": ["Owner"]},
        f"{_LISTS}: the difference lies in the number of values in the request context",
    ),
    "what a longer list does without a qualifier is not said": Difference(
        _on("StringEquals", "aws:TagKeys", "Owner"),
        {"aws:TagKeys": ["Owner", "env"]},
        "unknown",
        "allowed",
        f"{_LISTS}: multivalued context keys require a condition set operator",
    ),
    "an incomplete ARN has stars in what is missing": _we_deny(
        {"Resource": "arn:aws:sqs"},
        {},
        f"{_IAM}/reference-arns.html: AWS automatically completes the ARN",
    ),
    "a star that ends a part runs on past the colon": _we_deny(
        {"Resource": "arn:aws:sqs:*:jobs"},
        {},
        f"{_RESOURCE}: it can expand to match beyond the colon boundaries",
    ),
}
