"""Throttled, denied, in a region that is switched off, in an account that is suspended meanwhile: the audit ends.

It says what it could not see, and has the rest.
"""

import json
from typing import Any

import yaml

from harness.audit.run import Run, read_run
from tests.e2e.audit import world
from tests.e2e.audit.test_planted import audit, folders, found, prepare
from tests.e2e.audit.world import Expected
from tests.project import Tagrail

DENIED, SWITCHED_OFF, SUSPENDED = "audit", "network", "ml-test"
REGION = "eu-west-1"
FAULTS = {
    "throttle": [{"per_second": 5}],
    "denied": [{"account": DENIED}],
    "disabled_regions": [{"account": SWITCHED_OFF, "regions": [REGION]}],
    "suspended": [{"account": SUSPENDED, "after_calls": 30}],
}


def hinder(tagrail: Tagrail, **further: Any) -> dict[str, str]:
    """Write the faults into the seed, and return name -> id of the accounts."""
    file = tagrail.root / "envs" / "local" / "organization.yaml"
    seed = yaml.safe_load(file.read_text(encoding="utf-8")) | {"faults": FAULTS} | further
    file.write_text(yaml.safe_dump(seed, allow_unicode=True), encoding="utf-8")
    return {account["name"]: account["id"] for account in seed["organization"]["accounts"]}


def gaps(run: Run, account: str) -> list[tuple[str, str]]:
    return sorted({(gap.source.partition(":")[0], gap.region) for gap in run.gaps if gap.account == account})


def elsewhere(expected: Expected, ids: dict[str, str]) -> Expected:
    """Return what was planted where nothing hinders, buckets aside, whose ARNs name no place."""
    hindered = (f":{ids[DENIED]}:", f":{ids[SUSPENDED]}:", f"{REGION}:{ids[SWITCHED_OFF]}:", ":s3:", ":apigateway:")
    return {row for row in expected if not any(part in row[0] for part in hindered)}


def test_the_audit_ends_and_says_what_it_could_not_see(tagrail: Tagrail) -> None:
    expected = prepare(tagrail, world.committed())
    ids = hinder(tagrail)
    audit(tagrail)
    run = read_run(max(folders(tagrail)))
    assert run.state == "finished"
    assert gaps(run, ids[DENIED]) == [("account", "")]
    assert {region for _, region in gaps(run, ids[SWITCHED_OFF])} == {REGION}
    assert ("tagging", REGION) in gaps(run, ids[SWITCHED_OFF])
    assert gaps(run, ids[SUSPENDED])
    known = {ids[name] for name in (DENIED, SWITCHED_OFF, SUSPENDED)}
    assert {gap.account for gap in run.gaps} == known, json.dumps([gap.reason for gap in run.gaps][:20])
    rows = found(tagrail)
    assert sorted(elsewhere(expected, ids) - rows) == []
    # What only Explorer shows there is judged by the tags that it shows, or unknown: never wrong by being unseen.
    assert {rule for arn, rule, key in rows - expected} <= {"tags-unread"}
