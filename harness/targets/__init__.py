"""Say where terraform and boto3 talk to: the embedded emulator or AWS; each checked before anything is sent."""

from harness.targets.aws import make_aws_target
from harness.targets.emulator import make_emulator_target
from harness.targets.model import Target
from harness.targets.preflight import preflight

__all__ = ["Target", "make_aws_target", "make_emulator_target", "preflight"]
