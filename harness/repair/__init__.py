"""Repair tags of live accounts from an audit: a plan that people edit, an apply that can be resumed and undone."""
