"""Write texts into cells of CSV such that spreadsheets leave them alone.

A spreadsheet takes a cell for a formula, a number, a date or a boolean if it looks like one: 007 becomes 7, an account
number 1.11E+11, and `=HYPERLINK(…)`, which anyone can write into a tag, is worked out. An apostrophe in front keeps it
a text; a spreadsheet that opens CSV shows it, and saves it again. owasp.org/www-community/attacks/CSV_Injection
"""

import re

_GUARD = "'"
# A number or formula has no letter in front; dates may: LibreOffice and Excel know "Mar 5" and "Sep-2026".
_PLAIN = re.compile(
    r"(?!(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ ./-]*\d)(?!(?:true|false)$)[a-z].*", re.I
)


def guarded(text: str) -> str:
    """Return what to write into a cell for a text. Raises: nothing.

    >>> guarded("dev"), guarded("5045"), guarded("=1+1"), guarded("true"), guarded("")
    ('dev', "'5045", "'=1+1", "'true", '')
    """
    flat = " ".join(text.splitlines()) if text.splitlines() != [text] else text
    return flat if not flat or _PLAIN.fullmatch(flat) else f"{_GUARD}{flat}"


def unguarded(cell: str) -> str:
    """Return the text of a cell, whether its writer guarded it or not. Raises: nothing.

    >>> unguarded("'007"), unguarded("007"), unguarded(guarded("'x"))
    ('007', '007', "'x")
    """
    return cell.removeprefix(_GUARD)
