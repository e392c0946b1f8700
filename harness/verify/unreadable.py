"""Say of a part of the state that could not be read why, and what lets us look: the repair depends on AWS's code."""

from harness.finding import Finding
from harness.state import MALFORMED, UNASKED, Unreadable
from harness.targets.refusals import kind_of_word, repair_of_word

ORGANIZATIONS = "organizations:Describe* and organizations:List*"
# Of accounts that never used TagOptions: docs.aws.amazon.com/servicecatalog/latest/dg/API_ListTagOptions.html.
_NOT_MIGRATED = "TagOptionNotMigratedException"
_MIGRATE = "Do open the TagOption library in the Service Catalog console, which migrates the account"
_BY_HAND = "Do look at it by hand; where AWS's answer is right, tell the maintainers of tagrail"


def unknown(plane: str, where: str, subject: str, part: Unreadable, permissions: str) -> Finding:
    """Return the finding on a part that could not be read; `permissions` are the IAM actions that reading it takes.

    Raises: nothing.
    """
    return Finding(plane, where, subject, "unknown", part.reason, "readable state", repair(part, permissions))


def repair(part: Unreadable, permissions: str) -> str:
    """Return what mends that a part could not be read, as `Do ...`. Raises: nothing."""
    repairs = {MALFORMED: _BY_HAND, UNASKED: "Do run verify, which looks at every part", _NOT_MIGRATED: _MIGRATE}
    return repairs.get(part.code) or repair_of_word(part.code, permissions)


def is_about_the_target(part: Unreadable) -> bool:
    """Tell whether AWS refused what was asked about, rather than the caller or the moment. Raises: nothing."""
    return part.code not in ("", MALFORMED, UNASKED) and kind_of_word(part.code) == "refused"
