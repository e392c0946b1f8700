"""Cases shared by the Python loader and the Terraform modules: dictionary, environment, and what must come of them.

A case is one YAML file. It gives the literal text of tags.yaml (`dictionary`) or of env.yaml (`environment`), or both;
the one that is not given is the small valid file in `base/`. `dictionary: null` means that there is no such file, and
`dictionary: {file: ...}` takes a file of the project; with `is_folder: true` a folder stands in its place.
Invalid cases have `messages` and `terraform`: key words of the modules' refusal, or `{accepts: why}`. Valid ones have
`billed` (keys billing has seen) and `examples` (right values).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from harness.errors import InputError
from harness.project import Project, load_project

FOLDER = Path(__file__).resolve().parent
ENVIRONMENT = "case"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Case:
    """Hold one case; `refusal` are key words of the modules' refusal, `acceptance` says why they accept it."""

    name: str
    dictionary: bytes | None
    environment: bytes
    is_folder: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    messages: tuple[str, ...] = ()
    refusal: str = ""
    acceptance: str = ""
    billed: tuple[str, ...] = ()
    examples: Mapping[str, str] = field(default_factory=dict)

    def write(self, root: Path) -> Path:
        """Write a project with the one environment `case`; returns its root."""
        folder = root / "envs" / ENVIRONMENT
        folder.mkdir(parents=True)
        if self.is_folder:
            (root / "envs/tags.yaml").mkdir()
        elif self.dictionary is not None:
            (root / "envs/tags.yaml").write_bytes(self.dictionary)
        (folder / "env.yaml").write_bytes(self.environment)
        for name, text in self.files.items():
            (folder / name).write_text(text, encoding="utf-8")
        return root

    def project(self, root: Path) -> Project:
        """Write the case below `root` and load it."""
        return load_project(self.write(root))

    def found(self, root: Path) -> tuple[str, ...]:
        """Return every message that loading the case gives; none when it is accepted."""
        try:
            self.project(root)
        except InputError as error:
            return tuple(map(str, error.problems))
        return ()


def case_files(kind: str) -> list[Path]:
    """Return the files of `invalid` or `valid` cases, in order of their names."""
    return sorted((FOLDER / kind).glob("*.yaml"))


@cache
def read_case(path: Path) -> Case:
    """Return the case that a file holds."""
    data = yaml.load(path.read_bytes(), Loader=_LOADER)  # noqa: S506 (a safe loader, in C where there is one)
    terraform = data.get("terraform", "")
    return Case(
        name=path.stem,
        dictionary=_text(data, "dictionary", "tags.yaml"),
        environment=_text(data, "environment", "env.yaml") or b"",
        is_folder=data.get("is_folder", False),
        files=data.get("files", {}),
        messages=tuple(data.get("messages", ())),
        refusal=terraform if isinstance(terraform, str) else "",
        acceptance=terraform["accepts"] if isinstance(terraform, dict) else "",
        billed=tuple(data.get("billed", ())),
        examples=data.get("examples", {}),
    )


def read_cases(kind: str) -> Iterator[Case]:
    """Yield every `invalid` or `valid` case."""
    yield from map(read_case, case_files(kind))


def _text(data: Mapping[str, object], name: str, base: str) -> bytes | None:
    text = data.get(name, (FOLDER / "base" / base).read_bytes())
    if isinstance(text, dict):
        return (FOLDER.parent.parent / text["file"]).read_bytes()
    assert text is None or isinstance(text, str | bytes), f"{name}: must be text or !!binary"
    return text.encode() if isinstance(text, str) else text
