"""Measure `tagrail check` on plans of 1,000 to 100,000 resources, beside other ways to judge them: `make bench-check`.

Whole processes, from start to end, in turn. It exits with 1 where a bound is broken. What takes more than 20 seconds
runs once; checkov, which takes ten times as long on ten times as many, runs on the smallest plan alone.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from tests.bench.plans import write_plan
from tests.bench.processes import Run, run
from tests.bench.rivals import CHECK, YARDSTICK, rivals

SIZES = (1_000, 10_000, 100_000)
MOST_SECONDS = {1_000: 0.3, 10_000: 0.5, 100_000: 3.0}
MOST_MEBIBYTES = {100_000: 750}
MOST_TIMES = 2.0  # as long as a bare decode of the same plan, from 10,000 resources on
MOST_GROWTH = 1.3  # of what one more resource costs, from the smaller plans to the larger ones
_SLOW_SECONDS = 20.0

Runs = Mapping[tuple[str, int], Sequence[Run]]


def measure(folder: Path, rounds: int) -> Runs:
    """Return rival and size -> its runs; the rounds are interleaved, so that a busy machine slows all alike."""
    plans = {size: folder / f"plan-{size}.json" for size in SIZES}
    for size, file in plans.items():
        write_plan(file, size)
    contenders = [*rivals(folder)]
    found: dict[tuple[str, int], list[Run]] = {}
    for number in range(rounds + 1):
        for rival in contenders:
            for size in rival.sizes:
                taken = found.setdefault((rival.name, size), [])
                if taken and taken[0].seconds > _SLOW_SECONDS:
                    continue
                taken.append(run(rival.command(plans[size]), rival.variables))
        print(f"round {number} of {rounds}" if number else "warm", file=sys.stderr, flush=True)
    return {key: taken[1:] or taken for key, taken in found.items()}


def table(runs: Runs, clock: str) -> str:
    """Return medians of seconds and MiB as Markdown, and how many times as long as the yardstick each takes."""
    head = [f"| | {' | '.join(f'{size:,}' for size in SIZES)} |", "|---" * (len(SIZES) + 1) + "|"]
    names = dict.fromkeys(name for name, _ in runs)
    rows = (f"| {name} | {' | '.join(_cell(runs, name, size, clock) for size in SIZES)} |" for name in names)
    return "\n".join((*head, *rows))


def _cell(runs: Runs, name: str, size: int, clock: str) -> str:
    if (name, size) not in runs:
        return "-"
    seconds = _seconds(runs, name, size, clock)
    times = "" if name == YARDSTICK else f", {_times(runs, name, size, clock):.1f} times"
    once = ", one run" if len(runs[name, size]) < max(map(len, runs.values())) else ""
    return f"{seconds:.2f} s, {_mebibytes(runs, name, size):.0f} MiB{times}{once}"


def broken(runs: Runs, clock: str) -> Iterator[str]:
    """Yield a line for each bound that is broken."""
    for size, most in MOST_SECONDS.items():
        yield from _over(f"{size:,} resources: seconds", _seconds(runs, CHECK, size, clock), most)
    for size, mebibytes in MOST_MEBIBYTES.items():
        yield from _over(f"{size:,} resources: MiB", _mebibytes(runs, CHECK, size), mebibytes)
    for size in SIZES[1:]:
        yield from _over(f"{size:,} resources: times a bare decode", _times(runs, CHECK, size, clock), MOST_TIMES)
    seconds = [_seconds(runs, CHECK, size, clock) for size in SIZES]
    mebibytes = [_mebibytes(runs, CHECK, size) for size in SIZES]
    for what, values in (("seconds", seconds), ("MiB", mebibytes)):
        yield from _over(f"growth of {what} for one more resource", _growth(values), MOST_GROWTH)


def _over(what: str, held: float, most: float) -> Iterator[str]:
    if held > most:
        yield f"{what}: must be {most:g} at most; got {held:.2f}"


def _growth(values: Sequence[float]) -> float:
    """Return how many times as much one more resource costs in a large plan as in a small one."""
    steps = [(values[at + 1] - values[at]) / (SIZES[at + 1] - SIZES[at]) for at in range(len(SIZES) - 1)]
    return steps[-1] / steps[0]


def _seconds(runs: Runs, name: str, size: int, clock: str) -> float:
    return median(getattr(each, clock) for each in runs[name, size])


def _mebibytes(runs: Runs, name: str, size: int) -> float:
    return median(each.mebibytes for each in runs[name, size])


def _times(runs: Runs, name: str, size: int, clock: str) -> float:
    """Return the median of the ratios of runs of one round, or of the medians where there are fewer."""
    ours, bare = runs[name, size], runs[YARDSTICK, size]
    if len(ours) != len(bare):
        return _seconds(runs, name, size, clock) / _seconds(runs, YARDSTICK, size, clock)
    return median(getattr(one, clock) / getattr(other, clock) for one, other in zip(ours, bare, strict=True))


def main() -> int:
    """Measure, print the table, and return 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--cpu", action="store_true", help="Judge seconds of the processor: other work slows them less."
    )
    arguments = parser.parse_args()
    clock = "cpu_seconds" if arguments.cpu else "seconds"
    with tempfile.TemporaryDirectory() as folder:
        runs = measure(Path(folder), arguments.rounds)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    of = "processor seconds" if arguments.cpu else "seconds"
    print(f"{of}, medians of {arguments.rounds} runs, {os.cpu_count()} CPUs, {platform.system()}, load {load}\n")
    print(table(runs, clock))
    faults = [*broken(runs, clock)]
    print("", *(faults or ["all bounds hold"]), sep="\n")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
