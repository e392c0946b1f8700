"""Rules on the resource types that a tag policy names in `enforced_for` and `report_required_tag_for`."""

from collections.abc import Iterator

from harness.policy.lint import pages
from harness.policy.lint.model import TAGS, Given, Lint, LintedPolicy, Rule, listed
from harness.policy.lint.tag_elements import Use, uses
from harness.policy.tag_policy_types import ELEMENTS, Standing, TypeJudgement, data_date, judge_type


def _names(policy: LintedPolicy, *standings: Standing) -> Iterator[tuple[Use, int, str, TypeJudgement]]:
    for element in ELEMENTS:
        for use in uses(policy, element):
            for index, name in enumerate(use.values):
                judged = judge_type(name, element)
                if judged.standing in standings:
                    yield use, index, name, judged


def _everything(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for use, index, name, _judged in _names(policy, "everything"):
        why = f'"{name}" names no service: AWS has no wildcard over all of them'
        yield Lint(use.place(index), why, 'Do name each service: "ec2:ALL_SUPPORTED", "s3:ALL_SUPPORTED"')


def _unknown(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for use, index, name, judged in _names(policy, "unknown"):
        why = f"AWS's table, as of {data_date()}, has no {name}"
        yield Lint(use.place(index), why, _repair(judged, "Do look it up in AWS's table, which grows, or remove it"))


def _renamed(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for use, index, name, judged in _names(policy, "renamed"):
        why = f"{name} stood in AWS's table once and is not there any more; such a name may be ignored"
        yield Lint(use.place(index), why, _repair(judged, "Do remove it, or look for its new name in AWS's table"))


def _other_element(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for use, index, name, judged in _names(policy, "other-element", "neither"):
        other = next(element for element in ELEMENTS if element != use.element)
        known = f"{other} alone" if judged.standing == "other-element" else "the report of wrong tags alone"
        why = f"AWS's table has {name} for {known}: {use.element} has no effect there"
        move = f"Do move it to {other}, or guard it by a service control policy"
        yield Lint(use.place(index), why, move if judged.standing == "other-element" else "Do remove it")


def _whole(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for use, index, name, judged in _names(policy, "whole"):
        service = name.partition(":")[0]
        why = f"AWS's table has no {service}:ALL_SUPPORTED for {use.element}"
        types = (
            f"Do name its types: {listed(judged.nearest, 20)}" if judged.nearest else "Do remove it: no type is known"
        )
        yield Lint(use.place(index), why, types)


def _older(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    found = list(_names(policy, "older-spelling"))
    if found:
        use, index, _name, judged = found[0]
        why = f"{listed(name for _, _, name, _ in found)}: AWS's table writes ALL_SUPPORTED now, the star is older"
        yield Lint(use.place(index), why, f'Do write "{judged.nearest[0]}"')


def _repair(judged: TypeJudgement, otherwise: str) -> str:
    near = [name for name in judged.nearest if not name.endswith(":")]
    services = [name for name in judged.nearest if name.endswith(":")]
    if near:
        return "Do write " + " or ".join(f'"{name}"' for name in near[:3])
    return f"Do write a type of {services[0].rstrip(':')}, if that is the service" if services else otherwise


RULES = (
    Rule(
        "all-services-at-once",
        "error",
        TAGS,
        "enforced_for and report_required_tag_for name services",
        pages.TAG_TYPES,
        _everything,
    ),
    Rule(
        "unknown-resource-type",
        "warning",
        TAGS,
        "a resource type stands in AWS's table",
        pages.TAG_TYPES,
        _unknown,
    ),
    Rule(
        "renamed-resource-type",
        "warning",
        TAGS,
        "a resource type has the name of AWS's table of today",
        pages.TAG_TYPES,
        _renamed,
    ),
    Rule(
        "type-of-other-element",
        "warning",
        TAGS,
        "AWS's table has a resource type for the element in which it stands",
        pages.TAG_TYPES,
        _other_element,
    ),
    Rule(
        "whole-service-unsupported",
        "warning",
        TAGS,
        "ALL_SUPPORTED stands where AWS's table has it",
        pages.TAG_TYPES,
        _whole,
    ),
    Rule(
        "older-wildcard",
        "info",
        TAGS,
        "a whole service is written ALL_SUPPORTED",
        pages.TAG_TYPES,
        _older,
    ),
)
