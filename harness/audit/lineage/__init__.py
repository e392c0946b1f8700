"""Follow SageMaker's lineage: what each resource comes from, where a mandatory tag stops, what its value should be.

`reading.py` and `shown.py` give edges, `graph.py` finds where keys stop, `faults.py` says it as findings and evidence;
docs are in README.md.
"""
