"""Audit live accounts: every resource that any source of AWS shows, its tags judged by the dictionary.

`sources/` read AWS, `seen.py` keeps what they saw, `joined.py` makes one resource of all that saw it, `judging.py` says
what is wrong with it, `run.py` holds a run's folder; docs are in README.md.
"""
