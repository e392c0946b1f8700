"""Read and work the pages of reports, and work out from a cost report itself what its page has to show."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import urlencode

from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from harness.costs.model import Report

METRICS = ("billed", "effective", "amortized")
Filters = Mapping[str, str]


class OpenPage:
    """A page in the browser."""

    def __init__(self, driver: WebDriver, address: str) -> None:
        self.driver = driver
        self.address = address

    def open(self, view: str = "overview", width: int = 1280, scheme: str = "light", **more: str) -> Self:
        return self.open_hash(urlencode({"view": view, **more}), width, scheme)

    def open_hash(self, fragment: str, width: int = 1280, scheme: str = "light") -> Self:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        media = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
        self.driver.get("about:blank")  # a hash alone would not load it anew
        for log in ("browser", "performance"):
            self.driver.get_log(log)  # type: ignore[no-untyped-call]
        self.driver.get(f"{self.address}#{fragment}")
        return self

    def script(self, text: str, *held: object) -> Any:
        return self.driver.execute_script(text, *held)  # type: ignore[no-untyped-call]

    def find(self, selector: str) -> WebElement:
        return WebDriverWait(self.driver, 20).until(lambda driver: driver.find_element(By.CSS_SELECTOR, selector))

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def focusable(self, name: str) -> WebElement:
        return self.find(f'[data-focus="{name}"]')

    def click(self, name: str) -> None:
        element = self.focusable(name)
        self.script("arguments[0].scrollIntoView({ block: 'center' })", element)
        ActionChains(self.driver).move_to_element(element).click().perform()

    def press(self, *keys: str) -> None:
        chain = ActionChains(self.driver)
        for key in keys:
            chain.send_keys(key)
        chain.perform()

    @property
    def hash(self) -> str:
        return str(self.script("return location.hash.slice(1)"))

    def rows(self, table: str) -> list[list[str]]:
        """Return the cells of a table's body."""
        script = (
            "return [...document.querySelectorAll(`[data-table='${arguments[0]}'] tbody tr`)]"
            ".map((row) => [...row.cells].map((cell) => cell.innerText.trim()))"
        )
        return self.script(script, table)  # type: ignore[no-any-return]

    def errors(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def requests(self) -> list[str]:
        """Return what was asked for but the page itself."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]  # type: ignore[no-untyped-call]
        sent = [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]
        return [url for url in sent if url.split("#")[0] != self.address and not url.startswith(("data:", "about:"))]


class Page(OpenPage):
    """The page of a cost report."""

    def __init__(self, driver: WebDriver, address: str, report: Report) -> None:
        super().__init__(driver, address)
        self.report = report

    @property
    def amount(self) -> int:
        return cents(self.find('[data-card="amount"] .figure-big').text)

    def costs(self, table: str) -> dict[str, int]:
        """Return the first amount of each row of a table."""
        return {cells[0]: cents(cells[1]) for cells in self.rows(table)}


def cents(text: str) -> int:
    """Return an amount such as -$1,234.50 in cents."""
    found = re.sub(r"[^0-9.-]", "", text)
    return round(float(found) * 100)


def names(report: Report, dimension: str) -> dict[str, str]:
    """Return value -> what the page calls it."""
    values = report.cube.values[report.cube.dimensions.index(dimension)]
    absent = "Not tagged" if ":" in dimension else "None"
    known = {value: f"{report.accounts[value]} ({value})" for value in values if value in report.accounts}
    return {value: f'"{value}"' if value != value.strip() else known.get(value, value) or absent for value in values}


def expected(report: Report, metric: str = "effective", filters: Filters | None = None, months: str = "") -> int:
    """Return the cost that filters leave, from the cube; `months` is `FROM..TO`."""
    return sum(expected_by(report, "ServiceName", metric, filters, months).values())


def expected_by(
    report: Report, dimension: str, metric: str = "effective", filters: Filters | None = None, months: str = ""
) -> dict[str, int]:
    """Return the cost by a dimension's values as the page calls them."""
    cube = report.cube
    place = cube.dimensions.index(dimension)
    wanted = [
        (n, {cube.values[n].index(value) for value in value.split("|")})
        for name, value in (filters or {}).items()
        for n in (cube.dimensions.index(name),)
    ]
    if months:
        first, _, last = months.partition("..")
        n = cube.dimensions.index("BillingPeriodStart")
        wanted.append((n, {number for number, month in enumerate(cube.values[n]) if first <= month <= last}))
    sums: dict[int, int] = defaultdict(int)
    for row in cube.rows:
        if all(row[n] in numbers for n, numbers in wanted):
            sums[row[place]] += row[len(cube.dimensions) + METRICS.index(metric)]
    called = names(report, dimension)
    return {called[cube.values[place][number]]: amount for number, amount in sums.items()}
