"""Cost data and its filters, without an emulator."""

import datetime
from typing import Any

import pytest

from harness.emulator.billing.cost_data import CostData, CostLine
from harness.emulator.billing.filter import UnknownCostError, cost_filters, expression
from harness.emulator.wire import AwsError

DAY = datetime.timedelta(days=1)
START = datetime.datetime(2026, 11, 1)
LLM = {"app": "llm", "env": "prod"}

DATA = CostData(
    lines=(
        CostLine("1", "Amazon SageMaker", 10.0, START - 90 * DAY, LLM, {"Team": "ML"}),
        CostLine("1", "Amazon Bedrock", 100.0, START - 90 * DAY, LLM, {}),
        CostLine("2", "Amazon SageMaker", 1000.0, START + 9 * DAY, {"env": "dev", "aws:createdBy": "x"}, {}),
    ),
    shown_from={"app": START - 90 * DAY, "env": START + 5 * DAY, "aws:createdBy": START - 90 * DAY},
)


def total(keep: Any, days: float = 10) -> float:
    return round(DATA.total(keep, START, START + days * DAY), 6)


def everything(_charge: object) -> bool:
    return True


def test_a_line_costs_evenly_and_from_its_beginning_on() -> None:
    assert total(everything, days=0.5) == 55
    assert total(everything) == 10 * 110 + 1000


def test_a_tag_shows_from_the_moment_that_its_key_is_in_effect() -> None:
    assert total(cost_filters({"TagKeyValue": ["user:env$prod"]})) == 5 * 110
    charges = [charge for charge in DATA.charges(START, START + 10 * DAY) if charge.line.service == "Amazon Bedrock"]
    assert [(dict(charge.tags), charge.usd) for charge in charges] == [({"app": "llm"}, 500), (LLM, 500)]


@pytest.mark.parametrize(
    ("filters", "usd"),
    [
        ({}, 2100),
        ({"Service": ["Amazon SageMaker"]}, 1100),
        ({"Service": ["Amazon SageMaker", "Amazon Bedrock"], "LinkedAccount": ["1"]}, 1100),
        ({"TagKeyValue": ["user:app$llm"]}, 1100),
        ({"TagKeyValue": ["user:app$llm", "user:app$fraud"]}, 1100),
        ({"TagKeyValue": ["user:app$llm", "user:env$dev"]}, 0),
        ({"TagKeyValue": ["app$llm"]}, 0),
        ({"TagKeyValue": ["User:app$llm"]}, 0),
        ({"TagKeyValue": ["user:App$llm"]}, 0),
        ({"TagKeyValue": ["user:unseen$x"]}, 0),
        ({"TagKeyValue": ["aws:createdBy$x"]}, 1000),
        ({"CostCategory": ["Team$ML"]}, 100),
        ({"CostCategory": ["Team$ml"]}, 0),
    ],
)
def test_cost_filters(filters: dict[str, list[str]], usd: float) -> None:
    assert total(cost_filters(filters)) == usd


SAGEMAKER = {"Dimensions": {"Key": "SERVICE", "Values": ["Amazon SageMaker"]}}
LLM_ONLY = {"Tags": {"Key": "app", "Values": ["llm"]}}


@pytest.mark.parametrize(
    ("raw", "usd"),
    [
        (SAGEMAKER, 1100),
        (LLM_ONLY, 1100),
        ({"Not": LLM_ONLY}, 1000),
        ({"And": [SAGEMAKER, LLM_ONLY]}, 100),
        ({"Or": [SAGEMAKER, LLM_ONLY]}, 2100),
        ({"Tags": {"Key": "app", "MatchOptions": ["ABSENT"]}}, 1000),
        ({"Tags": {"Key": "user:app", "Values": ["llm"]}}, 0),
        ({"CostCategories": {"Key": "Team", "Values": ["ML"], "MatchOptions": ["EQUALS"]}}, 100),
        ({"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Usage", "Tax"]}}, 2100),
        ({"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Credit"]}}, 0),
    ],
)
def test_expressions(raw: dict[str, Any], usd: float) -> None:
    assert total(expression(raw)) == usd


@pytest.mark.parametrize("raw", [{}, {**SAGEMAKER, **LLM_ONLY}])
def test_an_expression_has_one_root(raw: dict[str, Any]) -> None:
    with pytest.raises(AwsError, match="zero or more than one roots"):
        expression(raw)


@pytest.mark.parametrize(
    ("make", "filters", "named"),
    [
        (cost_filters, {"AZ": ["eu-central-1a"]}, "AZ"),
        (expression, {"Dimensions": {"Key": "REGION", "Values": ["eu-central-1"]}}, "REGION"),
        (expression, {"Tags": {"Key": "app", "Values": ["l"], "MatchOptions": ["STARTS_WITH"]}}, "STARTS_WITH"),
    ],
)
def test_what_the_data_cannot_tell_is_an_error_and_no_empty_answer(make: Any, filters: Any, named: str) -> None:
    with pytest.raises(UnknownCostError, match=f"no cost data by .*{named}") as failure:
        make(filters)
    assert failure.value.code == 501
