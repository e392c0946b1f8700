"""Make terraform quick where the target is no AWS: init only after a change, and providers that stay warm."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from harness.operations.progress import say
from harness.terraform import Terraform
from harness.warm_provider import WarmProvider, WarmProviderError, installed_provider, wanted, warm_provider

# An emulator has no rate limits, and most of an apply is spent in the provider's fixed waits: they may overlap.
PARALLELISM = 30

_STAMP = Path(".terraform", "tagrail-init")
# By folder: this process's servers, which end with it.
_running: dict[Path, WarmProvider] = {}


def make_ready(terraform: Terraform, build: Path) -> None:
    """Initialise terraform unless nothing has changed since, and give it warm providers; without any, say so.

    `build` is the build folder: configuration and modules. Raises: TerraformError when init fails.
    """
    stamp = terraform.folder / _STAMP
    digest = _digest(terraform, build)
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != digest or not _installed(terraform.folder):
        terraform.init()
        stamp.write_text(_digest(terraform, build), encoding="ascii")
    if wanted(os.environ):
        try:
            terraform.reattach.update(_variables(terraform, build))
        except WarmProviderError as error:
            say(f"note: {error}\nterraform starts its own provider, which takes longer")


def stop_all() -> None:
    """End this process's servers now instead of with the process. Raises: nothing."""
    while _running:
        _running.popitem()[1].stop()


def _variables(terraform: Terraform, build: Path) -> Mapping[str, str]:
    """Return the variables of the server for this folder: the one that runs, while nothing has changed, or a new one.

    Raises: WarmProviderError.
    """
    folder = terraform.folder.absolute()
    running = _running.pop(folder, None)
    if running is not None and running.serves(terraform.variables, build):
        _running[folder] = running
        return running.reattach
    if running is not None:
        running.stop()
    _running[folder] = warm_provider(folder, build, terraform.variables)
    return _running[folder].reattach


def _installed(folder: Path) -> bool:
    try:
        return installed_provider(folder).is_file()
    except WarmProviderError:
        return False


def _digest(terraform: Terraform, build: Path) -> str:
    """Return a digest of all that init looks at: binary, configuration with its modules, locked versions."""
    digest = hashlib.sha256(str(terraform.binary).encode())
    for file in sorted(build.rglob("*.tf")) + sorted(terraform.folder.glob(".terraform.lock.hcl")):
        digest.update(str(file.relative_to(build)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
