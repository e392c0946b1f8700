"""Turn a binary plan file into JSON with the terraform or tofu that made it."""

from pathlib import Path

from harness.errors import TagrailError

_ENTRY = "tfplan"
_ARCHIVE = b"PK\x03\x04"


def is_binary_plan(file: Path) -> bool:
    """Tell whether a file is what `terraform plan -out` writes: an archive that holds `tfplan`. Raises: nothing."""
    try:
        with file.open("rb") as opened:
            return opened.read(len(_ARCHIVE)) == _ARCHIVE and _holds_plan(file)
    except OSError:
        return False


def _holds_plan(file: Path) -> bool:
    from zipfile import BadZipFile, ZipFile  # noqa: PLC0415 (loaded for archives alone)

    try:
        with ZipFile(file) as archive:
            return _ENTRY in archive.namelist()
    except BadZipFile:
        return False


def show_plan(file: Path, folder: Path, command: str) -> bytes:
    """Return `terraform show -json` of a plan file, run in the folder that it was made in.

    Raises: TagrailError with terraform's own words when it cannot show the plan.
    """
    import subprocess  # noqa: PLC0415 (loaded for binary plans alone)

    arguments = [command, f"-chdir={folder}", "show", "-json", str(file.resolve())]
    try:
        done = subprocess.run(arguments, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except OSError as error:
        raise TagrailError(
            f"{command}: must be a program that shows plans; got {error}. Do install terraform"
        ) from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        rule = f"must be a plan that {command} show -json can read in {folder}"
        raise TagrailError(f"{file}: {rule}; got {said}. Do name the folder of its configuration with --chdir")
    return done.stdout
