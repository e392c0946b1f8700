"""Audit Terraform and its plans with checkov, which runs in a virtual environment of its own."""

from harness.static_audit.installation import CHECKOV
from harness.static_audit.plans import audit_plans
from harness.static_audit.running import audit

__all__ = ["CHECKOV", "audit", "audit_plans"]
