"""Find what a plan takes away from service and resource control policies, node by node.

What all policies of a node and of those above it deny is compared, so a statement that moves, or is cut, loses nothing.
docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html: a Deny at a node binds all
below it, and an Allow has to stand at every node.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from harness.plan_check.weakening.model import Change, Weakening, listed, weakening
from harness.plan_check.weakening.placement import RESOURCE, SERVICE, Placed, Placements, after_of, before_of
from harness.plan_check.weakening.statements import Gap, covers_statement, find_gap, plain
from harness.policy.json_text import PolicyError
from harness.policy.statement import Statement, parse_policy

NAMES = {SERVICE: "service control policy", RESOURCE: "resource control policy"}


class Denials(NamedTuple):
    """Hold the statements of policies: by policy those that deny, the others, and why some are not known."""

    placed: tuple[Placed, ...]
    denies: tuple[tuple[Placed, tuple[Statement, ...]], ...]
    allows: tuple[tuple[Placed, Statement], ...]
    unknown: str

    def all(self) -> list[Statement]:
        """Return all that deny, each as `plain` writes it."""
        return [plain(each) for _, statements in self.denies for each in statements]


def control_policy_weakenings(placements: Placements, kind: str) -> Iterator[Weakening]:
    """Yield what control policies of a kind lose, root first. Raises: nothing."""
    for target in placements.targets(kind):
        above = [read_denials(placements.after.get(each, ()), kind) for each in placements.above(target)]
        sides = placements.changed(target)
        before, after = read_denials(sides.before, kind), read_denials(sides.after, kind)
        inherited = [statement for each in above for statement in each.all()]
        unknown = next((each.unknown for each in (before, after, *above) if each.unknown), placements.elsewhere(kind))
        yield from _of_node(target, kind, before, after, inherited, unknown)
    for change in placements.alone:
        before, after = (
            read_denials((before_of(change, change),), kind),
            read_denials((after_of(change, change),), kind),
        )
        unknown = "the plan does not say where the policy is attached"
        yield from _of_node("the nodes to which it is attached", kind, before, after, (), unknown)


def _of_node(  # noqa: PLR0913, PLR0917 (both sides of a node)
    target: str, kind: str, before: Denials, after: Denials, inherited: Sequence[Statement], unknown: str
) -> Iterator[Weakening]:
    held = [*after.all(), *inherited]
    texts = {each.content for each in after.placed}
    changed = next((each for each in before.placed if each.content not in texts), None)
    if before.unknown and changed:
        change, what = changed.policy or changed.change, f"the {NAMES[kind]}s at {target} change"
        because = before.unknown
        yield weakening(change, "policy-weakened", what, where=target, path="content", because=because)
        return
    for placed, statements in before.denies:
        gaps = [(each, gap) for each in statements if (gap := find_gap(plain(each), held))]
        is_gone = not any(map(placed.is_same, after.placed))
        if is_gone and gaps and len(gaps) == len(statements) and not after.unknown:
            count = f"{len(gaps)} statement{'s' * (len(gaps) > 1)}"
            what = f"a {NAMES[kind]} is detached from {target}, and {count} of it deny nothing there any more"
            yield weakening(placed.change, "policy-weakened", what, where=target, path="target_id", because=unknown)
            continue
        change = placed.change if is_gone or placed.policy is None else placed.policy
        yield from gap_weakenings(change, target, gaps, unknown)
    yield from _allowed(target, kind, before, after)


def gap_weakenings(
    change: Change, where: str, gaps: Sequence[tuple[Statement, Gap]], unknown: str
) -> Iterator[Weakening]:
    """Yield what statements of a policy do not deny any more, those together that lose the same. Raises: nothing."""
    for difference in dict.fromkeys(gap.difference for _, gap in gaps):
        same = [(statement, gap) for statement, gap in gaps if gap.difference == difference]
        names = [statement.sid or "one without Sid" for statement, _ in same]
        actions = tuple(dict.fromkeys(action for _, gap in same for action in gap.actions))
        verb = "statement {} at {} denies" if len(same) == 1 else "statements {} at {} deny"
        of = f", for {listed(actions)}" if actions else ""  # a statement with NotAction names none
        what = f"{verb.format(listed(names), where)} less: {difference.text}{of}"
        yield weakening(
            change,
            difference.rule,
            what,
            where=where,
            path="content",
            key=names[0] if len(same) == 1 else "",
            held=difference.text,
            wanted=actions,
            because=unknown or (difference.text if difference.verdict == "unknown" else ""),
        )


def _allowed(target: str, kind: str, before: Denials, after: Denials) -> Iterator[Weakening]:
    """Yield what a node may do more where it has a list of what is allowed; AWS's own policy may allow all anyway."""
    if kind != SERVICE or not before.allows:
        return
    old = [plain(statement) for _, statement in before.allows]
    for placed, statement in after.allows:
        if not any(covers_statement(each, plain(statement)) for each in old):
            what = f"statement {statement.sid or 'one without Sid'} at {target} allows more than is allowed now"
            yield weakening(
                placed.policy or placed.change,
                "policy-weakened",
                what,
                where=target,
                path="content",
                key=statement.sid,
                because="AWS's FullAWSAccess may be attached there, with which all of it is allowed already",
            )


def read_denials(placed: Sequence[Placed], kind: str) -> Denials:
    """Return what policies of a kind say. Raises: nothing."""
    denies, allows, unknown = [], [], ""
    mine = tuple(each for each in placed if each.kind in {kind, ""})
    for each in mine:
        name = each.policy.address if each.policy else each.id or each.change.address
        if each.content is None:
            unknown = unknown or f"the content of {name} is not known from the plan"
            continue
        try:
            statements = parse_policy(each.content, "scp" if kind == SERVICE else "rcp").statements
        except PolicyError as error:
            unknown = unknown or f"{name} cannot be read: {error.problems[0]}"
            continue
        denies.append((each, tuple(one for one in statements if one.effect == "Deny")))
        allows += [(each, one) for one in statements if one.effect == "Allow"]
    return Denials(mine, tuple(denies), tuple(allows), unknown)
