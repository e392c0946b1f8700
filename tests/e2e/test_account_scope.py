"""An environment whose Config rules are those of the account alone."""

from typing import Any

import pytest

pytestmark = pytest.mark.terraform

GUARD = "anycompany-required-tags-guard-1"


@pytest.fixture(scope="module")
def account(tagrail: Any) -> Any:
    file = tagrail.root / "envs" / "local" / "env.yaml"
    text = file.read_text(encoding="utf-8")
    changed = text.replace("scope: organization\n  excluded_accounts: [old-crm]\n", "scope: account\n")
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    tagrail.ok("apply")
    return tagrail


def test_rules_are_the_accounts_own_in_each_region(account: Any) -> None:
    for region in ("eu-central-1", "us-east-1"):
        config = account.client("config", region)
        names = [rule["ConfigRuleName"] for rule in config.describe_config_rules()["ConfigRules"]]
        assert sorted(names) == [
            "anycompany-required-tags-1",
            GUARD,
            "anycompany-tag-values-guard-1",
        ]
        assert config.describe_organization_config_rules()["OrganizationConfigRules"] == []


def test_apply_repairs_a_guard_text_that_terraform_does_not_read_back(account: Any) -> None:
    config = account.client("config")
    rule = config.describe_config_rules(ConfigRuleNames=[GUARD])["ConfigRules"][0]
    details = {"PolicyRuntime": "guard-2.x.x", "PolicyText": "rule required_tags {\n  tags !empty\n}"}
    source = rule["Source"] | {"CustomPolicyDetails": details}
    config.put_config_rule(
        ConfigRule={key: rule[key] for key in ("ConfigRuleName", "Scope", "Description") if key in rule}
        | {"Source": source}
    )
    assert [(one.plane, one.subject) for one in account.findings()] == [("Config rule", f"{GUARD}: policy text")]
    account.ok("apply")
    assert account.findings() == []
    assert account("plan").stderr.endswith(f"local on {account.on}: no changes\n")


def test_a_new_value_updates_the_rule_and_does_not_make_it_anew(account: Any) -> None:
    file = account.root / "envs" / "tags.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("values: [dev, test, prod]", "values: [dev, test, prod, qa]"), encoding="utf-8")
    done = account("apply", "--allow-weakening", "qa is a stage now")
    assert done.returncode == 0
    assert f'aws_config_config_rule.guard["{GUARD}"]: changed' in done.stderr
    assert "destroying" not in done.stderr
