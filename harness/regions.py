"""Tell the names of AWS's regions from typing errors, by the list of botocore in aws-facts.yaml."""

import re

from harness.facts import load_facts
from harness.spelling import nearest

_FORM = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}")


def region_fault(region: str) -> str:
    """Return what is wrong with the name of a region, as a message; nothing for one that botocore knows.

    botocore knows regions months before they open; a region that is newer is added by make aws-facts after an
    update of botocore. Raises: nothing.

    >>> region_fault("eu-centarl-1")
    'must be an AWS region that botocore knows; got "eu-centarl-1". Did you mean "eu-central-1"?'
    """
    repair, known = ' Do write it as "eu-central-1"', load_facts().regions
    if not _FORM.fullmatch(region):
        return f'must be an AWS region; got "{region}".{repair}'
    if region in known:
        return ""
    return f'must be an AWS region that botocore knows; got "{region}".{nearest(region, known) or repair}'
