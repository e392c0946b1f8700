"""Judge single keys, values and resource types by AWS's rules for tags, for the dictionary and the environments."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

_PUNCTUATION = frozenset("_.:/=+-@")
CLOUDFORMATION_TYPE = re.compile(r"[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+")
POLICY_TYPE = re.compile(r"[a-z0-9-]+:([A-Za-z0-9_/-]+|\*)")
_OWNERS = ("owner", "team", "contact")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def owner_key(keys: Iterable[str]) -> str:
    """Return the key that names whom to ask or who pays, the first whose last part says so; "" without one.

    >>> owner_key(["co:workload:name", "co:finance:owner"])
    'co:finance:owner'

    Raises: nothing.
    """
    return next((key for key in keys if key.rpartition(":")[2] in _OWNERS), "")


def bad_characters(text: str) -> str:
    r"""Return the characters that AWS does not allow in tag keys and values (`[\p{L}\p{Z}\p{N}_.:/=+\-@]`), each once.

    Line and paragraph separators (U+2028, U+2029) are among them: AWS takes them, but JSON writers differ on them.
    Source: botocore organizations TagKey, TagValue.

    >>> bad_characters("cost,center#1")
    ',#'
    """
    seen = (character for character in text if not _allowed(character))
    return "".join(dict.fromkeys(seen))


def _allowed(character: str) -> bool:
    category = unicodedata.category(character)
    return character in _PUNCTUATION or category == "Zs" or category[0] in "LN"


def key_faults(key: str, limits: Mapping[str, int]) -> Iterator[str]:
    """Yield what AWS would refuse in a tag key, as message texts."""
    most = limits["tag_key_characters"]
    if not key.strip():
        yield 'must have 1 character or more; got "". Do name the key'
    elif key != key.strip():
        yield f'must not begin or end with a space; got "{key}". Do write "{key.strip()}"'
    if len(key) > most:
        yield f"must have {most} characters at most; got {len(key)}. Do shorten the key"
    if key.lower().startswith("aws:"):
        yield f'must not begin with "aws:", which AWS reserves; got "{key}". Do choose another prefix'
    if bad := bad_characters(key):
        yield f'must hold letters, digits, spaces and _ . : / = + - @ only; got "{bad}" in "{key}". Do remove it'


def value_faults(value: str, limits: Mapping[str, int], *, wildcard: bool) -> Iterator[str]:
    """Yield what AWS would refuse in a tag value; `wildcard` allows one `*`, as tag policies do."""
    most = limits["tag_value_characters"]
    if not value.strip():
        yield 'must not be empty; got "". Do write a value, or leave it out'
    elif value != value.strip():
        yield f'must not begin or end with a space; got "{value}". Do write "{value.strip()}"'
    if len(value) > most:
        yield f"must have {most} characters at most; got {len(value)}. Do shorten the value"
    if wildcard and value.count("*") > 1:
        yield f'must hold one "*" at most; got {value.count("*")} in "{value}". Do split the value or use pattern'
    if bad := bad_characters(value.replace("*", "") if wildcard else value):
        yield f'must hold letters, digits, spaces and _ . : / = + - @ only; got "{bad}" in "{value}". Do remove it'


def ou_path_faults(path: str, limits: Mapping[str, int]) -> Iterator[str]:
    """Yield what is wrong with a path of organizational units such as `Workloads/Prod`."""
    most = limits["organizational_unit_depth"]
    parts = path.split("/")
    if any(not part.strip() for part in parts) or parts[0].lower() == "root":
        yield f'must be a path of organizational units below the root; got "{path}". Do write it as "Workloads/Prod"'
    elif len(parts) > most:
        yield f'must have {most} levels at most; got {len(parts)} in "{path}". Do name a unit that exists'


def looks_personal(text: str) -> bool:
    """Tell whether a tag value looks like an e-mail address of a person.

    >>> looks_personal("jane.doe@example.com"), looks_personal("*@example.com")
    (True, False)
    """
    return "*" not in text and bool(EMAIL.fullmatch(text))
