"""Open what a user names: plans, templates, folders of them, standard input; packed or not, in any encoding.

What is neither is refused by name: a state, Terraform source, an array, an archive.
"""

import mmap
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple

from harness.errors import TagrailError

Buffer = bytes | mmap.mmap
Kind = Literal["plan", "template"]

MOST_BYTES: Final = 2 << 30  # of one input, unpacked: a plan of 500,000 resources
_SUSPECT_BYTES, _SUSPECT_RATIO = 64 << 20, 300  # plans shrink to a tenth; what shrinks more is made to fill memory
_CHUNK = 1 << 20
_STANDARD_INPUT = "standard input"
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_SUFFIXES = (".json", ".yaml", ".yml", ".template", ".gz", ".tfplan")


class NotAnInputError(TagrailError):
    """Report a file that is neither plan nor template; in a folder such files are passed over and counted."""


class Source(NamedTuple):
    """Say where an input is: `file` is None for standard input, a folder where `is_cdk` is set."""

    name: str
    file: Path | None
    from_folder: bool = False
    is_cdk: bool = False


def expand(paths: list[str]) -> Iterator[Source]:
    """Yield what paths name; standard input is `-`.

    Folders are gone through with all below them, in order, but for hidden ones. A CDK output folder is one source,
    wherever it lies, and its files are none: their stacks' tags are in its manifest.
    Raises: TagrailError for a path that does not exist.
    """
    for path in paths:
        place = Path(path)
        if path == "-":
            yield Source(_STANDARD_INPUT, None)
        elif _is_cdk(place):
            yield Source(path, place, is_cdk=True)
        elif place.is_dir():
            yield from _below(place)
        elif place.exists():
            yield Source(path, place)
        else:
            raise TagrailError(f"{path}: must be a file, a folder or - for standard input; got nothing. Do correct it")


def _is_cdk(folder: Path) -> bool:
    return (folder / "manifest.json").is_file() and (folder / "cdk.out").is_file()


def _below(folder: Path) -> Iterator[Source]:
    outputs: set[Path] = set()
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if hidden or not outputs.isdisjoint(file.parents):
            continue
        if file.is_dir():
            if _is_cdk(file):
                outputs.add(file)
                yield Source(str(file), file, from_folder=True, is_cdk=True)
        elif file.suffix in _SUFFIXES and file.is_file():
            yield Source(str(file), file, from_folder=True)


def open_input(name: str, file: Path | None) -> Buffer:
    """Return the text of an input as UTF-8, unpacked. A plain file is mapped, so that nothing of it is copied.

    Raises: TagrailError naming a file that cannot be read, or that is larger than 2 GiB; NotAnInputError for archives.
    """
    content = _mapped(name, file) if file else _standard_input(name)
    if content[:2] == _GZIP:
        content = _unpacked(name, content)
    if len(content) > MOST_BYTES:
        raise _too_large(name)
    return _as_utf8(name, content)


def _mapped(name: str, file: Path) -> Buffer:
    try:
        with file.open("rb") as opened:
            if file.stat().st_size == 0:
                return b""
            return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise TagrailError(f"{name}: must be readable; got {error}. Do check the file") from error


def _standard_input(name: str) -> bytes:
    found = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(found) > MOST_BYTES:
        raise _too_large(name)
    return found


def _unpacked(name: str, content: Buffer) -> bytes:
    parts: list[bytes] = []
    total, at = 0, 0
    machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        while at < len(content) or machine.unconsumed_tail:
            piece = machine.unconsumed_tail or content[at : at + _CHUNK]
            at += 0 if machine.unconsumed_tail else len(piece)
            parts.append(machine.decompress(piece, 16 * _CHUNK))
            total += len(parts[-1])
            if total > MOST_BYTES or (total > _SUSPECT_BYTES and total > _SUSPECT_RATIO * at):
                raise _too_large(name)
            at -= len(machine.unused_data)
            if machine.eof and at < len(content):  # a second member, as `cat a.gz b.gz` makes
                machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
    except zlib.error as error:
        raise TagrailError(f"{name}: must be whole gzip; got {error}. Do pack it again") from error
    if not machine.eof:
        raise TagrailError(f"{name}: must be whole gzip; got a file that ends too soon. Do pack it again")
    return b"".join(parts)


def _too_large(name: str) -> TagrailError:
    rule = f"must have {MOST_BYTES >> 30} GiB at most, unpacked, and be no gzip that grows {_SUSPECT_RATIO}-fold"
    return TagrailError(f"{name}: {rule}; got more. Do split the plan")


def _as_utf8(name: str, content: Buffer) -> Buffer:
    """Return UTF-8 without a byte order mark: PowerShell's `>` writes UTF-16."""
    marks = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
    if encoding := marks.get(bytes(content[:2])):
        try:
            return content[2:].decode(encoding).encode()
        except UnicodeDecodeError as error:
            raise TagrailError(f"{name}: must be text; got {error}. Do write it as UTF-8") from error
    return content[3:] if content[:3] == b"\xef\xbb\xbf" else content


def kind_of(name: str, content: Buffer) -> Kind:
    """Tell a plan from a template. Raises: NotAnInputError naming what it is instead."""
    head = bytes(content[:65536])
    start = head.lstrip()[:1]
    if start == b"{":
        if b'"planned_values"' in head or content.find(b'"resource_changes"') >= 0:
            return "plan"
        if content.find(b'"Resources"') >= 0:
            return "template"
        raise refused(name, _json_name(head))
    if head[:4] == _ZIP:
        is_piped = name == _STANDARD_INPUT
        raise refused(name, f"an archive{', which must be named as a file' if is_piped else ' that holds no plan'}")
    if name.endswith((".tf", ".tofu", ".hcl")) and start != b"{":
        raise refused(name, "Terraform source")
    if start == b"[":
        raise refused(name, "a JSON array")
    if not head.strip():
        raise refused(name, "an empty file")
    if b"\0" in head:
        raise refused(name, "a binary file")
    if b"Resources:" in content[:] if len(content) < _SUSPECT_BYTES else b"Resources:" in head:
        return "template"
    raise refused(name, "text without Resources:")


def _json_name(head: bytes) -> str:
    """Return what a JSON object is, by its members."""
    if b'"@level"' in head:
        return "the log of terraform plan -json"
    if b'"lineage"' in head or b'"terraform_version"' in head:
        return "a state of Terraform"
    if b'"provider_schemas"' in head:
        return "the schemas of providers"
    if b'"Statement"' in head:
        return "an IAM policy"
    return "a JSON object without resource_changes and without Resources"


def refused(name: str, held: str) -> NotAnInputError:
    """Return the error of a file that is neither plan nor template, by what it is instead. Raises: nothing."""
    rule = "must be a plan (terraform show -json) or a CloudFormation template"
    repair = "terraform plan -out=plan, then terraform show -json plan > plan.json"
    return NotAnInputError(f"{name}: {rule}; got {held}. Do run {repair}")
