"""Define `tagrail costs`."""

import datetime
import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.session import locate
from harness.costs.bill import open_files
from harness.costs.engine import DuckDb, connect
from harness.costs.report import Wanted, make_reports
from harness.costs.units import read_metrics
from harness.documents import BudgetDocument
from harness.errors import TagrailError
from harness.operations.progress import progress
from harness.plan_check.compiled import read_requirements
from harness.project import load_project
from harness.report.costs import CostForm, render

_OWNER = ("owner", "team")
