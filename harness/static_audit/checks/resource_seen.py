"""Check, inside checkov, that it judges a resource at all: it passes over in silence what it takes for count = 0.

checkov evaluates `var.x == null` and any other condition that it cannot know as false, so a `count` can come out as 0
that is 1 (checkov's common/checks: `if conf.get("count") == [0]: return CheckResult.UNKNOWN`, which no report shows).
"""

from typing import Any

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

CHECK_ID = "CKV_TAGRAIL_SEEN"


class ResourceSeen(BaseResourceCheck):  # type: ignore[misc]  # checkov lives in another environment
    """Pass for each resource that checkov judges, fail for each that it passes over."""

    def __init__(self) -> None:
        """Register for every type of resource."""
        super().__init__(
            name="Resource is judged, not passed over for a count of 0",
            id=CHECK_ID,
            categories=(CheckCategories.CONVENTION,),
            supported_resources=("*",),
        )

    def scan_entity_conf(self, conf: dict[str, list[Any]], entity_type: str) -> CheckResult:  # noqa: ARG002
        """Return the result before checkov looks at `count`. Raises: nothing."""
        return CheckResult.FAILED if conf.get("count") in ([0], 0) else CheckResult.PASSED

    def scan_resource_conf(self, conf: dict[str, list[Any]]) -> CheckResult:
        """Return the same, for callers that skip the step above. Raises: nothing."""
        return self.scan_entity_conf(conf, self.entity_type)


check = ResourceSeen()
