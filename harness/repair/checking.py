"""Check a plan before anything is sent: each row against dictionary and organisation, every problem at once."""

from collections.abc import Callable, Iterator, Sequence

from harness.audit.model import GLOBAL
from harness.errors import Problem
from harness.organization import Organization
from harness.plan_check.keys import Keys
from harness.plan_check.model import Fault
from harness.plan_check.values import value_faults
from harness.policy.arn import arn_type
from harness.regions import region_fault
from harness.repair.model import Change
from harness.repair.plan_file import Row
from harness.spelling import nearest

KeysOf = Callable[[str], Keys]  # of an account, at its unit
Found = Iterator[tuple[str, str]]  # column and message


def plan_problems(rows: Sequence[Row], shown: str, organization: Organization, keys_of: KeysOf) -> list[Problem]:
    """Return what is wrong with the rows of a plan. Raises: nothing."""
    known = {account.id for account in organization.accounts}
    found: list[Problem] = []
    for row in rows:
        faults = [*_place_faults(row.change, organization, known)]
        if not faults:
            faults = [*_id_faults(row), *_tag_faults(row.change, keys_of(row.change.account))]
        found += (Problem(shown, row.line, column, message) for column, message in faults)
    found += (Problem(shown, line, column, message) for line, column, message in _doubles(rows))
    return found


def value_fault(keys: Keys, key: str, value: str) -> Fault | None:
    """Return what is wrong with a value of a key, None for a right one. Raises: nothing."""
    return next(iter(value_faults(keys, key, value, "", "")), None)


def is_spelling(keys: Keys, key: str, other: str) -> bool:
    """Tell whether another key is a wrong spelling of a key. Raises: nothing."""
    if other == key or other in keys.rules:
        return False
    meaning = keys.meaning(other)
    return meaning.key == key or (not meaning.key and not meaning.rule and keys.near(other)[:1] == (key,))


def _place_faults(change: Change, organization: Organization, known: set[str]) -> Found:
    parts = change.arn.split(":", 5)
    if not arn_type(change.arn).service:
        yield "arn", f'must be an ARN; got "{change.arn}". Do put it back, as tagrail wrote it'
        return
    if change.account not in known:
        rule = f"must be an account of organisation {organization.id}"
        yield "account", f'{rule}; got "{change.account}".{nearest(change.account, known) or " Do correct it"}'
    elif parts[4] not in ("", "aws", change.account) and parts[2] != "organizations":
        yield "account", f"must be that of the ARN, {parts[4]}; got {change.account}. Do correct one of them"
    if change.region != GLOBAL and (fault := region_fault(change.region)):
        yield "region", fault
    elif parts[3] not in ("", change.region):
        yield "region", f"must be that of the ARN, {parts[3]}; got {change.region}. Do correct one of them"


def _id_faults(row: Row) -> Found:
    if row.id and row.id != row.change.id:
        rule = "must be that of the row: account, region, arn, key, now or remove is not as tagrail wrote it"
        yield "id", f'{rule}; got "{row.id}". Do put them back, or empty the id of a row that is your own'


def _tag_faults(change: Change, keys: Keys) -> Found:
    if change.key not in keys.rules:
        guess = nearest(change.key, keys.rules) or " Do add it to tags.yaml first"
        yield "key", f'must be a key of the dictionary; got "{change.key}".{guess}'
        return
    if change.remove and not is_spelling(keys, change.key, change.remove):
        rule = f"must be a wrong spelling of {change.key}, which alone may be removed"
        yield "remove", f'{rule}; got "{change.remove}". Do empty it'
    if change.do and not change.becomes.strip():
        yield "becomes", 'must be a value where do is yes; got "". Do write one, or no'
    elif change.becomes and (fault := value_fault(keys, change.key, change.becomes)):
        yield "becomes", f'must be {_wanted(fault)}; got "{change.becomes}". Do write one that is, or empty it'


def _wanted(fault: Fault) -> str:
    """Say what a value must be, by the rule that a wrong one breaks."""
    if fault.rule == "value-pattern":
        return f"of the form {fault.wanted[0]}"
    if fault.rule == "value-length":
        return f"{fault.wanted[0]} characters at most"
    if fault.rule == "value-characters":
        return f"of letters, digits, spaces and _ . : / = + - @ (not {fault.held})"
    if fault.rule == "personal-data":
        return f"no data of a person ({fault.because})"
    return f"a value that the dictionary allows in this account ({', '.join(fault.wanted)})"


def _doubles(rows: Sequence[Row]) -> Iterator[tuple[int, str, str]]:
    """Yield line, column and message of changes that are there twice, or say two things of one key."""
    first: dict[tuple[str, str, str, str], int] = {}
    said: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        change = row.change
        same = first.setdefault((change.account, change.arn, change.key, change.remove), row.line)
        if same != row.line:
            yield row.line, "key", f"must be changed once; line {same} changes it too. Do keep one of the two"
        elif change.do:
            other = said.setdefault((change.account, change.arn, change.key), row)
            if other.change.becomes != change.becomes:
                message = f'must be as in line {other.line}, "{other.change.becomes}"; got "{change.becomes}"'
                yield row.line, "becomes", f"{message}. Do write the same, or no"
