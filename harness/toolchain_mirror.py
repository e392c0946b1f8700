"""Find a folder on this machine that already holds the AWS provider; `toolchain_config` makes terraform use it.

Machines without internet are common in this field: with a mirror, `terraform init` needs no registry.
"""

import os
import re
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from harness.errors import TagrailError
from harness.toolchain import Flavour
from harness.toolchain_release import cache_folder, current_platform

REGISTRY_HOSTS: Mapping[Flavour, str] = {"terraform": "registry.terraform.io", "tofu": "registry.opentofu.org"}

# The provider range of every module (DESIGN section 6).
_LOWEST_PROVIDER = (5, 100)
_FIRST_UNSUPPORTED_MAJOR = 7

_SEARCH_SECONDS = 0.6
_SEARCH_DEPTH = 4
_USUAL_PLACES = ("/opt", "/usr/share", "/usr/local/share", "/var/lib", "/srv")
_SKIPPED_FOLDERS = frozenset({"proc", "sys", "dev", "node_modules", "site-packages", "__pycache__", "lost+found"})
_HIDDEN_PLACES = frozenset({".terraform.d", ".local"})


def locked_version(lock_file: Path, flavour: Flavour) -> str | None:
    """Return the version of hashicorp/aws that a `.terraform.lock.hcl` names, or None.

    Raises: nothing; a lock file that is missing or names no such provider locks nothing.
    """
    if not lock_file.is_file():
        return None
    source = re.escape(f"{REGISTRY_HOSTS[flavour]}/hashicorp/aws")
    text = lock_file.read_text(encoding="utf-8", errors="replace")
    match = re.search(rf'provider "{source}" {{\s*version\s*=\s*"([^"]+)"', text)
    return match[1] if match else None


def find_provider_mirror(
    *, flavour: Flavour = "terraform", locked: str | None = None, environ: Mapping[str, str] | None = None
) -> Path | None:
    """Return a folder that holds `<registry host>/hashicorp/aws` for this platform, or None.

    The version must be `locked`, or any in the supported range when nothing is locked.

    Looks at TAGRAIL_PROVIDER_MIRROR, then at terraform's own plugin folders, then for at most 0.6 s breadth first at
    the usual places (system data folders and the home folder).

    Raises:
        TagrailError: TAGRAIL_PROVIDER_MIRROR is set, but holds no provider that fits.
    """
    environ = os.environ if environ is None else environ
    host, platform = REGISTRY_HOSTS[flavour], current_platform()
    if named := environ.get("TAGRAIL_PROVIDER_MIRROR"):
        return _named_mirror(Path(named).absolute(), host, platform, locked)
    home = Path.home()
    for place in (*_plugin_folders(home, environ), cache_folder(environ) / "providers"):
        if holds_aws_provider(place, host, platform, locked):
            return place
    return search_mirror((*map(Path, _USUAL_PLACES), home), host, platform, locked)


def search_mirror(
    places: Iterable[Path], host: str, platform: str, locked: str | None = None, *, seconds: float = _SEARCH_SECONDS
) -> Path | None:
    """Search folders breadth first, four levels deep and within the time given; return the first mirror, or None.

    Raises: nothing; folders that may not be read are passed over, and running out of time is said on stderr.
    """
    deadline = time.monotonic() + seconds
    waiting = deque((place, 0) for place in places)
    while waiting:
        if time.monotonic() > deadline:
            print(  # noqa: T201 (stderr is where everything but findings goes)
                f"note: no provider mirror found within {seconds} s. Do set TAGRAIL_PROVIDER_MIRROR if there is one",
                file=sys.stderr,
            )
            return None
        place, depth = waiting.popleft()
        names = _subfolders(place)
        if host in names and holds_aws_provider(place, host, platform, locked):
            return place
        if depth < _SEARCH_DEPTH:
            waiting.extend((place / name, depth + 1) for name in names if _may_hold_mirror(name))
    return None


def holds_aws_provider(mirror: Path, host: str, platform: str, locked: str | None = None) -> bool:
    """Tell whether the folder holds hashicorp/aws for the platform, unpacked or as a zip: `locked`, or >= 5.100, < 7.0.

    Raises: nothing.
    """
    return any(_fits(version, locked) for version in _versions(mirror / host / "hashicorp" / "aws", platform))


def held_providers(mirror: Path, host: str, platform: str) -> list[str]:
    """Return the addresses (`<host>/<namespace>/<type>`) of the providers that the mirror holds for the platform.

    Raises: nothing.
    """
    return [
        f"{host}/{namespace}/{provider}"
        for namespace in _subfolders(mirror / host)
        for provider in _subfolders(mirror / host / namespace)
        if any(_versions(mirror / host / namespace / provider, platform))
    ]


def _named_mirror(mirror: Path, host: str, platform: str, locked: str | None) -> Path:
    if not (mirror / host).is_dir():
        raise TagrailError(
            f"TAGRAIL_PROVIDER_MIRROR: must name a folder that holds {host}; got {mirror}. "
            "Do make one with `terraform providers mirror`, or unset it"
        )
    if not holds_aws_provider(mirror, host, platform, locked):
        wanted = f"{locked} (.terraform.lock.hcl)" if locked else ">= 5.100, < 7.0"
        raise TagrailError(
            f"TAGRAIL_PROVIDER_MIRROR: must hold {host}/hashicorp/aws {wanted} for {platform}; got {mirror}. "
            f"Do add it with `terraform providers mirror -platform={platform}`, or unset the variable"
        )
    return mirror


def _plugin_folders(home: Path, environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the folders that terraform itself looks at (its manual calls them implied local mirrors)."""
    data = environ.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    shared = environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    support = Path("Library", "Application Support", "io.terraform", "plugins")
    return (
        home / ".terraform.d" / "plugins",
        home / ".terraform.d" / "plugin-cache",
        *(Path(base) / "terraform" / "plugins" for base in (data, *shared.split(":"))),
        home / support,
        Path("/") / support,
    )


def _versions(provider: Path, platform: str) -> Iterator[str]:
    """Yield the versions of one provider that a mirror holds for the platform (unpacked and packed layout)."""
    packed = re.compile(rf"terraform-provider-{re.escape(provider.name)}_(.+)_{re.escape(platform)}\.zip")
    for name in _names(provider):
        if match := packed.fullmatch(name):
            yield match[1]
        elif any(entry.startswith("terraform-provider-") for entry in _names(provider / name / platform)):
            yield name


def _fits(version: str, locked: str | None) -> bool:
    if locked is not None:
        return version == locked
    match = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", version)
    return match is not None and _LOWEST_PROVIDER <= (int(match[1]), int(match[2])) < (_FIRST_UNSUPPORTED_MAJOR, 0)


def _may_hold_mirror(name: str) -> bool:
    return name not in _SKIPPED_FOLDERS and (not name.startswith(".") or name in _HIDDEN_PLACES)


def _names(folder: Path) -> list[str]:
    # A folder that is missing or may not be read holds no mirror that terraform could use.
    try:
        return sorted(entry.name for entry in folder.iterdir())
    except OSError:
        return []


def _subfolders(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []
