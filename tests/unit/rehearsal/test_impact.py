"""Which resources break the policies to come, and whom enforcement denies."""

from harness.emulator.seed_model import TaggedResources
from harness.rehearsal import AccountImpact, account_policies, impact_by_account
from tests.unit.rehearsal.seeds import ONE, ROOT, TWO, UNIT, seed, tag_policy

TABLE, TOPIC, BUCKET = (
    f"arn:aws:dynamodb:eu-central-1:{ONE}:table/t",
    f"arn:aws:sns:eu-central-1:{ONE}:t",
    "arn:aws:s3:::bucket",
)


def listed(account: str, tags: dict[str, str], *arns: str) -> TaggedResources:
    return TaggedResources(account=account, region="eu-central-1", tags=tags, arns=arns)


def impact(*resources: TaggedResources) -> tuple[AccountImpact, ...]:
    before = seed({ROOT: (tag_policy("p", Stage={}),)}, resources=resources)
    strict = tag_policy("u", Stage={"tag_value": ["dev"], "enforced_for": ["dynamodb:table", "s3:bucket"]})
    after = seed({ROOT: (tag_policy("p", Stage={}),), UNIT: (strict,)})
    return impact_by_account(before, account_policies(before), account_policies(after))


def counts(found: tuple[AccountImpact, ...]) -> list[tuple[str, int, int, int, int]]:
    return [(each.account, each.resources, each.before, each.after, each.denied) for each in found]


def test_a_value_that_is_not_allowed_breaks_the_policy_and_is_denied_where_that_is_enforced() -> None:
    found = impact(
        listed(ONE, {"Stage": "prod"}, TABLE, TOPIC, BUCKET), listed("two", {"Stage": "dev"}, "arn:aws:s3:::d")
    )
    assert counts(found) == [(ONE, 3, 0, 3, 2), (TWO, 1, 0, 0, 0)]
    assert [(one.arn, one.denied, one.is_new) for one in found[0].broken] == [
        (TABLE, True, True),
        (TOPIC, False, True),
        (BUCKET, True, True),
    ]


def test_what_broke_the_policy_before_is_counted_apart() -> None:
    (found,) = impact(listed(ONE, {"stage": "dev"}, TABLE))
    assert counts((found,)) == [(ONE, 1, 1, 1, 1)]
    assert [(one.violation.rule, one.is_new) for one in found.broken] == [("spelling", False)]


def test_resources_without_keys_of_the_policy_break_nothing() -> None:
    assert counts(impact(listed(ONE, {}, TABLE), listed(ONE, {"env": "x"}, BUCKET))) == [(ONE, 2, 0, 0, 0)]


def test_accounts_with_most_broken_resources_come_first() -> None:
    found = impact(listed(ONE, {"Stage": "x"}, TABLE), listed(TWO, {"Stage": "x"}, BUCKET, TOPIC))
    assert [each.account for each in found] == [TWO, ONE]
