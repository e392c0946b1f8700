"""checkov itself, once for each folder of cases, with the checks of tests/checkov/tags.yaml."""

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.checkov_rules import write_rules
from harness.errors import TagrailError
from harness.plan_check.compiling import compile_files
from harness.static_audit import CHECKOV
from harness.tool_installation import ensure_installed

HERE = Path(__file__).parent
Verdicts = Mapping[str, Mapping[str, str]]  # address -> number of the check -> pass or fail


@dataclass(frozen=True)
class Answer:
    verdicts: Verdicts
    details: Mapping[tuple[str, str], list[str]]
    log: str


@pytest.fixture(scope="session")
def checkov() -> Path:
    """The Python that runs checkov; without one a test is left out aloud, and fails in CI."""
    try:
        return ensure_installed(CHECKOV, print)
    except TagrailError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def judged(checkov: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Answer]:
    """Run checkov on arguments and return what the checks say."""
    rules = tmp_path_factory.mktemp("rules") / "rules"
    write_rules(compile_files(HERE / "tags.yaml", None, ""), rules)

    def run(*arguments: str | Path) -> Answer:
        command = [checkov, "-m", "checkov.main", "--external-checks-dir", rules, "--skip-download", "--output", "json"]
        ids = ",".join(f"CKV2_TAGRAIL_{number}" for number in range(1, 9))
        environment = {"PATH": os.environ["PATH"], "HOME": str(rules.parent), "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true"}
        done = subprocess.run(
            [*command, "--check", ids, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr
        return read(done.stdout, done.stderr)

    return run


def read(report: str, log: str) -> Answer:
    results = json.loads(report)["results"]
    verdicts: dict[str, dict[str, str]] = {}
    details = {}
    for kind, verdict in (("passed_checks", "pass"), ("failed_checks", "fail")):
        for record in results[kind]:
            number = record["check_id"].removeprefix("CKV2_TAGRAIL_")
            verdicts.setdefault(record["resource"], {})[number] = verdict
            details[record["resource"], number] = record["details"]
    return Answer(verdicts, details, log)
