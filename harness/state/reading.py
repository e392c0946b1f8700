"""Read parts of the live state, several at a time, such that one that cannot be read does not hide the others."""

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from harness.state.model import MALFORMED, Unreadable
from harness.targets.refusals import said, word_of

Key = TypeVar("Key")
Part = TypeVar("Part")

_READERS = 8  # an organisation of 500 accounts is read in about a minute less than one by one


def read(look: Callable[[], Part]) -> Part | Unreadable:
    """Return what `look` returns, or why AWS did not let us look. Raises: what is no error of AWS's or boto3's."""
    try:
        return look()
    except ClientError as error:
        return Unreadable(f"{error.operation_name}: {said(error)}", word_of(error))
    except BotoCoreError as error:
        return Unreadable(said(error), word_of(error))
    except ValueError as error:
        return Unreadable(str(error), MALFORMED)


def at_once(look: Callable[[Key], Part], keys: Iterable[Key]) -> dict[Key, Part]:
    """Return key -> what `look` returns for it, a few at a time and in the order of the keys.

    Raises: what `look` raises for the first key for which it does.
    """
    wanted = list(keys)
    with ThreadPoolExecutor(_READERS) as pool:
        return dict(zip(wanted, pool.map(look, wanted), strict=True))


def read_each(look: Callable[[Key], Part], keys: Iterable[Key]) -> dict[Key, Part | Unreadable]:
    """Return key -> what `look` returns for it, or why AWS did not let us look. Raises: as `read` does."""
    return at_once(lambda key: read(lambda: look(key)), keys)


def json_object(text: str, what: str) -> Mapping[str, Any]:
    """Return the JSON object in a text of AWS's.

    Raises: ValueError when the text is something else.

    >>> json_object("[1]", "policy p-1")
    Traceback (most recent call last):
    ValueError: policy p-1: must be a JSON object; got "[1]". Do look at it by hand
    """
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    raise ValueError(f'{what}: must be a JSON object; got "{text[:80]}". Do look at it by hand')
