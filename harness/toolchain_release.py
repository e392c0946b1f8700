"""Fetch the pinned terraform release, proven by its published checksum; used by `toolchain` when a machine has none."""

import hashlib
import os
import platform as machine
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from ssl import SSLError
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import yaml

from harness.errors import TagrailError

RELEASES_URL = "https://releases.hashicorp.com/terraform"
PINNED_RELEASES = Path(__file__).parent / "data" / "terraform-releases.yaml"

_CHUNK_BYTES = 1 << 18
_TIMEOUT_SECONDS = 30
_ARCHITECTURES = {
    "x86_64": "amd64",
    "amd64": "amd64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "armv6l": "arm",
    "armv7l": "arm",
    "i386": "386",
    "i686": "386",
}


@dataclass(frozen=True, slots=True)
class Release:
    """Name one archive of terraform: its version, `os_arch`, SHA-256 in hex, and where it is served."""

    version: str
    platform: str
    sha256: str
    url: str


def current_platform() -> str:
    """Return `os_arch` of this machine in terraform's spelling, for example `linux_amd64`.

    Raises: nothing; an unknown architecture is returned as the system names it.
    """
    architecture = machine.machine().lower()
    return f"{machine.system().lower()}_{_ARCHITECTURES.get(architecture, architecture)}"


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder where tagrail keeps what it fetched: `$XDG_CACHE_HOME/tagrail`, else `~/.cache/tagrail`.

    Raises: nothing.
    """
    base = environ.get("XDG_CACHE_HOME", "")
    # The XDG specification says that a relative path must be ignored.
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".cache") / "tagrail"


def pinned_release(pins: Path, platform: str, base_url: str) -> Release:
    """Return the pinned release of this platform.

    Raises:
        TagrailError: there is no published checksum for the platform, or `base_url` is no http(s) address.
    """
    if not base_url.startswith(("https://", "http://")):
        raise TagrailError(
            f'TAGRAIL_RELEASES_URL: must be an http(s) address; got "{base_url}". '
            f"Do unset it, or name a server with the layout of {RELEASES_URL}"
        )
    content = yaml.safe_load(pins.read_text(encoding="utf-8"))
    version, checksums = str(content["version"]), content["sha256"]
    if platform not in checksums:
        raise TagrailError(
            f"terraform: must have a pinned checksum to be fetched; got none for {platform}, "
            f"only for {', '.join(sorted(checksums))}. "
            "Do install terraform >= 1.10 yourself, or name it in TAGRAIL_TERRAFORM"
        )
    url = f"{base_url.rstrip('/')}/{version}/terraform_{version}_{platform}.zip"
    return Release(version, platform, str(checksums[platform]), url)


def cached_terraform(release: Release, cache: Path) -> Path:
    """Return where the release stands in the cache, whether it has been fetched or not.

    Raises: nothing.
    """
    return cache / "terraform" / release.version / release.platform / "terraform"


def fetch_terraform(release: Release, cache: Path) -> Path:
    """Download, check and unpack the release into the cache; return the path of the terraform binary.

    The archive is opened only after its SHA-256 matched; the binary appears in the cache in one step, so that an
    interrupted or parallel run never leaves half a file. Progress goes to stderr.

    Raises:
        TagrailError: the server cannot be reached, answers with an error, sends too few bytes or another file, or the
            cache cannot be written.
    """
    binary = cached_terraform(release, cache)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="fetch-", dir=cache) as folder:
            archive = Path(folder) / "terraform.zip"
            digest = _download(release, archive)
            _check_archive(release, archive, digest)
            unpacked = _unpack(release, archive, Path(folder))
            binary.parent.mkdir(parents=True, exist_ok=True)
            unpacked.replace(binary)
    except OSError as error:
        raise TagrailError(
            f"{cache}: must be a folder that can be written; got {error}. Do set XDG_CACHE_HOME to another folder"
        ) from error
    return binary


def _download(release: Release, archive: Path) -> str:
    """Write the archive to a file and return its SHA-256 in hex."""
    try:
        with urlopen(release.url, timeout=_TIMEOUT_SECONDS) as response, archive.open("wb") as file:  # noqa: S310 (http(s) only: pinned_release)
            return _copy(release, response, file)
    except HTTPError as error:
        raise TagrailError(
            f"{release.url}: must serve terraform {release.version}; got HTTP {error.code} {error.reason}. {_REPAIR}"
        ) from error
    except (URLError, ConnectionError, TimeoutError, SSLError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise TagrailError(f"{release.url}: must be reachable; got {reason}. {_REPAIR}") from error


_REPAIR = (
    "Do install terraform or tofu >= 1.10, set TAGRAIL_TERRAFORM to its path, "
    "or set TAGRAIL_RELEASES_URL to a mirror of the releases"
)


def _copy(release: Release, response: HTTPResponse, file: IO[bytes]) -> str:
    from rich.console import Console  # noqa: PLC0415 (a download is rare, the import slow)
    from rich.progress import (  # noqa: PLC0415 (as above)
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    expected = int(response.headers.get("Content-Length") or 0)
    digest, received = hashlib.sha256(), 0
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console.print(f"fetching terraform {release.version} from {release.url}", highlight=False, soft_wrap=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("terraform", total=expected or None)
        while chunk := response.read(_CHUNK_BYTES):
            file.write(chunk)
            digest.update(chunk)
            received += len(chunk)
            progress.update(task, completed=received)
    if received < expected:
        raise TagrailError(
            f"{release.url}: must be {expected} bytes; got {received}, the connection was cut. Do run the command again"
        )
    return digest.hexdigest()


def _check_archive(release: Release, archive: Path, digest: str) -> None:
    # Looked at first because a login page of a proxy is the usual reason, and "wrong checksum" would hide it.
    if not zipfile.is_zipfile(archive):
        with archive.open("rb") as file:
            start = file.read(40)
        raise TagrailError(f"{release.url}: must be a zip archive; got a file that starts with {start!r}. {_REPAIR}")
    if digest != release.sha256:
        raise TagrailError(
            f"{release.url}: must have SHA-256 {release.sha256}, as published; got {digest}, "
            f"so nothing of it was unpacked. Do find out who serves it, and use another source"
        )


def _unpack(release: Release, archive: Path, folder: Path) -> Path:
    try:
        with zipfile.ZipFile(archive) as content:
            unpacked = Path(content.extract("terraform", folder))
    except (KeyError, zipfile.BadZipFile) as error:
        raise TagrailError(f'{release.url}: must hold a file "terraform"; got {error}. {_REPAIR}') from error
    unpacked.chmod(0o755)
    # On disk before its name appears: a machine that loses power must not keep an empty terraform.
    with unpacked.open("rb") as file:
        os.fsync(file.fileno())
    return unpacked
