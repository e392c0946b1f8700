"""Put together what binds each account: others' policies, and tagrail's as the environment renders them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial

from botocore.exceptions import BotoCoreError, ClientError

from harness.dictionary import Dictionary
from harness.documents import guardrail_targets, policy_targets, render_guardrails, render_tag_policies, target_id
from harness.environment import Environment, facts_of
from harness.errors import TagrailError
from harness.operations.session import Session, check_names
from harness.organization import ROOT, Account, Organization, ancestors
from harness.packing import canonical_json
from harness.policy.attachment import AttachedPolicy, Node
from harness.policy.evaluation import Layer, Level, Policy
from harness.policy.simulation import Rules
from harness.policy.statement import parse_policy
from harness.state import LivePolicy
from harness.state.organizations import PolicyKind, read_policies
from harness.targets.refusals import repair_of, said

_LAYER: Layer = "service control policy"


@dataclass(frozen=True)
class Governance:
    """Hold an organisation and the policies of its nodes, by node id; ours are those that the environment renders."""

    organization: Organization
    control: tuple[LivePolicy, ...]
    tags: tuple[LivePolicy, ...]

    def rules(self, account: Account) -> Rules:
        """Return what binds an account. Raises: PolicyError, TagPolicyError for a policy that cannot be read."""
        nodes = self._lineage(account)
        is_bound = account.id != self.organization.management_account_id and self._control
        levels = tuple(Level(_LAYER, name, self._control.get(node, ())) for node, name in nodes) if is_bound else ()
        return Rules(levels, tuple(Node(node, name, self._tags.get(node, ())) for node, name in nodes))

    @cached_property
    def _control(self) -> Mapping[str, tuple[Policy, ...]]:
        parsed = {
            policy.id: Policy(policy.id, policy.name, parse_policy(canonical_json(policy.content), "scp"))
            for policy in self.control
        }
        return {node: tuple(parsed[one.id] for one in found) for node, found in _by_node(self.control).items()}

    @cached_property
    def _tags(self) -> Mapping[str, tuple[AttachedPolicy, ...]]:
        parsed = {policy.id: AttachedPolicy(policy.id, policy.name, policy.content) for policy in self.tags}
        return {node: tuple(parsed[one.id] for one in found) for node, found in _by_node(self.tags).items()}

    def _lineage(self, account: Account) -> list[tuple[str, str]]:
        """Return id and name of the nodes from the root to the account."""
        organization = self.organization
        paths = (*reversed(ancestors(account.unit)), account.unit) if account.unit else ()
        units = [(organization.units[path], path) for path in paths]
        return [(organization.root_id, ROOT), *units, (account.id, account.name)]


def read_governance(session: Session, *, if_enforced: bool) -> Governance:
    """Return the live organisation with the policies of others, and tagrail's as the environment renders them.

    With `if_enforced` every target counts as enforced. Raises: TagrailError when AWS Organizations does not answer.
    """
    environment = enforced(session.environment) if if_enforced else session.environment
    return with_rendered(read_live(session), session.dictionary, environment)


def read_live(session: Session) -> Governance:
    """Return the live organisation with all its policies. Raises: TagrailError when it does not answer."""
    organization = check_names(session)
    client = session.target.client("organizations", session.environment.regions.home)
    try:
        control, tags = (read_policies(client, kind) for kind in _KINDS)
    except (ClientError, BotoCoreError) as error:
        repair = repair_of(error, "organizations:Describe* and organizations:List*")
        raise TagrailError(f"organizations: must be readable; got {said(error)}. {repair}") from error
    return Governance(organization, control, tags)


_KINDS: tuple[PolicyKind, PolicyKind] = ("SERVICE_CONTROL_POLICY", "TAG_POLICY")


def enforced(environment: Environment) -> Environment:
    """Return the environment with every target of guardrails and tag policies in mode enforce. Raises: nothing."""
    changes = {}
    for section in ("guardrail", "tag_policy"):
        settings = getattr(environment, section)
        changes[section] = settings.model_copy(
            update={
                "root": settings.root and "enforce",
                "organizational_units": dict.fromkeys(settings.organizational_units, "enforce"),
                "accounts": dict.fromkeys(settings.accounts, "enforce"),
            }
        )
    return environment.model_copy(update=changes)


def with_rendered(governance: Governance, dictionary: Dictionary, environment: Environment) -> Governance:
    """Return the governance with tagrail's live policies replaced by those that the environment renders.

    A rendered policy has its name for an id. Raises: TagrailError when a target does not exist.
    """
    organization, limits, name = governance.organization, facts_of(environment).limits, environment.name
    guarded = guardrail_targets(dictionary, environment, organization)
    attached = {target.key for target in guarded if target.mode == "enforce"}
    node = partial(target_id, organization=organization)
    control = [
        LivePolicy(title, title, each.content, frozenset({node(each.target)} if each.target in attached else ()))
        for title, each in render_guardrails(environment, guarded, limits).items()
    ]
    targets = policy_targets(dictionary, environment, organization)
    tags = [
        LivePolicy(title, title, each.content, frozenset({node(each.target)}))
        for title, each in render_tag_policies(dictionary, name, targets, limits).items()
    ]
    return replace(
        governance,
        control=(*_foreign(governance.control, f"{name}-guardrail-"), *control),
        tags=(*_foreign(governance.tags, f"{name}-tags-"), *tags),
    )


def _foreign(policies: Iterable[LivePolicy], ours: str) -> tuple[LivePolicy, ...]:
    return tuple(policy for policy in policies if not policy.name.startswith(ours))


def _by_node(policies: Iterable[LivePolicy]) -> dict[str, list[LivePolicy]]:
    found: dict[str, list[LivePolicy]] = {}
    for policy in policies:
        for node in policy.targets:
            found.setdefault(node, []).append(policy)
    return found
