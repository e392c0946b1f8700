"""Every invalid case is refused with exactly its messages, and every rule of the loader has a case."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from harness import yaml_source
from tests.contracts.case import FOLDER, case_files, read_case, read_cases

CASES = case_files("invalid")
FORM = re.compile(r"envs/[a-z/]+\.yaml(:\d+)?: (.+: )?must .+(\. Do .+|\. Did you mean \".+\"\?)", re.DOTALL)
HARNESS = FOLDER.parent.parent / "harness"
# Pydantic's own words for a kind of fault that no field of the models can have today.
FALLBACK = "must hold: "
RULES = [
    *sorted(HARNESS.glob("*/*rules.py")),
    *(HARNESS / name for name in ("documents/capacity.py", "tag_text.py", "yaml_source.py", "strict_model.py")),
]


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


@pytest.mark.thorough
def test_every_rule_of_the_loader_has_a_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_source, "_MOST_NODES", 5000)  # 200,000 nodes under a tracer take half a minute
    lines = _lines_run_by_the_cases(tmp_path)
    unused = [
        f"{file.relative_to(HARNESS)}:{start}"
        for file in RULES
        for start, end in _refusals(file)
        if not lines & {(str(file), line) for line in range(start, end + 1)}
    ]
    assert unused == []


def _refusals(file: Path) -> Iterator[tuple[int, int]]:
    """Yield first and last line of each statement that yields a fault, or makes or refuses with a message."""
    text = file.read_text(encoding="utf-8")
    for statement in ast.walk(ast.parse(text)):
        if not isinstance(statement, ast.Assign | ast.Expr | ast.Raise | ast.Return):
            continue
        if any(map(_refuses, ast.walk(statement))) and FALLBACK not in (ast.get_source_segment(text, statement) or ""):
            yield statement.lineno, statement.end_lineno or statement.lineno


def _refuses(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return name in {"refuse", "InputError", "ValueError"}
    return isinstance(node, ast.Yield) or (isinstance(node, ast.Name) and node.id == "message")


def _lines_run_by_the_cases(folder: Path) -> set[tuple[str, int]]:
    files = set(map(str, RULES))
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
