r"""Write texts into cells of CSV such that spreadsheets leave them alone.

A spreadsheet takes a cell for a formula, a number, a date or a boolean if it looks like one: 007 becomes 7, an account
number 1.11E+11, and `=HYPERLINK(…)`, which anyone can write into a tag, is worked out. An apostrophe in front keeps it
a text; a spreadsheet that opens CSV shows it, and saves it again. owasp.org/www-community/attacks/CSV_Injection

Ends of lines and other control characters, which editors change as they like and some services of AWS take as values,
are written as escapes of JSON, so that the file says the value that is there: `line1\nline2`.
"""

import re
import unicodedata

_GUARD = "'"
# A number or formula has no letter in front; dates may: LibreOffice and Excel know "Mar 5" and "Sep-2026".
_PLAIN = re.compile(
    r"(?!(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ ./-]*\d)(?!(?:true|false)$)[a-z].*", re.I
)
_SHORT = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LONG = {escape: character for character, escape in _SHORT.items()}
_ESCAPE = re.compile(r"\\(?:[\\nrt]|u([0-9a-f]{4}))")
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})  # control characters, halves of pairs, ends of lines and paragraphs


def guarded(text: str) -> str:
    r"""Return what to write into a cell for a text. Raises: nothing.

    >>> guarded("dev"), guarded("5045"), guarded("=1+1"), guarded("true"), guarded("")
    ('dev', "'5045", "'=1+1", "'true", '')
    >>> print(guarded("line1\nline2"))
    line1\nline2
    """
    flat = "".join(map(_escaped, text))
    return flat if not flat or _PLAIN.fullmatch(flat) else f"{_GUARD}{flat}"


def unguarded(cell: str) -> str:
    r"""Return the text of a cell, whether its writer guarded it or not. Raises: nothing.

    A backslash that begins no escape is one.

    >>> unguarded("'007"), unguarded("007"), unguarded(guarded("'x"))
    ('007', '007', "'x")
    """
    return _ESCAPE.sub(_character, cell.removeprefix(_GUARD))


def _escaped(character: str) -> str:
    if known := _SHORT.get(character):
        return known
    return f"\\u{ord(character):04x}" if unicodedata.category(character) in _UNSEEN else character


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else _LONG[escape[0]]
