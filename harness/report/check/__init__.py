"""Render what `tagrail check` found, each form by a function of its own file, loaded only when it is asked for."""

from importlib import import_module
from typing import Final, Literal

from harness.plan_check.result import CheckResult

CheckForm = Literal["text", "json", "junit", "sarif", "markdown", "github", "gitlab"]
_FILES: Final[dict[CheckForm, str]] = {
    "text": "text",
    "json": "machine",
    "junit": "junit",
    "sarif": "sarif",
    "markdown": "markdown",
    "github": "github",
    "gitlab": "gitlab",
}


FORMS: Final = tuple(_FILES)


def render(result: CheckResult, form: CheckForm, *, color: bool = False) -> str:
    """Return the report in the wanted form, with an end of line; `color` is of the text form alone.

    Raises: KeyError for a rule that RULES does not have.
    """
    module = import_module(f"harness.report.check.{_FILES[form]}")
    options = {"color": color} if form == "text" else {}
    rendered: str = getattr(module, f"render_{form}")(result, **options)
    return rendered
