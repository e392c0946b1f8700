"""Turn the bytes of a template into text, and say which plain scalars CloudFormation reads as they are written."""

import codecs
import re
from typing import Final, NoReturn

from harness.errors import InputError, Problem

MOST_BYTES: Final = 10 * 1024 * 1024  # ten times what CloudFormation takes from S3
DEEPEST: Final = 100  # levels of mappings and lists; CloudFormation's own documents stay below 30
MOST_ALIASED: Final = 200_000  # values that aliases stand for, all together

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PLAIN_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,8})(\.[0-9]{0,8}[1-9])?")
_SOME_NUMBER: Final = re.compile(
    r"[-+]?(0[xobXOB][0-9a-fA-F_]+|[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|\.[0-9_]+([eE][-+]?[0-9]+)?"
    r"|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|\.(inf|Inf|INF|nan|NaN|NAN))"
)
_BOOLEANS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_OTHER_BOOLEANS: Final = frozenset(
    word for base in ("yes", "no", "on", "off") for word in (base, base.capitalize(), base.upper())
)
_LONGEST: Final = 256  # characters of a tag's value; what is longer is no number that a tag could hold
_SPECIAL: Final = frozenset("0123456789+-.~tTfFyYnNoO")  # first characters of what may be no text


class Unclear(str):
    """Hold a scalar without quotes whose text may change on its way through CloudFormation.

    Octal numbers, long ones ("1.23456789012E11") and words such as yes are read as numbers and booleans of YAML 1.1:
    github.com/aws-cloudformation/cfn-language-discussion/issues/31, github.com/aws/aws-cli/issues/6908.
    """

    __slots__ = ()


def plain_scalar(text: str) -> object:
    """Return what a scalar without quotes is: None, bool, int, text, or Unclear. Raises: nothing.

    >>> plain_scalar("5045"), plain_scalar("true"), plain_scalar("~"), plain_scalar("a"), type(plain_scalar("012"))
    (5045, True, None, 'a', <class 'harness.plan_check.cloudformation.text.Unclear'>)
    """
    if text and (text[0] not in _SPECIAL or len(text) > _LONGEST):
        return text
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text in _NULLS:
        return None
    if text in _OTHER_BOOLEANS:
        return Unclear(text)
    return number(text) if _SOME_NUMBER.fullmatch(text) else text


def number(text: str) -> object:
    """Return a number as int, as its text where that stays as it is, or as Unclear. Raises: nothing.

    >>> number("5045"), number("1.5"), type(number("1.0")).__name__, type(number("123456789012")).__name__
    (5045, '1.5', 'Unclear', 'Unclear')
    """
    if not _PLAIN_NUMBER.fullmatch(text) or text == "-0":
        return Unclear(text)
    return text if "." in text else int(text)


def decode(content: bytes, name: str) -> str:
    """Return the text of a file in UTF-8 or UTF-16, with or without a byte order mark.

    Raises: InputError when it is larger than 10 MiB or in another encoding.
    """
    if len(content) > MOST_BYTES:
        rule = f"must be at most {MOST_BYTES // 1024 // 1024} MiB, ten times what CloudFormation takes"
        refuse(name, 0, f"{rule}; got {len(content) / 1024 / 1024:.1f} MiB. Do split the template")
    encoding = next((encoding for mark, encoding in _BOMS if content.startswith(mark)), "")
    if not encoding:
        head = content[:2]
        encoding = "utf-16-be" if head[:1] == b"\0" else "utf-16-le" if head[1:] == b"\0" else "utf-8"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"must be UTF-8 or UTF-16; byte {error.start} is not. Do save the file as UTF-8"
        raise InputError([Problem(name, 0, "", message)]) from error


def refuse(name: str, line: int, message: str) -> NoReturn:
    """Raise an InputError with one problem. Raises: InputError, always."""
    raise InputError([Problem(name, line, "", message)])
