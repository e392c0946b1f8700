import pytest

from harness.report.check import render
from harness.report.check.github import render_github
from tests.unit.plan_check.made import MIXED, NASTY, counted, finding, result, unknown


def test_annotations_and_a_summary() -> None:
    made = result(*MIXED)
    lines = render(made, "github").splitlines()
    repair = (
        '%0AMust hold: "anycompany:finance:owner" on every resource%0ARepair, in the resource\'s block:'
        '%0Atags = {%0A  "anycompany:finance:owner" = "team-a"%0A}'
    )
    unproven = "The tags are known only after apply."
    totals = "7 resources judged, 3 not (2 deleted, 1 read)"
    missing = 'aws_s3_bucket.logs.tags: The tag "anycompany:finance:owner" is missing.'
    assert lines == [
        f"::error title=missing-key%3A aws_s3_bucket.logs::{missing}{repair}",
        f"::error file=main.tf,line=12,title=wrong-value%3A aws_s3_bucket.logs::{missing}{repair}",
        f"::warning title=unknown-value%3A aws_instance.web::aws_instance.web.tags: {unproven}{repair}",
        f"::notice title=tagrail check::fail: 2 fail, 1 unknown, 1 in the baseline. {totals}",
    ]


def test_ten_of_a_level_and_the_rest_counted() -> None:
    many = [finding(address=f"aws_x.f{number:02}") for number in range(13)]
    many += [unknown(f"aws_x.u{number:02}") for number in range(12)]
    lines = render_github(result(*many)).splitlines()
    assert [sum(line.startswith(f"::{kind} ") for line in lines) for kind in ("error", "warning", "notice")] == [
        10,
        10,
        1,
    ]
    assert "and 5 more (3 fail, 2 unknown, 0 in the baseline); --format json has all" in lines[-1]


@pytest.mark.parametrize(("mode", "kind"), [("fail", "error"), ("warn", "notice")])
def test_a_failing_check_has_an_error(mode: str, kind: str) -> None:
    made = result(inputs=counted("plan.json", types=("aws_new_thing",)), unknown_mode=mode)
    (line,) = render_github(made).splitlines()
    assert line.startswith(f"::{kind} title=tagrail check::unknown: 0 fail")


def test_values_of_outsiders_stay_in_their_place() -> None:
    harm = "a,line=1::x\n::add-mask::y\r%0A" + NASTY
    made = finding(address=harm, what=harm, repair=harm, repair_at=harm, file=harm, line=2, where=harm)
    text = render_github(result(made, title=harm))
    lines = text.splitlines()
    assert len(lines) == 2
    assert [line.split("::")[1].split(" ")[0] for line in lines] == ["error", "notice"]
    properties = lines[0].split("::")[1].removeprefix("error ").split(",")
    assert [each.partition("=")[0] for each in properties] == ["file", "line", "title"]
    assert properties[1] == "line=2"
    assert "%250A" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
