"""Write a snapshot as a file: what an emulator and `tagrail rehearse` read, and people may look through and edit."""

from typing import Any

from harness.emulator.seed_model import Seed
from harness.snapshot.yaml_text import render_yaml

_HEADER = """\
# Written by tagrail snapshot; a seed of the emulator, which tagrail rehearse reads.
# E-mail addresses of accounts are replaced. There is no secret in it, only names, ids, tags and policies.
"""
_BLOCKS = frozenset(
    {
        "organization",
        "organizational_units",
        "accounts",
        "trusted_services",
        "policies",
        "content",
        "attachments",
        "billing",
        "cost_allocation_tags",
        "config_recorders",
        "tagged_resources",
        "arns",
        "unreadable",
    }
)


def render_snapshot(seed: Seed) -> str:
    """Return the text of a seed; reading it gives the same seed again. Raises: nothing."""
    return _HEADER + render_yaml(_plain(seed), _BLOCKS)


def _plain(seed: Seed) -> dict[str, Any]:
    """Return the seed's data without what is as it would be unsaid."""
    data: dict[str, Any] = seed.model_dump(exclude_defaults=True)
    return {"version": seed.version, **data}
