"""The kinds of SageMaker resources that moto does not have: a new kind is one row.

docs.aws.amazon.com/sagemaker/latest/APIReference: operations are Create, Describe, List and Delete of the noun.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kind:
    """Say how a kind is named: `keys` are the members that identify one, the last of them its name.

    `arn` is what stands after the account id, `arn_member` the answer's member of it, `listed` the list's. `state` are
    members that a new one has, `lingers` says that a deleted one is shown as Deleted still.
    """

    noun: str
    keys: tuple[str, ...]
    arn: str
    arn_member: str
    listed: str
    state: Mapping[str, object] = field(default_factory=dict)
    lingers: bool = False

    @property
    def name(self) -> str:
        """Return the member that holds the name."""
        return self.keys[-1]

    @property
    def status(self) -> str:
        """Return the member that holds the status."""
        return next(member for member in self.state if member.endswith("Status"))


KINDS = (
    Kind(
        "UserProfile",
        ("DomainId", "UserProfileName"),
        "user-profile/{DomainId}/{UserProfileName}",
        "UserProfileArn",
        "UserProfiles",
        {"Status": "InService"},
    ),
    Kind(
        "Space",
        ("DomainId", "SpaceName"),
        "space/{DomainId}/{SpaceName}",
        "SpaceArn",
        "Spaces",
        {"Status": "InService"},
    ),
    Kind(
        "App",
        ("DomainId", "UserProfileName", "SpaceName", "AppType", "AppName"),
        "app/{DomainId}/{Owner}/{AppType}/{AppName}",
        "AppArn",
        "Apps",
        {"Status": "InService"},
        lingers=True,
    ),
    Kind(
        "Project",
        ("ProjectName",),
        "project/{ProjectName}",
        "ProjectArn",
        "ProjectSummaryList",
        {"ProjectStatus": "CreateCompleted", "ServiceCatalogProvisioningDetails": {}},
    ),
    Kind(
        "InferenceComponent",
        ("InferenceComponentName",),
        "inference-component/{InferenceComponentName}",
        "InferenceComponentArn",
        "InferenceComponents",
        {"InferenceComponentStatus": "InService"},
    ),
    Kind(
        "MlflowTrackingServer",
        ("TrackingServerName",),
        "mlflow-tracking-server/{TrackingServerName}",
        "TrackingServerArn",
        "TrackingServerSummaries",
        {"TrackingServerStatus": "Created", "IsActive": "Active"},
    ),
)
