"""One seeded emulator for a worker's tests; tests use names of their own and clean up what others would see."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.emulator import process
from tests.clients import PAYER, Client, client_maker

__all__ = ["PAYER", "Client"]

ROOT = Path(__file__).resolve().parents[3]
SEED = ROOT / "envs/local/organization.yaml"
ML_DEV, ML_PROD, ML_LAB = "444444444441", "444444444443", "555555555551"


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[process.EmulatorStatus]:
    folder = tmp_path_factory.mktemp("emulator")
    yield process.start("unit", folder, SEED)
    process.stop("unit", folder)


@pytest.fixture(scope="session")
def client(emulator: process.EmulatorStatus) -> Client:
    """Return a function that makes boto3 clients for (service, account, region)."""
    return client_maker(emulator.url)


def error_code(failure: Any) -> str:
    return str(failure.value.response["Error"]["Code"])


def delete_policies(organizations: Any, policy_ids: Iterable[str]) -> None:
    """Detach policies wherever they are attached, and delete them."""
    for policy_id in policy_ids:
        for target in organizations.list_targets_for_policy(PolicyId=policy_id)["Targets"]:
            organizations.detach_policy(PolicyId=policy_id, TargetId=target["TargetId"])
        organizations.delete_policy(PolicyId=policy_id)
