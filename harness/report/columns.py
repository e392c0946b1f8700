"""Write columns of numbers as strings of digits, which a page reads at once: harness/report/web/app/columns.js."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

# All of ASCII that can be printed, less what JSON or HTML would have to escape.
DIGITS = "".join(chr(code) for code in range(32, 127) if chr(code) not in "\"\\<>&'`")


def width_of(count: int) -> int:
    """Return how many digits numbers below `count` take. Raises: nothing.

    >>> width_of(88), width_of(89), width_of(1_000_000)
    (1, 2, 4)
    """
    width = 1
    while len(DIGITS) ** width < count:
        width += 1
    return width


def column_of(numbers: Iterable[int], width: int) -> str:
    """Return numbers as one string, `width` digits each. Raises: nothing."""
    base = len(DIGITS)
    known: dict[int, str] = {}
    for number in set(numbers := tuple(numbers)):
        known[number] = "".join(DIGITS[number // base**place % base] for place in reversed(range(width)))
    return "".join(known[number] for number in numbers)


def cents(amount: Decimal) -> int:
    """Return an amount in cents, halves to the even one. Raises: nothing.

    >>> cents(Decimal("12.345")), cents(Decimal("-0.019"))
    (1234, -2)
    """
    return int((amount * 100).to_integral_value(ROUND_HALF_EVEN))
