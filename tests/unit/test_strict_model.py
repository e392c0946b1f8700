"""Form is judged by field: nothing is converted in silence, and an unknown key names the nearest known one."""

import pytest
from pydantic import Field

from harness.dictionary import Dictionary
from harness.environment import Environment
from harness.strict_model import Date, StrictModel, Strings, build
from harness.yaml_source import Source


class Leaf(StrictModel):
    names: Strings = ()
    until: Date | None = None


class Tree(StrictModel):
    leaves: dict[str, Leaf] = Field({})
    rows: tuple[Leaf, ...] = ()
    single: Leaf | None = None


def messages(data: object) -> list[str]:
    return [str(problem) for problem in build(Tree, Source("a.yaml", data, {}))[1]]


def test_right_data_becomes_a_model_that_does_not_change() -> None:
    model, problems = build(Tree, Source("a.yaml", {"leaves": {"a": {"names": ["x"]}}}, {}))
    assert problems == ()
    assert model is not None
    assert model.leaves["a"].names == ("x",)
    with pytest.raises(ValueError, match="frozen"):
        model.leaves["a"].names = ()  # type: ignore[misc]


def test_an_empty_file_is_refused() -> None:
    assert messages(None) == ["a.yaml:1: must not be empty. Do copy the shipped example"]


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"leafs": {}}, "leafs"),
        ({"leaves": {"a": {"name": []}}}, "leaves.a.name"),
        ({"single": {"name": []}}, "single.name"),
    ],
)
def test_an_unknown_key_is_named_at_any_depth(data: object, path: str) -> None:
    (message,) = messages(data)
    assert message.startswith(f"a.yaml:1: {path}: must be one of ")
    assert message.split("Did you mean ")[1] in {'"leaves"?', '"names"?'}


def test_every_problem_of_a_file_is_returned() -> None:
    data = {"leaves": {"a": {"names": "x"}, "b": {"names": [1]}}, "other": 1}
    assert [message.split(": must")[0] for message in messages(data)] == [
        "a.yaml:1: leaves.a.names",
        "a.yaml:1: leaves.b.names[0]",
        "a.yaml:1: other",
    ]


@pytest.mark.parametrize("model", [Dictionary, Environment])
def test_the_shipped_models_refuse_what_they_do_not_know(model: type[StrictModel]) -> None:
    _, problems = build(model, Source("a.yaml", {"xyzzy": 1}, {}))
    assert any('got "xyzzy". Do remove it' in problem.message for problem in problems)
