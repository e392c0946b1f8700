"""Read templates together: a nested stack whose template is among them has the tags of the stack that makes it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from harness.plan_check.cloudformation.deployment import with_stack_tags
from harness.plan_check.cloudformation.document import Document
from harness.plan_check.cloudformation.template import read_template
from harness.plan_check.model import Input

# Type -> the property that names the template of a nested stack; `aws cloudformation package` takes a local path there.
# docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
_NAMED_BY: Final = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
_DEEPEST: Final = 10


class Opened(msgspec.Struct, frozen=True):
    """Hold a template that was opened; `file` is resolved, None for standard input."""

    name: str
    file: Path | None
    document: Document


class _Stack(msgspec.Struct, frozen=True):
    """Hold what a template is read with: its parameters, the stack's tags, why it may have more, the stacks above."""

    parameters: Mapping[str, str]
    tags: Mapping[str, Any]
    more: str = ""
    above: tuple[str, ...] = ()


def read_templates(
    opened: Sequence[Opened], parameters: Mapping[str, str], stack_tags: Mapping[str, str]
) -> Iterator[Input]:
    """Yield the inputs of templates; one that others name by a local path once for each of these, with its tags.

    docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html: a nested
    stack's tags are propagated to its resources. Raises: InputError, as read_template.
    """
    files = {one.file: one for one in opened if one.file}
    below = {file for one in opened for file in _children(one).values() if file != one.file}
    done: set[str] = set()
    # Those that nothing names come first; of the rest what is left then is named by no stack that will be there.
    for one in sorted(opened, key=lambda each: each.file in below):
        if one.name not in done:
            yield from _read(one, _Stack(parameters, stack_tags), files, done)


def _read(one: Opened, stack: _Stack, files: Mapping[Path, Opened], done: set[str]) -> Iterator[Input]:
    done.add(one.name)
    made = with_stack_tags(read_template(one.document, one.name, stack.parameters), stack.tags, stack.more)
    if stack.above:
        made.name = f"{one.name} (nested stack {stack.above[-1]})"
    children = {key: files[file] for key, file in _children(one).items() if file in files}
    if not children:
        yield made
        return
    made.resources = resources = tuple(made.resources)
    yield made
    for resource in resources:
        child = children.get(resource.address)
        named = f"{resource.address} of {one.name}"
        if child and named not in stack.above and len(stack.above) < _DEEPEST:
            own = resource.sets[0]
            given = {**stack.parameters, **_given(one, resource.address)}
            yield from _read(child, _Stack(given, own.tags, own.more, (*stack.above, named)), files, done)


def _given(one: Opened, address: str) -> dict[str, str]:
    """Return the parameters that a stack gives a nested one and that stand there as text."""
    held = one.document.data["Resources"][address]["Properties"].get("Parameters")
    known = held.items() if isinstance(held, dict) else ()
    return {key: str(value) for key, value in known if type(value) in {str, int} and "{{" not in str(value)}


def _children(one: Opened) -> dict[str, Path]:
    """Return the files of nested stacks by their names in the template, without those that lie elsewhere."""
    found: dict[str, Path] = {}
    bodies = one.document.data.get("Resources")
    if one.file is None or not isinstance(bodies, dict):
        return found
    for key, body in bodies.items():
        held = body.get("Properties") if isinstance(body, dict) else None
        name = _NAMED_BY.get(str(body.get("Type"))) if isinstance(held, dict) else None
        text = held.get(name) if isinstance(held, dict) and name else None
        if isinstance(text, str) and "://" not in text and "\0" not in text:
            found[key] = (one.file.parent / text).resolve()
    return found
