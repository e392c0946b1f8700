"""Enforce, as AWS does, what service control policies and tag policies say: a denied call changes nothing."""
