"""Prove that modules/budget gets rid of old filters, which the provider keeps unless the budget is replaced."""

import json
import re
from pathlib import Path

import pytest

from .planning import copy_modules, initialised, run_terraform, write_provider

pytestmark = pytest.mark.terraform

_ROOT = """
variable "services" {
  type = list(string)
}

module "budget" {
  source = "./modules/budget"

  account_id  = "111111111111"
  region      = "eu-central-1"
  name        = "scope"
  subscribers = { topic_arn = "arn:aws:sns:eu-central-1:111111111111:alerts" }
  budgets     = { all = { limit_usd = 5, services = var.services, alerts = [{ actual_percent = 80 }] } }
}
"""


def test_a_budget_that_loses_its_last_filter_is_made_anew(
    tmp_path: Path, emulator_variables: dict[str, str | None]
) -> None:
    copy_modules(tmp_path / "modules")
    write_provider(tmp_path)
    (tmp_path / "main.tf").write_text(_ROOT, encoding="utf-8")
    initialised(tmp_path, emulator_variables)

    def run(command: str, services: list[str]) -> str:
        chosen = f"-var=services={json.dumps(services)}"
        options = ["-no-color", "-input=false", chosen, *(["-auto-approve"] if command == "apply" else [])]
        done = run_terraform(tmp_path, command, *options, variables=emulator_variables)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("apply", ["Amazon S3"])
    assert re.search(r'aws_budgets_budget\.this\["all"\] will be replaced', run("plan", []))
