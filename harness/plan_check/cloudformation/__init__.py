"""Read CloudFormation: templates in JSON or YAML, those of SAM and of a CDK output folder, into the common model.

`document` opens a file, `template` goes through its resources, `resource` reads one of them under each outcome of the
conditions (`scope`, `functions`, `conditions`, `loops`), `tag_sets` and `carriers` its tags and those of what it makes.
"""

from harness.plan_check.cloudformation.cdk import read_cdk
from harness.plan_check.cloudformation.deployment import Deployment, pairs, read_deployment, with_stack_tags
from harness.plan_check.cloudformation.document import Document, document_kind, is_template, open_document
from harness.plan_check.cloudformation.nested import Opened, read_templates
from harness.plan_check.cloudformation.template import read_template

__all__ = [
    "Deployment",
    "Document",
    "Opened",
    "document_kind",
    "is_template",
    "open_document",
    "pairs",
    "read_cdk",
    "read_deployment",
    "read_template",
    "read_templates",
    "with_stack_tags",
]
