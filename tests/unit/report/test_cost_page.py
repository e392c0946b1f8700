"""The page of the cost report: one file that loads nothing, whatever texts the bill has."""

import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from harness.costs.model import Report
from harness.report.costs.page import PROGRAM, render_page
from harness.report.page import STYLE
from tests.cost_reports import large, ml_platform

MOST_BYTES = 3_000_000
HOSTILE = "</script><script>alert(1)</script><!-- \u2028 \u2029 <img src=x onerror=alert(2)> & \" ' \\"
CALLS = ("fetch(", "XMLHttpRequest", "WebSocket", "EventSource", "sendBeacon", "import(", "importScripts", "new Image")
LOADING = {"src", "srcset", "href", "action", "formaction", "data", "poster", "background", "ping", "cite", "manifest"}


class Elements(HTMLParser):
    """Collect elements, and the text inside of each script and style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._open = tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 (the parser's signature)
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open in {"script", "style"}:
            self.texts.append((self._open, data))

    def text(self, tag: str, place: int = 0) -> str:
        scripts = "".join(f"\0{data}" for kind, data in self.texts if kind == tag)
        return scripts.split("\0")[1:][place]


@pytest.fixture(scope="module")
def page() -> str:
    return render_page([ml_platform(), ml_platform("EUR", 300, 3)])


def hostile() -> Report:
    report = ml_platform(count=200)
    cube = msgspec.structs.replace(report.cube, values=((HOSTILE, *report.cube.values[0][1:]), *report.cube.values[1:]))
    return msgspec.structs.replace(report, title=HOSTILE, notes=(HOSTILE,), accounts={HOSTILE: HOSTILE}, cube=cube)


def reports_in(page: str) -> list[dict[str, object]]:
    found = re.search(r'<script type="application/json" id="report-data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]


def test_hostile_texts_arrive_unchanged_and_open_nothing() -> None:
    page = render_page([hostile()])
    (report,) = reports_in(page)
    assert (report["title"], report["notes"], report["accounts"]) == (HOSTILE, [HOSTILE], {HOSTILE: HOSTILE})
    tags = [tag for tag, _ in Elements(page).found]
    assert (tags.count("script"), tags.count("img")) == (2, 0)
    assert f"<title>{html.escape(HOSTILE)}</title>" in page


def test_the_data_hold_nothing_that_html_reads() -> None:
    data = re.search(r'id="report-data">(.*?)</script>', render_page([hostile()]), re.DOTALL)
    assert data
    assert not re.search("[<>&\u2028\u2029]", data[1])


def test_nothing_is_loaded(page: str) -> None:
    loading = [(tag, name, held[name]) for tag, held in Elements(page).found for name in LOADING & held.keys()]
    assert sorted(loading) == [("a", "href", "#main"), ("link", "href", "data:,")]


def test_program_and_style_call_nobody(page: str) -> None:
    elements = Elements(page)
    program, style = elements.text("script", 1), elements.text("style")
    assert [call for call in CALLS if call in program] == []
    assert re.findall(r"@import|url\(|@font-face", style) == []
    assert set(re.findall(r"https?://[^'\"` ]+", program + style)) == {"http://www.w3.org/2000/svg"}


def test_no_element_has_style_or_handlers_of_its_own(page: str) -> None:
    names = {name for _, held in Elements(page).found for name in held}
    assert [name for name in names if name == "style" or name.startswith("on")] == []


def test_policy_allows_these_parts_and_nothing_else(page: str) -> None:
    elements = Elements(page)
    (policy,) = (
        held["content"] or "" for tag, held in elements.found if held.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    hashed = {
        kind: "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for kind, text in (("script-src", elements.text("script", 1)), ("style-src", elements.text("style")))
    }
    assert rules == {
        "default-src": "'none'",
        "script-src": f"'{hashed['script-src']}'",
        "style-src": f"'{hashed['style-src']}'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_every_part_is_in_the_page() -> None:
    from importlib.resources import files  # noqa: PLC0415

    held = Path(str(files("harness.report")))
    parts = {file.relative_to(held).as_posix() for name in ("web", "costs/web") for file in (held / name).rglob("*.*")}
    assert parts == {*PROGRAM, *STYLE, "web/page.html"}


def test_each_currency_has_a_report(page: str) -> None:
    assert [report["currency"] for report in reports_in(page)] == ["USD", "EUR"]


def test_no_report_is_refused() -> None:
    with pytest.raises(ValueError, match=r"must have a report of at least one currency; got none\. Do name a bill"):
        render_page([])


def test_a_large_company_fits_into_three_megabytes() -> None:
    report = large()
    most = max(len(table.rows) for table in report.faults)
    assert (len(report.accounts), len(report.keys), len(report.months), len(report.cube.rows), most) == (
        400,
        12,
        12,
        30_000,
        1_000,
    )
    size = len(render_page([report]).encode())
    assert size < MOST_BYTES, size
