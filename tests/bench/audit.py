"""Measure `tagrail audit` on organisations of any size beside a server that answers at once: `make bench-audit`.

Prints seconds, MiB and calls, these beside the fewest that AWS's page sizes allow. It exits with 1 where a bound is
broken.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.audit_stub import (
    CONFIG,
    COUNTS_PATH,
    EXPLORER,
    KINDS,
    REGIONS,
    SEARCH,
    SEARCHED,
    TAGGING,
    World,
    is_tagged,
)
from tests.bench.processes import run

ROOT = Path(__file__).parents[2]
MOST_SECONDS, MOST_MEBIBYTES, MOST_CALLS = 600.0, 512, 1.05


@contextmanager
def served(world: World) -> Iterator[str]:
    """Serve an organisation and yield the server's URL."""
    command = [sys.executable, "-m", "tests.bench.audit_stub"]
    sizes = ["--accounts", str(world.accounts), "--resources", str(world.resources)]
    with subprocess.Popen([*command, *sizes], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.kill()


def floor(world: World) -> dict[str, int]:
    """Return the fewest calls that show all of it: every source page by page, in each place at least once."""
    tagged = sum(is_tagged(number) for number in range(world.each))
    places = world.accounts * len(REGIONS)
    return {
        "tagging:GetResources": places * max(1, math.ceil(tagged / TAGGING)),
        "config:SelectAggregateResourceConfig": math.ceil(world.resources / CONFIG),
        "explorer:ListResources": math.ceil(world.resources / EXPLORER),
        "organizations:ListTagsForResource": world.accounts,
        "sagemaker:List*": places * len(listings()),
        "sagemaker:Search": places * sum(math.ceil(count / SEARCH) for count in searched(world)),
    }


def searched(world: World) -> Iterator[int]:
    """Yield how many resources a place has of each kind that SageMaker's Search shows."""
    for kind in SEARCHED.values():
        yield sum(is_tagged(number) and KINDS[number % len(KINDS)] == kind for number in range(world.each))


def listings() -> tuple[object, ...]:
    """Return the lists of SageMaker that are asked for."""
    from harness.audit.sources.listing import listings as found  # noqa: PLC0415 (what is measured is another process)

    return found()


def measure(world: World) -> bool:
    """Print what an audit takes and tell whether it keeps the bounds."""
    with served(world) as url, tempfile.TemporaryDirectory() as scratch:
        took = run([sys.executable, "-m", "tests.bench.audit_once", url, scratch], {})
        with urllib.request.urlopen(f"{url}{COUNTS_PATH}") as answer:  # noqa: S310 (our own server)
            counts = json.load(answer)
        folder = next(Path(scratch).glob("*/run.json"), None) or next(Path(scratch).rglob("run.json"))
        found = json.loads(folder.read_text(encoding="utf-8"))
    least = sum(floor(world).values())
    calls = sum(counts.values())
    print(
        f"{world.resources:>10,} resources, {world.accounts} accounts: {took.seconds:.1f} s, {took.mebibytes:.0f} MiB"
    )
    print(f"           {calls:,} calls, {calls / least:.3f} times the fewest ({least:,}): {counts}")
    print(f"           {found['counts']}, findings {found['findings']}, {len(found['gaps'])} gaps")
    return took.seconds <= MOST_SECONDS and took.mebibytes <= MOST_MEBIBYTES and calls <= MOST_CALLS * least


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resources", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--accounts", type=int, default=400)
    asked = parser.parse_args()
    held = [measure(World(asked.accounts, resources)) for resources in asked.resources]
    print("all bounds hold" if all(held) else "a bound is broken")
    return 0 if all(held) else 1


if __name__ == "__main__":
    raise SystemExit(main())
