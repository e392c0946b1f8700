"""Tell the names of AWS's regions from typing errors, by the list of botocore."""

import json
import re
from functools import cache
from importlib.resources import files

from harness.spelling import nearest

_FORM = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}")


def region_fault(region: str) -> str:
    """Return what is wrong with the name of a region, as a message; nothing for one that botocore knows.

    botocore knows regions months before they open; a region that is newer needs a newer botocore. Raises: nothing.

    >>> region_fault("eu-centarl-1")
    'must be an AWS region that botocore knows; got "eu-centarl-1". Did you mean "eu-central-1"?'
    """
    repair = ' Do write it as "eu-central-1"'
    if not _FORM.fullmatch(region):
        return f'must be an AWS region; got "{region}".{repair}'
    if region in _known():
        return ""
    return f'must be an AWS region that botocore knows; got "{region}".{nearest(region, _known()) or repair}'


@cache
def _known() -> frozenset[str]:
    """Return the regions of all partitions, without the names that stand for none, such as `aws-global`."""
    text = (files("botocore") / "data" / "partitions.json").read_bytes()  # botocore's own loader takes 0.1 s to import
    partitions = json.loads(text)["partitions"]
    return frozenset(name for each in partitions for name in each["regions"] if _FORM.fullmatch(name))
