"""Name the targets."""

from typing import Literal

TargetName = Literal["emulator", "localstack", "aws"]
