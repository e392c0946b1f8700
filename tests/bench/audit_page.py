"""Measure the page of an audit of 100,000 findings in Chromium: `python -m tests.bench.audit_page`.

A fifth as many are fixed. It writes the page in a process of its own, opens it anew for each round, and takes the time
from an event until its result is drawn. It exits with 1 where a bound is broken. `--findings` names another size.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from tests.audit_runs import KEYS, day
from tests.bench.processes import run
from tests.browser.chromium import NEEDED, start

ROOT = Path(__file__).parents[2]
FINDINGS = 100_000
PAINT, WRITE = "first paint", "write the page"
MOST_MILLISECONDS = {PAINT: 2_000.0}
MOST_FILTER = 200.0
# What is done -> the program that does it, on the view that it is done on.
STEPS: Mapping[str, tuple[str, str]] = {
    "filter by a bar": ("overview", "document.querySelector('[data-ranks=rule] button').click()"),
    "filter by another": ("overview", "document.querySelector('[data-ranks=type] button').click()"),
    "filter by a chip of the table": ("findings", "document.querySelector('.chip').click()"),
    "show what is fixed": ("overview", "document.querySelector('[data-focus=fixed]').click()"),
    "search": ("findings", "type('fraud-train')"),
    "search on": ("findings", "type('fraud-train prod')"),
    "sort by resource": ("findings", "document.querySelector('[data-focus=\"sort:findings:place\"]').click()"),
    "sort by owner": ("findings", "document.querySelector('[data-focus=\"sort:findings:owner\"]').click()"),
    "scroll to the middle": ("findings", "document.querySelector('.grid').scrollTop = 1e6"),
    "open a row": ("findings", "document.querySelector('.grid-row[data-row]').click()"),
}
# The time from an event until after the frame that shows what it did.
_TIMED = """
const done = arguments[arguments.length - 1];
const type = (text) => {
  const field = document.querySelector('.search');
  field.value = text;
  field.dispatchEvent(new Event('input'));
};
const started = performance.now();
%s;
requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
"""
_PAINTED = """
const done = arguments[arguments.length - 1];
const read = (list) => {
  const found = list.find((one) => one.name === 'first-contentful-paint');
  if (found) done(found.startTime);
};
new PerformanceObserver((list) => read(list.getEntries())).observe({ type: 'paint', buffered: true });
"""


def measure(address: str, rounds: int, scratch: Path) -> dict[str, list[float]]:
    """Return what is done -> milliseconds of each round; each round has a browser of its own."""
    programs = {name: shutil.which(name) or name for name in NEEDED}
    found: dict[str, list[float]] = {}
    for number in range(rounds):
        driver = start(programs, scratch)
        try:
            driver.get(address)
            found.setdefault(PAINT, []).append(float(driver.execute_async_script(_PAINTED)))  # type: ignore[no-untyped-call]
            for name, (view, step) in STEPS.items():
                fragment = f"view={view}" + (f"&f.key={KEYS[0]}" if ".chip" in step else "")
                driver.get(f"{address}#{fragment}")
                taken = driver.execute_async_script(_TIMED % step)  # type: ignore[no-untyped-call]
                found.setdefault(name, []).append(float(taken))
        finally:
            driver.quit()
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return found


def table(taken: Mapping[str, Sequence[float]]) -> str:
    """Return medians and the slowest as Markdown."""
    rows = (f"| {name} | {median(held):.0f} ms | {max(held):.0f} ms |" for name, held in taken.items())
    return "\n".join(("| | median | slowest |", "|---|---|---|", *rows))


def broken(taken: Mapping[str, Sequence[float]]) -> list[str]:
    """Return a line for each bound that a median breaks."""
    bounds = {name: MOST_MILLISECONDS.get(name, MOST_FILTER) for name in taken}
    return [
        f"{name}: must take {bounds[name]:.0f} ms at most; got {median(held):.0f}"
        for name, held in taken.items()
        if median(held) > bounds[name]
    ]


def main() -> int:
    """Measure, print the table, and return 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--findings", type=int, default=FINDINGS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        # In another process: what a child is said to hold begins with what this one holds.
        subprocess.run([sys.executable, "-m", "tests.audit_runs", scratch, str(given.findings)], check=True, cwd=ROOT)
        page = place / "audit.html"
        program = (
            "import sys; from pathlib import Path; from harness.report.audit import write_report\n"
            "with open(sys.argv[2], 'w', encoding='utf-8') as file:\n"
            "    write_report(Path(sys.argv[1]), 'html', file)\n"
        )
        command = [sys.executable, "-c", program, str(place / day(26)), str(page)]
        written = run(command, {"PYTHONPATH": str(ROOT)})
        size = page.stat().st_size / 2**20
        taken = measure(page.as_uri(), given.rounds, place)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{given.findings:,} findings, {given.rounds} rounds, {os.cpu_count()} CPUs, load {load}\n")
    print(f"{WRITE}: {written.seconds:.1f} s, {written.mebibytes:.0f} MiB; the page has {size:.1f} MiB\n")
    print(table(taken))
    faults = broken(taken)
    print("", *(faults or ["all bounds hold"]), sep="\n")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
