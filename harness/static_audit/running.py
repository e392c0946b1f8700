"""Run checkov over a project's modules/ and envs/, with nothing of the user's own settings and nothing downloaded."""

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from harness.errors import TagrailError
from harness.finding import Finding
from harness.static_audit.installation import CHECKOV
from harness.static_audit.reading import declared_resources, read_findings
from harness.tool_installation import ensure_installed

CONFIGURATION = ".checkov.yaml"
FOLDERS = ("envs", "modules")
RESULTS = ("results_cli.txt", "results_json.json", "results_junitxml.xml", "results_sarif.sarif", "log.txt")
PLAN_RESULTS = tuple(f"plans_{name.removeprefix('results_')}" for name in RESULTS)  # of plans.py

_OUTPUTS = ("cli", "json", "junitxml", "sarif")
_CHECKS = Path(__file__).with_name("checks")
_SETTINGS = {"CKV_SKIP_PACKAGE_UPDATE_CHECK": "true", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}
_SECONDS = 600
_LOG_LINES = 15


def audit(root: Path, out: Path, say: Callable[[str], None]) -> tuple[Finding, ...]:
    """Return what checkov finds in the project, and write its results of four forms and its log into `out`.

    Raises: TagrailError when .checkov.yaml is missing, checkov cannot be installed, it fails by itself, or it looked at
    no resource.
    """
    if not (root / CONFIGURATION).is_file():
        repair = f"Do write one; framework: terraform is enough. {CHECKOV.name} would fall back on others without it"
        raise TagrailError(f"{CONFIGURATION}: must stand in {root}; got none. {repair}")
    python = ensure_installed(CHECKOV, say)
    out.mkdir(parents=True, exist_ok=True)
    for name in (*RESULTS, *PLAN_RESULTS):
        (out / name).unlink(missing_ok=True)
    report, log = run_checkov(python, arguments(root, out), root, out / "results_json.json", out / "log.txt")
    return read_findings(report, log, declared_resources(root, FOLDERS))


def arguments(root: Path, out: Path) -> tuple[str, ...]:
    """Return checkov's arguments; the configuration adds to them and cannot undo them.

    All of the project is one tree for checkov, since each further --directory overwrites the results of the one
    before; a pattern keeps it to envs/ and modules/. It searches the absolute path, so the pattern begins with the
    root: a plain `tests` would leave everything out where a folder above the project is called so. Raises: nothing.
    """
    kept = "|".join(FOLDERS)
    elsewhere = f"^{re.escape(str(root.resolve()))}/(?!(?:{kept})(?:/|$))"
    return (
        *("--directory", str(root.resolve()), "--skip-path", elsewhere),
        *("--config-file", str(root / CONFIGURATION), "--external-checks-dir", str(_CHECKS)),
        *("--download-external-modules", "false", "--skip-download"),
        *outputs(out),
    )


def outputs(out: Path) -> tuple[str, ...]:
    """Return the arguments for results of every form in a folder. Raises: nothing."""
    forms = (part for name in _OUTPUTS for part in ("--output", name))
    return (*forms, "--output-file-path", str(out.resolve()))


def run_checkov(python: Path, given: Sequence[str], root: Path, report: Path, log: Path) -> tuple[str, str]:
    """Return checkov's JSON report and its log, which is also written into `log`; `report` is where its JSON lands.

    Raises: TagrailError when it fails by itself, lasts too long or leaves no report.
    """
    done = _run([str(python), "-m", "checkov.main", *given], root)
    log.write_text(done.stderr, encoding="utf-8")
    if done.returncode not in (0, 1) or not report.is_file():
        shown = "\n".join((done.stdout + done.stderr).splitlines()[-_LOG_LINES:])
        raise TagrailError(
            f"checkov: must end with 0 or 1 and a report; got {done.returncode}:\n{shown}\nDo look at {log}"
        )
    return report.read_text(encoding="utf-8"), done.stderr


def _run(command: list[str], root: Path) -> subprocess.CompletedProcess[str]:
    """Run checkov; an empty home keeps the configuration of the user's own home out."""
    with tempfile.TemporaryDirectory() as home:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        try:
            return subprocess.run(
                command,
                cwd=root,
                env={**kept, **_SETTINGS, "HOME": home},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TagrailError(f"checkov: must end within {_SECONDS} seconds. Do look for a very large file") from error
