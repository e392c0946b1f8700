import asyncio
from pathlib import Path

import pytest

from harness.emulator.process import start, stop
from harness.targets.emulator import make_emulator_target
from harness.warm_provider.ids import list_ids

SEED = Path(__file__).parents[3] / "envs" / "local" / "organization.yaml"

pytestmark = pytest.mark.emulator


def test_keys_are_listed_in_their_region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = start("ids", tmp_path, SEED)
    try:
        target = make_emulator_target(running.url, "eu-central-1")
        for name, value in target.variables().items():
            monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
        made = target.client("kms", "us-east-1").create_key()["KeyMetadata"]["KeyId"]
        assert made in (asyncio.run(list_ids("aws_kms_key", "us-east-1")) or ())
        assert made not in (asyncio.run(list_ids("aws_kms_key", "eu-central-1")) or ())
        assert made not in (asyncio.run(list_ids("aws_kms_key", None)) or ())
    finally:
        stop("ids", tmp_path)


def test_what_aws_does_not_say_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in make_emulator_target("http://127.0.0.1:9", "eu-central-1").variables().items():
        monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
    assert asyncio.run(list_ids("aws_kms_key", "us-east-1")) is None
