"""Ask billing to apply today's cost allocation tags to past months, once its limits have been checked.

Source: docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-allocation-backfill.html.
"""

import datetime
import re
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from harness.environment import facts_of
from harness.errors import TagrailError
from harness.operations.life_cycle import Confirm
from harness.operations.session import Session
from harness.targets.refusals import code_of, repair_of, said

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_WARNING = (
    "it rewrites past months with the present status of ALL keys: a key that is inactive now loses its history there"
)


def backfill(session: Session, month: str, confirm: Confirm, now: datetime.datetime) -> str:
    """Start a backfill from the first of `month` (YYYY-MM) and return its status as AWS says it.

    Raises: TagrailError when the month is malformed, in the future or too long ago, when one runs already or was asked
    for less than a day ago, when the answer is no, or when billing refuses.
    """
    limits = facts_of(session.environment).limits
    start = _first_day(month, now, limits["cost_allocation_backfill_months"])
    client = session.target.client("ce", session.environment.regions.home)
    try:
        _check_history(client, now, limits["cost_allocation_backfill_hours_between"])
        if not confirm(f"backfill cost allocation tags of {session.name} from {start}? {_WARNING}"):
            raise TagrailError("backfill: must be confirmed; nothing was asked for. Do answer yes, or pass --yes")
        answer = client.start_cost_allocation_tag_backfill(BackfillFrom=f"{start}T00:00:00Z")
    except (ClientError, BotoCoreError) as error:
        raise _refusal(error) from error
    return str(answer["BackfillRequest"]["BackfillStatus"])


def _refusal(error: ClientError | BotoCoreError) -> TagrailError:
    """Return the error with the repair that belongs to what billing said."""
    action = f"ce:{error.operation_name}" if isinstance(error, ClientError) else "ce:StartCostAllocationTagBackfill"
    repair = repair_of(error, action)
    if isinstance(error, ClientError) and code_of(error) == "BackfillLimitExceededException":
        repair = "Do wait for the end of the one before, and for a day after it was asked for"
    return TagrailError(f"backfill: must be accepted by billing; got {said(error)}. {repair}")


def _first_day(month: str, now: datetime.datetime, most: int) -> datetime.date:
    if not _MONTH.fullmatch(month):
        raise TagrailError(f'--from: must be a month; got "{month}". Do write it as "2026-06"')
    start = datetime.date(int(month[:4]), int(month[5:]), 1)
    back = (now.year - start.year) * 12 + now.month - start.month
    if not 0 <= back <= most:
        first = now.year * 12 + now.month - 1 - most
        oldest = f"{first // 12:04d}-{first % 12 + 1:02d}"
        raise TagrailError(f'--from: must be {oldest} to {now:%Y-%m}; got "{month}". Do choose a month in between')
    return start


def _check_history(client: Any, now: datetime.datetime, hours: int) -> None:
    """Refuse when billing would: one backfill runs at a time, and one a day may be asked for."""
    pages = client.get_paginator("list_cost_allocation_tag_backfill_history").paginate()
    for request in (request for page in pages for request in page["BackfillRequests"]):
        asked = datetime.datetime.fromisoformat(str(request["RequestedAt"]).replace("Z", "+00:00"))
        if request["BackfillStatus"] == "PROCESSING":
            raise TagrailError(
                f"backfill: must be the only one; one from {asked:%Y-%m-%d %H:%M} runs. Do wait for its end"
            )
        due = asked + datetime.timedelta(hours=hours)
        if due > now:
            raise TagrailError(
                f"backfill: must be {hours} hours after the last; one was asked for at "
                f"{asked:%Y-%m-%d %H:%M} UTC. Do try again after {due:%Y-%m-%d %H:%M} UTC"
            )
