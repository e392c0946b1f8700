"""Load an environment, `envs/<name>/env.yaml`, strictly and against the dictionary."""

from pathlib import Path

from harness.dictionary import Dictionary
from harness.environment.anomaly_model import Anomaly, AnomalyMonitor, AnomalySubscription
from harness.environment.audit_role_model import AuditRole, RepairRole
from harness.environment.audit_role_rules import audit_role_name, removable_keys, repair_role_name, settable_keys
from harness.environment.cost_export_model import Athena, CostExport, CostExports, ExportBucket
from harness.environment.cost_export_rules import export_columns, export_settings
from harness.environment.cost_model import CategoryRule, CostCategory, CostConditions
from harness.environment.model import Alert, Budget, Environment, Mode
from harness.environment.named_accounts import category_accounts, cost_accounts
from harness.environment.rules import environment_faults
from harness.environment.tag_option_rules import offered_values
from harness.errors import InputError, Problem
from harness.facts import Facts, load_facts
from harness.strict_model import build
from harness.yaml_source import read_source

__all__ = [
    "Alert",
    "Anomaly",
    "AnomalyMonitor",
    "AnomalySubscription",
    "Athena",
    "AuditRole",
    "Budget",
    "CategoryRule",
    "CostCategory",
    "CostConditions",
    "CostExport",
    "CostExports",
    "Environment",
    "ExportBucket",
    "Mode",
    "RepairRole",
    "audit_role_name",
    "category_accounts",
    "check_environment",
    "cost_accounts",
    "export_columns",
    "export_settings",
    "facts_of",
    "load_environment",
    "offered_values",
    "removable_keys",
    "repair_role_name",
    "settable_keys",
]


def check_environment(
    path: Path, shown: str, dictionary: Dictionary | None
) -> tuple[Environment | None, tuple[Problem, ...]]:
    """Return the environment and its problems; without a dictionary only the form is judged.

    `shown` is the file's name in messages. Raises: nothing of the input's.
    """
    try:
        source = read_source(path, shown)
    except InputError as error:
        return None, error.problems
    environment, problems = build(Environment, source)
    if environment is None or dictionary is None:
        return environment, problems
    faults = environment_faults(environment, dictionary, path.parent, facts_of(environment))
    return environment, tuple(source.problem(place, message) for place, message in faults)


def load_environment(path: Path, dictionary: Dictionary, shown: str | None = None) -> Environment:
    """Return the environment at `path`.

    Raises: InputError with every problem of the file.
    """
    environment, problems = check_environment(path, shown or str(path), dictionary)
    if environment is None or problems:
        raise InputError(problems)
    return environment


def facts_of(environment: Environment) -> Facts:
    """Return AWS's facts with the environment's own limits."""
    return load_facts().with_limits(environment.limits)
