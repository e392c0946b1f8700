"""Hold what `tagrail checkov-rules` writes out: checks that need checkov and the standard library alone.

checkov loads every file beside this one. tagrail_rules is written without its __init__.py: checkov would take its files
for checks, and Python imports from it as well.
"""
