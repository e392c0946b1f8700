"""Load the tag dictionary, `envs/tags.yaml`, strictly; first step of the flow."""

from pathlib import Path

from harness.dictionary.model import Defaults, Dictionary, Exemption, OuValues, Tag
from harness.dictionary.rules import dictionary_faults
from harness.dictionary.value_rules import allows, matches
from harness.errors import InputError, Problem
from harness.facts import load_facts
from harness.strict_model import build
from harness.yaml_source import read_source

__all__ = [
    "Defaults",
    "Dictionary",
    "Exemption",
    "OuValues",
    "Tag",
    "allows",
    "check_dictionary",
    "load_dictionary",
    "matches",
]


def check_dictionary(path: Path, shown: str) -> tuple[Dictionary | None, tuple[Problem, ...]]:
    """Return the dictionary and its problems; it is None when its form is so wrong that meaning cannot be judged.

    `shown` is the file's name in messages. Raises: nothing of the input's.
    """
    try:
        source = read_source(path, shown)
    except InputError as error:
        return None, error.problems
    dictionary, problems = build(Dictionary, source)
    if dictionary is None:
        return None, problems
    faults = dictionary_faults(dictionary, load_facts())
    return dictionary, tuple(source.problem(place, message) for place, message in faults)


def load_dictionary(path: Path, shown: str | None = None) -> Dictionary:
    """Return the dictionary at `path`.

    Raises: InputError with every problem of the file.
    """
    dictionary, problems = check_dictionary(path, shown or str(path))
    if dictionary is None or problems:
        raise InputError(problems)
    return dictionary
