"""Put findings together for people: those of a resource, and of these those that one repair mends."""

from collections.abc import Mapping, Sequence

from harness.plan_check.model import CheckFinding


def by_resource(findings: Sequence[CheckFinding]) -> list[list[CheckFinding]]:
    """Return the findings of each resource of each input, in the order in which the first of each comes.

    Raises: nothing.
    """
    members: dict[tuple[str, str], list[CheckFinding]] = {}
    for finding in findings:
        members.setdefault((finding.input, finding.address), []).append(finding)
    return list(members.values())


def by_repair(findings: Sequence[CheckFinding]) -> Mapping[tuple[str, str], list[CheckFinding]]:
    """Return place and text of each repair with the findings that it mends, in the order of the first of each.

    Raises: nothing.
    """
    members: dict[tuple[str, str], list[CheckFinding]] = {}
    for finding in findings:
        members.setdefault((finding.repair_at, finding.repair), []).append(finding)
    return members
