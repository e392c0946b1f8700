"""Follow one terraform process: pass its output on, and let it save its state when the user interrupts."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

LineHandler = Callable[[str], None]

INTERRUPT_NOTICE = "waiting for terraform to save its state; press Ctrl-C again to force"

_GRACE_SECONDS = 2.0
_POLL_SECONDS = 0.05
_DRAIN_SECONDS = 5.0
# What terraform prints for the first and the second interrupt, as text and inside its JSON messages.
_TERRAFORM_NOTICES = ("Interrupt received", "Two interrupts received")


@dataclass(frozen=True, slots=True)
class RunResult:
    """Hold what one terraform run left: command, exit code, both outputs as text, and how long it took in seconds."""

    command: tuple[str, ...]
    exit_code: int
    stdout: str
    stderr: str
    seconds: float


@dataclass(slots=True)
class Interrupts:
    """Count the interrupts (Ctrl-C, SIGTERM) that came while terraform ran, and those terraform said it noticed."""

    received: int = 0
    noticed: int = 0
    _previous: dict[int, object] = field(default_factory=dict)

    def __enter__(self) -> "Interrupts":
        """Count signals instead of raising: an exception between two steps would leave terraform alone."""
        # Signals reach only the main thread; a signal that was ignored from outside (nohup) stays ignored.
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                previous = signal.getsignal(number)
                if previous is not signal.SIG_IGN and previous is not None:
                    self._previous[number] = previous
                    signal.signal(number, self._count)
        return self

    def __exit__(self, *_: object) -> None:
        """Give the signals back to whoever had them."""
        for number, previous in self._previous.items():
            signal.signal(number, previous)  # type: ignore[arg-type]

    def _count(self, _number: int, _frame: FrameType | None) -> None:
        self.received += 1
        if self.received == 1:
            # os.write: print may not be called again from inside a signal handler while it is writing.
            os.write(2, f"\n{INTERRUPT_NOTICE}\n".encode())


@contextmanager
def environment(variables: Mapping[str, str | None]) -> Iterator[None]:
    """Change this process's environment for the block; a value of None removes the variable.

    Raises: nothing of its own; the old values come back in any case.
    """
    previous = {name: os.environ.get(name) for name in variables}
    _set_variables(variables)
    try:
        yield
    finally:
        _set_variables(previous)


def follow(
    process: subprocess.Popen[bytes], interrupts: Interrupts, *, on_stdout: LineHandler, on_stderr: LineHandler
) -> RunResult:
    """Wait for the process to end, hand on each line as it comes, and see to it that interrupts reach terraform.

    Ctrl-C goes to the whole foreground process group, so terraform usually has it already; only when terraform says
    nothing of it within two seconds is it sent on, once for each interrupt that was received.

    Raises: nothing; the caller looks at the exit code and at `interrupts.received`.
    """
    started = time.monotonic()
    pumps = (
        _Pump(process.stdout, on_stdout, interrupts),
        _Pump(process.stderr, on_stderr, interrupts),
    )
    handled, deadline = 0, None
    while process.poll() is None:
        time.sleep(_POLL_SECONDS)
        if interrupts.received > handled:
            handled, deadline = interrupts.received, time.monotonic() + _GRACE_SECONDS
        if deadline is not None and time.monotonic() > deadline:
            deadline = None
            if interrupts.noticed < interrupts.received:
                process.send_signal(signal.SIGINT)
    stdout, stderr = (pump.finish() for pump in pumps)
    command = tuple(str(part) for part in process.args)  # type: ignore[union-attr]
    return RunResult(command, process.returncode, stdout, stderr, time.monotonic() - started)


class _Pump:
    """Read one stream in a thread to its end; terraform would stop at a full pipe that nobody empties."""

    def __init__(self, stream: IO[bytes] | None, handle: LineHandler, interrupts: Interrupts) -> None:
        self._stream, self._handle, self._interrupts = stream, handle, interrupts
        self._lines: list[str] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def finish(self) -> str:
        # A process that terraform started may outlive it and keep the pipe open; it must not keep us.
        self._thread.join(_DRAIN_SECONDS)
        return "".join(self._lines)

    def _run(self) -> None:
        reader_gone = False
        for raw in self._stream or ():
            line = raw.decode("utf-8", errors="replace")
            self._lines.append(line)
            if any(notice in line for notice in _TERRAFORM_NOTICES):
                self._interrupts.noticed += 1
            if not reader_gone:
                try:
                    self._handle(line)
                except OSError:
                    # Our stderr was closed (a pipe to `head`); terraform must still be read to its end.
                    reader_gone = True


def write_stderr(line: str) -> None:
    """Pass one line (with its line end) on to stderr at once.

    Raises:
        OSError: stderr is closed.
    """
    sys.stderr.write(line)
    sys.stderr.flush()


def discard(_line: str) -> None:
    """Take a line and show nothing: it is read from the result afterwards.

    Raises: nothing.
    """


def _set_variables(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
