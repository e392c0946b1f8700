"""Calls are as few as AWS allows, what fails is told and stops nothing else, and nothing is sent unannounced."""

import threading
from pathlib import Path

import pytest

from harness.repair.applying import apply_changes
from harness.repair.journal import Intent, Outcome, opened, read_entries
from harness.repair.model import Change, Result
from harness.repair.undoing import undo
from tests.unit.repair.world import DEV, ENV, HOME, OWNER, PROD, FakeAws, error, queue


def change(arn: str, key: str = ENV, **more: str) -> Change:
    place = {"account": arn.split(":")[4], "region": arn.split(":")[3], "type": ""}
    return Change(do=True, arn=arn, key=key, **{**place, "becomes": "prod", **more})


def run(aws: FakeAws, changes: list[Change], path: Path) -> list[Result]:
    with opened(path) as journal:
        return apply_changes(changes, aws.repair(journal), lambda _: None)


def states(results: list[Result]) -> dict[str, str]:
    return {result.change.arn.rpartition(":")[2]: f"{result.state}: {result.reason}" for result in results}


def test_resources_that_get_the_same_tags_share_calls_of_20(tmp_path: Path) -> None:
    arns = [queue(f"q{number:03}") for number in range(130)]
    aws = FakeAws({arn: {"env": "prod"} for arn in arns})
    changes = [change(arn, now="prod", remove="env") for arn in arns]
    changes += [change(arn, OWNER, becomes="ml") for arn in arns]
    results = run(aws, changes, tmp_path / "j")
    assert {result.state for result in results} == {"done"}
    assert len(results) == 260
    assert all(tags == {ENV: "prod", OWNER: "ml"} for tags in aws.tags.values())
    assert [verb for verb, _, _ in aws.calls] == ["tag"] * 5 + ["untag"] * 5 + ["tag"] * 2 + ["untag"] * 2
    assert max(len(arns) for _, arns, _ in aws.calls) == 20


def test_a_failed_resource_keeps_its_wrong_spelling_and_the_others_go_on(tmp_path: Path) -> None:
    aws = FakeAws({queue("a"): {"env": "prod"}, queue("b"): {"env": "prod"}})
    aws.denied[queue("a")] = {
        "StatusCode": 400,
        "ErrorCode": "InvalidParameterException",
        "ErrorMessage": "The tag policy does not allow the specified value",
    }
    changes = [change(queue(name), now="prod", remove="env") for name in "abc"]
    results = states(run(aws, changes, tmp_path / "j"))
    assert results == {
        "a": "failed: InvalidParameterException: The tag policy does not allow the specified value",
        "b": "done: ",
        "c": "skipped: had the value under env, which is gone",
    }
    assert aws.tags == {queue("a"): {"env": "prod"}, queue("b"): {ENV: "prod"}}


def test_an_account_that_cannot_be_entered_fails_alone(tmp_path: Path) -> None:
    aws = FakeAws({queue("a"): {}, queue("b", PROD): {}})
    aws.closed[DEV] = "AccessDenied: no"
    results = states(run(aws, [change(queue("a")), change(queue("b", PROD))], tmp_path / "j"))
    assert results == {"a": "failed: AccessDenied: no", "b": "done: "}


def test_a_call_that_is_denied_fails_its_resources_and_is_not_tried_again(tmp_path: Path) -> None:
    aws = FakeAws({queue("a"): {}, queue("b", region="us-east-1"): {}})
    count = 0

    def on_call(step: str) -> None:
        nonlocal count
        if step == "before tag":
            count += 1
            if count == 1:
                raise error("AccessDeniedException")

    aws.on_call = on_call
    results = states(run(aws, [change(queue("a")), change(queue("b", region="us-east-1"))], tmp_path / "j"))
    assert results == {"a": "failed: AccessDeniedException: told so", "b": "done: "}
    assert count == 2


def test_a_throttled_call_is_sent_again_and_a_wrong_arn_spoils_no_other(tmp_path: Path) -> None:
    aws = FakeAws({queue("a"): {}, queue("b"): {}})
    told = iter(["ThrottledException", "InternalServiceException", "InvalidParameterException"])

    def on_call(step: str) -> None:
        if step == "before tag" and (code := next(told, None)):
            raise error(code)

    aws.on_call = on_call
    assert set(states(run(aws, [change(queue("a")), change(queue("b"))], tmp_path / "j")).values()) == {"done: "}
    assert aws.in_vain == []


def test_each_call_is_announced_with_the_former_tags_before_it_is_sent(tmp_path: Path) -> None:
    aws = FakeAws({queue("a"): {"env": "prod"}})
    seen: list[list[object]] = []
    aws.on_call = lambda step: seen.append([step, len(read_entries((tmp_path / "j").read_bytes(), "j")[0])])
    run(aws, [change(queue("a"), now="prod", remove="env")], tmp_path / "j")
    assert seen == [["read", 0], ["before tag", 1], ["after tag", 1], ["before untag", 3], ["after untag", 3]]
    entries = read_entries((tmp_path / "j").read_bytes(), "j")[0]
    assert [type(one) for one in entries] == [Intent, Outcome, Intent, Outcome]
    assert [one.former for one in entries if isinstance(one, Intent)] == [
        {queue("a"): {ENV: None}},
        {queue("a"): {"env": "prod"}},
    ]


def test_a_full_disk_in_one_account_ends_all_before_their_next_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arns = [queue(f"q{number}", account) for account in (DEV, PROD) for number in range(3)]
    aws = FakeAws({arn: {} for arn in arns})
    full = threading.Event()

    def append(self: object, entry: object) -> None:
        full.set()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("harness.repair.journal.Journal._append", append)
    with pytest.raises(OSError, match="No space left"):
        run(aws, [change(arn, OWNER, becomes=arn[-2:]) for arn in arns], tmp_path / "j")
    assert aws.calls == []


def test_undo_leaves_alone_what_was_changed_after_the_repair(tmp_path: Path) -> None:
    before = {queue("a"): {"env": "prod"}, queue("b"): {"env": "prod"}}
    aws = FakeAws(before)
    run(aws, [change(queue(name), now="prod", remove="env") for name in "ab"], tmp_path / "j")
    aws.tags[queue("a")][ENV] = "test"
    with opened(tmp_path / "j") as journal:
        results = undo(journal.entries, aws.accounts(), journal, lambda _: None)
    assert aws.tags == {queue("a"): {ENV: "test", "env": "prod"}, queue("b"): {"env": "prod"}}
    assert [(one.arn[-1], one.key, one.state) for one in results if one.state != "done"] == [("a", ENV, "skipped")]


def test_undo_touches_nothing_that_surely_failed(tmp_path: Path) -> None:
    aws = FakeAws({queue("a"): {}})
    aws.denied[queue("a")] = {"StatusCode": 400, "ErrorCode": "AccessDenied"}
    run(aws, [change(queue("a"))], tmp_path / "j")
    aws.tags[queue("a")][ENV] = "prod"  # by somebody else
    with opened(tmp_path / "j") as journal:
        assert undo(journal.entries, aws.accounts(), journal, lambda _: None) == []


def test_undo_does_not_trust_a_read_that_is_behind_what_was_surely_written(tmp_path: Path) -> None:
    before = {queue("a"): {"env": "prod"}}
    aws = FakeAws(before)
    run(aws, [change(queue("a"), now="prod", remove="env")], tmp_path / "j")
    aws.shown = before  # GetResources may lag behind
    with opened(tmp_path / "j") as journal:
        assert {one.state for one in undo(journal.entries, aws.accounts(), journal, lambda _: None)} == {"done"}
    assert aws.tags == before


@pytest.mark.parametrize("region", [HOME])
def test_an_empty_value_comes_back_as_an_empty_value(region: str, tmp_path: Path) -> None:
    aws = FakeAws({queue("a", region=region): {ENV: ""}})
    run(aws, [change(queue("a", region=region))], tmp_path / "j")
    with opened(tmp_path / "j") as journal:
        undo(journal.entries, aws.accounts(), journal, lambda _: None)
    assert aws.tags == {queue("a", region=region): {ENV: ""}}
