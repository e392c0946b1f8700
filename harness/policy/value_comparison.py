"""Compare one value of a request with one value of a policy, by the type that a condition operator has.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html. A value of the request
that is not of the operator's type makes the comparison unknown; one of the policy is refused when it is parsed.
"""

import base64
import binascii
import datetime
import ipaddress
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from harness.policy.patterns import Tokens, arn_matches, spelled, tokens_match
from harness.policy.truth import Truth, told

Compare = Callable[[str, Tokens], Truth]
Read = Callable[[str], Any]

_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_EPOCH = re.compile(r"\d{1,19}", re.ASCII)
# The forms of www.w3.org/TR/NOTE-datetime that begin with a month, with what IAM also takes: no zone, or hours alone.
_DATE = re.compile(
    r"(\d{4})-(\d\d)(?:-(\d\d)(?:[Tt](\d{1,2}):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(Z|z|[+-]\d\d(?::?\d\d)?)?)?)?", re.ASCII
)


def same_text(held: str, wanted: Tokens) -> Truth:
    """Tell whether two texts are equal. Raises: nothing."""
    return told(held == spelled(wanted))


def same_folded(held: str, wanted: Tokens) -> Truth:
    """Tell whether two texts are equal but for case. Raises: nothing."""
    return told(held.lower() == spelled(wanted).lower())


def like_text(held: str, wanted: Tokens) -> Truth:
    """Tell whether a text matches a pattern. Raises: nothing."""
    return told(tokens_match(wanted, held))


def like_arn(held: str, wanted: Tokens) -> Truth:
    """Tell whether an ARN matches a pattern. Raises: nothing."""
    return told(arn_matches(wanted, held))


def number(text: str) -> Decimal | None:
    """Return an integer or decimal; None for any other text. Raises: nothing."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def instant(text: str) -> Decimal | None:
    """Return the seconds since 1970 of a date or epoch time; without a zone it is UTC. None for any other text.

    >>> instant("1970-01-02") == instant("86400")
    True

    Raises: nothing.
    """
    if _EPOCH.fullmatch(text):
        return Decimal(text)
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in found.groups()[:6])
    try:
        moment = datetime.datetime(year, month, day or 1, hour, minute, second, tzinfo=datetime.UTC)
    except ValueError:
        return None
    return Decimal(int(moment.timestamp())) + Decimal(found[7] or 0) - _offset(found[8])


def network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """Return a range in CIDR form, or the range of one address; None for any other text. Raises: nothing."""
    if not re.fullmatch(r"[0-9A-Fa-f.:]+(/\d{1,3})?", text, re.ASCII):
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def binary(text: str) -> bytes | None:
    """Return the bytes of a base64 text; None for any other text. Raises: nothing."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def in_network(held: str, wanted: Tokens) -> Truth:
    """Tell whether an address is in a range; one of IPv4 is in none of IPv6. Raises: nothing."""
    address, known = network(held), network(spelled(wanted))
    if address is None or known is None or "/" in held:
        return Truth.UNKNOWN
    return told(address.version == known.version and address.network_address in known)


def ordered(read: Read, compare: Callable[[Any, Any], bool]) -> Compare:
    """Return a comparison of what `read` makes of both texts; unknown where it makes nothing. Raises: nothing."""

    def judge(held: str, wanted: Tokens) -> Truth:
        left, right = read(held), read(spelled(wanted))
        return Truth.UNKNOWN if left is None or right is None else told(compare(left, right))

    return judge


def _offset(zone: str | None) -> int:
    """Return the seconds by which a zone such as `+01:00` is ahead of UTC."""
    if not zone or zone in "Zz":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[-2:]) if len(zone) > 3 else 0
    return (-1 if zone[0] == "-" else 1) * (hours * 60 + minutes) * 60
