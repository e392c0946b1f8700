"""Define the options of `tagrail check`."""

import argparse
import os
from typing import Any, Final

from harness.report.check import FORMS

__all__ = ["ABOUT", "FORMS", "make_parser"]

ABOUT: Final = "Check Terraform plans and CloudFormation templates against the dictionary."
_EPILOG: Final = "Exit codes: 0 clean, 1 findings, 2 an input or the dictionary cannot be read."


def make_parser(name: str) -> argparse.ArgumentParser:
    """Return the parser of the command's options. Raises: nothing."""
    parser = argparse.ArgumentParser(
        prog=name, description=ABOUT, epilog=_EPILOG, formatter_class=_formatter, allow_abbrev=False
    )
    help_of_inputs = "Plan (terraform show -json, gzip too, or binary), template, cdk.out, folder of these, or -."
    parser.add_argument("inputs", nargs="+", metavar="PLAN_OR_TEMPLATE", help=help_of_inputs)
    _what(parser.add_argument_group("what must hold").add_argument)
    _inputs(parser.add_argument_group("how inputs are read").add_argument)
    _reports(parser.add_argument_group("what comes out").add_argument)
    return parser


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Return a formatter as wide as the terminal; argparse itself would load shutil to know, with all its archives."""
    try:
        columns = os.get_terminal_size().columns
    except OSError:  # no terminal
        columns = 80
    return argparse.HelpFormatter(prog, width=columns - 2)


def _what(add: Any) -> None:
    add("--dictionary", metavar="FILE", help="The dictionary; else envs/tags.yaml here or above.")
    add("--env", "-e", metavar="ENV", default="", help="Environment whose policies reject calls, with --unit.")
    add("--unit", metavar="PATH", default="", help="Unit that the resources go to, such as Workloads/Prod, or root.")
    add("--unknown", choices=("fail", "warn", "ignore"), default="warn", help="Of what is known after apply.")
    add("--all", action="store_true", help="Judge resources that do not change, too.")
    add("--allow-weakening", metavar="REASON", help="Why a plan may take governance away.")
    add("--baseline", metavar="FILE", help="Findings that are known: they do not fail.")
    add("--write-baseline", metavar="FILE", help="Write all findings of this run there, as known from today.")


def _inputs(add: Any) -> None:
    add("--source", metavar="DIR", help="Root module of a plan: findings get file and line.")
    add("--chdir", metavar="DIR", help="Where a binary plan was made; else where it lies.")
    add("--terraform", metavar="COMMAND", default="terraform", help="terraform or tofu, for binary plans.")
    add("--parameter", metavar="KEY=VALUE", action="append", default=[], help="Of a template's stack. Repeatable.")
    add("--stack-tag", metavar="KEY=VALUE", action="append", default=[], help="Of the stack itself. Repeatable.")
    add("--deployment", metavar="FILE", action="append", default=[], help="Parameters and tags in a file. Repeatable.")


def _reports(add: Any) -> None:
    add(
        "--title", metavar="TEXT", default="", help="Of the reports: one comment and one SARIF analysis for each title."
    )
    add("--format", "-f", choices=FORMS, default="text", help="On standard output.")
    add("--report", metavar="FORM=FILE", action="append", default=[], help="Further reports. Repeatable.")
