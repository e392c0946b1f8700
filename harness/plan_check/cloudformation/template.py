"""Read a template into the common model: each resource that a deployment will make, with its sets of tags."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

import msgspec

from harness.errors import InputError, Problem
from harness.plan_check.cloudformation.carriers import carriers
from harness.plan_check.cloudformation.document import Document, document_kind, is_template, open_document
from harness.plan_check.cloudformation.loops import expand
from harness.plan_check.cloudformation.resource import TRANSFORM, Template, read_resource
from harness.plan_check.cloudformation.scope import template_scope
from harness.plan_check.cloudformation.written import how_written
from harness.plan_check.model import Input, Resource
from harness.type_facts import cloudformation_type

# Transforms that change no tags of what a template holds, or whose effect is modelled here.
_KNOWNTRANSFORMS: Final = (
    "AWS::Serverless-",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-",
    "AWS::CodeDeployBlueGreen",
    "AWS::CodeStar",
    "AWS::ServiceCatalog",
    "AWS::Include",
)
_UNTAGGED: Final = ("Custom::", "AWS::CDK::Metadata")  # types that belong to no registry and take no tags


def read_template(source: bytes | Document, name: str, parameters: Mapping[str, str] | None = None) -> Input:
    """Return the resources that a template makes; `parameters` are those of its deployment that are known.

    A parameter of the deployment makes its value known, `AWS::Region` and the like included; what stays unknown is
    UNKNOWN or `more`, with the reason. A resource that a condition leaves out is skipped.
    Raises: InputError when the content is no template, naming what it is instead, or breaks a template's form.
    """
    document = source if isinstance(source, Document) else open_document(source, name)
    if not is_template(document):
        rule = f"must be a CloudFormation template; got {document_kind(document)}"
        raise InputError([Problem(name, 0, "", f"{rule}. Do give a template, a Terraform plan or a CDK output folder")])
    data = document.data
    bodies = data.get("Resources")
    if not isinstance(bodies, dict) or not bodies:
        raise InputError([Problem(name, 0, "Resources", "must be a mapping of resources. Do write at least one")])
    scope = template_scope(data, parameters or {}, name)
    conditions = {key: held for key, held, _ in expand(scope.conditions, scope, name)}
    scope = msgspec.structs.replace(scope, conditions=conditions, decided={}, worlds={})
    macro = _macro(data.get("Transform")) or _macro(data.get(TRANSFORM)) or _macro(bodies.get(TRANSFORM))
    found = [(key, body, document.lines.get(at, 0)) for key, body, at in expand(bodies, scope, name)]
    problems = [problem for key, body, line in found for problem in _refused(name, key, body, line) if not macro]
    if problems:
        raise InputError(problems)
    shared = data.get("Globals")
    made = Input(name, "cloudformation", ())
    template = Template(
        name=name,
        scope=msgspec.structs.replace(scope, resources=frozenset(key for key, _, _ in found)),
        bodies={key: body for key, body, _ in found},
        globals=shared if isinstance(shared, dict) else {},
        macro=macro,
    )
    made.parameters = frozenset(map(str, data.get("Parameters") or ()))
    made.syntax = document.syntax
    made.written = partial(how_written, template.bodies)
    made.resources = _resources(template, found, made)
    return made


def _macro(transforms: Any) -> str:
    """Return the name of a macro that may rewrite the whole template; "" when there is none.

    The function is given all that stands beside it, with what is below:
    docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-author.html
    """
    for transform in transforms if isinstance(transforms, list) else [transforms]:
        name = transform.get("Name") if isinstance(transform, dict) else transform
        if name is not None and not (isinstance(name, str) and name.startswith(_KNOWNTRANSFORMS)):
            return str(name)
    return ""


def _refused(file: str, key: str, body: Any, line: int) -> Iterator[Problem]:
    path = f"Resources.{key}"
    if key == TRANSFORM:
        return
    if not isinstance(body, dict):
        yield Problem(file, line, path, "must be a mapping with Type. Do write the resource's Type below its name")
    elif not isinstance(body.get("Type"), str):
        yield Problem(file, line, path, "must have a Type, as AWS::S3::Bucket. Do write it below the resource's name")


def _resources(template: Template, found: list[tuple[str, Any, int]], made: Input) -> Iterator[Resource]:
    skipped = made.skipped
    for key, body, line in found:
        kind = body.get("Type") if isinstance(body, dict) else None
        if key == TRANSFORM or not isinstance(kind, str):
            skipped["made by a macro"] += 1
            continue
        facts = cloudformation_type(kind)
        rows = carriers().get(kind, ())
        if kind.startswith(_UNTAGGED) or (facts is not None and not facts.tags and not rows):
            skipped["untaggable"] += 1
        elif facts is None:
            skipped["of an unknown type"] += 1
            made.unknown_types.add(kind)
        else:
            resource = read_resource(template, key, body, facts, rows)
            if resource is None:
                skipped["condition is false"] += 1
            else:
                yield msgspec.structs.replace(resource, line=line)
