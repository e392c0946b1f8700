"""Read plans of Terraform and OpenTofu into resources with their tags."""

from harness.plan_check.terraform.governance import weakening_findings
from harness.plan_check.terraform.plan_json import PlanError, decode_plan
from harness.plan_check.terraform.resources import read_resources

__all__ = ["PlanError", "decode_plan", "read_resources", "weakening_findings"]
