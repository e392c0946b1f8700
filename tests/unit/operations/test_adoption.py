"""What an interrupted apply left behind is adopted; what only has the same name is refused."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.emulator.process import start, stop
from harness.environment import Environment
from harness.errors import TagrailError
from harness.operations.addresses import BUDGET
from harness.operations.adoption import adopt
from harness.operations.planning import live_state
from harness.operations.session import Session
from harness.project import load_project
from harness.state import Unreadable
from harness.targets.emulator import make_emulator_target

pytestmark = pytest.mark.emulator

ROOT = Path(__file__).resolve().parents[3]
PAYER = "111111111111"
HOME = "eu-central-1"
ALIAS = "alias/anycompany-budget-alerts"
TOPIC = "anycompany-budget-alerts"
RULE = "anycompany-required-tags-1"
POLICY = "anycompany-tags-root-1"
PORTFOLIO = "port-qhjysuciufw5k"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """The local environment on an emulator of its own, to which nothing was applied."""
    running = start("adoption", tmp_path, ROOT / "envs/local/organization.yaml")
    project = load_project(ROOT, ["local"])
    target = make_emulator_target(running.url, HOME)
    yield Session(tmp_path, "local", project.dictionary, project.environments["local"], target, running.instance_id)
    stop("adoption", tmp_path)


def with_environment(session: Session, **changes: Any) -> Session:
    environment: Environment = session.environment.model_copy(update=changes)
    return dataclasses.replace(session, environment=environment)


def make_policy(session: Session, description: str) -> str:
    client = session.target.client("organizations")
    created = client.create_policy(
        Name=POLICY, Description=description, Type="TAG_POLICY", Content=json.dumps({"tags": {}})
    )
    return str(created["Policy"]["PolicySummary"]["Id"])


def make_rule(session: Session, description: str) -> str:
    metadata = {"RuleIdentifier": "REQUIRED_TAGS", "InputParameters": '{"tag1Key": "a"}', "Description": description}
    client = session.target.client("config")
    client.put_organization_config_rule(OrganizationConfigRuleName=RULE, OrganizationManagedRuleMetadata=metadata)
    return RULE


def make_budget(session: Session, tags: dict[str, str]) -> str:
    budget = {"BudgetName": "anycompany-ml-platform", "BudgetType": "COST", "TimeUnit": "MONTHLY"}
    session.target.client("budgets").create_budget(
        AccountId=PAYER,
        Budget=budget | {"BudgetLimit": {"Amount": "5", "Unit": "USD"}},
        ResourceTags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    return f"{PAYER}:anycompany-ml-platform"


def make_topic(session: Session, tags: dict[str, str]) -> str:
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    return str(session.target.client("sns").create_topic(Name=TOPIC, Tags=listed)["TopicArn"])


def make_key(session: Session, description: str) -> str:
    client = session.target.client("kms")
    key = str(client.create_key(Description=description)["KeyMetadata"]["KeyId"])
    client.create_alias(AliasName=ALIAS, TargetKeyId=key)
    return key


def make_tag_option(session: Session, value: str, *portfolios: str) -> str:
    client = session.target.client("servicecatalog")
    made = client.create_tag_option(Key="anycompany:workload:environment", Value=value)["TagOptionDetail"]["Id"]
    for portfolio in portfolios:
        client.associate_tag_option_with_resource(TagOptionId=made, ResourceId=portfolio)
    return str(made)


def adopted(session: Session, *held: str) -> dict[str, str]:
    """Return address -> id of what is adopted."""
    return {orphan.address: orphan.id for orphan in adopt(session, live_state(session), held)}


def refused(session: Session) -> str:
    with pytest.raises(TagrailError) as error:
        adopted(session)
    assert "Do rename it, or import it into the state by hand" in str(error.value)
    return str(error.value)


def remarks(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return what was said beside the lines of progress."""
    return [line for line in capsys.readouterr().err.splitlines() if not line.startswith("read ")]


def test_what_carries_the_mark_is_adopted_and_said(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    tags = session.environment.resource_tags
    policy, rule = make_policy(session, "tagrail: x"), make_rule(session, "tagrail: mandatory tags")
    budget, topic, key = make_budget(session, tags), make_topic(session, tags), make_key(session, "tagrail: x")
    module = "module.governance.module"
    assert adopted(session) == {
        f'{module}.tag_policy.aws_organizations_policy.this["root/1"]': policy,
        f'{module}.required_tags.aws_config_organization_managed_rule.required_tags["{RULE}"]': rule,
        f'{BUDGET}.aws_budgets_budget.this["ml-platform"]': budget,
        f"{BUDGET}.aws_sns_topic.this[0]": topic,
        f"{BUDGET}.aws_kms_alias.this[0]": ALIAS,
        f"{BUDGET}.aws_kms_key.this[0]": key,
    }
    said = remarks(capsys)
    assert len(said) == 6
    assert f"tag policy {POLICY} ({policy}): left behind by an interrupted apply; the plan imports it as " in said[0]


def test_what_the_state_holds_is_not_looked_at(session: Session) -> None:
    make_budget(session, {})
    assert adopted(session, f'{BUDGET}.aws_budgets_budget.this["ml-platform"]') == {}


def test_foreign_resources_of_the_same_name_are_refused_together(session: Session) -> None:
    policy = make_policy(session, "of another team")
    make_rule(session, "")
    make_budget(session, {"owner": "finops"})
    topic = make_topic(session, session.environment.resource_tags | {"anycompany:finance:owner": "finops"})
    make_key(session, "ours")
    begin = 'must have a description that begins with "tagrail:" to be adopted; got'
    lines = refused(session).splitlines()
    assert lines[0].startswith(f'tag policy {POLICY} ({policy}): {begin} "of another team". Do rename it')
    assert lines[1].startswith(f'Config rule {RULE}: {begin} "". Do rename it')
    assert lines[2].startswith(f"budget anycompany-ml-platform ({PAYER}:anycompany-ml-platform): must carry env.yaml's")
    missing = "it lacks anycompany:finance:owner=platform-team. Do rename it"
    assert lines[3].startswith(f"alert topic {TOPIC} ({topic}): must carry env.yaml's resource_tags to be adopted; ")
    assert missing in lines[3]
    assert lines[4].startswith(f'alert key alias {ALIAS}: {begin} "ours"')
    assert f"as {BUDGET}.aws_kms_alias.this[0] with id {ALIAS}" in lines[4]


def test_without_resource_tags_no_budget_can_be_told_to_be_tagrails(session: Session) -> None:
    make_budget(session, {})
    assert "env.yaml names none. Do rename it" in refused(with_environment(session, resource_tags={}))


def test_an_account_rule_is_told_by_its_description(session: Session) -> None:
    config = session.environment.config.model_copy(update={"scope": "account", "excluded_accounts": ()})
    session = with_environment(session, config=config)
    rule = {"ConfigRuleName": RULE, "Source": {"Owner": "AWS", "SourceIdentifier": "REQUIRED_TAGS"}}
    rule |= {"InputParameters": '{"tag1Key": "a"}'}
    client = session.target.client("config")
    role = f"arn:aws:iam::{PAYER}:role/anycompany-config"
    client.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})
    client.put_config_rule(ConfigRule=rule | {"Description": "of another team"})
    assert f"Config rule {RULE}: must have a description" in refused(session)
    client.put_config_rule(ConfigRule=rule | {"Description": "tagrail: mandatory tags"})
    assert list(adopted(session).values()) == [RULE]


def test_of_a_key_that_aws_is_about_to_delete_only_the_alias_is_adopted(session: Session) -> None:
    key = make_key(session, "tagrail: x")
    session.target.client("kms").schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert adopted(session) == {f"{BUDGET}.aws_kms_alias.this[0]": ALIAS}


def test_a_tag_option_that_nothing_else_offers_is_adopted_with_its_associations(session: Session) -> None:
    dev, prod = make_tag_option(session, "dev", PORTFOLIO), make_tag_option(session, "prod")
    make_tag_option(session, "production")
    module, key = "module.governance.module.tag_option", "anycompany:workload:environment"
    association = f"{module}.aws_servicecatalog_tag_option_resource_association.this"
    assert adopted(session) == {
        f'{module}.aws_servicecatalog_tag_option.this["{key}$dev"]': dev,
        f'{association}["{PORTFOLIO}/{key}$dev"]': f"{dev}:{PORTFOLIO}",
        f'{module}.aws_servicecatalog_tag_option.this["{key}$prod"]': prod,
    }


def test_a_tag_option_that_another_portfolio_offers_is_refused(session: Session) -> None:
    client = session.target.client("servicecatalog")
    other = client.create_portfolio(DisplayName="retail", ProviderName="retail")["PortfolioDetail"]["Id"]
    dev = make_tag_option(session, "dev", PORTFOLIO, other)
    with pytest.raises(TagrailError) as error:
        adopted(session)
    rule = f"must be associated only with what env.yaml names to be adopted; got {other}. Do add it to tag_option, or "
    text = f"TagOption anycompany:workload:environment$dev ({dev}): {rule}import it into the state by hand, as module."
    assert str(error.value).startswith(text)


def test_with_a_topic_of_the_organisations_own_no_key_is_looked_for(session: Session) -> None:
    make_key(session, "foreign")
    arn = f"arn:aws:sns:{HOME}:{PAYER}:finops"
    subscribers = session.environment.subscribers.model_copy(update={"topic_arn": arn})
    assert adopted(with_environment(session, subscribers=subscribers)) == {}


def test_what_could_not_be_looked_for_is_said(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    state = live_state(session)
    state = dataclasses.replace(state, budgets=Unreadable("denied"), regions={HOME: Unreadable("denied too")})
    assert adopt(session, state, ()) == ()
    ending = "whether an interrupted apply left some behind could not be looked for; got denied"
    assert remarks(capsys) == [f"Config rules in {HOME}: {ending} too", f"budgets: {ending}"]
