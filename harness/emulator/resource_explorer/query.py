"""Read a query of Resource Explorer, and tell which resources it chooses.

docs.aws.amazon.com/resource-explorer/latest/userguide/using-search-query-syntax.html: filters are joined by AND, words
by OR; `-` takes away, `*` stands at the end, quotes hold a text together; case does not count.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from harness.emulator.wire import AwsError

_TERM = re.compile(r'(-?)((?:"[^"]*"|[^\s"])+)')
_FILTERS = ("accountid", "id", "region", "resourcetype", "service", "tag", "tag.key", "tag.value")


@dataclass(frozen=True, slots=True)
class Found:
    """Hold a resource as Resource Explorer shows it; `type` is such as `ec2:instance`."""

    arn: str
    account_id: str
    region: str
    service: str
    type: str
    tags: Mapping[str, str]


Predicate = Callable[[Found], bool]


def read_query(text: str, *, words: bool) -> Predicate:
    """Return what tells whether a resource matches; a query without terms matches all.

    Raises: AwsError ValidationException for a filter that does not exist, or for a word where `words` are not taken.
    """
    required: list[Predicate] = []
    keywords: list[Predicate] = []
    for taken_away, term in _terms(text):
        name, colon, value = term.partition(":")
        if colon and name.lower() in _FILTERS:
            test = _any_of(name.lower(), value)
            required.append(_not(test) if taken_away else test)
        elif not words or (colon and not name.startswith("arn")):
            text_ = f"The query has an invalid filter: {term}. Known are {', '.join(_FILTERS)}."
            raise AwsError("ValidationException", text_)
        elif taken_away:
            required.append(_not(_word(term)))
        else:
            keywords.append(_word(term))
    return lambda found: (
        all(test(found) for test in required) and (not keywords or any(test(found) for test in keywords))
    )


def asks_for_tags(text: str) -> bool:
    """Tell whether a query has a filter by tags. Raises: nothing."""
    return any(re.match(r"tag(\.key|\.value)?:", term, re.IGNORECASE) for _, term in _terms(text))


def _terms(text: str) -> Iterator[tuple[bool, str]]:
    for match in _TERM.finditer(text):
        yield bool(match[1]), match[2].replace('"', "")


def _not(test: Predicate) -> Predicate:
    return lambda found: not test(found)


def _any_of(name: str, value: str) -> Predicate:
    """Return the test of a filter, whose values are separated by commas."""
    tests = [_filter(name, each) for each in value.split(",")]
    return lambda found: any(test(found) for test in tests)


def _filter(name: str, value: str) -> Predicate:
    if name == "tag" and value.lower() in ("none", "all"):
        tagged = value.lower() == "all"
        return lambda found: any(not key.startswith("aws:") for key in found.tags) is tagged
    matches = _matcher(value)
    reads: Mapping[str, Callable[[Found], Iterator[str]]] = {
        "accountid": lambda found: iter([found.account_id]),
        "id": lambda found: iter([found.arn]),
        "region": lambda found: iter([found.region]),
        "resourcetype": lambda found: iter([found.type]),
        "service": lambda found: iter([found.service]),
        "tag": lambda found: (f"{key}={text}" for key, text in found.tags.items()),
        "tag.key": lambda found: iter(found.tags),
        "tag.value": lambda found: iter(found.tags.values()),
    }
    return lambda found: any(matches(text) for text in reads[name](found))


def _matcher(value: str) -> Callable[[str], bool]:
    wanted = value.lower()
    if wanted.endswith("*"):
        return lambda text: text.lower().startswith(wanted[:-1])
    return lambda text: text.lower() == wanted


def _word(term: str) -> Predicate:
    wanted = term.lower().removesuffix("*")
    return lambda found: any(
        wanted in text.lower()
        for text in (found.arn, found.account_id, found.type, *(f"{key}={value}" for key, value in found.tags.items()))
    )
