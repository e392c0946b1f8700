"""Runs with nothing in them, with gaps alone, or with hostile tags make a page that works and says what it knows."""

from pathlib import Path

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver

from harness.audit.model import AuditFinding, AuditResource, Edge, Gap
from harness.audit.run import Change
from harness.report.audit import write_report
from tests.audit_runs import GAPS, day, write_run
from tests.browser.audit_pages import VIEWS, AuditPage, Written

HOSTILE = (
    "</script><script>document.title='taken'</script>",
    "<img src=x onerror=\"document.title='taken'\">",
    "line\u2028and\u2029paragraph",
    "\u202eright to left\u202c",
    "\u05e9\u05dc\u05d5\u05dd \U0001f468\u200d\U0001f680 {{data}} ' \" \\ `",
    "__proto__",
)
ARN = "arn:aws:sqs:eu-west-1:111111111111:"
PLACE = ("111111111111", "eu-west-1", "AWS::SQS::Queue")


NAMES = ("empty", "gaps", "interrupted", "nowhere", "unheard", "hostile", "unnamed", "mended")


def hostile(folder: Path) -> Path:
    held, found = [], []
    for number, text in enumerate(HOSTILE):
        place = (f"{ARN}{number}{text}", "111111111111", "eu-west-1", "AWS::SQS::Queue", text)
        held.append(AuditResource(*place, "", {text: text, "constructor": text}, ("tagging",), "1"))
        found.append(AuditFinding(f"{number}", "wrong-value", "fail", *place, text, text, (text,), text, text, "1"))
        found.append(AuditFinding(f"{number}x", "lineage-cut", "fail", *place, "owner", "", (text,), text, text, "1"))
    edges = [Edge(held[0].arn, held[1].arn, HOSTILE[0]), Edge(held[1].arn, held[0].arn, HOSTILE[1])]
    return write_run(folder, held, found, edges, environment=HOSTILE[0], gaps=(Gap(*HOSTILE[:5]),))


def build(folder: Path, name: str) -> Path:
    if name == "hostile":
        return hostile(folder)
    if name == "unnamed":  # findings of no resource, of a rule of another version, without anything
        found = [
            AuditFinding("1", "key-not-activated", "fail", "", "", "", "", "", "owner"),
            AuditFinding("2", "rule-of-tomorrow", "unknown", "", "111111111111", "", "", "", because="why"),
        ]
        return write_run(folder, (), found)
    if name == "mended":  # a cut that is fixed, of a resource that is still on the way of the tag
        held = [AuditResource(f"{ARN}{n}", *PLACE, f"{n}", "", {"owner": "a"}, ("listing",)) for n in range(2)]
        place = (f"{ARN}1", *PLACE, "1", "owner")
        cut = AuditFinding("1", "lineage-cut", "fail", *place, wanted=("a",), cost="9", is_new=False)
        edges = [Edge(held[0].arn, held[1].arn, "of")]
        return write_run(folder, held, (), edges, fixed=[cut], change=Change(day(25), fixed=1))
    changes = {
        "empty": {},
        "gaps": {"gaps": GAPS},
        "interrupted": {"state": "interrupted", "ended": ""},
        "nowhere": {"accounts": (), "regions": ()},
        "unheard": {"counts": {"unheard": 3}, "unheard": {"AWS::New::Thing": 2, "__proto__": 1}},
    }
    return write_run(folder, **changes[name])


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Written]:
    made = {}
    for name in NAMES:
        run = build(tmp_path_factory.mktemp("edges") / name, name)
        with (run / "audit.html").open("w", encoding="utf-8") as file:
            write_report(run, "html", file)
        made[name] = Written(run)
    return made


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_drawn(driver: WebDriver, pages: dict[str, Written], name: str, view: str) -> None:
    page = AuditPage(driver, pages[name]).open(view)
    assert page.all(f'[data-view="{view}"] .panel')
    assert (page.requests(), page.errors()) == ([], [])
    assert "NaN" not in page.find("body").text
    assert "undefined" not in page.find("body").text
    assert page.driver.title != "taken"


@pytest.mark.parametrize(
    ("name", "verdict", "gaps"),
    [
        ("empty", "Passes", "Nothing"),
        ("gaps", "Unknown", "3 gaps"),
        ("interrupted", "Unknown", "Interrupted"),
        ("nowhere", "Unknown", "Nothing"),
        ("unheard", "Unknown", "3 resources"),
    ],
)
def test_what_was_not_seen_never_passes(
    driver: WebDriver, pages: dict[str, Written], name: str, verdict: str, gaps: str
) -> None:
    page = AuditPage(driver, pages[name]).open()
    assert page.find('[data-card="verdict"] .figure-big').text == verdict
    assert page.find('[data-card="gaps"] .figure-big').text == gaps


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_texts_are_shown_as_they_are(driver: WebDriver, pages: dict[str, Written], number: int) -> None:
    page = AuditPage(driver, pages["hostile"]).open("findings", **{"f.key": HOSTILE[number]})
    assert page.count == 1
    page.find(".grid-row[data-row]").click()
    tags = page.script("return [...document.querySelectorAll('.tags dd')].map((one) => one.textContent)")
    assert tags == [HOSTILE[number]] * 2
    assert (page.errors(), page.driver.title == "taken") == ([], False)


def test_a_finding_of_no_resource_opens(driver: WebDriver, pages: dict[str, Written]) -> None:
    page = AuditPage(driver, pages["unnamed"]).open("findings", **{"f.rule": "key-not-activated"})
    page.find(".grid-row[data-row]").click()
    assert page.part("Repair").startswith("tagrail apply --env prod")
    assert page.part("Tags now").startswith("Unknown")


def test_where_all_is_fixed_the_run_passes_and_no_tag_is_cut(driver: WebDriver, pages: dict[str, Written]) -> None:
    page = AuditPage(driver, pages["mended"]).open()
    assert page.find('[data-card="verdict"] .figure-big').text == "Passes"
    page.open("lineage", **{"f.age": "fixed"})
    assert page.find(".panel")
    assert page.all("[data-cut]") == []
    page.open("findings", row="0", **{"f.age": "fixed"})
    assert page.part("Tags now") == "owner\na"
    assert "The tag stops here" not in page.find("dialog").text
