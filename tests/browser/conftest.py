"""A headless Chromium with the page of a report, driven by the machine's own driver: selenium downloads nothing."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver

from harness.costs.model import Report
from harness.report.costs.page import render_page
from tests.browser.audit_pages import AuditPage, Written, written
from tests.browser.chromium import NEEDED, start
from tests.browser.pages import Page
from tests.cost_reports import large, ml_platform

MISSING = (
    "{} must be on PATH to open pages in a browser. Do install chromium and chromium-driver (Debian, Ubuntu: apt-get)"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def programs() -> dict[str, str]:
    """The paths of browser and driver; without them a test is left out aloud, and fails in CI."""
    found = {name: shutil.which(name) for name in NEEDED}
    missing = [name for name, path in found.items() if not path]
    if missing and os.environ.get("CI"):
        pytest.fail(MISSING.format(" and ".join(missing)))
    if missing:
        pytest.skip(MISSING.format(" and ".join(missing)))
    return {name: path for name, path in found.items() if path}


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="session")
def driver(programs: dict[str, str], downloads: Path) -> Iterator[WebDriver]:
    made = start(programs, downloads)
    yield made
    made.quit()


@pytest.fixture(scope="session")
def reports() -> tuple[Report, Report]:
    return ml_platform(), ml_platform("EUR", 600, 3)


@pytest.fixture(scope="session")
def large_report() -> Report:
    return large()


@pytest.fixture(scope="session")
def address_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Write the page of reports once, and return its address."""
    folder = tmp_path_factory.mktemp("pages")
    written: dict[str, str] = {}

    def write(name: str, *held: Report) -> str:
        if name not in written:
            file = folder / f"{name}.html"
            file.write_text(render_page(held), encoding="utf-8")
            written[name] = file.as_uri()
        return written[name]

    return write


@pytest.fixture
def page(driver: WebDriver, address_of: Callable[..., str], reports: tuple[Report, Report]) -> Page:
    return Page(driver, address_of("platform", *reports), reports[0])


@pytest.fixture
def large_page(driver: WebDriver, address_of: Callable[..., str], large_report: Report) -> Page:
    return Page(driver, address_of("large", large_report), large_report)


@pytest.fixture(scope="session")
def audit_run(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return written(tmp_path_factory.mktemp("audit"))


@pytest.fixture
def audit(driver: WebDriver, audit_run: Written) -> AuditPage:
    return AuditPage(driver, audit_run)
