"""Model the faults that a seed or a control request asks for; accounts are ids, in a seed names too."""

from typing import Annotated

from pydantic import Field

from harness.strict_model import StrictModel, Strings


class Throttle(StrictModel):
    """Let at most so many calls a second pass for each account, the named one or any.

    `service` is botocore's name, `operation` one of its operations; `per_region` counts each region by itself, as
    CloudTrail does: `{service: cloudtrail, operation: LookupEvents, per_second: 2, per_region: true}`.
    """

    per_second: Annotated[int, Field(ge=1)]
    account: str | None = None
    service: str | None = None
    operation: str | None = None
    per_region: bool = False


class Denied(StrictModel):
    """Deny actions such as `sagemaker:List*`, all without `actions`, in one account or any.

    `sts:AssumeRole` counts for the account of the role.
    """

    account: str | None = None
    actions: Strings = ("*",)


class DisabledRegions(StrictModel):
    """Answer in regions as those do into which an account has not opted in; one account or any."""

    account: str | None = None
    regions: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]


class Suspended(StrictModel):
    """Suspend an account once it has made so many calls."""

    account: str
    after_calls: Annotated[int, Field(ge=0)] = 0


class Faults(StrictModel):
    """Hold all of them."""

    throttle: Annotated[tuple[Throttle, ...], Field(strict=False)] = ()
    denied: Annotated[tuple[Denied, ...], Field(strict=False)] = ()
    disabled_regions: Annotated[tuple[DisabledRegions, ...], Field(strict=False)] = ()
    suspended: Annotated[tuple[Suspended, ...], Field(strict=False)] = ()
