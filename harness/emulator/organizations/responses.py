"""AWS Organizations: effective tag policies, policy types that bind, quotas, and who may call what.

moto stores policies unparsed and lets every account ask everything; the rules here are those of
docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies.html.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from moto.organizations import urls
from moto.organizations.models import OrganizationsBackend, organizations_backends
from moto.organizations.responses import OrganizationsResponse

from harness.emulator.organizations import effective
from harness.emulator.wire import AwsError, CheckedResponse, answering, page
from harness.facts import load_facts
from harness.policy.json_text import PolicyError
from harness.policy.statement import parse_policy
from harness.policy.tag_policy import parse_tag_policy

_TAG_POLICY, _CONTROL_POLICY = effective.TAG_POLICY, "SERVICE_CONTROL_POLICY"
# What a member account may call: docs.aws.amazon.com/organizations/latest/APIReference (each operation's first lines).
_FOR_MEMBERS = frozenset({"DescribeOrganization", "DescribeEffectivePolicy", "CreateOrganization", "LeaveOrganization"})


@dataclass(frozen=True, slots=True)
class _Quotas:
    """Name the rows of the limits that a policy type has, and what reads its documents."""

    characters: str
    per_target: str
    per_organization: str
    parse: Callable[[str], object]


_QUOTAS = {
    _TAG_POLICY: _Quotas(
        "tag_policy_document_characters", "tag_policies_per_target", "tag_policies_per_organization", parse_tag_policy
    ),
    _CONTROL_POLICY: _Quotas(
        "control_policy_document_characters",
        "control_policies_per_target",
        "control_policies_per_organization",
        partial(parse_policy, kind="scp"),
    ),
}


class Organizations(OrganizationsBackend):  # type: ignore[misc]  # moto is untyped here
    """Hold one organization and judge its policies as AWS does."""

    @property
    def _url_module(self) -> Any:
        return urls

    def node(self, target_id: str) -> Any:
        """Return the root, organizational unit or account of an id.

        Raises: AwsError TargetNotFoundException.
        """
        for node in [*self.ou, *self.accounts]:
            if node.id == target_id:
                return node
        raise AwsError("TargetNotFoundException", "You specified a target that doesn't exist.")

    def is_enabled(self, policy_type: str) -> bool:
        """Tell whether a policy type is enabled on the root."""
        return any(entry["Type"] == policy_type for root in self.ou[:1] for entry in root.policy_types)

    def create_policy(self, **kwargs: Any) -> Any:
        """Create a policy after checking its document and the organization's quota.

        Raises: AwsError MalformedPolicyDocumentException or ConstraintViolationException, or moto's own exceptions.
        """
        _check_content(kwargs["Type"], kwargs["Content"])
        quotas = _QUOTAS.get(kwargs["Type"])
        held = sum(policy.type == kwargs["Type"] for policy in self.policies)
        if quotas and held >= load_facts().limits[quotas.per_organization]:
            raise _constraint("POLICY_NUMBER_LIMIT_EXCEEDED", "You have exceeded the number of policies of this type.")
        return super().create_policy(**kwargs)

    def update_policy(self, **kwargs: Any) -> Any:
        """Update a policy after checking its document and name.

        Raises: AwsError as `create_policy` does, or DuplicatePolicyException.
        """
        policy = self.get_policy_by_id(kwargs["PolicyId"])
        if "Content" in kwargs:
            _check_content(policy.type, kwargs["Content"])
        if any(other is not policy and other.name == kwargs.get("Name") for other in self.policies):
            raise AwsError("DuplicatePolicyException", "A policy with the same name already exists.")
        return super().update_policy(**kwargs)

    def attach_policy(self, **kwargs: Any) -> None:
        """Attach a policy whose type is enabled, once, within the target's quota.

        Raises: AwsError PolicyTypeNotEnabledException, DuplicatePolicyAttachmentException, TargetNotFoundException or
        ConstraintViolationException.
        """
        policy, target = self.get_policy_by_id(kwargs["PolicyId"]), self.node(kwargs["TargetId"])
        if not policy.aws_managed and not self.is_enabled(policy.type):
            text = "This operation can be performed only for enabled policy types."
            raise AwsError("PolicyTypeNotEnabledException", text)
        if policy in target.attached_policies:
            text = "The selected policy is already attached to the specified target."
            raise AwsError("DuplicatePolicyAttachmentException", text)
        held = sum(attached.type == policy.type for attached in target.attached_policies)
        quotas = _QUOTAS.get(policy.type)
        if quotas and held >= load_facts().limits[quotas.per_target]:
            text = "You have attached the maximum number of policies of this type to the target."
            raise _constraint("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", text)
        super().attach_policy(**kwargs)

    def detach_policy(self, **kwargs: Any) -> None:
        """Detach a policy that is attached.

        Raises: AwsError PolicyNotAttachedException or TargetNotFoundException.
        """
        policy, target = self.get_policy_by_id(kwargs["PolicyId"]), self.node(kwargs["TargetId"])
        if policy not in target.attached_policies:
            text = "The policy isn't attached to the specified target in the specified root."
            raise AwsError("PolicyNotAttachedException", text)
        left = sum(attached.type == policy.type for attached in target.attached_policies) - 1
        if policy.type == _CONTROL_POLICY and self.is_enabled(_CONTROL_POLICY) and not left:
            text = "You cannot remove the last policy of this type from the target."
            raise _constraint("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", text)
        super().detach_policy(**kwargs)

    def enable_policy_type(self, **kwargs: str) -> Any:
        """Enable a policy type; control policies begin with the one that allows everything, at every node.

        Raises: moto's RootNotFoundException or PolicyTypeAlreadyEnabledException.
        """
        answer = super().enable_policy_type(**kwargs)
        if kwargs["PolicyType"] == _CONTROL_POLICY:
            everything = next(policy for policy in self.policies if policy.aws_managed)
            for node in [*self.ou, *self.accounts]:
                if everything not in node.attached_policies:
                    super().attach_policy(PolicyId=everything.id, TargetId=node.id)
        return answer

    def disable_policy_type(self, **kwargs: str) -> Any:
        """Disable a policy type; AWS detaches every policy of that type with it.

        Raises: moto's RootNotFoundException or PolicyTypeNotEnabledException.
        """
        answer = super().disable_policy_type(**kwargs)
        for policy in self.policies:
            if policy.type == kwargs["PolicyType"]:
                for target in list(policy.attachments):
                    super().detach_policy(PolicyId=policy.id, TargetId=target.id)
        return answer

    def lineage(self, account_id: str) -> list[Any]:
        """Return the nodes from the root down to an account.

        Raises: AwsError TargetNotFoundException.
        """
        nodes = [self.node(account_id)]
        while nodes[0].parent_id:
            nodes.insert(0, self.node(nodes[0].parent_id))
        return nodes


def _list_policies(backend: Organizations, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of policies; moto's own pages break when a policy goes meanwhile."""
    found = [policy for policy in backend.policies if policy.type == request["Filter"]]
    shown, following = page(
        [policy.describe()["Policy"]["PolicySummary"] for policy in found], request, "MaxResults", 20
    )
    return {"Policies": shown, **following}


def _describe_resource_policy(_backend: Organizations, _request: dict[str, Any]) -> dict[str, Any]:
    text = "We can't find a resource policy with the parameter that you specified."
    raise AwsError("ResourcePolicyNotFoundException", text)


def organization_of(account_id: str) -> Organizations | None:
    """Return the backend that holds an account's organization; None for an account that stands alone."""
    payer, partition = organizations_backends.master_accounts.get(account_id, (account_id, "aws"))
    backend: Organizations = organizations_backends[payer][partition]
    return backend if backend.org is not None else None


class OrganizationsExtension(CheckedResponse, OrganizationsResponse):  # type: ignore[misc]  # moto is untyped here
    """Answer AWS Organizations requests."""

    invalid_request = "InvalidInputException"
    describe_effective_policy = answering(effective.describe)
    list_effective_policy_validation_errors = answering(effective.list_validation_errors)
    list_accounts_with_invalid_effective_policy = answering(effective.list_invalid_accounts)
    list_policies = answering(_list_policies)
    describe_resource_policy = answering(_describe_resource_policy)

    @property
    def extended_backend(self) -> Organizations:
        """Return the backend that holds the caller's organization, which is its management account's."""
        payer, partition = organizations_backends.master_accounts.get(
            self.current_account, (self.current_account, self.partition)
        )
        backend: Organizations = organizations_backends[payer][partition]
        return backend

    @property
    def request(self) -> dict[str, Any]:
        """Return the request's parameters and, as `_caller`, the calling account."""
        return {**super().request, "_caller": self.current_account}

    def check_caller(self, operation: str) -> None:
        """Refuse accounts without an organization, and members where AWS does.

        Raises: AwsError AWSOrganizationsNotInUseException or AccessDeniedException.
        """
        if operation != "CreateOrganization" and self.extended_backend.org is None:
            text = "Your account is not a member of an organization."
            raise AwsError("AWSOrganizationsNotInUseException", text)
        if self.extended_backend.account_id != self.current_account and operation not in _FOR_MEMBERS:
            raise AwsError("AccessDeniedException", "You don't have permissions to access this resource.")


def install() -> None:
    """Put the extension in the place of moto's organizations backend and handler."""
    organizations_backends.backend = Organizations
    urls.url_paths["{0}/$"] = OrganizationsExtension.dispatch


def _check_content(policy_type: str, content: str) -> None:
    quotas = _QUOTAS.get(policy_type)
    if quotas is None:
        return
    if len(content) > load_facts().limits[quotas.characters]:
        raise _constraint("POLICY_CONTENT_LIMIT_EXCEEDED", "You have exceeded the maximum size of a policy document.")
    try:
        quotas.parse(content)
    except PolicyError as error:
        text = "The provided policy document does not meet the requirements of the specified policy type."
        raise AwsError("MalformedPolicyDocumentException", f"{text} {error}") from error


def _constraint(reason: str, message: str) -> AwsError:
    return AwsError("ConstraintViolationException", message, Reason=reason)
