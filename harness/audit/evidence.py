"""Model what proves the value of a tag that a resource lacks: repair proposes values from evidence alone."""

from typing import Literal

import msgspec

Kind = Literal["lineage", "account tag", "stack", "deprecated spelling", "creator"]


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """Say which value of a key a resource should carry, and why: one piece of evidence of one kind.

    `value` is allowed for the resource. `said` is a sentence for people: who carries the value, and how that leads to
    the resource. It may hold personal data where the dictionary allows it in the key.
    """

    arn: str
    key: str
    value: str
    kind: Kind
    said: str
