"""Render the tag dictionary as custom checks of checkov, for teams that live in it."""

from harness.checkov_rules.compilation import compile_facts, taggable_types
from harness.checkov_rules.writing import write_rules

__all__ = ["compile_facts", "taggable_types", "write_rules"]
