"""An organisation that a fake AWS answers for, with things in it that no snapshot may hold."""

import datetime
import json
from collections.abc import Collection, Mapping
from typing import Any

from botocore.credentials import Credentials

from harness.snapshot import Wanted
from tests.unit.state.aws import aws_client, error

PAYER, MEMBER, OTHER, CLOSED = "100000000000", "100000000001", "100000000002", "100000000009"
HOME, FURTHER = "eu-central-1", "us-east-1"
SECRET = "s3cr3t-value"
TODAY = datetime.date(2026, 11, 26)
SPACED = '{ "tags": { "a": { "tag_key": { "@@assign": "A" } } } }'

NODES = {
    "r-root": ({"ou-root-aaaaaaaa": "Work"}, {PAYER: "payer"}),
    "ou-root-aaaaaaaa": ({"ou-root-bbbbbbbb": "R/D"}, {MEMBER: "member", CLOSED: "closed"}),
    "ou-root-bbbbbbbb": ({}, {OTHER: "other"}),
}
SCP = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
POLICIES = {
    "p-FullAWSAccess": ("SERVICE_CONTROL_POLICY", "FullAWSAccess", SCP, ("r-root", MEMBER)),
    "p-control1": ("SERVICE_CONTROL_POLICY", "guard", SCP, ("ou-root-aaaaaaaa",)),
    "p-tagsone1": ("TAG_POLICY", "one", SPACED, ("r-root",)),
    "p-tagstwo2": ("TAG_POLICY", "two", '{"tags":{}}', (MEMBER, "r-root")),
}
RESOURCES = {
    (PAYER, HOME): {"arn:aws:s3:::logs": {"A": "x", "aws:cloudformation:stack-name": "s"}},
    (MEMBER, HOME): {
        "arn:aws:sqs:eu-central-1:100000000001:b": {"A": "x"},
        "arn:aws:sqs:eu-central-1:100000000001:a": {"A": "x"},
        "arn:aws:sns:eu-central-1:100000000001:was-tagged": {},
    },
    (MEMBER, FURTHER): {"arn:aws:sqs:us-east-1:100000000001:c": {"A": "y"}},
}


class Aws:
    """Answer as AWS does, page by page; `closed` names operations, alone or with what they are asked about."""

    def __init__(self, *closed: str) -> None:
        self.closed: Collection[str] = closed
        self.asked: list[str] = []

    def client(self, service: str, region: str, *, credentials: Credentials | None = None) -> Any:
        account = credentials.access_key if credentials else PAYER

        def answer(operation: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
            about = str(next(iter(request.values()), ""))
            self.asked.append(operation)
            for closed in (
                operation,
                f"{operation} {about}",
                f"{operation} {account}",
                f"{operation} {account}/{region}",
            ):
                if closed in self.closed:
                    return error("AccessDeniedException")
            return 200, getattr(self, operation)(request, account, region)

        return aws_client(service, answer, region)

    def DescribeOrganization(self, *_: Any) -> Mapping[str, Any]:  # noqa: N802 (AWS's names)
        mail = "payer@corp.example.org"
        return {"Organization": {"Id": "o-1234567890", "MasterAccountId": PAYER, "MasterAccountEmail": mail}}

    def ListRoots(self, *_: Any) -> Mapping[str, Any]:  # noqa: N802
        types = [{"Type": kind, "Status": "ENABLED"} for kind in ("TAG_POLICY", "SERVICE_CONTROL_POLICY")]
        return {"Roots": [{"Id": "r-root", "PolicyTypes": types}]}

    def ListOrganizationalUnitsForParent(self, request: Any, *_: Any) -> Mapping[str, Any]:  # noqa: N802
        units = NODES[request["ParentId"]][0]
        return {"OrganizationalUnits": [{"Id": identity, "Name": name} for identity, name in units.items()]}

    def ListAccountsForParent(self, request: Any, *_: Any) -> Mapping[str, Any]:  # noqa: N802
        return {
            "Accounts": [
                {
                    "Id": identity,
                    "Name": name,
                    "Email": f"{name}@corp.example.org",
                    "State": "PENDING_CLOSURE" if identity == CLOSED else "ACTIVE",
                }
                for identity, name in NODES[request["ParentId"]][1].items()
            ]
        }

    def ListAWSServiceAccessForOrganization(self, *_: Any) -> Mapping[str, Any]:  # noqa: N802
        return {"EnabledServicePrincipals": [{"ServicePrincipal": "config.amazonaws.com"}]}

    def ListTagsForResource(self, request: Any, *_: Any) -> Mapping[str, Any]:  # noqa: N802
        return {"Tags": [{"Key": "Unit", "Value": request["ResourceId"][-1]}]}

    def ListPolicies(self, request: Any, *_: Any) -> Mapping[str, Any]:  # noqa: N802
        found = [
            {"Id": identity, "Name": name, "Type": kind, "AwsManaged": name == "FullAWSAccess", "Description": "d"}
            for identity, (kind, name, _, _) in POLICIES.items()
            if kind == request["Filter"]
        ]
        start = int(request.get("NextToken", "0"))
        return {"Policies": found[start : start + 1], **({"NextToken": str(start + 1)} if found[start + 1 :] else {})}

    def DescribePolicy(self, request: Any, *_: Any) -> Mapping[str, Any]:  # noqa: N802
        return {"Policy": {"Content": POLICIES[request["PolicyId"]][2]}}

    def ListTargetsForPolicy(self, request: Any, *_: Any) -> Mapping[str, Any]:  # noqa: N802
        return {"Targets": [{"TargetId": target} for target in POLICIES[request["PolicyId"]][3]]}

    def ListPoliciesForTarget(self, *_: Any) -> Mapping[str, Any]:  # noqa: N802
        return {"Policies": [{"Id": "p-tagstwo2"}, {"Id": "p-tagsone1"}]}

    def ListCostAllocationTags(self, *_: Any) -> Mapping[str, Any]:  # noqa: N802
        dates = {"LastUsedDate": "2026-11-24T00:00:00Z", "LastUpdatedDate": "2026-10-27T10:00:00Z"}
        return {"CostAllocationTags": [{"TagKey": "A", "Status": "Active", "Type": "UserDefined", **dates}]}

    def DescribeConfigurationRecorderStatus(self, _: Any, account: str, region: str) -> Mapping[str, Any]:  # noqa: N802
        found = [{"name": "default", "recording": account != PAYER}] if region == HOME else []
        return {"ConfigurationRecordersStatus": found}

    def DescribeDeliveryChannels(self, *_: Any) -> Mapping[str, Any]:  # noqa: N802
        return {"DeliveryChannels": [{"name": "default", "s3BucketName": "config"}]}

    def GetResources(self, request: Any, account: str, region: str) -> Mapping[str, Any]:  # noqa: N802
        found = [
            {
                "ResourceARN": arn,
                "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
                "Environment": {"Variables": {"PASSWORD": SECRET}},  # AWS gives no such thing, and it would not get in
            }
            for arn, tags in RESOURCES.get((account, region), {}).items()
        ]
        start = int(request.get("PaginationToken") or "0")
        following = str(start + 2) if found[start + 2 :] else ""
        return {"ResourceTagMappingList": found[start : start + 2], "PaginationToken": following}


def wanted(*, role: bool = True, resources: bool = True, payer_recorder: bool = True) -> Wanted:
    enter = (lambda account: Credentials(account, SECRET, SECRET)) if role else None
    return Wanted(PAYER, (HOME, FURTHER), TODAY, enter, resources, payer_recorder)
