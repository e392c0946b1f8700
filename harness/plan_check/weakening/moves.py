"""Find what accounts and units lose that a plan moves elsewhere, where the policies of their old place do not bind."""

from collections.abc import Iterator, Sequence

from harness.plan_check.model import UNKNOWN
from harness.plan_check.weakening.control_policies import NAMES, Denials, read_denials
from harness.plan_check.weakening.model import Change, Weakening, listed, weakening
from harness.plan_check.weakening.placement import Placed, Placements
from harness.plan_check.weakening.statements import find_gap, plain
from harness.plan_check.weakening.tag_policies import Side, read_side
from harness.policy.comparison import compare_policies
from harness.policy.effective import effective_policy

_PATH = "parent_id"


def move_weakenings(placements: Placements) -> Iterator[Weakening]:
    """Yield what binds an account or a unit now and will not where it goes. Raises: nothing."""
    for change in placements.moves:
        target, goal = str(change.held("id")), change.will(_PATH)
        name = f"{change.held('name') or target} moves from {change.held(_PATH)}"
        before = [placements.before.get(each, ()) for each in (*placements.above_before(target), target)]
        if goal is UNKNOWN:
            yield _moved(change, f"{name} elsewhere", f"{_PATH} is known only after apply")
            continue
        after = [placements.after.get(each, ()) for each in (*placements.above(target), target)]
        name += f" to {goal}"
        places = [each for each in placements.above_before(target) if each not in placements.above(target)]
        if not any(placements.before.get(each) for each in places):
            yield _moved(change, name, f"the plan does not hold what is attached at {listed(reversed(places))}")
            continue
        yield from _control_policies(change, name, sum(before, ()), sum(after, ()))
        yield from _tag_policies(change, name, before, after)


def _moved(change: Change, what: str, because: str = "", key: str = "") -> Weakening:
    return weakening(change, "policy-weakened", what, path=_PATH, key=key, because=because)


def _control_policies(
    change: Change, name: str, before: Sequence[Placed], after: Sequence[Placed]
) -> Iterator[Weakening]:
    for kind, words in NAMES.items():
        old, new = read_denials(_without(before, after), kind), read_denials(after, kind)
        if old.unknown:
            yield _moved(change, name, old.unknown)
            return
        if lost := _lost(old, new):
            what = f"{name}, where no {words} says what statement {listed(lost)} denies now"
            yield _moved(change, what, new.unknown)


def _without(before: Sequence[Placed], after: Sequence[Placed]) -> tuple[Placed, ...]:
    """Return the policies of which the very same do not bind afterwards."""
    return tuple(each for each in before if not any(map(each.is_same, after)) or each.content is not None)


def _lost(old: Denials, new: Denials) -> list[str]:
    held = new.all()
    return [
        each.sid or "one without Sid"
        for _, statements in old.denies
        for each in statements
        if find_gap(plain(each), held)
    ]


def _tag_policies(
    change: Change, name: str, before: Sequence[Sequence[Placed]], after: Sequence[Sequence[Placed]]
) -> Iterator[Weakening]:
    old, new = ([read_side(placed) for placed in nodes] for nodes in (before, after))
    unknown = next((each.unknown for each in (*old, *new) if each.unknown), "")
    was, will = (_document(sides) for sides in (old, new))
    keys = dict.fromkeys(each.key for each in compare_policies(was, will) if each.effect == "looser")
    if keys:
        yield _moved(change, f"{name}, where the tag policies are looser on {listed(keys)}", unknown, listed(keys))


def _document(sides: Sequence[Side]) -> dict[str, object]:
    return effective_policy(side.node(str(number)) for number, side in enumerate(sides)).document()
