"""The emulator's own pages about time: its clock, which can be moved ahead, and the alerts that went out meanwhile.

They work on moto's models, so the application answers one request at a time here, too.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import moto.core
from moto.organizations.models import organizations_backends
from werkzeug.wrappers import Request, Response

from harness.emulator import clock
from harness.emulator.billing.responses import billing_of
from harness.emulator.budgets.delivery import deliveries
from harness.emulator.budgets.responses import settle_all
from harness.emulator.process_state import ALERTS_PATH, CLOCK_PATH


def _clock_page(request: Request) -> Response:
    """Answer a GET with the time, and a POST of `{"advance_seconds": n}` with what happened until then."""
    if request.method != "POST":
        return _json(_now())
    body = request.get_json(force=True, silent=True)
    seconds = body.get("advance_seconds") if isinstance(body, dict) else None
    if type(seconds) is not int or not 1 <= seconds <= clock.MOST_SECONDS:
        rule = f'must be a POST of {{"advance_seconds": 1 to {clock.MOST_SECONDS}}}; the clock goes forward only'
        return _json({"message": rule}, 400)
    return _json(_advance(seconds))


def _alerts_page(_request: Request) -> Response:
    """Answer with every alert that went out, delivered or not."""
    return _json({"alerts": deliveries()})


def _advance(seconds: int) -> dict[str, Any]:
    """Let time pass: billing sees what was there before, and budgets are looked at on the way."""
    sent = len(deliveries())
    payers = [billing_of(payer_id) for payer_id in _payers()]
    known = {key for billing in payers for key in billing.state.tags}
    for billing in payers:
        billing.look()
    for _ in clock.move(seconds):
        settle_all()
    for billing in payers:
        billing.catch_up()
    keys = {key for billing in payers for key in billing.state.tags} - known
    return {**_now(), "new_keys": sorted(keys), "alerts": deliveries()[sent:]}


def _payers() -> set[str]:
    """Return the accounts that pay for others, and the one that callers without a role are."""
    return {payer_id for payer_id, _ in organizations_backends.master_accounts.values()} | {
        moto.core.DEFAULT_ACCOUNT_ID
    }


def _now() -> dict[str, Any]:
    return {"now": clock.stamp(clock.utcnow()), "ahead_seconds": int(clock.ahead().total_seconds())}


def _json(body: Mapping[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")


CLOCK_PAGES: Mapping[str, Callable[[Request], Response]] = {ALERTS_PATH: _alerts_page, CLOCK_PATH: _clock_page}
