"""Open a file that may be a template, and say by name what it is when it is none."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from harness.errors import InputError
from harness.plan_check.cloudformation.json_text import parse_json
from harness.plan_check.cloudformation.text import decode
from harness.plan_check.cloudformation.yaml_text import parse_yaml
from harness.plan_check.model import Syntax


class Document(msgspec.Struct, frozen=True):
    """Hold the data of a file in JSON or YAML, functions in long form; `lines` has each resource's, from 1."""

    name: str
    data: Any
    lines: Mapping[str, int]
    syntax: Syntax = "yaml"


# The keys that tell a kind of document, the surest first.
_KINDS: Final = (
    (("apiVersion", "kind"), "a Kubernetes object"),
    (("apiVersion", "entries"), "a Helm index"),
    (("format_version", "planned_values"), "a Terraform plan in JSON"),
    (("format_version", "values"), "a Terraform state in JSON"),
    (("terraform_version", "lineage"), "a Terraform state file"),
    (("version", "artifacts"), "the manifest of a CDK output folder"),
    (("version", "files", "dockerImages"), "the asset list of a CDK output folder"),
    (("openapi",), "an OpenAPI document"),
    (("swagger",), "an OpenAPI document"),
    (("Version", "Statement"), "an IAM policy"),
    (("Parameters", "Tags"), "a template configuration with parameters and tags"),
    (("services",), "a Compose file"),
    (("jobs", "on"), "a GitHub workflow"),
    (("StartAt", "States"), "a Step Functions state machine"),
    (("schemaVersion", "mainSteps"), "a Systems Manager document"),
    (("$schema",), "a JSON schema"),
)


def open_document(content: bytes, name: str) -> Document:
    """Return the data of a file in JSON or YAML; `name` is its name in messages.

    Raises: InputError for what is neither, is no UTF-8 or UTF-16, holds a key twice or goes beyond bounds (10 MiB, 100
    levels, 200,000 values that aliases stand for); each problem with its line.
    """
    text = decode(content, name)
    if not text.lstrip().startswith(("{", "[")):
        return Document(name, *parse_yaml(text, name))
    try:
        return Document(name, *parse_json(text, name), syntax="json")
    except InputError as error:
        if name.endswith(".json") or any("must be JSON" not in problem.message for problem in error.problems):
            raise
        try:  # YAML, too, may begin with a brace
            return Document(name, *parse_yaml(text, name))
        except InputError:
            raise error from None


def is_template(document: Document) -> bool:
    """Return whether a document is a CloudFormation template: resources with types, or the format's version.

    Raises: nothing.
    """
    data = document.data
    if not isinstance(data, dict):
        return False
    if "AWSTemplateFormatVersion" in data:
        return True
    resources = data.get("Resources")
    return isinstance(resources, dict) and any(_is_resource(*entry) for entry in resources.items())


def document_kind(document: Document) -> str:
    """Return what a document is, with its article: "a CloudFormation template", "a Kubernetes object". Raises: nothing.

    >>> document_kind(open_document(b"openapi: 3.1.0", "api.yaml"))
    'an OpenAPI document'
    """
    data = document.data
    if is_template(document):
        return "a CloudFormation template"
    if data is None:
        return "an empty file"
    if isinstance(data, list):
        return "a list"
    if not isinstance(data, dict):
        return "text"
    found = next((kind for keys, kind in _KINDS if all(key in data for key in keys)), "")
    if found:
        return found
    keys = ", ".join(f'"{key}"' for key in list(data)[:3]) or "no keys"
    return f"a mapping with {keys}"


def _is_resource(name: str, held: object) -> bool:
    if name.startswith("Fn::ForEach::"):
        return isinstance(held, list)
    return name == "Fn::Transform" or (isinstance(held, dict) and isinstance(held.get("Type"), str))
