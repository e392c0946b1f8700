"""Every invalid case is refused with exactly its messages, and every rule of the loader has a case."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest

from harness import strict_model, tag_text, yaml_source
from harness.dictionary import rules as dictionary_rules
from harness.documents import capacity
from harness.environment import budget_rules
from harness.environment import rules as environment_rules
from tests.contracts.case import case_files, read_case, read_cases

CASES = case_files("invalid")
FORM = re.compile(r"envs/[a-z/]+\.yaml(:\d+)?: (.+: )?must .+(\. Do .+|\. Did you mean \".+\"\?)", re.DOTALL)
RULES = (dictionary_rules, environment_rules, budget_rules, capacity, tag_text, yaml_source, strict_model)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_an_invalid_case_is_refused_with_exactly_its_messages(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    again = f"python -m tests.contracts.record_messages {case.name}"
    assert case.found(tmp_path) == case.messages, f"if the new words are better, run: {again}"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_message_names_place_rule_and_repair(path: Path) -> None:
    messages = read_case(path).messages
    assert messages
    assert [message for message in messages if not FORM.fullmatch(message)] == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_says_what_terraform_does(path: Path) -> None:
    case = read_case(path)
    assert bool(case.refusal) != bool(case.acceptance)


def test_every_rule_of_the_loader_has_a_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_source, "_MOST_NODES", 5000)  # 200,000 nodes under a tracer take half a minute
    lines = _lines_run_by_the_cases(tmp_path)
    unused = [
        f"{Path(str(module.__file__)).name}:{start}"
        for module in RULES
        for start, end in _refusals(module)
        if not lines & {(str(module.__file__), line) for line in range(start, end + 1)}
    ]
    assert unused == []


def _refusals(module: ModuleType) -> Iterator[tuple[int, int]]:
    """Yield first and last line of each statement that yields a fault, or makes or refuses with a message."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    for statement in ast.walk(tree):
        if isinstance(statement, ast.Assign | ast.Expr | ast.Raise | ast.Return) and any(map(_refuses, ast.walk(statement))):
            yield statement.lineno, statement.end_lineno or statement.lineno


def _refuses(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return name in {"refuse", "InputError", "ValueError"}
    return isinstance(node, ast.Yield) or (isinstance(node, ast.Name) and node.id == "message")


def _lines_run_by_the_cases(folder: Path) -> set[tuple[str, int]]:
    files = {str(module.__file__) for module in RULES}
    lines: set[tuple[str, int]] = set()

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename not in files:
            return None
        if event == "line":
            lines.add((frame.f_code.co_filename, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for case in read_cases("invalid"):
            case.found(folder / case.name)
    finally:
        sys.settrace(before)
    return lines
