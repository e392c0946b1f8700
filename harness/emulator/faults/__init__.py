"""Faults on purpose, for tests: throttling, denied access, regions and accounts that are off; and a count of calls."""
