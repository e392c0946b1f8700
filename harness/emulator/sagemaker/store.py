"""Hold, for an account and region, the SageMaker resources of our own kinds, and what moto forgets of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend

from harness.emulator.inventory_types import STUDIO
from harness.emulator.sagemaker.kinds import KINDS, Kind


@dataclass(slots=True)
class Held:
    """Hold one resource: `body` has the members that describe it, `created` is in seconds."""

    kind: Kind
    arn: str
    body: dict[str, Any]
    tags: list[dict[str, str]]
    created: float

    @property
    def name(self) -> str:
        """Return its name."""
        return str(self.body[self.kind.name])

    @property
    def status(self) -> str:
        """Return its status."""
        return str(self.body[self.kind.status])


class Studio(BaseBackend):  # type: ignore[misc]  # moto is untyped here
    """Hold one account and region; `inventory_name` is what the inventory knows it by.

    `created_by` has the creator of each resource by ARN, `requests` what it was created with, `steps` those of each
    execution of a pipeline.
    """

    inventory_name = STUDIO

    def __init__(self, region_name: str, account_id: str) -> None:
        """Start without any."""
        super().__init__(region_name, account_id)
        self.held: dict[str, dict[tuple[str, ...], Held]] = {kind.noun: {} for kind in KINDS}
        self.created_by: dict[str, Mapping[str, Any]] = {}
        self.requests: dict[str, Mapping[str, Any]] = {}
        self.steps: dict[str, list[dict[str, Any]]] = {}

    @property
    def user_profiles(self) -> list[Held]:
        """Return the user profiles."""
        return self._of("UserProfile")

    @property
    def spaces(self) -> list[Held]:
        """Return the spaces."""
        return self._of("Space")

    @property
    def apps(self) -> list[Held]:
        """Return the apps, those that are deleted too."""
        return self._of("App")

    @property
    def projects(self) -> list[Held]:
        """Return the projects."""
        return self._of("Project")

    @property
    def inference_components(self) -> list[Held]:
        """Return the inference components."""
        return self._of("InferenceComponent")

    @property
    def mlflow_tracking_servers(self) -> list[Held]:
        """Return the tracking servers."""
        return self._of("MlflowTrackingServer")

    def _of(self, noun: str) -> list[Held]:
        return list(self.held[noun].values())


studio_backends = BackendDict(Studio, "sagemaker")


def studio_of(arn: str) -> Studio:
    """Return the store of the account and region that an ARN names. Raises: nothing for an ARN of SageMaker."""
    _, _, _, region, account_id, _ = arn.split(":", 5)
    found: Studio = studio_backends[account_id][region]
    return found
