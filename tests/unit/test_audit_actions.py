"""What the roles of audit and repair may do, against IAM's reference: reading reads, no tagging is forgotten."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from harness.audit_actions import ACTIONS_FILE, left_out, read_groups, repair_services, tagging_actions
from harness.documents import render_audit_role
from harness.facts import load_facts
from harness.packing import canonical_json
from harness.policy.actions import actions_of, find_action, known_services
from harness.policy.lint import Given, lint, read_policy
from harness.policy.resource_types import TAG_KEYS
from tests.unit.verify.live import loaded

LIMITS = load_facts().limits
READS = tuple(action for actions in read_groups(management_account=True).values() for action in actions)
TAGGING = tagging_actions(None, management_account=True)
# Reading that gives data, credentials or the contents of scripts, which no audit needs.
DATA = (
    "GetObject",
    "GetRecord",
    "BatchGetRecord",
    "ListRecords",
    "CreatePresigned",
    "LifecycleConfig",
    "GetSecretValue",
)


def rows() -> Mapping[str, Any]:
    loaded_rows: Mapping[str, Any] = yaml.safe_load(ACTIONS_FILE.read_text(encoding="utf-8"))
    return loaded_rows


@pytest.mark.parametrize("name", READS)
def test_an_action_of_reading_only_reads(name: str) -> None:
    action = find_action(name)
    assert action is not None
    assert action.id == name
    assert action.access in ("Read", "List")


def test_no_action_of_reading_gives_data() -> None:
    found = [name for name in READS if any(word in name for word in DATA)]
    assert found == ["sagemaker:ListNotebookInstanceLifecycleConfigs", "sagemaker:ListStudioLifecycleConfigs"]


def test_an_action_is_named_once() -> None:
    assert sorted(READS) == sorted(set(READS))


def test_every_group_and_everything_left_out_has_a_reason() -> None:
    given = rows()
    groups = [*given["read"].values(), *given["read_payer"].values(), given["repair"], given["repair_payer"]]
    assert all(group["why"].strip() for group in groups)
    assert all(reason.strip() for reason in (*given["unlimited"].values(), *given["left_out"].values()))


def test_each_tagging_action_is_repaired_by_or_left_out_with_a_reason() -> None:
    reference = {
        name
        for service in known_services()
        for name in actions_of(service)
        if (action := find_action(name)) and "Tagging" in action.access
    }
    dropped = {name for name in reference if name in left_out() or name.partition(":")[0] in left_out()}
    given = {*TAGGING.sets, *TAGGING.removes}
    assert {"missing": reference - given - dropped, "unknown": given - reference, "twice": given & dropped} == {
        "missing": set(),
        "unknown": set(),
        "twice": set(),
    }
    assert [name for name in left_out() if name not in reference and name not in known_services()] == []


def test_setting_sets_and_removing_removes() -> None:
    assert [name for name in TAGGING.sets if not (action := find_action(name)) or not action.sets_tags] == []
    assert [name for name in TAGGING.removes if not (action := find_action(name)) or not action.removes_tags] == []


def test_what_iam_cannot_limit_to_keys_is_named() -> None:
    given = (*TAGGING.sets, *TAGGING.removes)
    found = [name for name in given if (action := find_action(name)) and TAG_KEYS not in action.all_condition_keys()]
    assert sorted(found) == sorted(TAGGING.unlimited)


def test_services_narrow_and_the_one_of_tag_resources_comes_along() -> None:
    narrow = tagging_actions(["sagemaker"], management_account=False)
    assert (narrow.sets, narrow.unlimited) == (
        ("sagemaker:AddTags", "tag:TagResources"),
        ("tag:TagResources", "tag:UntagResources"),
    )
    assert "organizations" in repair_services()
    assert not any(name.startswith("organizations:") for name in tagging_actions(None, management_account=False).sets)


def policies() -> Mapping[str, str]:
    """Return name -> text of each policy of the payer and of a member."""
    documents = render_audit_role(*loaded(), str, LIMITS["iam_policy_document_characters"])
    assert documents
    resources = documents.template["Resources"]
    member = {name: each["Properties"] for name, each in resources.items() if each["Type"] == "AWS::IAM::ManagedPolicy"}
    contents = {**documents.policies, **{name: each["PolicyDocument"] for name, each in member.items()}}
    return {name: canonical_json(content) for name, content in contents.items()}


def test_each_policy_fits() -> None:
    assert {name: len(text) for name, text in policies().items() if len(text) > 6144} == {}


def test_no_policy_has_a_mistake_that_the_linter_knows() -> None:
    read = tuple(read_policy(name, text, "identity") for name, text in policies().items())
    assert [(hit.policy.name, hit.lint) for hit in lint(Given(read, LIMITS))] == []
