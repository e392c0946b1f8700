"""Run a process from start to end, and say what it took."""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_QUIET = [(os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_WRONLY, 0) for descriptor in (1, 2)]


@dataclass(frozen=True, slots=True)
class Run:
    """Hold seconds by the clock, seconds of the processor, and the most memory."""

    seconds: float
    cpu_seconds: float
    mebibytes: float


def run(command: Sequence[str], variables: Mapping[str, str]) -> Run:
    """Run a command, whose output is dropped. It must end with 0, or with 1 for findings."""
    environ = {**os.environ, **variables}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed has its bytecode
    began = time.perf_counter()
    child = os.posix_spawn(command[0], command, environ, file_actions=_QUIET)
    _, status, usage = os.wait4(child, 0)
    ended = time.perf_counter()
    if (code := os.waitstatus_to_exitcode(status)) not in (0, 1):
        raise SystemExit(f"{' '.join(command)}: must end with 0 or 1; got {code}")
    size = usage.ru_maxrss / 2**20 if sys.platform == "darwin" else usage.ru_maxrss / 2**10
    return Run(ended - began, usage.ru_utime + usage.ru_stime, size)
