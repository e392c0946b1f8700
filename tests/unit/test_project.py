"""A project is the dictionary and its environments; all faults of all files come together."""

from pathlib import Path

import pytest

from harness.errors import InputError, TagrailError
from harness.project import environment_names, load_project
from harness.project_root import find_root
from tests.contracts.case import FOLDER, Case

ROOT = FOLDER.parent.parent
TAGS, ENVIRONMENT = ((FOLDER / "base" / name).read_bytes() for name in ("tags.yaml", "env.yaml"))
BASE = Case("base", TAGS, ENVIRONMENT)


def test_the_shipped_project_is_valid() -> None:
    project = load_project(ROOT)
    assert set(project.environments) == {"dev", "local", "prod", "staging"}
    assert len(project.dictionary.tags) == 12


def test_one_environment_can_be_loaded_alone() -> None:
    assert set(load_project(ROOT, ["prod"]).environments) == {"prod"}


@pytest.mark.parametrize(
    ("name", "words"), [("prd", 'Did you mean "prod"'), ("xyzzy", "Do choose one of dev, local, prod, staging")]
)
def test_an_unknown_environment_names_the_known_ones(name: str, words: str) -> None:
    with pytest.raises(TagrailError, match=words):
        load_project(ROOT, [name])


def test_the_root_is_found_from_below(tmp_path: Path) -> None:
    BASE.write(tmp_path)
    assert find_root(tmp_path / "envs/case") == tmp_path


def test_outside_of_a_project_the_wanted_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TagrailError, match=r"must lie in a project with envs/tags\.yaml"):
        find_root(tmp_path)


def test_a_folder_in_the_place_of_the_dictionary_is_named(tmp_path: Path) -> None:
    (tmp_path / "envs/tags.yaml").mkdir(parents=True)
    assert find_root(tmp_path) == tmp_path
    with pytest.raises(InputError, match=r'^envs/tags\.yaml: must be a file that can be read; got "Is a directory"'):
        load_project(tmp_path)


def test_a_folder_without_env_yaml_is_no_environment(tmp_path: Path) -> None:
    (BASE.write(tmp_path) / "envs/notes").mkdir()
    assert environment_names(tmp_path) == ("case",)


def test_a_fault_of_one_environment_does_not_hide_that_of_another(tmp_path: Path) -> None:
    BASE.write(tmp_path)
    for name in ("a", "b"):
        (tmp_path / "envs" / name).mkdir()
        (tmp_path / "envs" / name / "env.yaml").write_bytes(ENVIRONMENT.replace(b"name: case", b"name: Bad"))
    with pytest.raises(InputError) as refused:
        load_project(tmp_path)
    assert [problem.file for problem in refused.value.problems] == ["envs/a/env.yaml", "envs/b/env.yaml"]


def test_capacity_is_judged_only_when_everything_else_is_right(tmp_path: Path) -> None:
    text = ENVIRONMENT.replace(b"name: case", b"name: Bad") + b"limits: {tag_policy_document_characters: 1}\n"
    with pytest.raises(InputError) as refused:
        load_project(Case("case", TAGS, text).write(tmp_path))
    assert [problem.path for problem in refused.value.problems] == ["name"]


def test_a_quota_that_aws_raised_lets_more_cost_allocation_keys_pass(tmp_path: Path) -> None:
    keys = "".join(f"  k{number}: {{purpose: Counting., cost_allocation: true}}\n" for number in range(501))
    text = ENVIRONMENT + b"limits: {cost_allocation_tags_active: 501}\n"
    case = Case("case", f"version: 1\ntags:\n{keys}".encode(), text)
    assert case.found(tmp_path) == ()
