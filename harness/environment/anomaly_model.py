"""Model the section of an environment that watches for unusual costs."""

from typing import Literal

from pydantic import Field

from harness.strict_model import StrictModel, Strings

Frequency = Literal["immediate", "daily", "weekly"]


class AnomalyMonitor(StrictModel):
    """Say what is watched: each service by itself, or some accounts, values of a tag or of a cost category in sum."""

    by: Literal["service"] | None = Field(None, description="Every service by itself; one such monitor a payer.")
    accounts: Strings = Field((), description="Names or ids of linked accounts.")
    tag: str | None = Field(None, description="A key of the dictionary, with values.")
    cost_category: str | None = Field(None, description="Name of a cost category, with one of its values.")
    values: Strings = ()


class AnomalyThreshold(StrictModel):
    """Say from which impact on an anomaly is told."""

    usd: float | None = None
    percent: float | None = Field(None, description="Of what was expected.")
    combine: Literal["all", "any"] = Field("all", description="Where both are given.")


class AnomalySubscription(StrictModel):
    """Say who hears of what monitors find."""

    monitors: Strings = Field(description="Names under monitors.")
    frequency: Frequency = Field(description="immediate = the topic of budget alerts; daily and weekly = e-mail.")
    threshold: AnomalyThreshold
    emails: Strings | None = Field(None, description="Instead of subscribers.emails.")


class Anomaly(StrictModel):
    """Watch for unusual costs."""

    monitors: dict[str, AnomalyMonitor] = Field({}, description="Monitors by name.")
    subscriptions: dict[str, AnomalySubscription] = Field({}, description="Subscriptions by name.")

    def is_immediate(self) -> bool:
        """Tell whether the topic of budget alerts hears of anomalies."""
        return any(each.frequency == "immediate" for each in self.subscriptions.values())
