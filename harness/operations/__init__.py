"""Do what the commands promise: open a session, plan, apply, verify, destroy, backfill, and look at the machine."""

from harness.operations.backfill import backfill
from harness.operations.doctor import diagnose
from harness.operations.endpoints import parse_endpoints
from harness.operations.life_cycle import apply, destroy, plan, verify_live
from harness.operations.planning import live_state
from harness.operations.progress import say
from harness.operations.rehearsal import rehearse, snapshot_file
from harness.operations.session import NoEmulatorError, Session, emulator_folder, localstack_folder, open_session
from harness.operations.snapshot import snapshot, write_snapshot
from harness.targets.model import TargetName

__all__ = [
    "NoEmulatorError",
    "Session",
    "TargetName",
    "apply",
    "backfill",
    "destroy",
    "diagnose",
    "emulator_folder",
    "live_state",
    "localstack_folder",
    "open_session",
    "parse_endpoints",
    "plan",
    "rehearse",
    "say",
    "snapshot",
    "snapshot_file",
    "verify_live",
    "write_snapshot",
]
