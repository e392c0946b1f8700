"""Find the terraform or tofu binary that runs the modules; the first step of every command that talks to a target."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harness.errors import TagrailError
from harness.toolchain_release import (
    PINNED_RELEASES,
    RELEASES_URL,
    Release,
    cache_folder,
    cached_terraform,
    current_platform,
    fetch_terraform,
    pinned_release,
)

Flavour = Literal["terraform", "tofu"]

MINIMUM_VERSION = (1, 10)

_VERSION_LINE = re.compile(r"^(Terraform|OpenTofu) v(\d+)\.(\d+)(\S*)", re.MULTILINE)
_VERSION_TIMEOUT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Binary:
    """Name the program that runs the modules: absolute path, version such as `1.11.4`, terraform or tofu."""

    path: Path
    version: str
    flavour: Flavour


class NotFetchedError(TagrailError):
    """Say that this machine has no terraform, and which release the next plan would fetch."""

    def __init__(self, release: Release) -> None:
        """Keep the release."""
        self.release = release
        rule = f"terraform: must be on PATH in version {_minimum()} or later; got none"
        super().__init__(f"{rule}. Do install it, or let plan and apply fetch {release.version}")


def find_terraform(
    environ: Mapping[str, str] | None = None,
    *,
    note: Callable[[str], None] | None = None,
    pins: Path = PINNED_RELEASES,
    fetch: bool = True,
) -> Binary:
    """Return the first that fits: TAGRAIL_TERRAFORM, terraform or tofu on PATH, the cached or the fetched release.

    `environ` defaults to this process's; `note` gets one line for every program that was passed over (default: stderr).

    Raises:
        NotFetchedError: there is none, and without `fetch` nothing is downloaded.
        TagrailError: TAGRAIL_TERRAFORM is no terraform >= 1.10, or none was found and none could be fetched.
    """
    environ = os.environ if environ is None else environ
    note = note or _print_note
    if named := environ.get("TAGRAIL_TERRAFORM"):
        return _named_binary(named, environ)
    for name in ("terraform", "tofu"):
        found = shutil.which(name, path=environ.get("PATH", os.defpath))
        if found is None:
            continue
        try:
            binary = read_binary(Path(found).absolute(), environ)
        except TagrailError as error:
            note(f"{error}; passed over")
            continue
        if _is_new_enough(binary):
            return binary
        note(f"{found}: must be >= {_minimum()}; got {binary.flavour} {binary.version}; passed over")
    return _pinned_binary(environ, pins, fetch=fetch)


def read_binary(path: Path, environ: Mapping[str, str]) -> Binary:
    """Ask a program for its version and return what it is.

    Raises:
        TagrailError: it cannot be run, or does not answer as terraform or tofu.
    """
    # Without CHECKPOINT_DISABLE terraform asks HashiCorp for news, and hangs where there is no internet.
    variables = {key: value for key, value in environ.items() if key != "TF_CLI_CONFIG_FILE"}
    variables["CHECKPOINT_DISABLE"] = "1"
    try:
        answer = subprocess.run(
            [path, "version"],
            env=variables,
            capture_output=True,
            text=True,
            timeout=_VERSION_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TagrailError(f"{path}: must run as terraform or tofu; got {error}") from error
    match = _VERSION_LINE.search(answer.stdout)
    if match is None or answer.returncode != 0:
        said = (answer.stdout + answer.stderr).strip().splitlines() or ["nothing"]
        raise TagrailError(
            f'{path}: must print its version as terraform or tofu; got exit code {answer.returncode}, "{said[0]}"'
        )
    flavour: Flavour = "tofu" if match[1] == "OpenTofu" else "terraform"
    return Binary(path, f"{match[2]}.{match[3]}{match[4]}", flavour)


def _named_binary(named: str, environ: Mapping[str, str]) -> Binary:
    found = shutil.which(named, path=environ.get("PATH", os.defpath))
    repair = f"Do set TAGRAIL_TERRAFORM to terraform or tofu >= {_minimum()}, or unset it"
    if found is None:
        raise TagrailError(f'TAGRAIL_TERRAFORM: must be a program that can be run; got "{named}". {repair}')
    try:
        binary = read_binary(Path(found).absolute(), environ)
    except TagrailError as error:
        raise TagrailError(f"TAGRAIL_TERRAFORM: {error}. {repair}") from error
    if not _is_new_enough(binary):
        raise TagrailError(
            f"TAGRAIL_TERRAFORM: must be >= {_minimum()}; got {binary.flavour} {binary.version} at {found}. {repair}"
        )
    return binary


def _pinned_binary(environ: Mapping[str, str], pins: Path, *, fetch: bool) -> Binary:
    release = pinned_release(pins, current_platform(), environ.get("TAGRAIL_RELEASES_URL") or RELEASES_URL)
    cache = cache_folder(environ)
    path = cached_terraform(release, cache)
    if not path.is_file() and not fetch:
        raise NotFetchedError(release)
    if not path.is_file():
        path = fetch_terraform(release, cache)
    try:
        return read_binary(path, environ)
    except TagrailError as error:
        raise TagrailError(f"{error}. Do remove it, and it will be fetched again") from error


def _is_new_enough(binary: Binary) -> bool:
    major, minor = binary.version.split(".")[:2]
    return (int(major), int(minor)) >= MINIMUM_VERSION


def _minimum() -> str:
    return ".".join(str(part) for part in MINIMUM_VERSION)


def _print_note(text: str) -> None:
    print(f"note: {text}", file=sys.stderr)  # noqa: T201 (stderr is where everything but findings goes)
