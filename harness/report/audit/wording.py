"""Say in words what is wrong with a live resource, what must hold, and which command repairs it."""

import shlex
from collections.abc import Callable
from typing import Final

from harness.plan_check.model import Fault
from harness.plan_check.wording import words_of

# rule -> what is there, and what must hold, where only an audit has the rule.
_WORDS: Final[dict[str, tuple[str, str]]] = {
    "lineage-cut": ("{key} is not passed on from what this comes from{why}", "{key}{value}, as its ancestor has it"),
    "key-not-activated": ("{key} is on resources and is not active for cost allocation{why}", "an active key"),
    "not-on-bill": ("{key}{of} is on the resource and not on its lines of the bill{why}", "the tag on every line"),
    "tag-count-near": (
        "there are {held} tags, near the limit{why}",
        "{wanted} tags at most, with room for what is due",
    ),
    "tags-unread": ("its tags could not be read{why}", "tags that can be read and judged"),
}
# rule -> the command that mends it; what no command mends is left to people, as the rule's help says.
_PLAN: Final = "tagrail repair plan --env {env}"
_COMMANDS: Final[dict[str, str]] = {
    **dict.fromkeys(
        (
            "missing-key",
            "not-propagated",
            "key-case",
            "duplicate-key",
            "deprecated-key",
            "value-case",
            "empty-value",
            "wrong-value",
            "value-pattern",
            "value-characters",
            "lineage-cut",
        ),
        _PLAN,
    ),
    "key-not-activated": "tagrail apply --env {env}",
    "tags-unread": "tagrail audit --env {env}",
}


def words_for(fault: Fault) -> tuple[str, str]:
    """Return what is there and what must hold. Raises: nothing.

    A rule of a later version, which has no words here, is told by its name.

    >>> words_for(Fault("lineage-cut", "fail", "", "owner", wanted=("team-ml",), because="from the pipeline"))[1]
    'owner = "team-ml", as its ancestor has it'
    """
    words = _WORDS.get(fault.rule)
    if words:
        return words[0].format(**_parts(fault)), words[1].format(**_parts(fault))
    try:
        return words_of(fault)
    except KeyError:
        return " ".join(part for part in (fault.rule, fault.key, fault.because) if part), ", ".join(fault.wanted)


def _parts(fault: Fault) -> dict[str, str]:
    return {
        "key": fault.key,
        "held": fault.held,
        "wanted": ", ".join(fault.wanted),
        "of": f' = "{fault.held}"' if fault.held else "",
        "value": f' = "{fault.wanted[0]}"' if fault.wanted else "",
        "why": f": {fault.because}" if fault.because else "",
    }


def masked_fault(fault: Fault, mask: Callable[[str], str]) -> Fault:
    """Return a fault whose texts are masked. Raises: nothing."""
    wanted = tuple(map(mask, fault.wanted))
    return Fault(fault.rule, fault.verdict, fault.path, mask(fault.key), mask(fault.held), wanted, mask(fault.because))


def command_for(rule: str, env: str) -> str:
    """Return the command that mends a rule's findings, "" where people must. Raises: nothing.

    >>> command_for("missing-key", "prod"), command_for("tag-count", "prod")
    ('tagrail repair plan --env prod', '')
    """
    return _COMMANDS.get(rule, "").format(env=shlex.quote(env))
