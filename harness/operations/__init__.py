"""Do what the commands promise: open a session, plan, apply, verify, destroy, backfill, and look at the machine.

Import from the modules: a command loads only those that it needs.
"""
