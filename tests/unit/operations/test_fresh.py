"""The organisation that a fresh plan begins with: whatever env.yaml and the dictionary name, and nothing else."""

from pathlib import Path

import pytest

from harness.emulator.seed import load_seed
from harness.operations.fresh import implied_seed
from harness.project import environment_names, load_project
from harness.snapshot import render_snapshot

ROOT = Path(__file__).resolve().parents[3]
PROJECT = load_project(ROOT)


@pytest.mark.parametrize("name", environment_names(ROOT))
def test_it_is_a_seed_of_the_environments_organisation(name: str, tmp_path: Path) -> None:
    environment = PROJECT.environments[name]
    seed = implied_seed(PROJECT.dictionary, environment)
    file = tmp_path / "seed.yaml"
    file.write_text(render_snapshot(seed), encoding="utf-8")
    assert load_seed(file)[0] == seed
    assert (seed.payer_id, seed.organization.id) == (environment.payer_account_id, environment.organization_id)


def test_it_has_every_unit_and_account_that_is_named_and_every_key_that_is_wanted() -> None:
    seed = implied_seed(PROJECT.dictionary, PROJECT.environments["local"])
    units = [unit.path for unit in seed.organization.organizational_units]
    assert units == ["Sandbox", "Workloads", "Workloads/Prod", "Workloads/Test"]
    names = {account.name for account in seed.organization.accounts[1:]}
    assert names == {"ml-dev", "ml-lab", "ml-prod", "ml-test", "old-crm", "retail-prod"}
    billed = {tag.key for tag in seed.billing.cost_allocation_tags}
    assert billed == {*PROJECT.dictionary.cost_allocation_keys(), "accountTag/anycompany:finance:business-unit"}


def test_it_has_the_units_of_the_audit_role_and_trusts_their_stack_sets() -> None:
    environment = PROJECT.environments["local"]
    assert environment.audit_role
    role = environment.audit_role.model_copy(update={"organizational_units": ("Data/Lake", "root")})
    organization = implied_seed(PROJECT.dictionary, environment.model_copy(update={"audit_role": role})).organization
    assert {"Data", "Data/Lake"} < {unit.path for unit in organization.organizational_units}
    assert "member.org.stacksets.cloudformation.amazonaws.com" in organization.trusted_services


def test_an_account_that_is_named_by_its_id_has_that_id_and_no_other_account_has() -> None:
    environment = PROJECT.environments["local"]
    named = environment.config.model_copy(update={"excluded_accounts": ("100000000001", "other", "111111111111")})
    seed = implied_seed(PROJECT.dictionary, environment.model_copy(update={"config": named}))
    ids = {account.name: account.id for account in seed.organization.accounts}
    assert ids["100000000001"] == "100000000001"
    assert ids["other"] not in {"100000000001", "111111111111"}
    assert len(set(ids.values())) == len(ids)
    assert [*ids.values()].count("111111111111") == 1
