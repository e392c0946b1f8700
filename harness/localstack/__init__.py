"""Run the last open release of LocalStack without Docker, and find the LocalStack that the target of that name uses."""

from harness.localstack.address import find_url
from harness.localstack.process import start, status, stop

__all__ = ["find_url", "start", "status", "stop"]
