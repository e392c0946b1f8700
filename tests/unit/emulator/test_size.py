"""The emulator has room for a large organisation's resources."""

import subprocess
import sys

import pytest

from .conftest import ROOT, SEED

pytestmark = pytest.mark.emulator

MOST_BYTES = 2**30

# Fills a process that serves like any other from within: over HTTP a hundred thousand calls take minutes.
FILL = """
import socket, sys
from pathlib import Path
import psutil
from harness.emulator import server
from harness.emulator.seed import load_seed

server.serve(socket.create_server(("127.0.0.1", 0)), "size", load_seed(Path(sys.argv[1])))
from harness.emulator.inventory import resources
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

keys = [f"anycompany:workload:key-{number}" for number in range(6)]
for number in range(50_000):
    account = ("444444444441", "444444444443", "555555555551")[number % 3]
    tags = {key: f"value-{number % 100}" for key in keys}
    topic = sns_backends[account]["eu-central-1"].create_topic(f"topic-{number}", tags=tags)
    sqs_backends[account]["us-east-1"].create_queue(f"queue-{number}", tags)
accounts = ("444444444441", "444444444443", "555555555551")
tagged = sum(len(found.tags) == 6 and keys[0] in found.tags for account in accounts for found in resources(account))
print(tagged, psutil.Process().memory_info().rss)
"""


def test_a_hundred_thousand_tagged_resources_fit_into_a_gibibyte() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(SEED)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    tagged, size = (int(number) for number in done.stdout.split())
    assert tagged == 100_000
    assert size < MOST_BYTES
