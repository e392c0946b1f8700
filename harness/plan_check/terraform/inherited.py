"""Say what the tags of a resource's parts get from elsewhere: from default_tags, or from a launch template."""

from collections.abc import Mapping
from typing import Any

from harness.plan_check.model import TagSet
from harness.plan_check.terraform.carriers import Carrier
from harness.plan_check.terraform.defaults import Defaults, overlay


class Surroundings:
    """Tell of a resource what its own attributes do not: how it is written, and the default_tags that it has."""

    __slots__ = ("_address", "_defaults")

    def __init__(self, address: str, defaults: Defaults) -> None:
        """Look nothing up yet: most resources need nothing of it."""
        self._address = address
        self._defaults = defaults

    def leaves_out(self, name: str) -> bool:
        """Tell whether the plan shows that an argument or block is not written at all.

        What is not written and yet known after apply is what the provider reads back then: nothing that tags would come
        from. A plan shows no dynamic blocks, but of these only one over an unknown collection is known after apply.
        Raises: nothing.
        """
        written = self._defaults.resource(self._address)
        return written is not None and isinstance(written.expressions, Mapping) and name not in written.expressions

    def makes(self, kind: str) -> bool:
        """Tell whether the plan has resources of a type. Raises: nothing."""
        return kind in self._defaults.types()

    def united(self, carrier: Carrier, tags: TagSet, after: Any, unknown: Any) -> TagSet:
        """Return the tags of a part with the default_tags that the provider merges into them when it makes the part.

        github.com/hashicorp/terraform-provider-aws/pull/33769, release 5.39.0: RunInstances tags all volumes with
        default_tags under volume_tags, then the tags of each block are added. Where nothing tells the version, keys of
        default_tags may come. Raises: nothing.
        """
        defaults = self._defaults.of(self._address)
        merges = self._merges(carrier, after, unknown) if defaults.tags or defaults.more else False
        more = "; ".join(dict.fromkeys(reason for reason in (tags.more, defaults.more if merges else "") if reason))
        if merges:
            both = overlay(defaults, tags.tags, tags.more)
            may_come = None if tags.more else defaults.may_come
            return TagSet(tags.path, both, more, tags.tags, carries=tags.carries, may_come=may_come)
        if merges is False:
            return tags
        major, minor = carrier.defaults or (0, 0)
        why = f"default_tags reach it from version {major}.{minor} of the provider on, and the plan does not tell which"
        keys = frozenset(defaults.tags) if not (more or defaults.more) else None
        return TagSet(tags.path, tags.tags, more or why, carries=tags.carries, may_come=keys)

    def _merges(self, carrier: Carrier, after: Any, unknown: Any) -> bool | None:
        """Tell whether the provider is of a version that merges default_tags; None where nothing says so."""
        if getattr(unknown, carrier.proof, None) or getattr(after, carrier.proof, None) is not None:
            return True
        if carrier.all and (shown := _shows(carrier, after, unknown)) is not None:
            return shown
        lowest, highest = self._defaults.versions("aws")
        least = carrier.defaults or lowest
        return True if lowest >= least else False if highest < least else None


def _shows(carrier: Carrier, after: Any, unknown: Any) -> bool | None:
    """Tell whether blocks have the attribute that came with the version; None where there are no blocks."""
    block, _, name = carrier.all.partition("[].")
    held, marks = getattr(after, block, None), getattr(unknown, block, None)
    if not isinstance(held, list) or not held:
        return None
    both = (*held, *(marks if isinstance(marks, list) else ()))
    return any(isinstance(one, dict) and name in one for one in both)


def may_be_tagged_by(carrier: Carrier, after: Any, unknown: Any) -> str:
    """Return why something else may tag the part, "" when nothing does. Raises: nothing."""
    name = carrier.unsure
    if not name or not (getattr(after, name, None) or getattr(unknown, name, None) is True):
        return ""
    return f"the {name.replace('_', ' ')} may give further tags"
