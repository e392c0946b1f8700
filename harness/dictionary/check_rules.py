"""Check what a dictionary says for `tagrail check`: the types on which it demands keys, and the keys nobody may use."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from harness.dictionary.model import Dictionary
from harness.spelling import nearest
from harness.type_facts import type_names
from harness.yaml_source import Path_

Faults = Iterator[tuple[Path_, str]]

_PATTERN = re.compile(r"[A-Za-z0-9_:*]+")


def checked_types(at: Path_, holder: object, fields: tuple[str, ...]) -> Faults:
    """Yield a fault for each pattern that stands twice, or that no type of CloudFormation or Terraform matches."""
    for field in fields:
        names: tuple[str, ...] = getattr(holder, field) or ()
        for index, name in enumerate(names):
            place = (*at, field, index)
            if name in names[:index]:
                yield place, f'must appear once; got "{name}" again. Do remove it'
            elif not _PATTERN.fullmatch(name) or not _is_known(name):
                guess = nearest(name, type_names()) or ' Do write it as "aws_instance" or "AWS::EC2::*"'
                yield place, f'must be a type of CloudFormation or Terraform, * allowed; got "{name}".{guess}'


def _is_known(pattern: str) -> bool:
    if pattern == "*" or pattern.startswith("awscc_"):
        return True  # awscc_: CloudFormation's types under names that only their letters tell
    return pattern in type_names() or ("*" in pattern and any(fnmatchcase(name, pattern) for name in type_names()))


def prohibited_keys(dictionary: Dictionary) -> Faults:
    """Yield a fault for each prohibited key that the dictionary has, and for each one without a reason."""
    for pattern, reason in dictionary.prohibited_keys.items():
        place: Path_ = ("prohibited_keys", pattern)
        for key in dictionary.tags:
            if fnmatchcase(key.lower(), pattern.lower()):
                yield (
                    place,
                    f'must match no key of this dictionary; got "{pattern}", which matches "{key}". Do narrow it',
                )
        if not reason.strip():
            yield place, 'must say the reason; got "". Do fill it in'
