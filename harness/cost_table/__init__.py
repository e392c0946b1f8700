"""Know the tables of AWS Data Exports, their columns and settings, and the SQL that an export may select them with."""

from harness.cost_table.sql import Statement, StatementError, filter_fault, parse_statement, render_statement
from harness.cost_table.tables import Column, CostTable, load_cost_tables

__all__ = [
    "Column",
    "CostTable",
    "Statement",
    "StatementError",
    "filter_fault",
    "load_cost_tables",
    "parse_statement",
    "render_statement",
]
