"""Read which tags of an autoscaling group reach its instances: each says so for itself."""

from collections.abc import Iterator
from typing import Any, Final

from harness.plan_check.model import Gap
from harness.plan_check.terraform.tag_values import is_marked, marks_in

GROUP_TYPE: Final = "AWS::AutoScaling::AutoScalingGroup"
GROUP_TEMPLATES: Final = ("launch_template", "mixed_instances_policy")  # what else may tag the instances
OLD_PAIRS: Final = "tags"  # a list of maps beside the blocks `tag`, until version 5 of the provider
_FLAG: Final = "propagate_at_launch"


def unpropagated(name: str, after: Any, unknown: Any) -> Iterator[Gap]:
    """Yield a gap for each tag of an autoscaling group that its instances do not get, or that they may not get.

    Raises: nothing.
    """
    template = any(getattr(after, each) for each in GROUP_TEMPLATES)
    for each in dict.fromkeys((name, OLD_PAIRS)):
        later = _listed(marks_in(unknown, each))
        is_settled = not any(later)
        for index, pair in enumerate(_listed(getattr(after, each))):
            if is_settled and isinstance(pair, dict) and pair.get(_FLAG) is True:
                continue  # most pairs of most groups
            key = pair.get("key") if isinstance(pair, dict) else None
            is_later = index < len(later) and is_marked(later[index], _FLAG)
            if isinstance(key, str) and (is_later or pair.get(_FLAG) in (False, "false")):
                shown = "known after apply" if is_later else "false"
                carries = "each instance" + (", unless the launch template tags it" if template else "")
                yield Gap(f'{name}["{key}"].{_FLAG}', shown, ("true",), carries, template or is_later, key)


def _listed(held: Any) -> list[Any]:
    return held if isinstance(held, list) else []
