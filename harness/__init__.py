"""Prove and check tag and cost governance for AWS; the Python side of tagrail."""

__version__ = "0.1.0"
