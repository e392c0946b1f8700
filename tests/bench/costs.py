"""Measure `tagrail costs` on bills of 1 and 10 million lines, beside plain SQL and pandas: `make bench-costs`.

Whole processes, from start to end, in turn; the report is written as a page. It exits with 1 where a bound is broken.
`--lines` names other sizes. Plain SQL in DuckDB, without dictionary and report, is the floor.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from tests.bench.processes import Run, run

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LINES = (1_000_000, 10_000_000)
COSTS, FLOOR, PANDAS = "tagrail costs", "plain SQL", "pandas"
MOST_SECONDS = {10_000_000: 30.0}
MOST_MEBIBYTES = {10_000_000: 2048}
MOST_TIMES = 1.5  # as long as plain SQL

Runs = Mapping[tuple[str, int], Sequence[Run]]


def commands(scratch: Path, others: Sequence[str]) -> Iterator[tuple[str, Callable[[Path], list[str]]]]:
    """Yield name and command of each way to sum a bill."""
    page = scratch / "costs.html"
    ours = [sys.executable, "-m", "harness", "costs", "--out", f"html={page}"]
    yield COSTS, lambda bill: [*ours, str(bill)]
    yield FLOOR, lambda bill: [sys.executable, str(HERE / "cost_rivals" / "floor.py"), str(bill)]
    if PANDAS in others:
        python = _pandas()
        yield PANDAS, lambda bill: [python, str(HERE / "cost_rivals" / "frames.py"), str(bill)]


def _pandas() -> str:
    """Return a Python that has pandas, of a venv of its own; it is made when it is missing."""
    folder = ROOT / ".venv-pandas"
    python = folder / "bin" / "python"
    locked = HERE / "cost_rivals" / "pandas.txt"
    if not (folder / "lock.txt").exists():
        venv.create(folder, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "--quiet", "install", "--require-hashes", "-r", locked], check=True)
        shutil.copy(locked, folder / "lock.txt")
    return str(python)


def _written(folder: Path, lines: int) -> Path:
    """Return a bill that another process has written: what a child is said to hold begins with what this one holds."""
    command = [sys.executable, "-m", "tests.bench.bills", "--lines", str(lines), "--out", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return folder


def measure(folder: Path, sizes: Sequence[int], rounds: int, others: Sequence[str]) -> Runs:
    """Return name and size -> its runs; the rounds are interleaved, so that a busy machine slows all alike."""
    bills = {size: _written(folder / str(size), size) for size in sizes}
    contenders = [*commands(folder, others)]
    found: dict[tuple[str, int], list[Run]] = {}
    for number in range(rounds):
        for size, bill in bills.items():
            for name, command in contenders:
                found.setdefault((name, size), []).append(run(command(bill), {"PYTHONPATH": str(ROOT)}))
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return found


def table(runs: Runs, sizes: Sequence[int], clock: str) -> str:
    """Return medians of seconds and MiB as Markdown, and how many times as long as plain SQL each takes."""
    head = [f"| | {' | '.join(f'{size:,}' for size in sizes)} |", "|---" * (len(sizes) + 1) + "|"]
    names = dict.fromkeys(name for name, _ in runs)
    return "\n".join(
        (*head, *(f"| {name} | {' | '.join(_cell(runs, name, size, clock) for size in sizes)} |" for name in names))
    )


def _cell(runs: Runs, name: str, size: int, clock: str) -> str:
    times = "" if name == FLOOR else f", {_times(runs, name, size, clock):.2f} times"
    return f"{_seconds(runs, name, size, clock):.1f} s, {_mebibytes(runs, name, size):.0f} MiB{times}"


def broken(runs: Runs, sizes: Sequence[int], clock: str) -> Iterator[str]:
    """Yield a line for each bound that is broken."""
    for size in sizes:
        checks = (
            ("seconds", _seconds(runs, COSTS, size, clock), MOST_SECONDS.get(size)),
            ("MiB", _mebibytes(runs, COSTS, size), MOST_MEBIBYTES.get(size)),
            ("times plain SQL", _times(runs, COSTS, size, clock), MOST_TIMES if size in MOST_SECONDS else None),
        )
        for what, held, most in checks:
            if most is not None and held > most:
                yield f"{size:,} lines: {what}: must be {most:g} at most; got {held:.2f}"


def _seconds(runs: Runs, name: str, size: int, clock: str) -> float:
    return median(getattr(each, clock) for each in runs[name, size])


def _mebibytes(runs: Runs, name: str, size: int) -> float:
    return median(each.mebibytes for each in runs[name, size])


def _times(runs: Runs, name: str, size: int, clock: str) -> float:
    pairs = zip(runs[name, size], runs[FLOOR, size], strict=True)
    return median(getattr(one, clock) / getattr(other, clock) for one, other in pairs)


def main() -> int:
    """Measure, print the table, and return 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lines", type=int, nargs="+", default=LINES)
    parser.add_argument("--without-pandas", action="store_true", help="Leave out what takes longest.")
    parser.add_argument(
        "--cpu", action="store_true", help="Judge seconds of the processor: other work slows them less."
    )
    given = parser.parse_args()
    clock = "cpu_seconds" if given.cpu else "seconds"
    with tempfile.TemporaryDirectory() as folder:
        runs = measure(Path(folder), given.lines, given.rounds, () if given.without_pandas else (PANDAS,))
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    of = "processor seconds" if given.cpu else "seconds"
    print(f"{of}, medians of {given.rounds} runs, {os.cpu_count()} CPUs, {platform.system()}, load {load}\n")
    print(table(runs, given.lines, clock))
    growth = [_seconds(runs, COSTS, size, clock) for size in given.lines]
    if len(growth) > 1:
        print(f"\nfrom {given.lines[0]:,} to {given.lines[-1]:,} lines: {growth[-1] / growth[0]:.1f} times the time")
    faults = [*broken(runs, given.lines, clock)]
    print("", *(faults or ["all bounds hold"]), sep="\n")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
