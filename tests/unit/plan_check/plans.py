"""Plans as Terraform writes them, with no more in them than a case is about."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from harness.plan_check.judge import Judge
from harness.plan_check.model import Fault, Input
from harness.plan_check.requirements import Requirements
from harness.plan_check.terraform import decode_plan, read_resources

PROVIDER = {"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws"}


def change(address: str, after: Mapping[str, Any] | None, **more: Any) -> dict[str, Any]:
    """An entry of resource_changes; `unknown`, `sensitive`, `actions`, `importing` and `mode` may be given."""
    name = address.rpartition(".module.")[2].split(".") if ".module." in address else address.split(".")
    kind = next(part for part in name if part.startswith(("aws", "google", "data", "random", "newer")))
    body = {
        "actions": more.pop("actions", ["create"]),
        "before": None,
        "after": after,
        "after_unknown": more.pop("unknown", {}),
        "after_sensitive": more.pop("sensitive", {}),
    }
    if "importing" in more:
        body["importing"] = more.pop("importing")
    return {"address": address, "mode": "managed", "type": kind, "name": "x", "change": body, **more}


def plan(changes: Sequence[Mapping[str, Any]], configuration: Mapping[str, Any] | None = None, **more: Any) -> bytes:
    """The text of a plan."""
    document = {"format_version": "1.2", "resource_changes": list(changes), "configuration": configuration, **more}
    return json.dumps(document).encode()


def read(content: bytes, *, everything: bool = False) -> Input:
    """The input that a plan's text is read into."""
    return read_resources(decode_plan(content, "plan.json"), "plan.json", everything=everything)


def faults(found: Input, required: Requirements) -> dict[str, list[Fault]]:
    """Address -> faults, of all that is judged."""
    judge = Judge(required)
    return {resource.address: judge.faults(resource) for resource in found.resources}
