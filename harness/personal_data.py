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


def _tax_id_germany(text: str) -> bool:
    """Tell whether 11 digits are a Steueridentifikationsnummer: ISO 7064 mod 11,10, one digit twice or three times.

    bzst.de/SharedDocs/Downloads/DE/Merkblaetter/aufbau_identifikationsnummer.html
    """
    counts = sorted(text[:10].count(digit) for digit in set(text[:10]))
    if text[0] == "0" or counts[-1] not in (2, 3) or counts[:-1].count(1) != len(counts) - 1:
        return False
    product = 10
    for digit in text[:10]:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return (11 - product) % 10 == int(text[10])


def _dni_spain(text: str) -> bool:
    """Tell whether 8 digits and a letter are a DNI; a day written as 20261127 may well have a letter behind it."""
    is_day = re.match(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", text)
    return not is_day and "TRWAGMYFPDXBNJZSQVHLCKE"[int(text[:8]) % 23] == text[8]


def _insee_france(text: str) -> bool:
    """Tell whether 15 digits are a numéro de sécurité sociale: the last two are 97 less the rest of the others."""
    digits = re.sub(r"\D", "", text)
    return 97 - int(digits[:13]) % 97 == int(digits[13:])


_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


def _codice_fiscale_italy(text: str) -> bool:
    """Tell whether the last letter checks the 15 signs before it, as the decree of 23 December 1976 says."""
    values = [int(sign, 36) - (10 if sign.isalpha() else 0) for sign in text]
    total = sum(_ODD[value] if place % 2 == 0 else value for place, value in enumerate(values[:15]))
    return total % 26 == values[15]


def _cpf_brazil(text: str) -> bool:
    digits = [int(sign) for sign in text if sign.isdigit()]
    if len(set(digits)) == 1:
        return False
    return all(
        sum(digit * (end + 1 - place) for place, digit in enumerate(digits[:end])) * 10 % 11 % 10 == digits[end]
        for end in (9, 10)
    )


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
    "national insurance number (UK)": (
        r"(?<![A-Za-z0-9])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?(?:\d\d ?){3}[A-D](?!\w)",
        _any,
    ),
    "tax id (Germany)": (r"(?<![\w.+-])\d{11}(?![\w.-])", _tax_id_germany),
    "identity card (Spain)": (r"(?<![\w.-])\d{8}[A-HJ-NP-TV-Z](?![\w.-])", _dni_spain),
    "social security number (France)": (
        r"(?<![\w.-])[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?\d\d ?\d{3} ?\d{3} ?\d\d(?![\w.-])",
        _insee_france,
    ),
    "tax code (Italy)": (
        r"(?<![A-Za-z0-9])[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z](?![A-Za-z0-9])",
        _codice_fiscale_italy,
    ),
    "tax id (Brazil)": (r"(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d\d(?![\w-])", _cpf_brazil),
    "private key": (r"-----BEGIN [A-Z ]*PRIVATE KEY", _any),
    "phone number": (r"(?<![\w.+])\+[1-9]\d{0,2}[ -/]?(?:\d[ -/]?){6,12}\d(?![\w.])", _any),
}
_CANDIDATE = re.compile(
    r"@[^@]*\.|A[KS]IA|gh[pousr]_|xox|eyJ|\+\d|[A-Z]{2} ?\d{2}|\d{3}-\d{2}-|\d{4}(?:[ -]?\d){8}|\d{11}|\d{8}[A-Z]"
    r"|\d ?\d\d ?\d\d ?\d\d ?\d{3}|\d{3}\.\d{3}\.|BEGIN "
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
