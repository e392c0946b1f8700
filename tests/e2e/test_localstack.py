"""The life cycle and every drift once more, on LocalStack 4.14: the same tests, with another project below them."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from harness import localstack
from harness.emulator.process import stop
from harness.errors import TagrailError
from harness.localstack.installation import find_python
from harness.operations import localstack_folder
from tests.e2e import test_drift, test_life_cycle
from tests.project import Tagrail, copy_project

pytestmark = pytest.mark.terraform

PAYER = "111111111111"


@pytest.fixture(scope="module")
def tagrail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tagrail]:
    """A fresh project whose target is a LocalStack that `tagrail localstack start` has installed and started."""
    try:
        find_python()
    except TagrailError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    root = copy_project(tmp_path_factory.mktemp("localstack"))
    file = root / "envs" / "local" / "env.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("target: emulator", "target: localstack"), "utf-8")
    found = Tagrail(root, "localstack")
    try:
        found.ok("localstack", "start")
        yield found
    finally:
        stop("local", root / ".tagrail" / "emulator")
        localstack.stop(localstack_folder(root))


first_apply = test_life_cycle.first_apply
applied = test_life_cycle.applied

# Collected in this order.
test_apply_ends_with_the_verify_table = test_life_cycle.test_apply_ends_with_the_verify_table
test_plan_after_apply_says_no_changes = test_life_cycle.test_plan_after_apply_says_no_changes
test_the_working_tree_stays_clean = test_life_cycle.test_the_working_tree_stays_clean


def test_alerts_lie_in_localstack_and_the_organisation_in_the_emulator(applied: Any) -> None:
    url = localstack.find_url(localstack_folder(applied.root))
    client = applied.target().client
    for name in ("sns", "kms", "s3", "sqs"):
        assert client(name).meta.endpoint_url == url, name
    for name in ("organizations", "config", "budgets", "ce", "sts"):
        assert client(name).meta.endpoint_url != url, name
    topics = [topic["TopicArn"] for topic in client("sns").list_topics()["Topics"]]
    assert topics == [f"arn:aws:sns:eu-central-1:{PAYER}:anycompany-budget-alerts"]
    key = client("kms").describe_key(KeyId="alias/anycompany-budget-alerts")["KeyMetadata"]
    assert key["Arn"].startswith(f"arn:aws:kms:eu-central-1:{PAYER}:key/")


def test_a_service_that_is_sent_elsewhere_is_asked_there(applied: Any) -> None:
    done = applied("verify", "--endpoint", "sns=http://127.0.0.1:1")
    assert done.returncode == 1
    assert "UNKNOWN alert channel at billing: topic" in done.stdout
    assert 'Could not connect to the endpoint URL: "http://127.0.0.1:1/"' in done.stdout
    assert done.stdout.rstrip().endswith("0 fail, 1 unknown")


test_drift_is_named_alone_with_its_repair = test_drift.test_drift_is_named_alone_with_its_repair
test_verify_is_clean_again = test_drift.test_verify_is_clean_again
test_apply_repairs_what_was_changed_by_hand = test_drift.test_apply_repairs_what_was_changed_by_hand
test_a_pending_key_is_activated_once_billing_has_seen_it = (
    test_life_cycle.test_a_pending_key_is_activated_once_billing_has_seen_it
)
test_destroy_leaves_nothing_of_ours_and_no_deactivated_tag = (
    test_life_cycle.test_destroy_leaves_nothing_of_ours_and_no_deactivated_tag
)
test_destroying_again_is_clean = test_life_cycle.test_destroying_again_is_clean
test_verify_after_destroy_fails_and_says_apply = test_life_cycle.test_verify_after_destroy_fails_and_says_apply
