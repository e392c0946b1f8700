"""What is proposed, from which evidence; what is left to owners, and never proposed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.plan_check.rules import RULES
from harness.repair.checking import value_fault
from harness.repair.model import Change, Proof
from harness.repair.planning import REPAIRED, plan_changes
from harness.repair.proofs import Surroundings
from tests.unit.repair.world import (
    CENTER,
    CLASS,
    DEV,
    ENV,
    OWNER,
    PAYER,
    PROD,
    finding,
    keys_of,
    planned,
    queue,
    resource,
)

A = queue("a")
ACCOUNT = f"arn:aws:organizations::{PAYER}:account/o-1/{DEV}"
STACK = f"arn:aws:cloudformation:eu-central-1:{DEV}:stack/web/1"


def account(tags: dict[str, str]) -> object:
    return resource(ACCOUNT, tags, account=DEV, type="AWS::Organizations::Account", name="dev")


def only(changes: list[Change]) -> Change:
    assert len(changes) == 1, changes
    return changes[0]


def test_every_rule_that_is_repaired_is_one() -> None:
    assert set(REPAIRED) - {"lineage-cut"} <= set(RULES)


@pytest.mark.parametrize(
    ("tags", "rule", "now", "becomes", "remove"),
    [
        ({"env": "prod"}, "deprecated-key", "prod", "prod", "env"),
        ({"env": "Prod"}, "deprecated-key", "Prod", "prod", "env"),
        ({"ENVIRONMENT": "prod"}, "deprecated-key", "prod", "prod", "ENVIRONMENT"),
        ({ENV.title(): "dev"}, "key-case", "dev", "dev", ENV.title()),
        ({"anycompany:workload:enviroment": "dev"}, "key-case", "dev", "dev", "anycompany:workload:enviroment"),
        ({ENV: "PROD"}, "value-case", "PROD", "prod", ""),
        ({ENV: " prod "}, "wrong-value", " prod ", "prod", ""),
    ],
)
def test_a_resources_own_tags_prove_a_value(
    tags: dict[str, str], rule: str, now: str, becomes: str, remove: str
) -> None:
    one = resource(A, tags)
    change = only(planned([one], [finding(one, rule, ENV)]))
    assert (change.do, change.now, change.becomes, change.remove) == (True, now, becomes, remove)
    assert change.evidence


def test_what_nothing_proves_is_in_the_plan_for_its_owner() -> None:
    one = resource(A, {ENV: "staging"})
    change = only(planned([one], [finding(one, "wrong-value", ENV, owner="team-ml")]))
    assert (change.do, change.now, change.becomes, change.owner) == (False, "staging", "", "team-ml")


def test_lineage_stack_account_and_creator_prove_a_value_in_this_order() -> None:
    one = resource(A, {"aws:cloudformation:stack-id": STACK})
    stack = resource(STACK, {OWNER: "ml"}, type="AWS::CloudFormation::Stack", name="web")
    found = {(A, OWNER): [Proof("ml", "creator", "made by x"), Proof("ml", "lineage", "its pipeline has it")]}
    change = only(planned([one, stack, account({OWNER: "ml"})], [finding(one, "missing-key", OWNER)], found))
    assert change.becomes == "ml"
    assert [words.partition(":")[0] for words in change.evidence.split("; ")] == [
        "lineage",
        "stack",
        "account tag",
        "creator",
    ]


def test_proofs_that_disagree_prove_nothing_and_are_both_told() -> None:
    one = resource(A, {"env": "prod"})
    change = only(planned([one, account({ENV: "dev"})], [finding(one, "deprecated-key", ENV)]))
    assert (change.do, change.becomes) == (False, "")
    assert change.evidence.startswith("proofs disagree: ")
    assert "prod" in change.evidence
    assert "dev" in change.evidence


def test_a_value_that_is_not_allowed_in_the_accounts_unit_is_no_proof() -> None:
    one = resource(queue("a", PROD), {"env": "dev"})  # Workloads/Prod removes dev
    change = only(planned([one], [finding(one, "deprecated-key", ENV)]))
    assert (change.do, change.becomes) == (False, "")
    assert "not allowed here" in change.evidence


def test_a_persons_data_is_no_proof_and_is_not_shown() -> None:
    one = resource(A, {"owner": "jane.doe@example.com"})
    change = only(planned([one], [finding(one, "personal-data", OWNER)]))
    assert (change.do, change.becomes) == (False, "")
    assert "jane" not in str(change)


def test_a_right_value_is_kept_and_its_wrong_spelling_goes_if_it_says_the_same() -> None:
    one = resource(A, {ENV: "prod", "env": "Prod"})
    change = only(planned([one, account({ENV: "dev"})], [finding(one, "deprecated-key", ENV)]))
    assert (change.do, change.becomes, change.remove) == (True, "prod", "env")


def test_a_right_value_and_a_spelling_that_says_something_else_are_left_to_the_owner() -> None:
    one = resource(A, {ENV: "prod", "env": "dev"})
    change = only(planned([one], [finding(one, "deprecated-key", ENV)]))
    assert (change.do, change.becomes, change.remove) == (False, "", "env")


def test_several_spellings_that_agree_are_a_row_each() -> None:
    one = resource(A, {"env": "prod", "stage": "prod"})
    changes = planned([one], [finding(one, "deprecated-key", ENV), finding(one, "deprecated-key", ENV)])
    assert [(change.becomes, change.remove) for change in changes] == [("prod", "env"), ("prod", "stage")]


def test_the_dictionarys_default_counts_where_no_value_is_given() -> None:
    key = "anycompany:operations:backup"
    absent, wrong = resource(A, {}), resource(queue("b"), {key: "sometimes"})
    assert only(planned([absent], [finding(absent, "missing-key", key)])).becomes == "daily"
    assert only(planned([wrong], [finding(wrong, "wrong-value", key)])).becomes == ""


def test_no_resource_gets_more_than_50_tags() -> None:
    full = {f"k{number}": "v" for number in range(49)} | {"aws:x": "y"}
    one = resource(A, full)
    found = [finding(one, "missing-key", key) for key in (OWNER, CENTER, CLASS)]
    changes = planned([one, account({OWNER: "ml", CENTER: "5045"})], found)
    assert [change.becomes for change in changes] == ["ml", "", ""]
    assert "50 tags" in changes[1].evidence
    assert "50 tags" not in changes[2].evidence


def test_unread_tags_unknown_findings_and_keys_of_nobody_are_left_out_and_counted() -> None:
    unread, one = resource(A, None), resource(queue("b"), {})
    found = [
        finding(unread, "missing-key", OWNER),
        finding(one, "missing-key", OWNER, verdict="unknown"),
        finding(one, "prohibited-key", "temp"),
        finding(one, "value-characters", "Name"),
    ]
    changes, left = plan_changes(found, {A: unread, one.arn: one}, Surroundings({}), keys_of, 50)
    assert changes == []
    assert left == {"missing-key": 2, "prohibited-key": 1, "value-characters": 1}


def test_stacks_are_changed_where_they_are_deployed() -> None:
    stack = resource(STACK, {"env": "prod"}, type="AWS::CloudFormation::Stack")
    change = only(planned([stack], [finding(stack, "deprecated-key", ENV)]))
    assert (change.do, change.becomes) == (False, "")
    assert "where it is deployed" in change.evidence


texts = st.sampled_from(["prod", "Prod", "dev", "test", "stage", "", " test", "ml", "5045", "j@example.com"])
names = st.sampled_from([ENV, ENV.title(), "env", "stage", "Environment", OWNER, "owner", "team", "Name", "aws:x"])


@given(st.dictionaries(names, texts), st.dictionaries(st.sampled_from([ENV, OWNER, CENTER]), texts), st.booleans())
def test_no_proposal_breaks_the_dictionary_or_replaces_a_right_value(
    tags: dict[str, str],
    around: dict[str, str],
    in_prod: bool,  # noqa: FBT001 (hypothesis gives it)
) -> None:
    place = PROD if in_prod else DEV
    one = resource(queue("a", place), tags)
    arn = f"arn:aws:organizations::{PAYER}:account/o-1/{place}"
    owner = resource(arn, around, account=place, type="AWS::Organizations::Account")
    keys = keys_of(place)
    for change in planned([one, owner], [finding(one, "missing-key", key) for key in (ENV, OWNER, CENTER)]):
        assert change.do == bool(change.becomes)
        assert not change.becomes or value_fault(keys, change.key, change.becomes) is None
        held = tags.get(change.key)
        if held is not None and value_fault(keys, change.key, held) is None:
            assert change.becomes in ("", held)
            assert change.remove
        assert change.remove not in keys.rules
