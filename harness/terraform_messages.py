"""Read what terraform says: progress and diagnostics from its JSON messages, errors from its text."""

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

# Operations that terraform will report for one planned action; reads, moves and no-ops change nothing.
_OPERATIONS = {"create": 1, "update": 1, "delete": 1, "replace": 2}
_DOING = {"create": "creating", "update": "changing", "delete": "destroying"}
_DONE = {"create": "created", "update": "changed", "delete": "destroyed"}

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_BOX = re.compile(r"^[╷╵│]\s?", re.MULTILINE)
_ERROR = re.compile(r"^Error: ", re.MULTILINE)
_DIAGNOSTIC = re.compile(r"^(?=(?:Error|Warning): )", re.MULTILINE)
_RULE_FAILED = re.compile(r"waiting for ConfigService Organization [A-Za-z ]+ \(([^)]+)\) (?:create|update)")
_ACCOUNT_FAILED = re.compile(r"Account ID \((\d{12})\)")


class ApplyProgress:
    """Turn the messages of `terraform apply -json` into one line for each start and end of a resource."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """Count from nothing; `say` gets each finished line, with its line end."""
        self._say = say
        self._total = 0
        self._done = 0
        self._started = time.monotonic()

    def __call__(self, line: str) -> None:
        """Show one message; a line that is no message (a crash, a wrapper script) is passed on as it is.

        Raises:
            OSError: the output is closed.
        """
        message = _message(line)
        if message is None:
            self._say(line)
            return
        kind, hook = message.get("type"), message.get("hook", {})
        if kind == "planned_change":
            self._total += _OPERATIONS.get(message["change"]["action"], 0)
        elif kind in ("apply_start", "apply_progress", "apply_complete", "apply_errored") and hook["action"] in _DOING:
            self._show(kind, hook)
        elif kind == "change_summary" and message["changes"].get("operation") != "plan":
            changes = message["changes"]
            seconds = time.monotonic() - self._started
            self._say(
                f"{changes['add']} created, {changes['change']} changed, {changes['remove']} destroyed "
                f"in {seconds:.0f} s\n"
            )
        elif kind == "log":  # terraform says what it does about an interrupt
            self._say(" ".join(message["@message"].split()) + "\n")
        elif kind == "diagnostic" and message["diagnostic"]["severity"] == "warning":
            self._say(render_diagnostic(message["diagnostic"]) + "\n")

    def _show(self, kind: str, hook: Mapping[str, Any]) -> None:
        action, seconds = hook["action"], hook.get("elapsed_seconds", 0)
        if kind == "apply_complete":
            self._done += 1
        text = {
            "apply_start": _DOING[action],
            "apply_progress": f"still {_DOING[action]} ({seconds} s)",
            "apply_complete": f"{_DONE[action]} ({seconds} s)",
            "apply_errored": f"failed while {_DOING[action]} ({seconds} s)",
        }[kind]
        width = len(str(self._total))
        self._say(f"[{self._done:{width}}/{self._total}] {hook['resource']['addr']}: {text}\n")


def read_errors(stdout: str, stderr: str) -> tuple[str, ...]:
    """Return the errors of a failed run, each as text that starts with `Error:`, without repetition.

    A rule of the organisation that failed in some of its accounts is followed by what to do. Raises: nothing.
    """
    found = [*_json_errors(stdout), *_text_errors(stderr), *_text_errors(stdout)]
    return tuple(text + _hint(text) for text in dict.fromkeys(found))


def _hint(error: str) -> str:
    """Return what to do about a rule of the organisation, which one account is enough to fail; else nothing."""
    rule = _RULE_FAILED.search(error)
    if rule is None:
        return ""
    accounts = ", ".join(dict.fromkeys(_ACCOUNT_FAILED.findall(error))) or "one account or more"
    command = "aws configservice get-organization-config-rule-detailed-status --organization-config-rule-name"
    return (
        f"\n  The rule failed in {accounts}. Often one has no recorder in the region, or was suspended meanwhile."
        f"\n  AWS's reasons by account: {command} {rule[1]}"
        "\n  Do start a recorder there, or name the account under config.excluded_accounts"
    )


def render_diagnostic(diagnostic: Mapping[str, Any]) -> str:
    """Return one JSON diagnostic as text: severity and summary, where it stands, detail.

    Raises: nothing.
    """
    lines = [f"{str(diagnostic['severity']).capitalize()}: {diagnostic['summary']}"]
    place = []
    if span := diagnostic.get("range"):
        place.append(f"on {span['filename']} line {span['start']['line']}")
    if address := diagnostic.get("address"):
        place.append(f"with {address}")
    if place:
        lines.append("  " + ", ".join(place))
    if detail := str(diagnostic.get("detail") or "").strip():
        lines.extend("  " + line for line in detail.splitlines())
    return "\n".join(lines)


def plain_text(output: str) -> str:
    """Return terraform's text without colours and without the frame that it draws around diagnostics.

    Raises: nothing.
    """
    return _BOX.sub("", _ANSI.sub("", output))


def _json_errors(stdout: str) -> Iterator[str]:
    for diagnostic in _diagnostics(stdout):
        if diagnostic["severity"] == "error":
            yield render_diagnostic(diagnostic)


def _diagnostics(stdout: str) -> Iterable[Mapping[str, Any]]:
    whole = _message(stdout)  # `validate -json` answers with one document,
    if whole is not None and "diagnostics" in whole:
        return list(whole["diagnostics"])
    messages = (_message(line) for line in stdout.splitlines())  # `apply -json` with one message a line
    return [message["diagnostic"] for message in messages if message and message.get("type") == "diagnostic"]


def _text_errors(output: str) -> Iterator[str]:
    for part in _DIAGNOSTIC.split(plain_text(output)):
        if _ERROR.match(part):
            yield part.strip()


def _message(line: str) -> dict[str, Any] | None:
    if not line.lstrip().startswith("{"):
        return None
    try:
        message = json.loads(line)
    except json.JSONDecodeError:
        return None
    return message if isinstance(message, dict) else None
