"""A seed that does not hold is refused with file, line and repair, and nothing keeps running."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.emulator.seed import load_seed
from harness.errors import InputError

from .conftest import SEED

SMALL: dict[str, Any] = {
    "version": 1,
    "organization": {
        "id": "o-tagraillocal",
        "root_id": "r-tgrl",
        "organizational_units": [{"id": "ou-tgrl-workload", "path": "Workloads"}],
        "accounts": [
            {"id": "111111111111", "name": "payer", "email": "payer@example.com"},
            {"id": "222222222222", "name": "member", "email": "member@example.com", "parent": "Workloads"},
        ],
    },
    "billing": {
        "cost_allocation_tags": [{"key": "a", "status": "Active"}],
        "costs": [{"account": "member", "service": "Amazon SageMaker", "usd_per_day": 1.5}],
    },
    "resources": [{"account": "member", "region": "eu-central-1", "call": "s3.list_buckets"}],
}


def write(folder: Path, data: object) -> Path:
    path = folder / "seed.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return path


def test_the_shipped_seed_holds() -> None:
    seed, source = load_seed(SEED)
    assert seed.payer_id == "111111111111"
    assert seed.account_id("ml-prod") == seed.account_id("444444444443") == "444444444443"
    assert len(seed.resources) >= 15
    assert source.file == str(SEED)


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("version",), 2, "version: must be 1; got 2"),
        (("organisation",), {}, 'organisation: must be one of .*; got "organisation". Did you mean "organization"?'),
        (("organization", "root_id"), "root", "organization.root_id: must hold"),
        (("organization", "accounts", 0, "id"), 111111111111, "accounts.0..id: must be text; got 111111111111"),
        (("organization", "accounts", 1, "parent"), "Workload", 'got "Workload". Did you mean "Workloads"?'),
        (("organization", "accounts", 0, "parent"), "Workloads", "the management account stands at the root"),
        (("organization", "accounts", 1, "id"), "111111111111", '"111111111111" stands above too'),
        (("organization", "accounts", 1, "status"), "GONE", "must be ACTIVE, SUSPENDED, .* or CLOSED"),
        (("organization", "organizational_units", 0, "path"), "A/B", 'must stand below its parent "A"'),
        (("billing", "cost_allocation_tags", 0, "status"), "active", 'must be Active or Inactive; got "active"'),
        (("billing", "cost_allocation_tags", 0, "last_used_days_ago"), -1, "must hold"),
        (("billing", "costs", 0, "account"), "membre", 'costs.0..account: must be .*"membre". Did you mean "member"?'),
        (("billing", "costs", 0, "usd_per_day"), 0, "costs.0..usd_per_day: must hold"),
        (("billing", "costs", 0, "since_days_ago"), -1, "costs.0..since_days_ago: must hold"),
        (("config_recorders",), [{"regions": []}], "config_recorders.0..regions: must hold"),
        (
            ("config_recorders",),
            [{"accounts": ["membre"], "regions": ["r"]}],
            "config_recorders.0..accounts.0.: must be",
        ),
        (
            ("explorer_indexes",),
            [{"accounts": ["membre"], "regions": ["r"]}],
            "explorer_indexes.0..accounts.0.: must be",
        ),
        (("explorer_indexes",), [{"regions": ["r"], "aggregator": "s"}], 'aggregator: must be one of .*; got "s"'),
        (
            ("tagged_resources",),
            [{"account": "member", "region": "r", "arns": ["arn:aws:s3:::b"], "created_by": "me"}],
            "tagged_resources.0..created_by: must hold",
        ),
        (("resources", 0, "account"), "membre", 'got "membre". Did you mean "member"?'),
        (("resources", 0, "call"), "list_buckets", "resources.0..call: must hold"),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else None,
)
def test_faults_are_named(tmp_path: Path, place: tuple[Any, ...], value: object, message: str) -> None:
    data = copy.deepcopy(SMALL)
    inner: Any = data
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = value
    with pytest.raises(InputError, match=message) as failure:
        load_seed(write(tmp_path, data))
    assert str(failure.value).startswith(str(tmp_path / "seed.yaml") + ":")


def test_all_faults_come_together(tmp_path: Path) -> None:
    data = copy.deepcopy(SMALL)
    data["version"], data["extra"] = 3, True
    with pytest.raises(InputError) as failure:
        load_seed(write(tmp_path, data))
    assert len(failure.value.problems) == 2


def test_costs_may_stand_in_a_file_of_their_own(tmp_path: Path) -> None:
    data = copy.deepcopy(SMALL)
    data["billing"]["costs_file"] = "costs.yaml"
    line = {"account": "222222222222", "service": "Amazon Bedrock", "usd_per_day": 2}
    (tmp_path / "costs.yaml").write_text(yaml.safe_dump({"version": 1, "costs": [line]}), encoding="utf-8")
    seed, _ = load_seed(write(tmp_path, data))
    assert [cost.service for cost in seed.billing.costs] == ["Amazon SageMaker", "Amazon Bedrock"]
    line["account"] = "membre"
    (tmp_path / "costs.yaml").write_text(yaml.safe_dump({"version": 1, "costs": [line]}), encoding="utf-8")
    with pytest.raises(InputError, match=r'costs.yaml:\d+: costs.0..account: .*"membre". Did you mean "member"'):
        load_seed(write(tmp_path, data))
