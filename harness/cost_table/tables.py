"""Read modules/cost-export/columns.yaml: the tables of AWS Data Exports, shared with the Terraform module."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

TABLES_FILE = Path(__file__).parents[1] / "data" / "cost-tables.yaml"  # in a checkout a link to modules/, else a copy


@dataclass(frozen=True, slots=True)
class Column:
    """Hold a column: its type in Athena, and the setting that must be TRUE for it to be there, if any."""

    name: str
    type: str
    setting: str | None = None


@dataclass(frozen=True, slots=True)
class CostTable:
    """Hold one table by the name that SQL knows it by.

    `settings` maps what can be set to its valid values, none of which are listed for an ARN; `needed` are the columns
    without which costs cannot be reported by tag, each with what it is for, `instead` columns that serve as well;
    `limit` is a row of aws-facts.yaml.
    """

    key: str
    name: str
    limit: str
    settings: Mapping[str, tuple[str, ...]]
    needed: Mapping[str, str]
    instead: Mapping[str, str]
    columns: tuple[Column, ...]

    def available(self, settings: Mapping[str, str]) -> tuple[Column, ...]:
        """Return the columns that the table has with these settings, in AWS's order. Raises: nothing."""
        return tuple(each for each in self.columns if each.setting is None or settings.get(each.setting) == "TRUE")


@cache
def load_cost_tables() -> Mapping[str, CostTable]:
    """Return key (`cur-2.0`, `focus-1.2`, ...) -> table, as shipped.

    Raises: OSError when the installation has no data/cost-tables.yaml.
    """
    loaded = yaml.safe_load(TABLES_FILE.read_text(encoding="utf-8"))["tables"]
    return MappingProxyType(
        {
            key: CostTable(
                key=key,
                name=each["name"],
                limit=each["limit"],
                settings=MappingProxyType({name: tuple(values) for name, values in each["settings"].items()}),
                needed=MappingProxyType(each["needed"]),
                instead=MappingProxyType(each.get("instead", {})),
                columns=tuple(Column(*column) for column in each["columns"]),
            )
            for key, each in loaded.items()
        }
    )
