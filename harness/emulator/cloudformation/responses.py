"""CloudFormation: StackSets that make stacks in the accounts of an organization; the rest is moto's.

moto keeps neither automatic deployment nor the units of a StackSet, looks one level below a unit, and leaves stacks as
they are when the template changes. docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html and
stacksets-orgs-associate-stackset-with-org.html: the management account gets no stack, nor does a suspended account.
"""

from collections.abc import Iterable

from moto.cloudformation import urls
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import StackSet
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.iam.models import IAMBackend, ManagedPolicy, iam_backends
from moto.organizations.models import OrganizationsBackend, organizations_backends
from moto.utilities.utils import get_partition

_TRUSTED = "member.org.stacksets.cloudformation.amazonaws.com"
_SERVICE_MANAGED = "SERVICE_MANAGED"


class _NameAlreadyExistsError(ServiceException):  # type: ignore[misc]  # moto is untyped here
    """Refuse a second StackSet of a name."""

    code = "NameAlreadyExistsException"


class CloudFormationExtension(CloudFormationResponse):  # type: ignore[misc]  # moto is untyped here
    """Answer requests for StackSets."""

    def create_stack_set(self) -> ActionResult:
        """Keep what moto does not: automatic deployment, capabilities, units.

        Raises: ServiceException where AWS refuses.
        """
        name = self._get_param("StackSetName")
        if any(each.name == name and each.status == "ACTIVE" for each in self.cloudformation_backend.list_stack_sets()):
            raise _NameAlreadyExistsError(f"The Name already exists: {name}")
        trusted = {each["ServicePrincipal"] for each in self._organization().services}
        if self._get_param("PermissionModel") == _SERVICE_MANAGED and _TRUSTED not in trusted:
            raise ValidationError(message="You must enable organizations access to operate a service managed stack set")
        result = super().create_stack_set()
        self._keep(self.cloudformation_backend.describe_stack_set(name))
        return result

    def update_stack_set(self) -> ActionResult:
        """Make the stacks anew, with those of accounts that joined since. Raises: ServiceException as moto does."""
        result = super().update_stack_set()
        found = self.cloudformation_backend.describe_stack_set(self._get_param("StackSetName"))
        self._keep(found)
        if found.permission_model == _SERVICE_MANAGED:
            regions = sorted({each.region_name for each in found.stack_instances})
            _remove(found, [each.account_id for each in found.stack_instances], regions)
            found.instances.template = found.template
            self._deploy(found, found.organizational_unit_ids, regions)
        return result

    def create_stack_instances(self) -> ActionResult:
        """Make stacks in the accounts below units. Raises: ServiceException where AWS refuses."""
        found = self.cloudformation_backend.describe_stack_set(self._get_param("StackSetName"))
        units = self._units()
        if found.permission_model != _SERVICE_MANAGED or not units:
            return super().create_stack_instances()
        for unit in units:
            if not _is_node(self._organization(), unit):
                raise ValidationError(message=f"Organizational unit {unit} does not exist")
        self._deploy(found, units, self._get_param("Regions", []))
        found.organizational_unit_ids = sorted({*found.organizational_unit_ids, *units})
        return self._operation(found, "CREATE")

    def delete_stack_instances(self) -> ActionResult:
        """Remove the stacks of the accounts below units. Raises: ServiceException as moto does."""
        found = self.cloudformation_backend.describe_stack_set(self._get_param("StackSetName"))
        units = self._units()
        if found.permission_model != _SERVICE_MANAGED or not units:
            return super().delete_stack_instances()
        _remove(found, _accounts(self._organization(), units), self._get_param("Regions", []))
        found.organizational_unit_ids = sorted({*found.organizational_unit_ids} - {*units})
        return self._operation(found, "DELETE")

    def _organization(self) -> OrganizationsBackend:
        return organizations_backends[self.current_account][self.partition]

    def _units(self) -> list[str]:
        targets = self._get_params().get("DeploymentTargets") or {}
        return list(targets.get("OrganizationalUnitIds") or [])

    def _keep(self, found: StackSet) -> None:
        """Keep what the request says and DescribeStackSet answers; what it does not say stays as it is."""
        deployment = self._get_params().get("AutoDeployment")
        found.auto_deployment = deployment or getattr(found, "auto_deployment", None)
        found.capabilities = self._get_param("Capabilities", []) or getattr(found, "capabilities", [])
        found.organizational_unit_ids = getattr(found, "organizational_unit_ids", [])

    def _deploy(self, found: StackSet, units: Iterable[str], regions: list[str]) -> None:
        accounts = _accounts(self._organization(), units)
        found.instances.create_instances(accounts, regions, found.parameters, {}, found.permission_model)

    def _operation(self, found: StackSet, action: str) -> ActionResult:
        identity = f"{found.id}-{len(found.operations)}".rpartition(":")[2]
        found._create_operation(identity, action, "SUCCEEDED")
        return ActionResult({"OperationId": identity})


def _remove(found: StackSet, accounts: list[str], regions: list[str]) -> None:
    """Delete stacks with their managed policies, which moto leaves, and then refuses to delete the roles."""
    for instance in found.stack_instances:
        if instance.account_id not in accounts or instance.region_name not in regions:
            continue
        for resource in instance.stack.resource_map.values():
            if isinstance(resource, ManagedPolicy):
                _delete_policy(resource, iam_backends[instance.account_id][get_partition(instance.region_name)])
    found.instances.delete(accounts, regions)


def _delete_policy(policy: ManagedPolicy, backend: IAMBackend) -> None:
    for role in backend.get_roles():
        if policy.arn in role.managed_policies:
            backend.detach_role_policy(policy.arn, role.name)
    backend.delete_policy(policy.arn)


def _is_node(organization: OrganizationsBackend, node: str) -> bool:
    return any(each.id == node for each in organization.ou)


def _accounts(organization: OrganizationsBackend, units: Iterable[str]) -> list[str]:
    """Return the active accounts below units at any depth, but for the management account."""
    below, level = set(units), set(units)
    while level:
        level = {each.id for each in organization.ou if each.parent_id in level} - below
        below |= level
    return [
        account.id
        for account in organization.accounts
        if account.parent_id in below
        and account.id != organization.org.master_account_id
        and account.status == "ACTIVE"
    ]


def install() -> None:
    """Put the extension in the place of moto's handler."""
    urls.url_paths["{0}/$"] = CloudFormationExtension.dispatch
