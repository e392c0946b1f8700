"""A plan that takes governance away is refused without a reason, and recorded with one."""

import pytest

from harness.errors import TagrailError
from harness.finding import WARNING, worst
from harness.operations.weakening import refuse_weakenings, warn
from harness.plan_check.weakening import Change, weakenings

COST_TAG = "aws_ce_cost_allocation_tag.this"


def deactivated(count: int) -> list[Change]:
    held = [{"tag_key": f"key-{number:02}", "status": "Active"} for number in range(count)]
    kind = "aws_ce_cost_allocation_tag"
    return [Change(f'{COST_TAG}["{each["tag_key"]}"]', kind, ("delete",), each, None) for each in held]


FOUND = weakenings(deactivated(12))


def test_without_a_reason_it_is_refused_and_named() -> None:
    with pytest.raises(TagrailError) as error:
        refuse_weakenings(FOUND, None)
    assert error.value.exit_code == 2
    lines = str(error.value).splitlines()
    assert lines[0] == (
        f'{COST_TAG}["key-00"]: must leave active cost allocation tags active: months without are lost; '
        "got cost allocation tag key-00 is deactivated (cost-tag-deactivated)"
    )
    assert lines[10:] == [
        "and 2 more",
        "Do take the changes back, or pass --allow-weakening REASON where they are meant",
    ]


def test_with_a_reason_it_is_printed_and_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    findings = refuse_weakenings(FOUND, " the trial is over ")
    assert capsys.readouterr().err == "--allow-weakening: 12 found, allowed because: the trial is over\n"
    assert (len(findings), worst(findings)) == (12, "pass")
    first = findings[0]
    assert (first.plane, first.note, first.repair) == ("weakening", WARNING, "allowed because: the trial is over")
    assert first.held == "cost allocation tag key-00 is deactivated"


@pytest.mark.parametrize("reason", ["", " "])
def test_an_empty_reason_is_none_whatever_the_plan_does(reason: str) -> None:
    with pytest.raises(TagrailError, match="--allow-weakening: must be a reason of 1 character or more"):
        refuse_weakenings((), reason)


def test_nothing_is_refused_where_nothing_is_taken_away() -> None:
    assert refuse_weakenings((), None) == refuse_weakenings((), "in any case") == ()


def test_what_is_unknown_is_refused_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    held = {"tag_key": "key", "status": "Active"}
    change = Change(COST_TAG, "aws_ce_cost_allocation_tag", ("update",), held, {"tag_key": "key"}, {"status": True})
    with pytest.raises(TagrailError, match="unknown whether it does: status is known only after apply"):
        refuse_weakenings(weakenings([change]), None)
    warn(weakenings([change]))
    assert capsys.readouterr().err.startswith(f"warning: {COST_TAG}: must leave active")
