"""Load a whole project: the dictionary and its environments, every fault of all of them together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.dictionary import Dictionary, check_dictionary
from harness.documents import capacity_faults
from harness.environment import Environment, check_environment, facts_of
from harness.errors import InputError, Problem, TagrailError
from harness.project_root import DICTIONARY
from harness.spelling import nearest
from harness.yaml_source import read_source


@dataclass(frozen=True, slots=True)
class Project:
    """Hold a loaded project; `root` is the folder that holds `envs/` and `modules/`."""

    root: Path
    dictionary: Dictionary
    environments: Mapping[str, Environment]


def environment_names(root: Path) -> tuple[str, ...]:
    """Return the names of the environments, which are the folders of `envs/` that hold an env.yaml."""
    return tuple(sorted(file.parent.name for file in (root / "envs").glob("*/env.yaml")))


def load_project(root: Path, names: Iterable[str] | None = None) -> Project:
    """Return the project with the named environments, or with all.

    Raises: InputError with every problem of the dictionary and these environments; TagrailError for an unknown name.
    """
    known = environment_names(root)
    chosen = known if names is None else tuple(names)
    for name in chosen:
        if name not in known:
            guess = nearest(name, known) or f" Do choose one of {', '.join(known)}"
            raise TagrailError(f'environment "{name}": must be a folder of envs/ with an env.yaml.{guess}')
    dictionary, problems = check_dictionary(root / DICTIONARY, DICTIONARY)
    found: list[Problem] = list(problems)
    environments: dict[str, Environment] = {}
    for name in chosen:
        shown = f"envs/{name}/env.yaml"
        environment, faults = check_environment(root / shown, shown, dictionary)
        found += faults
        if environment is None or dictionary is None:
            continue
        environments[name] = environment
        if not problems and not faults:
            found += _capacity(root / shown, shown, dictionary, environment)
    if found or dictionary is None:
        raise InputError(found)
    return Project(root, dictionary, environments)


def _capacity(path: Path, shown: str, dictionary: Dictionary, environment: Environment) -> Iterable[Problem]:
    source = read_source(path, shown)
    faults = capacity_faults(dictionary, environment, facts_of(environment))
    return tuple(source.problem(place, message) for place, message in faults)
