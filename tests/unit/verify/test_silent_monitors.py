"""A monitor of which nobody hears is told, and fails nothing."""

from harness.environment import Anomaly
from harness.verify.silent_monitors import silent_monitor_findings
from tests.unit.verify.live import loaded


def test_a_monitor_without_a_subscription_is_told() -> None:
    _, environment = loaded()
    monitors = {"services": {"by": "service"}, "lab": {"accounts": ("ml-lab",)}, "dev": {"accounts": ("ml-dev",)}}
    heard = {"monitors": ("services",), "frequency": "immediate", "threshold": {"usd": 1.0}}
    section = Anomaly.model_validate({"monitors": monitors, "subscriptions": {"at-once": heard}})
    changed = environment.model_copy(update={"anomaly": section})
    found = [*silent_monitor_findings({"local": changed, "dev": environment})]
    assert [(each.where, each.subject, each.verdict, each.note) for each in found] == [
        ("envs/local/env.yaml", "dev", "pass", "warning"),
        ("envs/local/env.yaml", "lab", "pass", "warning"),
    ]
