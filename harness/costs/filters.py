"""Tell which lines of a bill a filter of AWS means: accounts, services and tags, or why nobody can tell."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from harness.costs.charges import literal
from harness.costs.ledger import Ledger


class Tag(NamedTuple):
    """Hold SQL of a tag's value as written, and of whether it stands under exactly the key that was asked for."""

    value: str
    is_exact: str


def account_ids(names: Sequence[str], accounts: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of accounts that are given by id or name, and what is held in place of one that a name means.

    AWS filters by id; names of accounts need not differ. Raises: nothing.

    >>> held = {"111111111111": "dev", "222222222222": "ml-prod", "333333333333": "dev"}
    >>> account_ids(("ml-prod", "111111111111"), held)
    (('222222222222', '111111111111'), ())
    >>> account_ids(("dev", "test"), held)
    ((), ('several accounts dev: 111111111111, 333333333333', 'no account test'))
    """
    ids: list[str] = []
    instead: list[str] = []
    for name in names:
        named = sorted(number for number, held in accounts.items() if held == name)
        if len(named) > 1:
            instead.append(f"several accounts {name}: {', '.join(named)}")
        elif named or (len(name) == 12 and name.isdigit()):
            ids.append(named[0] if named else name)
        else:
            instead.append(f"no account {name}")
    return tuple(ids), tuple(instead)


def service_codes(names: Sequence[str]) -> tuple[str, ...]:
    """Return what codes of these services are, if they are their names without spaces, as most are.

    docs.aws.amazon.com/cur/latest/userguide/Lineitem-columns.html (lineItem/ProductCode). Raises: nothing.

    >>> service_codes(("Amazon SageMaker", "AWS Lambda"))
    ('AmazonSageMaker', 'AWSLambda')
    """
    return tuple(name.replace(" ", "") for name in names)


def service_test(names: Sequence[str], held: Collection[str]) -> tuple[str, str]:
    """Return SQL of whether a line is of one of these services, and one that the bill does not have, "" for none.

    `held` are the names and codes of the bill's services. Raises: nothing.
    """
    pairs = zip(names, service_codes(names), strict=True)
    stranger = next((name for name, code in pairs if name not in held and code not in held), "")
    shown, codes = (", ".join(map(literal, column)) for column in (names, service_codes(names)))
    return f"(ServiceName IN ({shown}) OR x_ServiceCode IN ({codes}))", stranger


def tag_of(ledger: Ledger, key: str) -> Tag | None:
    """Return how the ledger tells a tag of exactly this key, None for one that is no spelling of a dictionary's key.

    Keys differ by capitals: docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Tag.html. Raises: nothing.
    """
    for one in ledger.keys:
        if one.key == key:
            return Tag(one.written, f"COALESCE({one.fault}, '') NOT LIKE 'key written %'")
        if key in one.deprecated:
            return Tag(one.written, f"{one.fault} = {literal(f'key written {key}')}")
    return None
