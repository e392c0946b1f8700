"""Hold the check that tagrail adds to checkov's own; checkov loads every other file of this folder."""
