"""The page of an audit: one file that loads nothing, leaks nothing, and takes any number of findings."""

import io
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from harness.audit.model import AuditFinding, AuditResource, Gap
from harness.audit.run import Change
from harness.errors import InputError
from harness.finding import Finding
from harness.report.audit import FORMS, AuditForm, write_report
from harness.report.audit.page import PAGE_STYLE, PROGRAM, page_pieces
from harness.report.audit.reading import open_run
from harness.report.costs.page import PROGRAM as COST_PROGRAM
from harness.report.masking import Mask
from tests.audit_runs import accounts_of, day, platform, write_run

JANE = "jane.doe@example.com"
HOSTILE = (
    "</script><script>alert(1)</script><!-- \u2028 \u2029 \u202e <img src=x onerror=alert(2)> & \" ' \\ \U0001f680"
)
ARN = "arn:aws:s3:::"


def page_of(run: Path, form: AuditForm = "html", **more: object) -> str:
    out = io.StringIO()
    write_report(run, form, out, **more)  # type: ignore[arg-type]
    return out.getvalue()


def block(page: str, name: str) -> str:
    found = re.search(rf'<script type="[a-z/]+" id="d-{name}">(.*?)</script>', page, re.DOTALL)
    assert found
    return found[1]


def everywhere(folder: Path, text: str, rule: str = "wrong-value") -> Path:
    """A run with the text wherever a text can stand that comes from a tag, a name or an answer of AWS."""
    place = (f"{ARN}{text}", "111111111111", "eu-west-1", "AWS::S3::Bucket", text)
    held = [AuditResource(*place, "", {"Owner": text, text: "x"}, ("tagging",), "1.5")]
    found = [AuditFinding("1", rule, "fail", *place, "owner", text, (text,), text, text, "1.5")]
    gone = [AuditFinding("2", rule, "fail", *place, text, text, (text,), text, text, "1.5", is_new=False)]
    gap = Gap("tagging", "111111111111", "eu-west-1", text, text, text)
    change = Change(day(25), fixed=1)
    accounts = accounts_of({"111111111111": text})
    return write_run(folder, held, found, fixed=gone, gaps=(gap,), accounts=accounts, change=change)


def test_every_part_is_in_a_page() -> None:
    held = Path(str(files("harness.report")))
    parts = {
        file.relative_to(held).as_posix()
        for name in ("web", "costs/web", "audit/web")
        for file in (held / name).rglob("*.*")
    }
    assert parts == {*PROGRAM, *COST_PROGRAM, *PAGE_STYLE, "web/page.html"}


@pytest.mark.parametrize("part", PROGRAM)
def test_no_name_is_made_twice(part: str) -> None:
    def names(one: str) -> set[str]:
        text = files("harness.report").joinpath(*one.split("/")).read_text(encoding="utf-8")
        return set(re.findall(r"^(?:async )?(?:function|const|let) (\w+)", text, re.MULTILINE))

    assert [
        (one, sorted(names(part) & names(one))) for one in PROGRAM if one != part and names(part) & names(one)
    ] == []


def test_hostile_texts_open_nothing(tmp_path: Path) -> None:
    page = page_of(everywhere(tmp_path, HOSTILE), static=[Finding(*[HOSTILE] * 3, "fail", HOSTILE, HOSTILE, HOSTILE)])  # type: ignore[arg-type]
    assert page.count("<script") == page.count("</script>") == len(re.findall(r'<script type="[^"]+" id="d-', page)) + 1
    assert "<img" not in page
    assert json.loads(block(page, "arns"))[0][2:] == f"{ARN}{HOSTILE}"
    assert not re.search("[<>&\u2028\u2029]", block(page, "tags") + block(page, "head") + block(page, "details"))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("secret", [JANE, "AKIAIOSFODNN7EXAMPLE", "DE89370400440532013000", "+49 30 901820"])
def test_no_form_leaks(tmp_path: Path, form: AuditForm, secret: str) -> None:
    static = [Finding(secret, secret, secret, "fail", secret, secret, secret)]
    shown = page_of(everywhere(tmp_path, secret), form, static=static)
    assert secret not in shown
    assert "characters)" in shown


def test_values_that_the_dictionary_allows_are_shown(tmp_path: Path) -> None:
    assert JANE in block(page_of(everywhere(tmp_path, JANE), allowed=frozenset({JANE})), "tags")


def test_a_value_that_a_finding_calls_personal_is_hidden_whatever_it_looks_like(tmp_path: Path) -> None:
    tags = block(page_of(everywhere(tmp_path, "Jane of the third floor", "personal-data")), "tags")
    held = json.loads(tags)
    assert held[held.index("Owner") + 1] == "J\u2026 (23 characters)"


def test_a_run_without_anything_is_a_page(tmp_path: Path) -> None:
    head = json.loads(block(page_of(write_run(tmp_path)), "head"))
    assert (head["held"], head["verdict"], head["totals"]["spend"]) == (0, "pass", None)


@pytest.mark.parametrize(("most", "held", "fixed"), [(50, 50, 0), (410, 400, 10), (1_000, 400, 41)])
def test_a_page_of_too_many_findings_has_the_dearest_and_says_so(
    tmp_path: Path, most: int, held: int, fixed: int
) -> None:
    with open_run(platform(tmp_path, 400)) as run:
        head = json.loads(block("".join(page_pieces(run, (), Mask(frozenset()), most=most)), "head"))
    assert (head["held"], head["fixed"]) == (held, fixed)
    assert (head["totals"]["findings"], head["change"]["fixed"]) == (400, 41)


def test_what_is_fixed_is_in_no_figure(tmp_path: Path) -> None:
    heads = [json.loads(block(page_of(platform(tmp_path / f"{n}", 200, fixed=n)), "head")) for n in (0, 41)]
    assert [head["fixed"] for head in heads] == [0, 41]
    for name in ("totals", "verdict", "priced", "held", "coverage"):
        assert heads[0][name] == heads[1][name]


@pytest.mark.parametrize("form", FORMS)
def test_a_run_of_an_earlier_version_has_every_form(tmp_path: Path, form: AuditForm) -> None:
    run = platform(tmp_path, 50)
    (run / "fixed.parquet").unlink()
    assert page_of(run, form)
    assert json.loads(block(page_of(run), "head"))["fixed"] == 0


def test_a_folder_of_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"run\.json: must be the record of an audit; got No such file.*Do name a run's"
    ):
        page_of(tmp_path)
    write_run(tmp_path)
    (tmp_path / "edges.parquet").unlink()
    with pytest.raises(
        InputError, match=r"edges\.parquet: must be a table of the run; got no such file\. Do name a run"
    ):
        page_of(tmp_path)
    (tmp_path / "run.json").write_text('{"environment": 3}', encoding="utf-8")
    with pytest.raises(InputError, match=r"run\.json: must be the record of an audit; got: Expected `str`, got `int`"):
        page_of(tmp_path)
