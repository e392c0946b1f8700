"""An environment is judged against the dictionary, with limits of its own."""

from pathlib import Path

import pytest

from harness.dictionary import load_dictionary
from harness.environment import Alert, check_environment, facts_of, load_environment
from harness.errors import InputError
from harness.facts import load_facts
from tests.contracts.case import FOLDER

DICTIONARY = load_dictionary(FOLDER / "base/tags.yaml")
TEXT = (FOLDER / "base/env.yaml").read_text(encoding="utf-8")


def written(folder: Path, more: str = "") -> Path:
    path = folder / "env.yaml"
    path.write_text(TEXT + more, encoding="utf-8")
    return path


def budget(limits: str, fields: str) -> str:
    return f"limits: {{{limits}}}\nbudgets:\n  ml: {{{fields}, alerts: [{{actual_percent: 80}}]}}\n"


def test_an_environment_is_loaded_with_its_defaults(tmp_path: Path) -> None:
    environment = load_environment(written(tmp_path), DICTIONARY)
    assert environment.tag_policy.accounts == {}
    assert environment.budgets == {}
    assert environment.subscribers.topic_arn is None


def test_without_a_dictionary_only_the_form_is_judged(tmp_path: Path) -> None:
    path = written(tmp_path, "resource_tags: {unknown: x}\n")
    assert check_environment(path, "env.yaml", None)[1] == ()
    assert len(check_environment(path, "env.yaml", DICTIONARY)[1]) == 1


def test_problems_are_raised_with_the_name_that_is_shown(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^shown\.yaml:9: xyzzy: must be one of "):
        load_environment(written(tmp_path, "xyzzy: 1\n"), DICTIONARY, "shown.yaml")


def test_limits_of_the_environment_replace_those_that_ship(tmp_path: Path) -> None:
    environment = load_environment(written(tmp_path, "limits: {tag_policies_per_target: 20}\n"), DICTIONARY)
    assert facts_of(environment).limits == {**load_facts().limits, "tag_policies_per_target": 20}
    assert load_facts().limits["tag_policies_per_target"] == 10


@pytest.mark.parametrize(
    ("limits", "fields", "path"),
    [
        (
            "budget_planned_months: 1",
            "planned_limits_usd: {'2026-11': 1, '2026-12': 1}",
            "budgets.ml.planned_limits_usd",
        ),
        (
            "budget_planned_quarters: 1",
            "planned_limits_usd: {'2026-10': 1, '2027-01': 1}, time_unit: quarterly",
            "budgets.ml.planned_limits_usd",
        ),
        (
            "budget_auto_adjust_periods: 5",
            "auto_adjust: {type: historical, periods: 6}",
            "budgets.ml.auto_adjust.periods",
        ),
        ("budget_emails_per_notification: 1", "limit_usd: 1, emails: [a@b.com, b@b.com]", "budgets.ml.emails"),
        ("budget_name_characters: 5", "limit_usd: 1", "budgets.ml"),
    ],
)
def test_a_budget_is_judged_by_the_limits_of_its_environment(
    tmp_path: Path, limits: str, fields: str, path: str
) -> None:
    _, problems = check_environment(written(tmp_path, budget(limits, fields)), "env.yaml", DICTIONARY)
    assert [problem.path for problem in problems] == [path]


def test_raised_limits_let_more_pass(tmp_path: Path) -> None:
    text = budget("budget_auto_adjust_periods: 90", "auto_adjust: {type: historical, periods: 90}")
    assert check_environment(written(tmp_path, text), "env.yaml", DICTIONARY)[1] == ()


def test_an_alert_tells_which_threshold_it_has() -> None:
    assert Alert(forecasted_usd=5).given() == (("forecasted_usd", 5),)
    assert Alert().given() == ()


FURTHER = TEXT.replace("{home: eu-central-1}", "{home: eu-central-1, further: [us-east-1]}")


@pytest.mark.parametrize("region", ['"us-east-1"', "local.environment.regions.further[0]"])
@pytest.mark.parametrize(
    "block", ["providers = { aws = aws.us_east_1 }", "providers = {\n    aws = aws.us_east_1\n  }"]
)
def test_a_further_region_is_found_in_any_file_of_the_environment(tmp_path: Path, block: str, region: str) -> None:
    provider = f'provider "aws" {{\n  alias  = "us_east_1"\n  region = {region}\n}}\n'
    (tmp_path / "regions.tf").write_text(f'module "required_tags_us_east_1" {{\n  {block}\n}}\n{provider}')
    path = written(tmp_path)
    path.write_text(FURTHER, encoding="utf-8")
    assert check_environment(path, "env.yaml", DICTIONARY)[1] == ()


def test_the_provider_of_another_region_is_not_enough(tmp_path: Path) -> None:
    block = 'module "required_tags_us_east_1" {\n  providers = { aws = aws.us_east_12 }\n}\n'
    (tmp_path / "main.tf").write_text(block, encoding="utf-8")
    path = written(tmp_path)
    path.write_text(FURTHER, encoding="utf-8")
    assert [problem.path for problem in check_environment(path, "env.yaml", DICTIONARY)[1]] == ["regions.further[0]"]
