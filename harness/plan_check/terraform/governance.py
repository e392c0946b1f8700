"""Find what a plan takes away from governance; what the search needs is loaded for plans that may do so alone."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import msgspec

from harness.plan_check.model import CheckFinding
from harness.plan_check.terraform.plan_json import (
    UNREADABLE,
    Plan,
    PlanError,
    ResourceChange,
    plain_indexes,
    said,
    written,
)
from harness.plan_check.wording import fingerprint

if TYPE_CHECKING:
    from harness.plan_check.weakening import Change

# Types that govern begin so; which of them do is known to harness/plan_check/weakening.
_PREFIXES: Final = (
    "aws_bcmdataexports_",
    "aws_budgets_",
    "aws_ce_",
    "aws_config_",
    "aws_iam_",
    "aws_kms_",
    "aws_organizations_",
    "aws_servicecatalog_",
    "aws_sns_",
)
_TAGS: Final = ("tags", "tags_all")
_ATTRIBUTES: Final = msgspec.json.Decoder(dict[str, msgspec.Raw] | None).decode
_LEAVE: Final = frozenset({("no-op",), ("read",), ("create",)})


def weakening_findings(plan: Plan, name: str) -> tuple[CheckFinding, ...]:
    """Return a finding for each thing that a plan takes away, or may take away.

    Raises: PlanError for a resource that cannot be read.
    """
    changed = (each for each in plan.resource_changes or () if each.change.actions not in _LEAVE)
    if not any(each.type.startswith(_PREFIXES) and _is_touched(each) for each in changed):
        return ()
    from harness.plan_check.weakening import weakenings  # noqa: PLC0415 (see the module's docstring)

    return tuple(
        CheckFinding(
            fault=found.fault,
            input=name,
            address=found.address,
            type=found.type,
            where=found.where,
            what=found.what + (f": {found.fault.because}" if found.fault.because else ""),
            must_hold=found.must_hold(),
            repair="",
            repair_at=f"in {found.address}: take the change back, or say why with --allow-weakening",
            language="terraform",
            fingerprint=fingerprint(found.fault, f"{found.address} {found.where}", "terraform"),
        )
        for found in weakenings(changes_of(plan), drifted=changes_of(plan, plan.drift()))
    )


def _is_touched(each: ResourceChange) -> bool:
    """Tell whether a resource changes in more than its tags, which govern nothing: in most plans none of these does."""
    if each.change.actions != ("update",):
        return True
    try:
        before, after = _ATTRIBUTES(each.change.before), _ATTRIBUTES(each.change.after)
    except UNREADABLE:
        return True
    if before is None or after is None:
        return True
    for held in (before, after):
        for name in _TAGS:
            held.pop(name, None)
    return bool(before != after)


def changes_of(plan: Plan, entries: Iterable[ResourceChange] | None = None) -> Iterator["Change"]:
    """Yield the changes of types that govern, those of the plan or these of its entries.

    Raises: PlanError for a resource that cannot be read.
    """
    from harness.plan_check.weakening import (  # noqa: PLC0415 (see the module's docstring)
        Change,
        is_governance,
        written_region,
    )

    rows = written(plan.configuration)
    references = {address: _references(row.expressions) for address, row in rows.items()}
    providers = plan.configuration.provider_config if plan.configuration else {}
    regions = {key: written_region(provider.expressions) for key, provider in providers.items()}
    for each in entries if entries is not None else plan.resource_changes or ():
        if is_governance(each.type) and each.mode == "managed" and not each.deposed:
            body, address = each.change, plain_indexes(each.address)
            yield Change(
                each.address,
                each.type,
                body.actions,
                _object(each, body.before),
                _object(each, body.after),
                _decoded(each, body.after_unknown),
                references.get(address, ()),
                _decoded(each, body.before_sensitive),
                regions.get(rows[address].provider_config_key, "") if address in rows else "",
            )


def _references(expressions: Any) -> tuple[str, ...]:
    """Return what the policy id of an attachment refers to."""
    expression = expressions.get("policy_id") if isinstance(expressions, dict) else None
    held = expression.get("references") if isinstance(expression, dict) else None
    return tuple(str(name) for name in held) if isinstance(held, list) else ()


def _object(each: ResourceChange, text: msgspec.Raw) -> dict[str, Any] | None:
    found = _decoded(each, text)
    return found if isinstance(found, dict) else None


def _decoded(each: ResourceChange, text: msgspec.Raw) -> Any:
    try:
        return msgspec.json.decode(text)
    except UNREADABLE as error:
        rule = "must have attributes as terraform shows them"
        raise PlanError(f"{each.address}: {rule}; got {said(error)}. Do plan again") from error
