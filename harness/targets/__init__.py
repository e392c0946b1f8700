"""Say where terraform and boto3 talk to: emulator, LocalStack or AWS; each checked before anything is sent."""

from harness.targets.aws import make_aws_target
from harness.targets.emulator import make_emulator_target
from harness.targets.endpoints import reroute
from harness.targets.localstack import make_localstack_target
from harness.targets.model import Target
from harness.targets.preflight import preflight

__all__ = ["Target", "make_aws_target", "make_emulator_target", "make_localstack_target", "preflight", "reroute"]
