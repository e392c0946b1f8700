"""Take a snapshot of a real organisation, read-only, as the seed of an emulator: one YAML file without any secret."""

from harness.snapshot.accounts import Payer
from harness.snapshot.document import render_snapshot
from harness.snapshot.policies import read_all_policies
from harness.snapshot.taking import Wanted, take_snapshot

__all__ = ["Payer", "Wanted", "read_all_policies", "render_snapshot", "take_snapshot"]
