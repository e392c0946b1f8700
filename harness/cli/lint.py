"""Define `tagrail lint-policy`."""

from typing import Annotated

import typer

from harness.cli.options import Form
from harness.finding import worst
from harness.operations.lint import LintRun, lint_files, parse_limits
from harness.policy.lint import RULES, PolicyKind
from harness.report import console, print_report

_UNREADABLE = 2


def lint_policy(  # noqa: PLR0913, PLR0917 (one argument for each option)
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE...", help="JSON, or answers of the AWS CLI; a folder: all *.json below; -: stdin."
        ),
    ] = None,
    kind: Annotated[
        PolicyKind | None, typer.Option("--kind", "-k", help="What the files are; else told by their content.")
    ] = None,
    same_target: Annotated[  # noqa: FBT002 (flag)
        bool, typer.Option("--same-target", help="Count all files as attached to one node.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail too.")] = False,  # noqa: FBT002 (flag)
    limit: Annotated[
        list[str] | None,
        typer.Option("--limit", metavar="NAME=VALUE", help="A limit of AWS that is another for you. Repeatable."),
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules.")] = False,  # noqa: FBT002 (flag)
    form: Form = "text",
) -> int:
    """Find mistakes in tag policies, control policies and IAM policies.

    Errors fail, warnings with --strict; each finding has its repair. Nothing tells a service control policy from an
    IAM policy, nor a resource control policy from a resource's own: --kind identity, --kind rcp.
    """
    if rules:
        for rule in RULES:
            console().print(f"{rule.id:<32} {rule.severity:<8} {rule.says}", markup=False)
        return 0
    if not files:
        raise typer.BadParameter("must name a file, a folder or -; got none. Do add one", param_hint="FILE...")
    findings = lint_files(files, LintRun(kind, same_target, strict, parse_limits(limit or ())))
    print_report("lint-policy", findings, form)
    if any(finding.verdict == "unknown" for finding in findings):
        return _UNREADABLE
    return 0 if worst(findings) == "pass" else 1
