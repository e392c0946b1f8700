"""What is kept of a dictionary is used until a file that it was made of changes."""

import os
import shutil
from pathlib import Path

import pytest

from harness.plan_check import compiling
from harness.plan_check.compiled import read_requirements

DICTIONARY = Path(__file__).parents[3] / "envs" / "tags.yaml"


@pytest.fixture
def dictionary(tmp_path: Path) -> Path:
    return Path(shutil.copy(DICTIONARY, tmp_path / "tags.yaml"))


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The units that were compiled for."""
    found: list[str] = []
    compile_files = compiling.compile_files

    def counted(dictionary: Path, environment: Path | None, unit: str) -> object:
        found.append(unit)
        return compile_files(dictionary, environment, unit)

    monkeypatch.setattr(compiling, "compile_files", counted)
    return found


def test_a_second_run_compiles_nothing(dictionary: Path, tmp_path: Path, compilations: list[str]) -> None:
    first = read_requirements(dictionary, None, "", tmp_path / "cache")
    assert read_requirements(dictionary, None, "", tmp_path / "cache") == first
    assert compilations == [""]


def test_each_unit_is_kept_by_itself(dictionary: Path, tmp_path: Path, compilations: list[str]) -> None:
    for unit in ("", "Sandbox", "", "Sandbox"):
        found = read_requirements(dictionary, None, unit, tmp_path / "cache")
        assert found.place == unit
    assert compilations == ["", "Sandbox"]


def test_a_changed_dictionary_is_compiled_again_though_time_and_size_are_the_same(
    dictionary: Path, tmp_path: Path, compilations: list[str]
) -> None:
    read_requirements(dictionary, None, "", tmp_path / "cache")
    before = dictionary.stat()
    text = dictionary.read_text(encoding="utf-8")
    dictionary.write_text(text.replace("[dev, test, prod]", "[dev, tost, prod]"), encoding="utf-8")
    os.utime(dictionary, ns=(before.st_atime_ns, before.st_mtime_ns))
    found = read_requirements(dictionary, None, "", tmp_path / "cache")
    assert found.keys[1].values == ("dev", "tost", "prod")
    assert compilations == ["", ""]
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_what_was_kept_by_halves_is_compiled_again(dictionary: Path, tmp_path: Path, compilations: list[str]) -> None:
    first = read_requirements(dictionary, None, "", tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(kept.read_bytes()[:100])
    assert read_requirements(dictionary, None, "", tmp_path / "cache") == first
    assert compilations == ["", ""]


def test_a_folder_that_cannot_be_written_is_no_fault(dictionary: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    assert read_requirements(dictionary, None, "", tmp_path / "cache").keys
