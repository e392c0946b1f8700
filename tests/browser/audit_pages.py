"""Read and work the page of an audit, beside the same run as JSON, which says what the page has to show."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
from selenium.webdriver.chrome.webdriver import WebDriver

from harness.report.audit import FORMS, write_report
from tests.audit_runs import STATIC, day, platform
from tests.browser.pages import OpenPage

VIEWS = ("overview", "findings", "lineage", "code", "gaps")


@dataclass(frozen=True)
class Written:
    """A run's folder with its reports beside the tables."""

    folder: Path


def written(place: Path, count: int = 1_500, **changes: Any) -> Written:
    run = platform(place / day(26), count, **changes)
    for form in FORMS:
        with (run / f"audit.{form}").open("w", encoding="utf-8") as file:
            write_report(run, form, file, static=STATIC)
    return Written(run)


class AuditPage(OpenPage):
    """The page of an audit."""

    def __init__(self, driver: WebDriver, run: Written) -> None:
        super().__init__(driver, (run.folder / "audit.html").as_uri())
        self.run = run

    @cached_property
    def _told(self) -> dict[str, Any]:
        return json.loads((self.run.folder / "audit.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]

    @property
    def findings(self) -> list[dict[str, Any]]:
        return self._told["findings"]  # type: ignore[no-any-return]

    @property
    def fixed(self) -> list[dict[str, Any]]:
        return self._told["fixed"]  # type: ignore[no-any-return]

    @cached_property
    def tags(self) -> dict[str, dict[str, str]]:
        sql = "SELECT arn, tags FROM read_parquet($1) WHERE tags IS NOT NULL"
        return dict(duckdb.connect().execute(sql, [str(self.run.folder / "resources.parquet")]).fetchall())

    @property
    def count(self) -> int:
        return int(self.find("[data-count]").get_attribute("data-count") or -1)

    def shown(self, column: str) -> list[str]:
        """Return what a column shows in the rows that are there."""
        script = "return [...document.querySelectorAll(`.grid-body .c-${arguments[0]}`)].map((one) => one.textContent)"
        return self.script(script, column)  # type: ignore[no-any-return]

    def part(self, title: str) -> str:
        """Return what stands under a title of an open row."""
        script = (
            "return [...document.querySelectorAll('dialog .section')]"
            ".find((one) => one.querySelector('h3').textContent === arguments[0])?.lastChild.innerText.trim()"
        )
        self.find("dialog .section")
        return str(self.script(script, title))
