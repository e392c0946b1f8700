import re
from typing import get_args

import pytest

from harness.report.check import CheckForm, render
from harness.report.check.text import render_text
from tests.unit.plan_check.made import MIXED, NASTY, counted, finding, old, result, unknown


def test_report_by_resource_the_most_important_first() -> None:
    made = result(*MIXED, inputs=counted("plan.json", types=("aws_new_thing",)))
    assert (
        render_text(made)
        == """\
tagrail check

plan.json
  aws_s3_bucket.logs
    FAIL    The tag "anycompany:finance:owner" is missing. [missing-key]
            must hold: "anycompany:finance:owner" on every resource
    FAIL    The tag "anycompany:finance:owner" is missing. [wrong-value]
            must hold: "anycompany:finance:owner" on every resource
            repair: in the resource's block:
              tags = {
                "anycompany:finance:owner" = "team-a"
              }
  aws_instance.web
    UNKNOWN The tags are known only after apply. [unknown-value]
            must hold: "anycompany:finance:owner" on every resource
            repair: in the resource's block: as above
  aws_sqs_queue.jobs
    OLD     The tag "anycompany:finance:owner" is missing. [missing-key]
            must hold: "anycompany:finance:owner" on every resource
            repair: in the resource's block: as above

7 resources judged, 3 not (2 deleted, 1 read); 1 unknown type: aws_new_thing
fail: 2 fail, 1 unknown, 1 in the baseline
"""
    )


def test_a_repair_without_lines_says_what_to_do() -> None:
    text = render_text(result(finding(repair="", repair_at='remove "x" from tags of y')))
    assert '            repair: remove "x" from tags of y\n' in text


def test_place_stands_beside_the_address() -> None:
    assert "  aws_s3_bucket.logs  envs/main.tf:12\n" in render_text(result(finding(file="envs/main.tf", line=12)))


def test_nothing_found() -> None:
    assert render_text(result()).splitlines()[1:] == [
        "",
        "7 resources judged, 3 not (2 deleted, 1 read)",
        "pass: 0 fail, 0 unknown, 0 in the baseline",
    ]


def test_the_first_ones_are_the_most_important_of_all_inputs() -> None:
    many = [unknown(f"aws_instance.a{number}") for number in range(9)]
    text = render_text(result(*many, finding(input="other.json")), most=3)
    assert "other.json\n  aws_s3_bucket.logs\n    FAIL" in text
    assert "and 7 more (0 fail, 7 unknown, 0 in the baseline); --format json has all" in text
    assert text.count("UNKNOWN") == 2


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("fail", "the check fails: --unknown is fail"),
        ("warn", "the check passes: --unknown is warn"),
        ("ignore", "unknown: 0 fail, 1 unknown, 0 in the baseline (ignored)\nthe check passes: --unknown is ignore"),
    ],
)
def test_what_unknown_means_is_said(mode: str, said: str) -> None:
    text = render_text(result(unknown(), unknown_mode=mode))
    assert text.endswith(said + "\n")
    assert ("UNKNOWN" in text) is (mode != "ignore")


def test_colour_is_only_colour() -> None:
    made = result(*MIXED)
    coloured = render_text(made, color=True)
    assert coloured != render_text(made)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render_text(made) == render(made, "text")
    assert render(made, "text", color=True) == coloured


def test_terminal_and_ci_obey_nothing_that_an_outsider_wrote() -> None:
    commands = "::add-mask::x", "  ::error::y", "##[set-env name=A]b", "##vso[task.setvariable]c", "##teamcity[d]"
    harm = [
        finding(address=f"aws_x.y{number}", what=NASTY + text, repair=text, repair_at=text, must_hold=text)
        for number, text in enumerate((*commands, "a\r::debug::b", "\u2028::debug::b"))
    ]
    text = render_text(result(*harm, title=NASTY))
    assert not re.search(r"[^\n\t\x20-\x7e]", text)
    assert "red" not in text
    assert "\\x1b[31m" in text
    assert not re.search(r"(?m)^\s*::|##\w*\[", text)


def test_long_texts_are_cut_and_say_so() -> None:
    text = render_text(result(finding(what="x" * 1000, repair="y\n" * 5000)))
    assert "x" * 400 + "... (1000 characters)" in text
    assert len(text) < 20_000


def test_old_ones_come_last() -> None:
    text = render_text(result(old("aws_a.a"), finding("unknown-key", "aws_z.z")))
    assert text.index("aws_z.z") < text.index("aws_a.a")


@pytest.mark.parametrize("form", get_args(CheckForm))
def test_raw_values_of_a_fault_are_in_no_form(form: CheckForm) -> None:
    secret = {"held": "hunter2", "wanted": ("hunter2",), "because": "hunter2"}
    made = render(result(finding(**secret), unknown(**secret), old(**secret)), form)
    assert "aws_s3_bucket" in made or "aws&#95;s3" in made
    assert "hunter2" not in made
