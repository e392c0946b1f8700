"""Model a repair: the changes of a plan, what proves them, and what became of each."""

import hashlib
from collections.abc import Mapping
from typing import Final, Literal

import msgspec

State = Literal["done", "already", "skipped", "failed"]
AWS_PREFIX: Final = "aws:"  # AWS's own tags: they count for no limit, and nobody may write them


class Change(msgspec.Struct, frozen=True, gc=False):
    """Hold one row of a plan: a key of a resource, and what becomes of it.

    `do` is what people decide. `now` is the value before: of `remove` where that is given, the wrong spelling of the
    key that goes once the right one is written, else of `key`; "" for none. `becomes` is "" where nothing proves it.
    `evidence` says what does, `owner` whom to ask, `rule` which finding it is of.
    """

    do: bool
    account: str
    region: str
    type: str
    arn: str
    key: str
    now: str = ""
    becomes: str = ""
    remove: str = ""
    evidence: str = ""
    owner: str = ""
    rule: str = ""

    @property
    def id(self) -> str:
        """Return what tells that a row has become another one: it is of the fields that nobody edits."""
        fields = (self.account, self.region, self.arn, self.key, self.now, self.remove)
        return f"r-{hashlib.sha256(chr(0).join(fields).encode(errors='surrogatepass')).hexdigest()[:12]}"


class Proof(msgspec.Struct, frozen=True, gc=False):
    """Hold what a key's value must be, and why: `kind` is a word, `said` the rest of the sentence."""

    value: str
    kind: str
    said: str


class Held(msgspec.Struct, frozen=True, gc=False):
    """Hold the tags of a resource as they are now.

    `found` is false where AWS names no such resource, which it also does of one that never had a tag. `flags` says of
    the keys of an Auto Scaling group whether the instances that it launches get them.
    """

    tags: Mapping[str, str] = {}
    found: bool = True
    flags: Mapping[str, bool] = {}

    def count(self) -> int:
        """Return how many tags count for AWS's limit."""
        return sum(not key.lower().startswith(AWS_PREFIX) for key in self.tags)


class Failure(msgspec.Struct, frozen=True, gc=False):
    """Say why a call did nothing to a resource; `unsure`: nobody knows whether it did, as after a time-out."""

    reason: str
    unsure: bool = False


class Result(msgspec.Struct, frozen=True, gc=False):
    """Say what became of a change: done now, already so, skipped or failed with a reason."""

    change: Change
    state: State
    reason: str = ""
