"""The rest of an interrupted apply needs no approval of its own; anything that differs from it does."""

from pathlib import Path
from typing import Any

import pytest

from harness.operations import unfinished
from harness.operations.unfinished import is_rest
from harness.plan_check.weakening import Change

KIND = "aws_organizations_policy"
ROOT, SANDBOX = {"name": "root", "content": "{}"}, {"name": "sandbox", "content": "{more}"}


def change(address: str, before: Any, after: Any, unknown: Any = None, kind: str = KIND) -> Change:
    actions = ("create",) if before is None else ("delete",) if after is None else ("update",)
    return Change(f"{kind}.{address}", kind, ("no-op",) if before == after else actions, before, after, unknown or {})


APPROVED = [
    change("root", None, {**ROOT, "tags": "x"}, {"id": True, "arn": True}),
    change("sandbox", None, SANDBOX, {"id": True, "arn": True}),
    change("old", SANDBOX, None),
    change("moved", ROOT, SANDBOX),
]


@pytest.mark.parametrize(
    "now",
    [
        [],
        [change("sandbox", None, SANDBOX, {"id": True})],
        [change("root", ROOT, ROOT), change("sandbox", None, SANDBOX, {"id": True})],
        [change("sandbox", {"name": "sandbox", "content": "half"}, SANDBOX)],  # left behind, and adopted by an import
        [
            change("root", {"name": "root", "content": "{ }"}, {**ROOT, "content": "{ }", "tags": "x"})
        ],  # as AWS writes it
        [change("old", SANDBOX, None), change("moved", ROOT, SANDBOX)],
        [change("moved", None, SANDBOX)],  # a replacement whose first half was done
    ],
)
def test_what_is_left_of_the_plan_is_its_rest(now: list[Change]) -> None:
    assert is_rest(APPROVED, now)


@pytest.mark.parametrize(
    "now",
    [
        [change("other", None, SANDBOX)],
        [change("sandbox", None, {**SANDBOX, "content": "{}"})],
        [change("sandbox", None, {"name": "sandbox"}, {"content": True})],
        [change("sandbox", SANDBOX, None)],
        [change("old", None, SANDBOX)],
        [change("moved", {**ROOT, "content": "tightened by hand"}, SANDBOX)],
        [change("sandbox", None, SANDBOX), change("root", ROOT, SANDBOX)],
    ],
)
def test_what_differs_from_the_plan_is_not_its_rest(now: list[Change]) -> None:
    assert not is_rest(APPROVED, now)


def test_what_the_plan_left_open_may_be_new_but_not_changed() -> None:
    kind = "aws_sns_topic_policy"
    approved = [change("this", {"policy": "strict"}, {"arn": "a"}, {"policy": True}, kind)]
    assert is_rest(approved, [change("this", {"policy": "strict"}, {"arn": "a"}, {"policy": True}, kind)])
    assert is_rest(approved, [change("this", {"policy": "strict"}, {"policy": "strict", "arn": "a"}, None, kind)])
    assert not is_rest(approved, [change("this", {"policy": "strict"}, {"policy": "loose"}, None, kind)])


def test_a_plan_that_stays_as_it_was_approves_no_change() -> None:
    assert not is_rest([change("root", ROOT, ROOT)], [change("root", ROOT, SANDBOX)])


class Shows:
    """Show plans whose JSON the test wrote."""

    def show_json(self, plan: Path) -> dict[str, Any]:
        change = {"actions": ["create"], "before": None, "after": {"name": plan.read_text(encoding="utf-8")}}
        return {"resource_changes": [{"address": f"{KIND}.this", "type": KIND, "change": change}]}


@pytest.mark.parametrize(("reason", "said"), [(None, ""), ("the trial", ", which was allowed because: the trial")])
def test_an_apply_that_ends_forgets_the_plan(tmp_path: Path, reason: str | None, said: str) -> None:
    terraform: Any = Shows()
    plan = tmp_path / "tfplan"
    plan.write_text("one", encoding="utf-8")
    assert unfinished.reason_to_continue(terraform, plan) is None
    unfinished.begin(plan, reason)
    assert unfinished.reason_to_continue(terraform, plan) == f"it is the rest of an apply that was interrupted{said}"
    plan.write_text("another", encoding="utf-8")
    assert unfinished.reason_to_continue(terraform, plan) is None
    unfinished.end(plan)
    assert list(tmp_path.iterdir()) == [plan]
