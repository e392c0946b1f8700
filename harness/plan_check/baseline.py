"""Keep findings that are known and accepted for now in a file that people review: the baseline.

It is JSON with one finding a line, sorted, so that a pull request shows which findings come and go, and so that
thousands are read at once. A finding of the baseline does not fail the check until its entry expires. Findings that
take governance away are never covered: they need --allow-weakening each time.
"""

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from harness.errors import InputError, Problem, TagrailError
from harness.plan_check.model import CheckFinding
from harness.plan_check.result import CheckResult
from harness.plan_check.rules import RULES
from harness.text_file import read_text

_VERSION = 1


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """Hold one accepted finding.

    `rule`, `where` and `key` are for readers; the fingerprint alone is matched. `since` is the day on which the finding
    came into the baseline, `expires` the last day on which it is accepted.
    """

    fingerprint: str
    rule: str
    where: str
    key: str
    since: datetime.date
    expires: datetime.date | None = None
    reason: str = ""


class Match(NamedTuple):
    """Hold findings after the baseline was held against them.

    `reasons` says of old ones, by fingerprint, why they are accepted; `gone` are entries that match nothing any more.
    """

    findings: tuple[CheckFinding, ...]
    reasons: Mapping[str, str]
    gone: tuple[Entry, ...]


def match_baseline(findings: Iterable[CheckFinding], entries: Sequence[Entry], today: datetime.date) -> Match:
    """Return the findings with those marked as old that an entry accepts today.

    A finding whose entry has expired stays new and says so. Raises: KeyError for a rule that RULES does not have.
    """
    known = {entry.fingerprint: entry for entry in entries}
    seen: set[str] = set()
    matched = []
    for finding in findings:
        entry = None if RULES[finding.fault.rule].weakens else known.get(finding.fingerprint)
        if entry:
            seen.add(entry.fingerprint)
        matched.append(_mark(finding, entry, today))
    reasons = {each.fingerprint: known[each.fingerprint].reason for each in matched if each.is_old}
    return Match(tuple(matched), reasons, tuple(entry for entry in entries if entry.fingerprint not in seen))


def with_weakening(result: CheckResult, reason: str) -> CheckResult:
    """Return a result whose findings that take governance away are accepted for a reason.

    Raises: TagrailError for a reason without a word.
    """
    if not reason.strip():
        raise TagrailError(f'--allow-weakening: must be a reason of 1 character or more; got "{reason}". Do say why')
    allowed = {each.fingerprint: reason.strip() for each in result.findings if RULES[each.fault.rule].weakens}
    findings = tuple(
        msgspec.structs.replace(each, is_old=each.is_old or each.fingerprint in allowed) for each in result.findings
    )
    return msgspec.structs.replace(result, findings=findings, reasons={**result.reasons, **allowed})


def with_baseline(result: CheckResult, known: Path | None, new: Path | None) -> tuple[CheckResult, tuple[Entry, ...]]:
    """Return a result with the findings that a baseline accepts marked as old, and its entries that match nothing.

    With `new` the findings are written there, and are accepted from now on. Raises: InputError as reading and writing.
    """
    today = datetime.datetime.now(tz=datetime.UTC).date()
    entries = read_baseline(known) if known else ()
    if new:
        entries = make_baseline(result.findings, today, entries)
        write_baseline(entries, new)
    match = match_baseline(result.findings, entries, today)
    return msgspec.structs.replace(result, findings=match.findings, reasons=match.reasons), match.gone


def _mark(finding: CheckFinding, entry: Entry | None, today: datetime.date) -> CheckFinding:
    if entry is None:
        return finding
    if entry.expires is None or today <= entry.expires:
        return msgspec.structs.replace(finding, is_old=True)
    said = f"{finding.what} Its entry in the baseline, of {entry.since}, expired on {entry.expires}."
    return msgspec.structs.replace(finding, what=said)


def make_baseline(
    findings: Iterable[CheckFinding], today: datetime.date, known: Iterable[Entry] = ()
) -> tuple[Entry, ...]:
    """Return entries that accept the findings, sorted by place, without those that take governance away.

    Entries of `known` that still match and have not expired keep their day, expiry and reason.
    Raises: KeyError for a rule that RULES does not have.
    """
    kept = {entry.fingerprint: entry for entry in known if entry.expires is None or today <= entry.expires}
    made: dict[str, Entry] = {}
    for finding in findings:
        fault = finding.fault
        if not RULES[fault.rule].weakens:
            new = Entry(finding.fingerprint, fault.rule, finding.where, fault.key, today)
            old = kept.get(finding.fingerprint, new)
            made[finding.fingerprint] = msgspec.structs.replace(
                new, since=old.since, expires=old.expires, reason=old.reason
            )
    return tuple(sorted(made.values(), key=lambda entry: (entry.where, entry.rule, entry.key, entry.fingerprint)))


def write_baseline(entries: Iterable[Entry], path: Path) -> None:
    """Write the entries, one a line; a file that is there is replaced at once or not at all.

    Raises: InputError when the file cannot be written.
    """
    lines = ",\n".join(f"    {_line(entry)}" for entry in entries)
    listed = f"[\n{lines}\n  ]" if lines else "[]"
    text = f'{{\n  "version": {_VERSION},\n  "findings": {listed}\n}}\n'
    beside = path.with_name(path.name + ".new")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        message = f'must be writable; got "{error.strerror}". Do name a file in a folder that you may write to'
        raise InputError([Problem(str(path), 0, "", message)]) from error


def _line(entry: Entry) -> str:
    """Return an entry as JSON in ASCII; ? stands for halves of surrogate pairs, which are no text that can be read."""
    values: dict[str, str] = msgspec.to_builtins(entry)
    return json.dumps({name: value.encode("utf-8", "replace").decode() for name, value in values.items()})


def read_baseline(path: Path) -> tuple[Entry, ...]:
    """Return the entries of a file that write_baseline wrote, edited by hand or not.

    Raises: InputError with the lines of all faults when the file is absent, unreadable, no JSON of this form, or has a
    fingerprint twice.
    """
    shown = str(path)
    text = read_text(path, shown, create="Do create it with --write-baseline", encoding="utf-8-sig")
    return tuple(_Reader(shown, text).entries())


class _Reader:
    """Turn the text of a baseline into entries; collects problems with their lines."""

    def __init__(self, shown: str, text: str) -> None:
        self.shown = shown
        self.text = text
        self.problems: list[Problem] = []

    def entries(self) -> Iterator[Entry]:
        raw = self._raw()
        if raw is None:
            raise InputError(self.problems)
        made = [self._entry(number, line, item) for number, (line, item) in enumerate(self._lines(raw))]
        first: dict[str, int] = {}
        for number, entry in enumerate(made):
            if entry and first.setdefault(entry.fingerprint, number) != number:
                other = f"findings[{first[entry.fingerprint]}]"
                self._refuse(0, f"findings[{number}].fingerprint", f"must be unique; {other} has it too. Do remove one")
        if self.problems:
            raise InputError(self.problems)
        return (entry for entry in made if entry)

    def _refuse(self, line: int, path: str, message: str) -> None:
        self.problems.append(Problem(self.shown, line, path, message))

    def _raw(self) -> list[msgspec.Raw] | None:
        """Return the entries undecoded, or None with the problem noted."""
        try:
            document = msgspec.json.decode(self.text.encode("utf-8", "replace"), type=dict[str, msgspec.Raw])
            version = msgspec.json.decode(document.get("version", b"null"))
            findings = msgspec.json.decode(document.get("findings", b"null"), type=list[msgspec.Raw] | None)
        except (msgspec.DecodeError, RecursionError) as error:
            line = self._line_of_fault()
            message = f"must be JSON with the members version and findings; {error}. Do mend it, or write it anew"
            self._refuse(line, "", f"{message} with --write-baseline")
            return None
        if version != _VERSION:
            self._refuse(0, "version", f"must be {_VERSION}; got {version}. Do write the file with this tagrail")
        for name in sorted(set(document) - {"version", "findings"}):
            self._refuse(0, name, "must be version or findings. Do remove it")
        if findings is None:
            self._refuse(0, "findings", "must be a list. Do write the file with --write-baseline")
        return findings

    def _line_of_fault(self) -> int:
        try:
            json.loads(self.text)
        except json.JSONDecodeError as error:
            return error.lineno
        except RecursionError:
            return 0
        return 1

    def _lines(self, raw: Iterable[msgspec.Raw]) -> Iterator[tuple[int, Any]]:
        """Yield each entry with its line; entries stand in the text in their order."""
        at = self.text.find('"findings"')
        line = 1 + self.text.count("\n", 0, at)
        for item in raw:
            written = bytes(item).decode()
            start = self.text.find(written, at)
            line += self.text.count("\n", at, start)
            yield line, msgspec.json.decode(item)
            line += written.count("\n")
            at = start + len(written)

    def _entry(self, number: int, line: int, item: object) -> Entry | None:
        path = f"findings[{number}]"
        for name in sorted(set(item) - set(Entry.__struct_fields__)) if isinstance(item, dict) else ():
            near = get_close_matches(name, Entry.__struct_fields__, n=1)
            hint = f"Do write {near[0]}" if near else "Do remove it"
            self._refuse(line, f"{path}.{name}", f"must be one of {', '.join(Entry.__struct_fields__)}. {hint}")
        try:
            return msgspec.convert(item, Entry)
        except msgspec.ValidationError as error:
            said, _, inner = str(error).partition(" - at `$")
            message = f"must be an entry of a baseline; {said[0].lower()}{said[1:]}. Do correct it, or write the file"
            self._refuse(line, path + inner.rstrip("`"), f"{message} with --write-baseline")
            return None
