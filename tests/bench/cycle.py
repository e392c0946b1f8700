"""Measure plan, apply, verify and destroy of ENV=local, tagrail against its peers: `make bench-cycle`.

The rounds are interleaved, and each begins with another contender, so that a busy machine slows all of them alike.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from tftest import TerraformTestError

from tests.bench.contenders import CONTENDERS, STEPS, StepError
from tests.bench.figures import chart, table


def measure(rounds: int, names: list[str]) -> dict[str, dict[str, list[float]]]:
    """Return contender -> step -> seconds of each round; progress goes to stderr."""
    seconds: dict[str, dict[str, list[float]]] = {name: {step: [] for step in STEPS} for name in names}
    for number in range(rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            taken = measure_round(name)
            for step in STEPS:
                seconds[name][step].append(taken[step])
            shown = ", ".join(f"{step} {taken[step]:.1f} s" for step in STEPS)
            print(f"round {number + 1} of {rounds}, {name}: {shown}", file=sys.stderr, flush=True)
    return seconds


def measure_round(name: str) -> dict[str, float]:
    """Return step -> seconds of one cycle; one that fails is shown and taken anew, twice at most."""
    for _ in range(2):
        try:
            return measure_cycle(name)
        except (StepError, TerraformTestError) as error:
            print(f"{name} failed and is taken anew:\n{error}", file=sys.stderr, flush=True)
    return measure_cycle(name)


def measure_cycle(name: str) -> dict[str, float]:
    """Return step -> seconds of one cycle on a fresh emulator, whose start does not count."""
    seconds = {}
    with tempfile.TemporaryDirectory() as folder, CONTENDERS[name](Path(folder)) as steps:
        for step in STEPS:
            began = time.monotonic()
            steps[step]()
            seconds[step] = time.monotonic() - began
    return seconds


def main() -> None:
    """Measure, and write the table to stdout, the chart and the single figures to files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--chart", type=Path, default=Path(".tagrail", "bench-cycle.svg"))
    parser.add_argument("contenders", nargs="*", default=[*CONTENDERS])
    arguments = parser.parse_args()
    seconds = measure(arguments.rounds, arguments.contenders)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{arguments.rounds} rounds, {os.cpu_count()} CPUs, {platform.system()}, load {load}\n")
    print(table(seconds, arguments.contenders[0]))
    arguments.chart.parent.mkdir(parents=True, exist_ok=True)
    arguments.chart.write_text(chart(seconds), encoding="utf-8")
    arguments.chart.with_suffix(".json").write_text(json.dumps(seconds, indent=2) + "\n", encoding="utf-8")
    print(f"\nchart: {arguments.chart}")


if __name__ == "__main__":
    main()
