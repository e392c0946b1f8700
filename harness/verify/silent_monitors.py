"""Find anomaly monitors of which nobody hears; pure."""

from collections.abc import Iterator, Mapping

from harness.environment import Environment
from harness.finding import WARNING, Finding

PLANE = "anomaly monitor"


def silent_monitor_findings(environments: Mapping[str, Environment]) -> Iterator[Finding]:
    """Yield a finding for each monitor that no subscription names.

    None of them fails: Cost Explorer takes such a monitor, whose anomalies GetAnomalies tells all the same.
    Source: docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_AnomalyMonitor.html. Raises: nothing.
    """
    for environment, loaded in environments.items():
        subscriptions = loaded.anomaly.subscriptions.values()
        heard = {name for subscription in subscriptions for name in subscription.monitors}
        for name in sorted(loaded.anomaly.monitors.keys() - heard):
            where, repair = f"envs/{environment}/env.yaml", "Do name it under monitors of a subscription"
            yield Finding(
                PLANE, where, name, "pass", "no subscription names it", "a subscription", repair, note=WARNING
            )
