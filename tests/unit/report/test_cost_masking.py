"""Personal data and secrets are masked in every text of the report but in values that the dictionary allows."""

from decimal import Decimal

import msgspec
import pytest

from harness.costs.model import Fault, FaultTable, Report, Variant
from harness.report.costs.masking import mask_reports
from harness.report.costs.page import render_page
from tests.cost_reports import ml_platform

JANE, JOHN = "jane.doe@example.com", "john.roe@example.com"
NONE: frozenset[str] = frozenset()
REPORT = ml_platform(count=150)


def masked_note(text: str, allowed: frozenset[str] = NONE) -> str:
    (report,) = mask_reports([msgspec.structs.replace(REPORT, notes=(text,))], allowed)
    return report.notes[0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (JANE, "j… (20 characters)"),
        (f"ask {JANE}: she knows", "ask j… (20 characters): she knows"),
        (f"written by {JANE}.", "written by j… (20 characters)."),
        (f"{JANE},{JOHN}", "j… (20 characters),j… (20 characters) no. 2"),
        (f"aws tag --tags 'owner={JANE}'", "aws tag --tags 'owner=j… (20 characters)'"),
        (f'{{"owner":"{JANE}"}}', '{"owner":"j… (20 characters)"}'),
        (
            f"arn:aws:sts::111111111111:assumed-role/x/{JANE}",
            "arn:aws:sts::111111111111:assumed-role/x/j… (20 characters)",
        ),
        (f"arn:aws:s3:::{JANE}", "arn:aws:s3:::j… (20 characters)"),
        ("arn:aws:4111 1111 1111 1111:::x", "arn:aws:4… (19 characters):::x"),
        ("key AKIAIOSFODNN7EXAMPLE in a tag", "key A… (20 characters) in a tag"),
        ("card 4111 1111 1111 1111 paid", "card 4… (19 characters) paid"),
        ("git@github.com:anycompany/shop", "git@github.com:anycompany/shop"),
        ("account 111111111111, 2026-11", "account 111111111111, 2026-11"),
    ],
)
def test_text_is_masked_in_its_personal_parts(text: str, shown: str) -> None:
    assert masked_note(text) == shown


def test_what_the_dictionary_allows_stays() -> None:
    assert masked_note(f"of {JANE} and {JOHN}", frozenset({JANE})) == f"of {JANE} and j… (20 characters)"
    assert masked_note(f"{JANE},{JOHN},a.b", frozenset({JANE})) == f"{JANE},j… (20 characters),a.b"
    assert masked_note(f"{JANE}: and more", frozenset({f"{JANE}: and more"})) == f"{JANE}: and more"


def everywhere(text: str) -> Report:
    """A report with the text wherever a text can stand that comes from a bill, a tag or a file."""
    fault = Fault(text, text, Decimal(1), {text: text}, text, text, text, text, {text: text})
    values = ((text, *REPORT.cube.values[0][1:]), *REPORT.cube.values[1:])
    changed = [msgspec.structs.replace(row, value=text) for row in REPORT.breakdowns[0].rows]
    return msgspec.structs.replace(
        REPORT,
        title=text,
        engine=text,
        sources=tuple(msgspec.structs.replace(one, name=text, missing=(text,)) for one in REPORT.sources),
        keys=tuple(msgspec.structs.replace(one, found_as=(text,), purpose=text) for one in REPORT.keys),
        reconciliation=msgspec.structs.replace(REPORT.reconciliation, notes=(text,)),
        accounts={text: text},
        breakdowns=(msgspec.structs.replace(REPORT.breakdowns[0], rows=tuple(changed)),),
        days=tuple(msgspec.structs.replace(day, services={text: REPORT.total}) for day in REPORT.days[:2]),
        coverage=tuple(msgspec.structs.replace(one, note=text) for one in REPORT.coverage),
        untaggable=tuple(msgspec.structs.replace(one, reason=text) for one in REPORT.untaggable),
        faults=(FaultTable("resource", (fault,), Decimal(1)),),
        variants=(Variant(text, text, Decimal(1), {text: Decimal(1)}),),
        splits=tuple(msgspec.structs.replace(one, source=text) for one in REPORT.splits),
        budgets=tuple(msgspec.structs.replace(one, name=text, note=text) for one in REPORT.budgets),
        movers=tuple(msgspec.structs.replace(one, value=text) for one in REPORT.movers),
        units=tuple(msgspec.structs.replace(one, metric=text, value=text) for one in REPORT.units),
        cube=msgspec.structs.replace(REPORT.cube, values=values),
        notes=(text,),
    )


@pytest.mark.parametrize("secret", [JANE, "AKIAIOSFODNN7EXAMPLE", "DE89370400440532013000", "+49 30 901820"])
def test_no_text_of_the_page_leaks(secret: str) -> None:
    page = render_page([everywhere(secret)])
    assert secret not in page
    assert page.count("characters)") >= 30


def test_the_page_shows_what_is_allowed() -> None:
    assert JANE in render_page([everywhere(JANE)], frozenset({JANE}))


def test_values_stay_apart_and_the_same_everywhere() -> None:
    values = ((JANE, JOHN, *REPORT.cube.values[0][2:]), *REPORT.cube.values[1:])
    cube = msgspec.structs.replace(REPORT.cube, values=values)
    fault = Fault(JOHN, JOHN, Decimal(1), {}, "")
    changed = msgspec.structs.replace(REPORT, cube=cube, faults=(FaultTable("owner", (fault,), Decimal(1)),))
    (report,) = mask_reports([changed], NONE)
    first, second = report.cube.values[0][:2]
    assert {first, second} == {"j… (20 characters)", "j… (20 characters) no. 2"}
    assert report.faults[0].rows[0].name == second


def test_numbers_are_never_masked() -> None:
    (report,) = mask_reports([REPORT], NONE)
    assert report == REPORT
