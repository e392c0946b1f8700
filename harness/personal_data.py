"""Find personal data and secrets in tag values: which rule matches, and the value made unreadable.

Tags are no place for either: "don't store personally identifiable information or other confidential or sensitive
information in tags", docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html.
"""

import re
from collections.abc import Callable

Check = Callable[[str], bool]


def _luhn(text: str) -> bool:
    digits = [int(digit) for digit in reversed(text) if digit.isdigit()]
    return 12 < len(digits) < 20 and sum(digits[::2] + [sum(divmod(2 * one, 10)) for one in digits[1::2]]) % 10 == 0


def _mod_97(text: str) -> bool:
    plain = re.sub(r"[^A-Z0-9]", "", text.upper())
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


def _any(_: str) -> bool:
    return True


# rule -> the pattern of a candidate, compiled for those alone, and what tells it from a number that only looks so.
_RULES: dict[str, tuple[str, Check]] = {
    "e-mail address": (r"[^@\s:/=]+@[^@\s:/=]+\.[A-Za-z]{2,}(?![\w.-]*[:/])", _any),
    # docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    "AWS access key": (r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])", _any),
    "token": (
        r"(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36}|xox[abprs]-[A-Za-z0-9-]{10,}|eyJ[\w-]{10,}\.eyJ)",
        _any,
    ),
    "bank account (IBAN)": (
        r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?",
        _mod_97,
    ),
    "payment card": (r"(?<![\d.])[3-6]\d{3}(?:[ -]?\d){9,15}(?![\d.])", _luhn),
    "social security number (US)": (
        r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])",
        _any,
    ),
    "phone number": (r"(?<![\w.+])\+[1-9]\d{0,2}[ -/]?(?:\d[ -/]?){6,12}\d(?![\w.])", _any),
}
_CANDIDATE = re.compile(
    r"@[^@]*\.|A[KS]IA|gh[pousr]_|xox|eyJ|\+\d|[A-Z]{2}\d{2}[ A-Z0-9]{11}|\d{3}-\d{2}-|\d{4}(?:[ -]?\d){8}"
)


_ZEROS = bytes.maketrans(b"123456789", b"000000000")


def shape_of(value: str) -> bytes:
    """Return a value with each digit as 0, as bytes, which are translated five times as fast. Raises: nothing.

    >>> shape_of("build-2041")
    b'build-0000'
    """
    return value.encode("utf-8", "surrogatepass").translate(_ZEROS)


def may_be_personal(value: str) -> bool:
    """Tell whether a value is worth a closer look; the same for all values of one shape. Raises: nothing.

    >>> may_be_personal("4111 1111 1111 1112"), may_be_personal("build-2041")
    (True, False)
    """
    return _CANDIDATE.search(value) is not None


def personal_data(value: str) -> str:
    """Return the name of the rule that a value breaks, "" for none; `*` values of policies are no data.

    >>> personal_data("jane.doe@example.com"), personal_data("team-ml"), personal_data("4111 1111 1111 1111")
    ('e-mail address', '', 'payment card')
    >>> personal_data("2026-11-26"), personal_data("arn:aws:sns:eu-central-1:111111111111:topic"), personal_data("5045")
    ('', '', '')
    """
    if not may_be_personal(value):
        return ""
    for rule, (pattern, check) in _RULES.items():
        if any(check(found[0]) for found in re.finditer(pattern, value)):
            return rule
    return ""


def personal_parts(text: str) -> tuple[str, ...]:
    """Return the parts of a text that are personal data or secrets. Raises: nothing.

    >>> personal_parts("ask jane.doe@example.com or +49 30 1234567")
    ('jane.doe@example.com', '+49 30 1234567')
    """
    if not may_be_personal(text):
        return ()
    return tuple(
        found[0] for pattern, check in _RULES.values() for found in re.finditer(pattern, text) if check(found[0])
    )


def masked(value: str) -> str:
    """Return a value of which only the first sign and the length can be read.

    >>> masked("jane.doe@example.com")
    'j… (20 characters)'
    """
    return f"{value[:1]}… ({len(value)} characters)"
