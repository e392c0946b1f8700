"""Change what resources carry: TagResources and UntagResources, each resource by itself.

docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagResources.html: what may not be tagged is named in
FailedResourcesMap, the rest is tagged.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from moto.iam.models import iam_backends

from harness.emulator.enforcement.errors import tag_policy_message
from harness.emulator.enforcement.gate import effective_tags_of
from harness.emulator.enforcement.resources import arn_service
from harness.emulator.inventory import find_resource
from harness.emulator.once_tagged import remember
from harness.emulator.wire import AwsError
from harness.policy.arn import arn_type
from harness.policy.compliance import violated_key
from harness.policy.resource_types import type_names_of_arn

# docs.aws.amazon.com/general/latest/gr/aws_tagging.html: "Each resource can have a maximum of 50 user created tags."
_MOST_TAGS, _RESERVED = 50, "aws:"
# Of these the API lists tags and writes none: cloud-custodian/cloud-custodian pull request 11021 and issue 9679.
_READ_ONLY = frozenset({"cassandra", "lex"})

Changer = Callable[[Mapping[str, str], Iterable[str]], None]


def tag_resources(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Tag resources, and name those that could not be.

    Raises: AwsError InvalidParameterException for what no resource could carry.
    """
    tags: Mapping[str, str] = request["Tags"]
    reserved = [key for key in tags if key.lower().startswith(_RESERVED)]
    if reserved:
        raise AwsError("InvalidParameterException", f"Tag keys starting with 'aws:' are reserved: {reserved[0]}")
    policy = effective_tags_of(backend.account_id)
    failed = {}
    for arn in _arns(request):
        key = violated_key(policy, arn_service(arn), type_names_of_arn(arn), tags)
        fault = tag_policy_message(key) if key else _tag(backend, arn, tags)
        if fault:
            failed[arn] = _failure(fault)
    return {"FailedResourcesMap": failed}


def untag_resources(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Take tags from resources, and name those from which none could be taken.

    Raises: AwsError InvalidParameterException for what is no ARN.
    """
    failed = {}
    for arn in _arns(request):
        found = _carrier(backend, arn)
        if isinstance(found, str):
            failed[arn] = _failure(found)
            continue
        carried, change = found
        if carried:
            remember(arn)
        change({}, request["TagKeys"])
    return {"FailedResourcesMap": failed}


def _arns(request: Mapping[str, Any]) -> list[str]:
    """Return the resources of a request; one text that is no ARN makes AWS refuse all (boto/boto3 issue 2760)."""
    for arn in request["ResourceARNList"]:
        if not arn_type(arn).service:
            raise AwsError("InvalidParameterException", f"{arn} is not a valid AmazonResourceName (ARN)")
    return list(dict.fromkeys(request["ResourceARNList"]))


def _tag(backend: Any, arn: str, tags: Mapping[str, str]) -> str:
    """Tag one resource and return nothing, or why that cannot be."""
    found = _carrier(backend, arn)
    if isinstance(found, str):
        return found
    carried, change = found
    own = {key for key in {*carried, *tags} if not key.lower().startswith(_RESERVED)}
    if len(own) > _MOST_TAGS:
        return f"The maximum number of tags per resource is {_MOST_TAGS}; {arn} would have {len(own)}."
    change(tags, ())
    return ""


def _carrier(backend: Any, arn: str) -> tuple[Mapping[str, str], Changer] | str:
    """Return what a resource carries and how to change it, or why it cannot be tagged here."""
    parts = arn_type(arn)
    if parts.service in _READ_ONLY:
        return f"The specified ARN '{arn}' is invalid."
    if parts.service == "iam":
        return _identity(backend, arn, parts.kind, parts.name)
    if found := find_resource(backend.account_id, backend.region_name, arn):
        return found.tags, found.change_tags
    return backend.beside(arn) or f"The resource {arn} does not exist in {backend.region_name}."


def _identity(backend: Any, arn: str, kind: str, name: str) -> tuple[Mapping[str, str], Changer] | str:
    """Return a user or role of IAM; it lives in us-east-1, and GetResources shows none.

    docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
    """
    iam = iam_backends[backend.account_id][backend.partition]
    held = {"role": iam.roles, "user": iam.users}.get(kind, {})
    item = next((each for each in held.values() if each.arn == arn), None)
    if item is None or backend.region_name != "us-east-1":
        return f"The {kind} {name} cannot be found in {backend.region_name}; IAM is served in us-east-1."
    own = item.tags if kind == "role" else iam.tagger.list_tags_for_resource(arn)["Tags"]

    def change(added: Mapping[str, str], removed: Iterable[str]) -> None:
        pairs = [{"Key": key, "Value": value} for key, value in added.items()]
        last = item.name
        if kind == "role":
            iam.tag_role(last, pairs)
            iam.untag_role(last, list(removed))
        else:
            iam.tag_user(last, pairs)
            iam.untag_user(last, list(removed))

    pairs = own.values() if isinstance(own, Mapping) else own
    return {tag["Key"]: tag["Value"] for tag in pairs}, change


def _failure(text: str) -> dict[str, Any]:
    return {"StatusCode": 400, "ErrorCode": "InvalidParameterException", "ErrorMessage": text}
