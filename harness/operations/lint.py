"""Read policies from files and folders, and turn what the rules find into findings."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import TagrailError
from harness.facts import load_facts
from harness.finding import INFO, WARNING, Finding
from harness.policy.lint import (
    RULES,
    Given,
    Hit,
    LintedPolicy,
    PolicyKind,
    UnreadablePolicyError,
    lint,
    read_policy,
)
from harness.spelling import nearest

PLANES: Mapping[PolicyKind, str] = {
    "scp": "service control policy",
    "rcp": "resource control policy",
    "identity": "IAM policy",
    "resource": "resource policy",
    "tag": "tag policy",
    "effective": "effective tag policy",
}
_UNREADABLE = "policy"
_STDIN = "-"


@dataclass(frozen=True, slots=True)
class LintRun:
    """Hold what is asked of a run: `kind` of all policies (None: by content), and whether warnings fail."""

    kind: PolicyKind | None = None
    same_target: bool = False
    strict: bool = False
    limits: Mapping[str, int] | None = None


def lint_files(names: Sequence[str], run: LintRun) -> tuple[Finding, ...]:
    """Return the findings of all files; what cannot be read or is no policy is `unknown`.

    A folder stands for all *.json in it and below it but for hidden ones, `-` for stdin.
    Raises: TagrailError when a file is given twice, or none is found at all.
    """
    policies: list[LintedPolicy] = []
    unreadable: list[Finding] = []
    for name in _files(names):
        try:
            policies.append(read_policy(name, _read(name), run.kind))
        except UnreadablePolicyError as error:
            unreadable.append(_unreadable(str(error)))
    given = Given(tuple(policies), run.limits or load_facts().limits, same_target=run.same_target)
    found: dict[str, list[Finding]] = {policy.name: [] for policy in policies}
    for hit in lint(given):
        found[hit.policy.name].append(_finding(hit, strict=run.strict))
    clean = (_clean(policy) for policy in policies if not found[policy.name])
    return (*unreadable, *(finding for group in found.values() for finding in group), *clean)


def parse_limits(options: Iterable[str]) -> Mapping[str, int]:
    """Return AWS's limits with those of `NAME=VALUE` options replaced.

    Raises: TagrailError for an unknown name (with the nearest known one), or a value that is no number above 0.
    """
    known = load_facts().limits
    found: dict[str, int] = {}
    for option in options:
        name, _, value = option.partition("=")
        if name not in known:
            guess = nearest(name, known) or " Do choose a row of modules/aws-facts.yaml"
            raise TagrailError(f'--limit: must be NAME=VALUE with a limit of AWS; got "{option}".{guess}')
        if not value.isdecimal() or int(value) == 0:
            repair = f"Do write it as {name}={known[name]}"
            raise TagrailError(f'--limit: must be NAME=VALUE with a whole number above 0; got "{option}". {repair}')
        found[name] = int(value)
    return {**known, **found}


def _files(names: Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for given in names:
        found = [given]
        if given != _STDIN and Path(given).is_dir():
            found = [str(file) for file in _below(Path(given))]
            if not found:
                raise TagrailError(f"{given}: must hold a file *.json; found none. Do name the files, or their folder")
        for name in found:
            file = name if name == _STDIN else str(Path(name).resolve())
            if file in seen:
                raise TagrailError(f"{name}: must be given once; got it twice. Do remove one")
            seen.add(file)
            yield name


def _below(folder: Path) -> Iterator[Path]:
    """Yield all *.json of a folder and those below it, in order, but for hidden files and folders."""
    for file in sorted(folder.rglob("*.json")):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if file.is_file() and not hidden:
            yield file


def _read(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == _STDIN else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        got = (error.strerror or str(error)).lower()
        raise UnreadablePolicyError(
            f"{name}: must be a file that can be read; got {got}. Do correct the name"
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadablePolicyError(f"{name}: must be UTF-8; byte {error.start} is not. Do save it as UTF-8") from error


def _unreadable(message: str) -> Finding:
    where, _, rest = message.partition(": ")
    rule, _, repair = rest.rpartition(". Do ")
    return Finding(_UNREADABLE, where, "content", "unknown", rule, "a policy that can be read", f"Do {repair}")


def _finding(hit: Hit, *, strict: bool) -> Finding:
    where = f"{hit.policy.name}:{hit.policy.line(hit.lint.path)}"
    fails = hit.rule.severity == "error" or (strict and hit.rule.severity == "warning")
    return Finding(
        plane=PLANES[hit.policy.kind],
        where=where if hit.lint.path else hit.policy.name,
        subject=f"{hit.lint.path or 'document'} ({hit.rule.id})",
        verdict="fail" if fails else "pass",
        held=hit.lint.why,
        must_hold=hit.rule.says,
        repair=f"{hit.lint.repair}. See {hit.rule.page}",
        note={"warning": WARNING, "info": INFO}.get(hit.rule.severity, ""),
    )


def _clean(policy: LintedPolicy) -> Finding:
    rules = sum(policy.kind in rule.kinds for rule in RULES)
    return Finding(PLANES[policy.kind], policy.name, "document", "pass", f"no fault by {rules} rules", "no fault")
