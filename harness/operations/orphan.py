"""Name what an interrupted apply left behind."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "tag policy",
    "guardrail",
    "attachment",
    "Config rule",
    "TagOption",
    "TagOption association",
    "cost category",
    "anomaly monitor",
    "anomaly subscription",
    "budget",
    "alert topic",
    "alert key",
    "alert key alias",
    "cost export",
    "export bucket",
    "cost database",
    "cost table",
    "workgroup",
    "role",
    "role policy",
    "StackSet",
]


@dataclass(frozen=True, slots=True)
class Orphan:
    """Name a resource that exists, its terraform address, and the id by which terraform imports it."""

    address: str
    id: str
    kind: Kind
    name: str
    region: str

    def __str__(self) -> str:
        """Return kind, name and, where it is another, the id."""
        return f"{self.kind} {self.name}" + (f" ({self.id})" if self.id != self.name else "")
