"""Rules of the whole repository (HOUSE): sizes, names, files per module, documentation, locks, targets of make."""

import ast
import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HARNESS = ROOT / "harness"

LONGEST_FILE = 300
MODULE_FILES = {"README.md", "main.tf", "variables.tf", "outputs.tf", "versions.tf"}
TOP_FOLDERS = {".ci", "envs", "harness", "modules", "requirements", "tests"}
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LOCK = re.compile(
    r"requirements/.+\.txt|harness/data/localstack\.txt|harness/data/tag-policy-types\.yaml|envs/prod/snapshot\.yaml"
    r"|modules/tag-guardrail/actions\.yaml|.*\.schema\.json|.*\.terraform\.lock\.hcl|.*\.(png|svg)|LICENSE"
)

FORBIDDEN = {
    "a package index": re.compile(r"pypi\.org|pythonhosted\.org|(?<!emit-)index-url[ =]|(?<!emit-)find-links[ =]"),
    "a home folder": re.compile(r"/home/[a-z]|/Users/[a-z]|(?<!\w)/root/[a-z.]"),
    "unfinished work": re.compile(r"\b(TODO|FIXME|XXX)\b"),
}


def tracked_files() -> list[Path]:
    listing = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in sorted(set(names)) if (ROOT / name).is_file()]


FILES = tracked_files()
TEXTS = [file for file in FILES if file.suffix not in {".png", ".svg"}]
MODULES = sorted(path for path in (ROOT / "modules").iterdir() if path.is_dir())


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_too_long() -> None:
    lengths = {relative(file): file.read_bytes().count(b"\n") for file in TEXTS if not LOCK.fullmatch(relative(file))}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


@pytest.mark.parametrize("what", sorted(FORBIDDEN))
def test_no_file_names(what: str) -> None:
    found = [
        f"{relative(file)}:{number}: {line.strip()}"
        for file in TEXTS
        if file != Path(__file__)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if FORBIDDEN[what].search(line)
    ]
    assert found == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.name))
def test_module_has_its_five_files(module: Path) -> None:
    assert MODULE_FILES - {file.name for file in module.iterdir()} == set()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.name))
def test_module_has_cases_under_the_same_name(module: Path) -> None:
    assert (ROOT / "tests" / "modules" / module.name).is_dir()


def test_folders_of_modules_environments_and_cases_are_kebab_case() -> None:
    parents = [ROOT / "modules", ROOT / "envs", ROOT / "tests" / "modules"]
    folders = [path for parent in parents for path in parent.iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert [relative(path) for path in folders if not KEBAB.fullmatch(path.name)] == []


def test_cases_of_modules_belong_to_a_module() -> None:
    folders = {path.name for path in (ROOT / "tests" / "modules").iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders - {module.name for module in MODULES} == set()


def test_no_folder_or_file_is_a_bag() -> None:
    names = {part.removesuffix(".py") for file in FILES for part in file.relative_to(ROOT).parts}
    assert names & {"utils", "util", "common", "helpers", "helper", "misc"} == set()


def test_top_folders_are_the_planned_ones() -> None:
    assert {file.relative_to(ROOT).parts[0] for file in FILES if file.parent != ROOT} <= TOP_FOLDERS


def public_definitions(file: Path) -> Iterator[tuple[str, str | None]]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    yield "module", ast.get_docstring(tree)
    yield from _public_names(tree, "")


def _public_names(node: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, str | None]]:
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not child.name.startswith("_"):
            yield prefix + child.name, ast.get_docstring(child)
            if isinstance(child, ast.ClassDef):
                yield from _public_names(child, f"{prefix}{child.name}.")


def test_every_public_name_is_documented() -> None:
    missing = [
        f"{relative(file)}: {name}"
        for file in HARNESS.rglob("*.py")
        for name, text in public_definitions(file)
        if not text
    ]
    assert missing == []


def raised_messages(file: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of what is raised, with {} for what is filled in."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        for message in node.exc.args[:1] if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) else []:
            parts = message.values if isinstance(message, ast.JoinedStr) else [message]
            yield node.lineno, "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)


def test_a_repair_begins_with_do() -> None:
    sentence = re.compile(r"\. (?!Do )[A-Z][a-z]+ ")
    found = [
        f"{relative(file)}:{line}: {text}"
        for file in HARNESS.rglob("*.py")
        if "emulator" not in file.relative_to(HARNESS).parts
        for line, text in raised_messages(file)
        if sentence.search(text)
    ]
    assert found == []


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    make = shutil.which("make")
    assert make, "this test needs make on PATH"
    shown = subprocess.run([make, "-C", ROOT, "help"], capture_output=True, text=True, check=True).stdout
    assert targets == set(phony[1].split())
    assert targets <= {line.split()[0] for line in shown.splitlines() if line.startswith("  ")}


def test_ci_runs_what_a_contributor_runs() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.findall(r"^make .*$", script, re.MULTILINE) == ["make lint", "make test", "make test-localstack"]


LOCALSTACK = HARNESS / "data" / "localstack.txt"


@pytest.mark.parametrize(
    "lock", [*sorted((ROOT / "requirements").glob("*.txt")), LOCALSTACK], ids=lambda lock: str(lock.name)
)
def test_lock_pins_everything_with_hashes(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert text.startswith("# Generated by make lock")
    entries = re.sub(r"#.*", "", text).replace("\\\n", " ").split("\n")
    wrong = [
        entry
        for entry in entries
        if entry.strip()
        and not re.fullmatch(r"[a-z0-9.-]+==[^ ;]+( ; [^\\]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", entry)
    ]
    assert wrong == []


def test_the_lock_of_the_oracle_has_hashes_and_names_no_registry() -> None:
    lock = json.loads((ROOT / "tests" / "oracle" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if "integrity" not in entry or "resolved" in entry] == []


def test_development_lock_holds_the_pins_of_the_run_lock() -> None:
    run, development = (
        set(re.findall(r"^[a-z0-9.-]+==\S+", (ROOT / "requirements" / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("run.txt", "dev.txt")
    )
    assert run - development == set()


def test_locks_hold_every_direct_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {
        "build.txt": project["build-system"]["requires"],
        "run.txt": project["project"]["dependencies"],
        "dev.txt": project["project"]["dependencies"] + project["dependency-groups"]["dev"],
        LOCALSTACK: project["dependency-groups"]["localstack"],
    }
    for lock, requirements in wanted.items():
        pinned = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements" / lock).read_text("utf-8"), re.MULTILINE))
        names = {re.split(r"[^A-Za-z0-9._-]", line)[0].lower().replace("_", "-") for line in requirements}
        assert names - pinned == set(), f"run `make lock` or `make lock-localstack`: {lock} is behind pyproject.toml"
