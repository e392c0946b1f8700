"""Say of every resource type of CloudFormation and of Terraform's provider `aws` whether and how it takes tags.

harness/data/resource-types.json holds the facts, `make type-facts` renews them. Types of the provider `awscc` are
CloudFormation's under other names.
"""

import re
from functools import cache
from pathlib import Path

import msgspec


class TypeFacts(msgspec.Struct, frozen=True, gc=False):
    """Hold what is known of a type.

    `tags` is how its tags are written: "map" (key: value), "list" (objects of key and value), "pairs" (those of
    autoscaling groups) or "" for a type that takes none. `property` is where, in CloudFormation's spelling. `all`: the
    provider shows defaults and tags together as `tags_all`. `cloudformation` and `policy` are its names there and in
    tag policies, `service` is its service as IAM names it, "" where it has none or none is known. `most` tags a
    resource of it may have, 0 for as many as AWS allows in general. `single`: it is one tag of another resource, with
    `key` and `value` at the top ("value") or in this block.
    """

    tags: str = ""
    property: str = ""
    all: bool = False
    cloudformation: str = ""
    policy: str = ""
    service: str = ""
    most: int = 0
    single: str = ""


_FILE = Path(__file__).with_name("data") / "resource-types.json"


class _Data(msgspec.Struct):
    """Hold the facts by type, as text: an input has few types of the 3,000."""

    cloudformation: dict[str, msgspec.Raw]
    terraform: dict[str, msgspec.Raw]


@cache
def _data() -> _Data:
    return msgspec.json.decode(_FILE.read_bytes(), type=_Data)


@cache
def _by_letters() -> dict[str, str]:
    return {letters(name.removeprefix("AWS::")): name for name in _data().cloudformation}


def letters(name: str) -> str:
    """Return a type's name by its letters and digits alone, in which all spellings agree.

    >>> letters("sagemaker_notebook_instance") == letters("SageMaker::NotebookInstance")
    True
    """
    return re.sub(r"[^a-z0-9]", "", name.lower())


@cache
def terraform_type(name: str) -> TypeFacts | None:
    """Return the facts of a type of the providers aws and awscc; None for one that is not known. Raises: nothing.

    >>> terraform_type("aws_s3_bucket").policy, terraform_type("awscc_s3_bucket").tags, terraform_type("aws_x")
    ('s3:bucket', 'list', None)
    """
    if name.startswith("awscc_"):
        found = _by_letters().get(letters(name.removeprefix("awscc_")))
        return cloudformation_type(found) if found else None
    return _facts(_data().terraform.get(name))


@cache
def cloudformation_type(name: str) -> TypeFacts | None:
    """Return the facts of a CloudFormation type; None for one that is not known. Raises: nothing.

    >>> cloudformation_type("AWS::SageMaker::Domain").tags, cloudformation_type("AWS::IAM::AccessKey").tags
    ('list', '')
    """
    return _facts(_data().cloudformation.get(name))


def _facts(text: msgspec.Raw | None) -> TypeFacts | None:
    return None if text is None else msgspec.json.decode(text, type=TypeFacts)


def type_names() -> frozenset[str]:
    """Return the names of all types of CloudFormation and of the provider aws. Raises: nothing."""
    return frozenset((*_data().cloudformation, *_data().terraform))
