"""What is left to do for a resource, given its tags now: never over a right value, never over what nobody has seen."""

import pytest

from harness.personal_data import masked
from harness.repair.model import Change, Held
from harness.repair.resolving import resolve
from tests.unit.repair.world import DEV, ENV, HOME, OWNER, allowed_in, queue


def change(key: str = ENV, **more: str) -> Change:
    return Change(do=True, account=DEV, region=HOME, type="", arn=queue("a"), key=key, **{"becomes": "prod", **more})


def resolved(tags: dict[str, str] | None, *changes: Change) -> tuple[dict[str, str], tuple[str, ...], list[str]]:
    held = Held(found=False) if tags is None else Held(tags)
    found = resolve(changes, held, allowed_in(DEV), 50)
    return dict(found.write), found.remove, [f"{one.state}: {one.reason}" for one in found.settled]


CASE, ABSENT, RENAME = change(now="Prod"), change(), change(now="prod", remove="env")


@pytest.mark.parametrize(
    ("tags", "changes", "write", "remove"),
    [
        ({ENV: "Prod"}, [CASE], {ENV: "prod"}, ()),
        ({}, [ABSENT], {ENV: "prod"}, ()),
        (None, [ABSENT], {ENV: "prod"}, ()),  # GetResources names no resource that never had a tag
        ({ENV: ""}, [ABSENT], {ENV: "prod"}, ()),
        ({"env": "prod"}, [RENAME], {ENV: "prod"}, ("env",)),
        ({ENV: "prod", "env": "prod"}, [RENAME], {}, ("env",)),
        (
            {"env": "prod", "stage": "prod"},
            [RENAME, change(now="prod", remove="stage")],
            {ENV: "prod"},
            ("env", "stage"),
        ),
        ({ENV: "Prod", "env": "prod"}, [CASE, RENAME], {ENV: "prod"}, ("env",)),
        ({"stage": "prod"}, [RENAME, change(now="prod", remove="stage")], {ENV: "prod"}, ("stage",)),
    ],
)
def test_what_is_as_in_the_plan_is_changed(
    tags: dict[str, str] | None, changes: list[Change], write: dict[str, str], remove: tuple[str, ...]
) -> None:
    found = resolved(tags, *changes)
    assert found[:2] == (write, remove)


@pytest.mark.parametrize(
    ("tags", "one", "said"),
    [
        ({ENV: "prod"}, CASE, "already: is so already"),
        ({ENV: "prod"}, RENAME, "already: is so already"),
        ({ENV: "test"}, CASE, 'skipped: has a right value since the audit, "test"'),
        ({ENV: "test", "env": "prod"}, RENAME, 'skipped: has a right value since the audit, "test"'),
        ({ENV: "Produktion"}, CASE, "skipped: has another value than in the plan"),
        ({ENV: "Produktion"}, ABSENT, "skipped: has another value than in the plan"),
        ({"Name": "x"}, CASE, "skipped: had a value, which is gone"),
        (None, CASE, "skipped: is gone, or has no tags any more"),
        ({"Name": "x"}, RENAME, "skipped: had the value under env, which is gone"),
        ({ENV: "prod", "env": "dev"}, RENAME, "skipped: env has another value than in the plan"),
    ],
)
def test_what_has_changed_since_the_audit_is_left_alone(tags: dict[str, str] | None, one: Change, said: str) -> None:
    assert resolved(tags, one) == ({}, (), [said])


def test_a_wrong_spelling_with_another_value_is_not_even_a_reason_to_write() -> None:
    assert resolved({"env": "dev"}, RENAME) == ({}, (), ["skipped: env has another value than in the plan"])


def test_a_resource_with_50_tags_gets_none() -> None:
    full = {f"k{number}": "v" for number in range(49)} | {"env": "prod"}
    assert resolved(full, RENAME) == ({}, (), ["skipped: has 50 tags, the most that AWS allows"])
    assert resolved(full | {"aws:x": "y"}, RENAME)[0] == {}
    del full["k0"]
    assert resolved(full | {"aws:x": "y"}, RENAME, change(OWNER, becomes="ml"))[2] == [
        "skipped: has 50 tags, the most that AWS allows"
    ]


def test_a_persons_data_is_known_again_though_the_plan_does_not_show_it() -> None:
    one = change(OWNER, now=masked("j@example.com"), becomes="ml", rule="personal-data")
    assert resolved({OWNER: "j@example.com"}, one)[0] == {OWNER: "ml"}
    assert resolved({OWNER: "k.other@example.com"}, one)[0] == {}
