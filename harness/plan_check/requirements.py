"""State what the dictionary requires of tags, and what an environment denies, in a form that is read in milliseconds.

Compiled once from dictionary and environment (harness/operations/requirements.py) and kept in a file: the strict models
take longer to load than a thousand resources take to judge.
"""

import datetime
from collections.abc import Mapping

import msgspec


class KeyRule(msgspec.Struct, frozen=True):
    """State what holds for one key.

    `checked_for` are patterns of types that must carry it, empty for a key that is not mandatory. `values` are
    allowed, with one `*` at most, None = any; `elsewhere` maps units to further values that are allowed there, when the
    unit is not known. `pattern` must match a whole value. `personal`: personal data is allowed. `enforced_for` are the
    tag-policy types on which a wrong value is denied. `default` and `purpose` as in the dictionary.
    """

    key: str
    checked_for: tuple[str, ...] = ()
    values: tuple[str, ...] | None = None
    elsewhere: Mapping[str, tuple[str, ...]] = {}
    pattern: str | None = None
    personal: bool = False
    deprecated: tuple[str, ...] = ()
    enforced_for: tuple[str, ...] = ()
    default: str | None = None
    purpose: str = ""


class ExemptionRule(msgspec.Struct, frozen=True):
    """Let resources off some keys until a day: `resource` is an ARN with `*`, `tags` empty = all keys."""

    resource: str
    tags: tuple[str, ...]
    reason: str
    owner: str
    expires: datetime.date


class Requirements(msgspec.Struct, frozen=True):
    """Hold all that is required.

    `not_checked_for` are patterns of types that need no key. `prohibited` maps patterns of keys to the reason.
    `place` names the unit that the environment's policies are taken for, "" without one. `guarded` are the actions that
    a guardrail denies there without the keys `guardrail`. Limits are characters, and tags a resource.
    """

    keys: tuple[KeyRule, ...]
    exemptions: tuple[ExemptionRule, ...] = ()
    not_checked_for: tuple[str, ...] = ()
    prohibited: Mapping[str, str] = {}
    place: str = ""
    guardrail: tuple[str, ...] = ()
    guarded: tuple[str, ...] = ()
    key_characters: int = 128
    value_characters: int = 256
    tags_per_resource: int = 50
