"""Checks that checkov loads: it wants this file beside them."""
