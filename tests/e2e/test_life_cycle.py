"""One project from apply to destroy, in the order of the tests in this file."""

import json
from typing import Any

import pytest

from harness.operations.life_cycle import plan
from harness.operations.session import open_session

pytestmark = pytest.mark.terraform

PLANES = (
    "tag policy",
    "effective policy",
    "guardrail",
    "Config rule",
    "Config recorder",
    "TagOption",
    "cost allocation",
    "cost category",
    "anomaly detection",
    "budget",
    "cost export",
    "audit role",
    "alert channel",
    "exemption",
)
PENDING = (
    "accountTag/anycompany:finance:business-unit",
    "anycompany:finance:cost-center",
    "anycompany:finance:owner",
)


GUARDED = ("root", "Workloads/Test")
PORTFOLIO = "port-qhjysuciufw5k"
BILLING, TEST_OBJECT = "anycompany-billing-111111111111", "aws-programmatic-access-test-object"


def statuses(tagrail: Any) -> dict[str, str]:
    tags = tagrail.client("ce").list_cost_allocation_tags()["CostAllocationTags"]
    return {tag["TagKey"]: tag["Status"] for tag in tags}


def edit_dictionary(tagrail: Any, before: str, after: str) -> None:
    file = tagrail.root / "envs" / "tags.yaml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")


def planned_addresses(tagrail: Any) -> dict[str, list[str]]:
    """Return address -> actions of what the plan would change."""
    session = open_session(tagrail.root, "local", None, start_emulator=False)
    planned = plan(session)
    changes = planned.terraform.show_json(planned.file)["resource_changes"]
    return {one["address"]: one["change"]["actions"] for one in changes if one["change"]["actions"] != ["no-op"]}


@pytest.fixture(scope="module")
def first_apply(tagrail: Any) -> Any:
    return tagrail("apply")


@pytest.fixture(scope="module")
def applied(tagrail: Any, first_apply: Any) -> Any:
    assert first_apply.returncode == 0, first_apply.stdout + first_apply.stderr
    return tagrail


def test_apply_ends_with_the_verify_table(first_apply: Any) -> None:
    done = first_apply
    assert done.returncode == 0, done.stdout + done.stderr
    for plane in PLANES:
        row = next(line for line in done.stdout.splitlines() if line.strip().startswith(plane))
        assert " pass" in row, row
    pending = next(line for line in done.stdout.splitlines() if line.startswith("pending cost allocation tags"))
    assert all(key in pending for key in PENDING)
    assert done.stdout.rstrip().splitlines()[-1].startswith("pass: ")


def test_plan_after_apply_says_no_changes(applied: Any) -> None:
    done = applied("plan")
    assert done.returncode == 0
    assert done.stdout == ""
    assert done.stderr.endswith(f"local on {applied.on}: no changes\n")


def test_the_working_tree_stays_clean(applied: Any) -> None:
    assert sorted(path.name for path in applied.root.iterdir()) == [".tagrail", "envs", "modules"]
    assert not list(applied.root.glob("envs/**/.terraform"))
    assert not list(applied.root.glob("envs/**/*.tfstate"))


def test_a_new_value_and_a_new_key_touch_only_what_follows(applied: Any) -> None:
    edit_dictionary(applied, "values: [dev, test, prod]", "values: [dev, test, prod, qa]")
    edit_dictionary(
        applied,
        "  anycompany:workload:name:",
        "  anycompany:workload:tier:\n    purpose: Service tier.\n    values: [gold, silver]\n"
        "    enforced_for: []\n    cost_allocation: true\n  anycompany:workload:name:",
    )
    changes = planned_addresses(applied)
    module = "module.governance.module"
    rules = ("anycompany-required-tags-1", "anycompany-required-tags-guard-1")
    expected = {f'{module}.tag_policy.aws_organizations_policy.this["root/1"]'}
    # The statements of one key's values are in one document of each target.
    expected |= {f'{module}.tag_guardrail.aws_organizations_policy.this["{unit}/4"]' for unit in GUARDED}
    for place in (f"{module}.required_tags", "module.required_tags_us_east_1"):
        expected.add(f'{place}.aws_config_organization_managed_rule.required_tags["{rules[0]}"]')
        expected.add(f'{place}.aws_config_organization_custom_policy_rule.guard["{rules[1]}"]')
    # Whoever repairs may write the new key, in the payer and in all accounts.
    parts = ("keys", "remove-1", "remove-2", "set-1", "set-2")
    expected |= {f'{module}.audit_role[0].aws_iam_policy.this["{part}"]' for part in parts}
    expected.add(f'{module}.audit_role[0].aws_cloudformation_stack_set.this["members"]')
    option = "anycompany:workload:environment$qa"
    offered = {
        f'{module}.tag_option.aws_servicecatalog_tag_option.this["{option}"]',
        f'{module}.tag_option.aws_servicecatalog_tag_option_resource_association.this["{PORTFOLIO}/{option}"]',
    }
    assert set(changes) == expected | offered
    assert {address for address, actions in changes.items() if actions == ["create"]} == offered
    assert {tuple(changes[address]) for address in expected} == {("update",)}
    done = applied("apply", "--allow-weakening", "qa is a stage now")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "anycompany:workload:tier" in done.stdout.split("pending cost allocation tags")[1]


def test_a_pending_key_is_activated_once_billing_has_seen_it(applied: Any) -> None:
    assert "anycompany:finance:owner" not in statuses(applied)
    applied.ok("emulator", "bill", "anycompany:finance:owner")
    failing = applied.findings()
    assert [(one.plane, one.subject) for one in failing] == [("cost allocation", "anycompany:finance:owner")]
    done = applied("apply")
    assert done.returncode == 0, done.stderr
    assert "1 created, 0 changed, 0 destroyed" in done.stderr
    assert statuses(applied)["anycompany:finance:owner"] == "Active"


def test_a_key_taken_out_of_the_dictionary_stays_active(applied: Any) -> None:
    edit_dictionary(
        applied,
        "    mandatory: true\n    cost_allocation: true\n    deprecated_spellings: [owner, Owner, team]",
        "    mandatory: true\n    deprecated_spellings: [owner, Owner, team]",
    )
    assert planned_addresses(applied) == {}
    done = applied("apply")
    assert done.returncode == 0
    assert "anycompany:finance:owner: no longer managed" in done.stderr
    assert statuses(applied)["anycompany:finance:owner"] == "Active"


def test_a_key_is_deactivated_by_name_only(applied: Any) -> None:
    file = applied.root / "envs" / "local" / "env.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("cost_allocation:\n", "cost_allocation:\n  deactivate: [anycompany:finance:owner]\n"),
        encoding="utf-8",
    )
    done = applied("apply", "--allow-weakening", "owners are in the register now")
    assert done.returncode == 0, done.stderr
    assert "no longer managed" not in done.stderr, "the apply before this one made the state forget the key"
    assert statuses(applied)["anycompany:finance:owner"] == "Inactive"


def tag_option(tagrail: Any, value: str) -> dict[str, Any] | None:
    filters = {"Key": "anycompany:workload:environment", "Value": value}
    found = tagrail.client("servicecatalog").list_tag_options(Filters=filters)["TagOptionDetails"]
    return dict(found[0]) if found else None


def test_a_value_that_is_taken_out_is_offered_no_more(applied: Any) -> None:
    assert tag_option(applied, "qa")
    edit_dictionary(applied, "values: [dev, test, prod, qa]", "values: [dev, test, prod]")
    applied.ok("apply")
    assert tag_option(applied, "qa") is None


def test_a_value_that_something_else_offers_is_retired_by_name(applied: Any) -> None:
    """AWS deletes no TagOption that another portfolio is associated with."""
    option = tag_option(applied, "test")
    assert option
    catalog = applied.client("servicecatalog")
    other = catalog.create_portfolio(DisplayName="retail", ProviderName="retail")["PortfolioDetail"]["Id"]
    pair = {"TagOptionId": option["Id"], "ResourceId": other}
    catalog.associate_tag_option_with_resource(**pair)
    edit_dictionary(applied, "values: [dev, test, prod]", "values: [dev, prod]")
    refused = applied("apply")
    assert refused.returncode == 2
    assert f"since AWS deletes no TagOption in use; got {other}." in refused.stderr
    assert "Do name its value under tag_option.retired in env.yaml" in refused.stderr
    file = applied.root / "envs" / "local" / "env.yaml"
    text = file.read_text(encoding="utf-8")
    retired = "tag_option:\n  retired: {anycompany:workload:environment: [test]}\n"
    file.write_text(text.replace("tag_option:\n", retired), encoding="utf-8")
    applied.ok("apply")
    assert tag_option(applied, "test") == {**option, "Active": False}
    assert [found["Id"] for found in catalog.list_resources_for_tag_option(TagOptionId=option["Id"])["ResourceDetails"]]
    assert applied.findings() == []
    catalog.disassociate_tag_option_from_resource(**pair)
    catalog.delete_portfolio(Id=other)


def test_destroy_leaves_nothing_of_ours_and_no_deactivated_tag(applied: Any) -> None:
    before = statuses(applied)
    done = applied("destroy")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr.endswith(f"local on {applied.on}: removed\n")
    assert statuses(applied) == before
    assert applied.client("bcm-data-exports").list_exports()["Exports"] == []
    assert applied.client("glue").get_databases()["DatabaseList"] == []
    assert [one["Name"] for one in applied.client("athena").list_work_groups()["WorkGroups"]] == ["primary"]
    organizations = applied.client("organizations")
    assert organizations.list_policies(Filter="TAG_POLICY")["Policies"] == []
    assert [one["Name"] for one in organizations.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]] == [
        "FullAWSAccess"
    ]
    for region in ("eu-central-1", "us-east-1"):
        config = applied.client("config", region)
        assert config.describe_organization_config_rules()["OrganizationConfigRules"] == []
        assert config.describe_configuration_recorders()["ConfigurationRecorders"] == []
        assert config.describe_delivery_channels()["DeliveryChannels"] == []
        assert config.describe_configuration_aggregators()["ConfigurationAggregators"] == []
    catalog = applied.client("servicecatalog")
    assert catalog.list_tag_options()["TagOptionDetails"] == []
    assert catalog.describe_portfolio(Id=PORTFOLIO)["TagOptions"] == []
    assert not applied.client("budgets").describe_budgets(AccountId="111111111111").get("Budgets")
    assert applied.client("sns").list_topics()["Topics"] == []
    kms = applied.client("kms")
    keys = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in kms.list_keys()["Keys"]]
    assert {key["KeyState"] for key in keys if key["KeyManager"] == "CUSTOMER"} <= {"PendingDeletion"}
    assert [alias for alias in kms.list_aliases()["Aliases"] if "anycompany" in alias["AliasName"]] == []


def test_destroying_again_is_clean(applied: Any) -> None:
    done = applied("destroy")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.endswith(f"local on {applied.on}: nothing to remove\n")


def test_verify_after_destroy_fails_and_says_apply(applied: Any) -> None:
    done = applied("verify", "--format", "json")
    assert done.returncode == 1
    repairs = {one["repair"] for one in json.loads(done.stdout)["findings"] if one["plane"] == "budget"}
    assert repairs == {"Do run make apply ENV=local"}


def test_a_bucket_with_anything_in_it_stays_as_it_is(applied: Any) -> None:
    """After a destroy: AWS itself has put an object into the bucket."""
    s3 = applied.client("s3")
    assert [one["Key"] for one in s3.list_objects_v2(Bucket=BILLING)["Contents"]] == [TEST_OBJECT]
    assert all(s3.get_public_access_block(Bucket=BILLING)["PublicAccessBlockConfiguration"].values())
    assert "DenyWithoutTls" in s3.get_bucket_policy(Bucket=BILLING)["Policy"]
    done = applied("apply")
    assert done.returncode == 0, done.stderr
    assert f"export bucket {BILLING}: left behind by an interrupted apply" in done.stderr
    file = applied.root / "envs" / "local" / "env.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(f"name: {BILLING}", "name: another-bucket"), encoding="utf-8")
    refused = applied("plan")
    file.write_text(text, encoding="utf-8")
    assert refused.returncode == 2
    assert f"must keep the bucket {BILLING}, which holds exports of the bill" in refused.stderr
    done = applied("destroy")
    assert done.returncode == 0, done.stderr
    assert f"{BILLING}: left as it is with all that is in it, no longer managed." in done.stderr
    assert s3.list_objects_v2(Bucket=BILLING)["KeyCount"] == 1


def test_a_tag_option_that_something_else_offers_stays(applied: Any) -> None:
    applied.ok("apply")
    catalog, option = applied.client("servicecatalog"), tag_option(applied, "prod")
    assert option
    other = catalog.create_portfolio(DisplayName="retail", ProviderName="retail")["PortfolioDetail"]["Id"]
    catalog.associate_tag_option_with_resource(TagOptionId=option["Id"], ResourceId=other)
    done = applied("destroy")
    assert done.returncode == 0, done.stderr
    assert f"left as it is, no longer managed, since {other} offers it too" in done.stderr
    assert catalog.list_tag_options()["TagOptionDetails"] == [option]
    assert catalog.describe_portfolio(Id=PORTFOLIO)["TagOptions"] == []
