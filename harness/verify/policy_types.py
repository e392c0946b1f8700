"""Find resource types of the dictionary that AWS's table of tag-policy types does not have; pure."""

from collections.abc import Iterator

from harness.dictionary import Dictionary
from harness.finding import INFO, WARNING, Finding
from harness.policy.tag_policy_types import ELEMENTS, Element, TypeJudgement, data_date, judge_type

PLANE = "tag policy type"

_FILE = "envs/tags.yaml"
_HELD = {
    "unknown": "AWS's table does not have it",
    "renamed": "AWS's table had it once",
    "other-element": "AWS's table has it for the other element alone",
    "neither": "AWS's table has it for reports of wrong tags alone",
    "whole": "AWS's table has no ALL_SUPPORTED of this service here",
    "everything": "AWS has no wildcard over all services",
    "older-spelling": "the older form of ALL_SUPPORTED",
}


def policy_type_findings(dictionary: Dictionary) -> tuple[Finding, ...]:
    """Return a finding for each doubtful type of `enforced_for` and `report_required_tag_for`, or one that all is well.

    None of them fails: AWS adds types often, its table is copied by hand, and what AWS refuses in form the dictionary's
    own rules refuse before. Raises: nothing.
    """
    found = tuple(_findings(dictionary))
    count = len({(element, name) for _, element, name in _named(dictionary)})
    clean = Finding(PLANE, _FILE, f"{count} types", "pass", f"in AWS's table of {data_date()}", "in AWS's table")
    return found or (clean,)


def _named(dictionary: Dictionary) -> Iterator[tuple[str, Element, str]]:
    """Yield path, element and name of each type."""
    holders = {"defaults": dictionary.defaults, **{f'tags["{key}"]': tag for key, tag in dictionary.tags.items()}}
    for path, holder in holders.items():
        for element in ELEMENTS:
            names: tuple[str, ...] = getattr(holder, element) or ()
            for index, name in enumerate(names):
                yield f"{path}.{element}[{index}]", element, name


def _findings(dictionary: Dictionary) -> Iterator[Finding]:
    for path, element, name in _named(dictionary):
        judged = judge_type(name, element)
        if judged.standing != "known":
            note = INFO if judged.standing == "older-spelling" else WARNING
            held = f"{name}: {_HELD[judged.standing]} ({data_date()})"
            must_hold = f"a type of AWS's table for {element}"
            yield Finding(PLANE, _FILE, path, "pass", held, must_hold, _repair(judged), note=note)


def _repair(judged: TypeJudgement) -> str:
    if judged.nearest:
        return f"Do write {' or '.join(judged.nearest[:3])}"
    if judged.standing == "other-element":
        return "Do move it to the other element, or leave it to a guardrail"
    return "Do look it up in AWS's table, or remove it"
