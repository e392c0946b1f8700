"""10 accounts, 3 regions, 60 types and 5,000 resources: every planted fault is found, and no other."""

import os
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.e2e.audit import world
from tests.e2e.audit.world import REGIONS, RIGHT, Expected, Place
from tests.project import Tagrail

pytestmark = pytest.mark.terraform
EXTRA = """
prohibited_keys:
  tmp-*: Nobody knows what they mean.
"""
EXPIRED = """
  - resource: "arn:aws:s3:::legacy-*"
    tags: [anycompany:workload:application-id]
    reason: To be removed.
    owner: platform-team
    expires: 2026-01-31
"""


def prepare(tagrail: Tagrail, planted: Sequence[tuple[str, Place]]) -> Expected:
    """Write the organisation into the project's seed and return what an audit has to find."""
    dictionary = tagrail.root / "envs" / "tags.yaml"
    text = dictionary.read_text(encoding="utf-8")
    dictionary.write_text(text.replace("\nexemptions:", f"{EXTRA}\nexemptions:") + EXPIRED, encoding="utf-8")
    mandatory = list(RIGHT)
    file = tagrail.root / "envs" / "local" / "organization.yaml"
    seed = yaml.safe_load(file.read_text(encoding="utf-8"))
    accounts = _accounts(seed)
    groups, expected = world.make(planted, accounts, mandatory)
    seed |= {"resources": [], "tagged_resources": groups}
    seed["config_recorders"] = [{"regions": list(REGIONS)}]
    seed["explorer_indexes"] = [{"regions": list(REGIONS), "aggregator": REGIONS[0], "organization_view": True}]
    file.write_text(yaml.safe_dump(seed, allow_unicode=True), encoding="utf-8")
    return expected | _of_accounts(seed, accounts) | _of_billing(seed)


def _accounts(seed: dict[str, Any]) -> Mapping[str, str]:
    """Give every account but one its tags, make them ten that are active, and return name -> id of these."""
    held = seed["organization"]["accounts"]
    held[-1]["status"] = "ACTIVE"
    held[-1]["name"] = "data"
    for account in held:
        account["tags"] = RIGHT
    held[3]["tags"] = {key: value for key, value in RIGHT.items() if key != "anycompany:finance:owner"}
    return {account["name"]: account["id"] for account in held}


def _of_accounts(seed: dict[str, Any], accounts: Mapping[str, str]) -> Expected:
    payer = next(iter(accounts.values()))
    name = seed["organization"]["accounts"][3]["name"]
    arn = f"arn:aws:organizations::{payer}:account/{seed['organization']['id']}/{accounts[name]}"
    return {(arn, "missing-key", "anycompany:finance:owner")}


def _of_billing(seed: dict[str, Any]) -> Expected:
    active = {tag["key"] for tag in seed["billing"]["cost_allocation_tags"] if tag["status"] == "Active"}
    wanted = [key for key in RIGHT if "security" not in key]
    return {("", "key-not-activated", key) for key in wanted if key not in active}


def found(tagrail: Tagrail) -> Expected:
    """Return what the last audit found."""
    folder = max(folders(tagrail))
    rows = duckdb.sql(f"SELECT arn, rule, key FROM '{folder / 'findings.parquet'}'").fetchall()  # noqa: S608 (a path)
    assert len(rows) == len(set(rows))
    return set(rows)


def folders(tagrail: Tagrail) -> list[Path]:
    """Return the folders of the audits."""
    return sorted((tagrail.root / ".tagrail" / "audit" / "local").iterdir())


def audit(tagrail: Tagrail) -> None:
    regions = [argument for region in REGIONS for argument in ("--region", region)]
    done = tagrail("audit", "--env", "local", "--live-only", *regions)
    assert done.returncode == 1, done.stdout + done.stderr


def check(tagrail: Tagrail, planted: Sequence[tuple[str, Place]]) -> None:
    expected = prepare(tagrail, planted)
    audit(tagrail)
    seen = found(tagrail)
    assert sorted(expected - seen) == []
    assert sorted(seen - expected) == []


def test_every_fault_of_the_committed_list_is_found_and_no_other(tagrail: Tagrail) -> None:
    planted = world.committed()
    assert len({kind for kind, _ in planted}) >= 25
    assert len(world.types()) >= 60
    check(tagrail, planted)


def test_every_fault_of_a_list_drawn_at_random_is_found_and_no_other(another: Tagrail) -> None:
    seed = int(os.environ.get("TAGRAIL_AUDIT_SEED", random.randrange(10**6)))  # noqa: S311 (no secret)
    print(f"TAGRAIL_AUDIT_SEED={seed}")  # noqa: T201 (shown where the test fails)
    file = yaml.safe_load((another.root / "envs" / "local" / "organization.yaml").read_text(encoding="utf-8"))
    names = [account["name"] for account in file["organization"]["accounts"][:-1]]
    check(another, world.drawn(seed, [*names, "data"]))
