"""Make envs/prod/snapshot.yaml: `python -m tests.prod_snapshot`. An invented organisation, with right and wrong tags.

Nothing is left to chance, so that two runs agree; the file is written as `tagrail snapshot` writes one.
"""

import datetime
import json
from collections.abc import Iterator, Mapping

from harness.emulator.seed_model import (
    Account,
    Billing,
    CostAllocationTag,
    Organization,
    OrganizationalUnit,
    OrganizationPolicy,
    Seed,
)
from harness.snapshot import render_snapshot
from harness.snapshot.accounts import Accounts, Place, Recorder, Tags
from harness.snapshot.grouping import grouped_recorders, grouped_resources, unread_accounts
from harness.snapshot.unread import unread
from harness.state import UNASKED, Unreadable
from tests.project import REPOSITORY

FILE = REPOSITORY / "envs/prod/snapshot.yaml"
HOME, FURTHER = "eu-central-1", "us-east-1"
PAYER = "222200000003"
UNITS = {
    "Infrastructure": "infrastr",
    "Sandbox": "sandbox0",
    "Security": "security",
    "Suspended": "suspendd",
    "Workloads": "workload",
    "Workloads/Dev": "workldev",
    "Workloads/Prod": "workprod",
    "Workloads/Prod/Regulated": "regulatd",
    "Workloads/Test": "worktest",
}
ACCOUNTS = (
    ("anycompany-payer", ""),
    ("log-archive", "Security"),
    ("audit", "Security"),
    ("security-tooling", "Security"),
    ("network", "Infrastructure"),
    ("shared-services", "Infrastructure"),
    ("backup", "Infrastructure"),
    ("ml-platform-dev", "Workloads/Dev"),
    ("retail-dev", "Workloads/Dev"),
    ("sales-dev", "Workloads/Dev"),
    ("data-lake-dev", "Workloads/Dev"),
    ("ml-platform-test", "Workloads/Test"),
    ("retail-test", "Workloads/Test"),
    ("data-lake-test", "Workloads/Test"),
    ("ml-platform-prod", "Workloads/Prod"),
    ("retail-prod", "Workloads/Prod"),
    ("sales-prod", "Workloads/Prod"),
    ("data-lake-prod", "Workloads/Prod"),
    ("web-prod", "Workloads/Prod"),
    ("finance-prod", "Workloads/Prod/Regulated"),
    ("hr-prod", "Workloads/Prod/Regulated"),
    ("sandbox-ml", "Sandbox"),
    ("sandbox-data", "Sandbox"),
    ("sandbox-web", "Sandbox"),
    ("old-crm", "Suspended"),
)
IDS = {name: PAYER if not n else f"2222000001{n:02}" for n, (name, _) in enumerate(ACCOUNTS)}

# What an account's applications are made of: service and resource, `{app}` and `{n}` filled in.
PARTS = (
    "s3:::{app}-data-anycompany",
    "dynamodb:{place}:table/{app}",
    "sagemaker:{place}:notebook-instance/{app}",
    "sagemaker:{place}:model-package-group/{app}",
    "ec2:{place}:instance/i-0{n:016x}",
    "ec2:{place}:volume/vol-0{n:016x}",
    "lambda:{place}:function:{app}-ingest",
    "sqs:{place}:{app}-events",
)
UNIT_OF_BUSINESS = {"ml": "Shared", "retail": "Retail", "sales": "Sales", "data": "Finance", "web": "Retail"}
STAGES = {"dev": "dev", "test": "test"}
CENTERS = {"Shared": "5045", "Retail": "Retail-3300", "Sales": "Sales-5045", "Finance": "Finance-1010"}


def policies() -> Iterator[OrganizationPolicy]:
    control, tag = "SERVICE_CONTROL_POLICY", "TAG_POLICY"
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    regions = {
        "Sid": "DenyOtherRegions",
        "Effect": "Deny",
        "NotAction": [
            "budgets:*",
            "ce:*",
            "cloudfront:*",
            "iam:*",
            "organizations:*",
            "route53:*",
            "sts:*",
            "support:*",
        ],
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": [HOME, FURTHER]}},
    }
    leaving = {"Sid": "DenyLeaving", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}
    statements = {
        ("p-FullAWSAccess", "FullAWSAccess", "Allows access to every operation"): everything,
        ("p-prdleave1", "deny-leaving", "Nobody leaves the organisation"): leaving,
        ("p-prdregion", "deny-other-regions", "Data stays in two regions"): regions,
    }
    for (identity, name, description), statement in sorted(statements.items()):
        content = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)
        managed = name == "FullAWSAccess"
        yield OrganizationPolicy(
            id=identity, name=name, type=control, description=description, content=content, aws_managed=managed
        )
    centers = {"tag_key": {"@@assign": "CostCenter"}, "tag_value": {"@@assign": ["5045", "3300", "1010"]}}
    text = json.dumps({"tags": {"costcenter": centers}}, separators=(",", ":"))
    yield OrganizationPolicy(
        id="p-prdlegacy", name="legacy-cost-center", type=tag, description="Before the dictionary", content=text
    )


def tags_of(name: str, app: str, number: int) -> Mapping[str, str]:
    """Return the tags of an application's part; some are wrong, as they are in any organisation."""
    team = "platform" if name == "anycompany-payer" else name.rsplit("-", 1)[0]
    stage = "experiment" if name.startswith("sandbox") else STAGES.get(name.rsplit("-", 1)[-1], "prod")
    business = UNIT_OF_BUSINESS.get(team.split("-")[0], "DevOps")
    right = {
        "anycompany:finance:business-unit": business,
        "anycompany:finance:cost-center": CENTERS.get(business, "5045"),
        "anycompany:finance:owner": f"{team}-team",
        "anycompany:security:data-classification": "confidential" if "regulated" in app else "internal",
        "anycompany:workload:application-id": app,
        "anycompany:workload:environment": stage,
    }
    wrong: Mapping[int, Mapping[str, str]] = {
        3: {"env": stage, "CostCenter": "5045", "owner": f"{team}-team"},
        7: right | {"anycompany:workload:environment": {"prod": "production", "dev": "development"}.get(stage, "qa")},
        11: {**right, "CostCenter": "none"},
        13: {key: value for key, value in right.items() if "finance" not in key},
        17: {key.replace("workload:environment", "workload:Environment"): value for key, value in right.items()},
        19: right | {"anycompany:finance:business-unit": "E-Commerce"},
        23: right | {"anycompany:finance:cost-center": "3300"},
    }
    return wrong.get(number % 29, right)


def accounts() -> Accounts:
    found = Accounts()
    number = 0
    for name, unit in ACCOUNTS:
        if unit == "Suspended":
            continue
        for region in (HOME, FURTHER):
            found.recorders[IDS[name], region] = Recorder("anycompany-config", recording=True)
            found.resources[IDS[name], region] = {}
        wide = 8 if unit.startswith("Workloads") else 5
        for part in PARTS[:wide]:
            number += 1
            app = f"{name.split('-')[0]}-{'regulated' if unit.endswith('Regulated') else 'core'}"
            region = FURTHER if number % 10 == 0 else HOME
            arn = "arn:aws:" + part.format(app=name, n=number, place=f"{region}:{IDS[name]}")
            place: Place = (IDS[name], region)
            tags: Tags = tuple(sorted(tags_of(name, app, number).items()))
            found.resources[place] = {**found.resources[place], arn: tags}  # type: ignore[dict-item]
    return found


def snapshot() -> Seed:
    found = accounts()
    active = [IDS[name] for name, unit in ACCOUNTS if unit != "Suspended"]
    gone = {
        IDS[name]: Unreadable("the account is not active", UNASKED) for name, unit in ACCOUNTS if unit == "Suspended"
    }
    seen = ("CostCenter", "anycompany:finance:business-unit", "anycompany:workload:application-id", "env")
    root, prod, full = "r-prde", "ou-prde-workprod", "p-FullAWSAccess"
    return Seed(
        version=1,
        taken=datetime.date(2026, 11, 20),
        organization=Organization(
            id="o-prdexample1",
            root_id=root,
            policy_types=("SERVICE_CONTROL_POLICY", "TAG_POLICY"),
            trusted_services=(
                "config-multiaccountsetup.amazonaws.com",
                "config.amazonaws.com",
                "member.org.stacksets.cloudformation.amazonaws.com",
                "tagpolicies.tag.amazonaws.com",
            ),
            organizational_units=tuple(
                OrganizationalUnit(id=f"ou-prde-{one}", path=path) for path, one in UNITS.items()
            ),
            accounts=tuple(
                Account(
                    id=IDS[name],
                    name=name,
                    email=f"{IDS[name]}@example.com",
                    parent=unit,
                    status="SUSPENDED" if unit == "Suspended" else "ACTIVE",
                    tags={"anycompany:finance:business-unit": UNIT_OF_BUSINESS.get(name.split("-")[0], "DevOps")},
                )
                for name, unit in ACCOUNTS
            ),
        ),
        policies=tuple(policies()),
        attachments={prod: (full, "p-prdregion"), root: ("p-prdlegacy", full, "p-prdleave1")},
        billing=Billing(
            cost_allocation_tags=tuple(
                CostAllocationTag(
                    key=key,
                    status="Active" if key in ("CostCenter", "env") else "Inactive",
                    last_used_days_ago=1,
                    last_updated_days_ago=90,
                )
                for key in seen
            )
        ),
        config_recorders=tuple(grouped_recorders(found)),
        tagged_resources=tuple(grouped_resources(found)),
        unreadable=(*unread("tagged resources", gone), *unread_accounts(found, active, (HOME, FURTHER))),
    )


def text() -> str:
    first, rest = render_snapshot(snapshot()).split("\n", 1)
    invented = "# Invented: python -m tests.prod_snapshot makes it. tagrail snapshot --env prod puts yours here."
    return f"{first}\n{invented}\n{rest}"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
