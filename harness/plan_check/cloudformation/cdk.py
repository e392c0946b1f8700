"""Read a CDK output folder: the templates of its stacks, with the tags that `cdk deploy` gives each stack."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from harness.errors import InputError, Problem
from harness.plan_check.cloudformation.deployment import Deployment, with_stack_tags
from harness.plan_check.cloudformation.document import Document, open_document
from harness.plan_check.cloudformation.template import read_template
from harness.plan_check.cloudformation.text import decode
from harness.plan_check.model import Input, Resource

_MANIFEST: Final = "manifest.json"
_STACK: Final = "aws:cloudformation:stack"
_ASSEMBLY: Final = "cdk:cloud-assembly"
_NESTED: Final = "AWS::CloudFormation::Stack"
_TAGS: Final = "aws:cdk:stack-tags"
_ASSET: Final = "aws:asset:path"  # in the metadata of a nested stack: its template's file
_DEEPEST: Final = 10


def read_cdk(folder: Path, shown: str = "", parameters: Mapping[str, str] | None = None) -> tuple[Input, ...]:
    """Return the inputs of all stacks of a CDK output folder, nested assemblies and nested stacks included.

    `shown` is the folder's name in messages and inputs. The tags of a stack are on its resources and its nested stacks.
    Raises: InputError when the folder has no manifest, or the manifest or a template cannot be read.
    """
    return tuple(_stacks(folder, folder, shown or folder.name, parameters or {}, 0))


def _stacks(root: Path, folder: Path, shown: str, parameters: Mapping[str, str], depth: int) -> Iterator[Input]:
    manifest = _manifest(folder / _MANIFEST, f"{shown}/{_MANIFEST}")
    if depth > _DEEPEST:
        message = f"must nest assemblies at most {_DEEPEST} deep. Do run cdk synth again"
        raise InputError([Problem(f"{shown}/{_MANIFEST}", 0, "", message)])
    for name, artifact in manifest.items():
        kind = artifact.get("type") if isinstance(artifact, dict) else None
        if kind not in (_STACK, _ASSEMBLY):
            continue
        wanted = "templateFile" if kind == _STACK else "directoryName"
        held = artifact.get("properties")
        properties = held if isinstance(held, dict) else {}
        below = properties.get(wanted)
        if not isinstance(below, str):
            message = f"must have properties.{wanted}. Do run cdk synth again"
            raise InputError([Problem(f"{shown}/{_MANIFEST}", 0, f"artifacts.{name}", message)])
        path, label = _inside(root, folder / below, f"{shown}/{below}"), f"{shown}/{below}"
        if kind == _ASSEMBLY:
            yield from _stacks(root, path, label, parameters, depth + 1)
        else:
            given = {**_texts(properties.get("parameters")), **parameters}
            yield from _templates(root, (path, label), Deployment(given, _stack_tags(artifact)), depth)


def _templates(root: Path, at: tuple[Path, str], stack: Deployment, depth: int, more: str = "") -> Iterator[Input]:
    """Yield the input of a stack's template, and of the nested stacks whose templates lie beside it.

    A nested stack has its parent's tags and its own; `more` says why it may have further ones.
    """
    path, shown = at
    document = open_document(_content(path, shown), shown)
    made = with_stack_tags(read_template(document, shown, stack.parameters), stack.tags, more)
    resources = tuple(made.resources)
    made.resources = resources
    yield made
    for resource in resources:
        file = _nested(document, resource)
        label = f"{shown.rpartition('/')[0]}/{file}"
        below = _inside(root, path.parent / file, label)
        if file and depth < _DEEPEST and below.is_file():
            own = resource.sets[0]
            yield from _templates(root, (below, label), Deployment({}, own.tags), depth + 1, own.more)


def _nested(document: Document, resource: Resource) -> str:
    """Return the file of a nested stack's template; "" for what is no nested stack, or is not in the folder."""
    body = document.data["Resources"].get(resource.address)
    metadata = body.get("Metadata") if isinstance(body, dict) and resource.type == _NESTED else None
    file = metadata.get(_ASSET) if isinstance(metadata, dict) else None
    return file if isinstance(file, str) and file.endswith(".json") else ""


def _manifest(path: Path, shown: str) -> Mapping[str, Any]:
    try:
        data = json.loads(decode(_content(path, shown), shown))
    except (json.JSONDecodeError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        raise InputError([Problem(shown, line, "", "must be JSON. Do run cdk synth again")]) from error
    artifacts = data.get("artifacts") if isinstance(data, dict) else None
    if not isinstance(artifacts, dict):
        message = (
            "must be the manifest of a CDK output folder, with artifacts. Do give the folder that cdk synth writes"
        )
        raise InputError([Problem(shown, 0, "", message)])
    return artifacts


def _content(path: Path, shown: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f'must be a file that can be read; got "{error.strerror}". Do run cdk synth again'
        raise InputError([Problem(shown, 0, "", message)]) from error


def _inside(root: Path, path: Path, shown: str) -> Path:
    """Return a path that lies in the folder. Raises: InputError for one that does not."""
    found = path.resolve()
    if not found.is_relative_to(root.resolve()):
        raise InputError([Problem(shown, 0, "", "must lie in the CDK output folder. Do run cdk synth again")])
    return found


def _stack_tags(artifact: Mapping[str, Any]) -> dict[str, str]:
    """Return a stack's tags: its properties, or in older manifests an entry of its metadata."""
    found: dict[str, str] = {}
    metadata = artifact.get("metadata")
    for entries in metadata.values() if isinstance(metadata, dict) else ():
        for entry in entries if isinstance(entries, list) else ():
            held = entry.get("data") if isinstance(entry, dict) and entry.get("type") == _TAGS else None
            for tag in held if isinstance(held, list) else ():
                if isinstance(tag, dict):
                    found.update(_texts({str(tag.get("Key", tag.get("key"))): tag.get("Value", tag.get("value"))}))
    return {**found, **_texts(artifact["properties"].get("tags"))}


def _texts(held: Any) -> dict[str, str]:
    return {key: value for key, value in held.items() if isinstance(value, str)} if isinstance(held, dict) else {}
