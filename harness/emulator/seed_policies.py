"""Find what AWS Organizations would refuse of the policies of a seed, before an emulator holds them."""

from collections.abc import Iterator

from harness.emulator.seed_model import FULL_ACCESS, TAG_POLICY, OrganizationPolicy, Seed
from harness.policy.json_text import PolicyError
from harness.policy.statement import parse_policy
from harness.policy.tag_policy import parse_tag_policy
from harness.spelling import nearest
from harness.yaml_source import Path_


def policy_faults(seed: Seed) -> Iterator[tuple[Path_, str]]:
    """Yield place and message of each fault of the seed's policies and attachments. Raises: nothing."""
    types: dict[str, str] = {FULL_ACCESS: "SERVICE_CONTROL_POLICY"}
    seen: set[str] = set()
    for index, policy in enumerate(seed.policies):
        at: Path_ = ("policies", index)
        if policy.id in seen:
            yield (*at, "id"), f'must be unique; "{policy.id}" stands above too. Do change one'
        if policy.aws_managed is not (policy.id == FULL_ACCESS):
            yield (*at, "aws_managed"), f"must be true for {FULL_ACCESS} and for no other policy. Do correct it"
        seen.add(policy.id)
        types[policy.id] = policy.type
        for problem in _content_problems(policy):
            yield (*at, "content"), problem
    yield from _attachment_faults(seed, types)


def _attachment_faults(seed: Seed, types: dict[str, str]) -> Iterator[tuple[Path_, str]]:
    organization = seed.organization
    units, accounts = organization.organizational_units, organization.accounts
    nodes = {organization.root_id, *(unit.id for unit in units), *(account.id for account in accounts)}
    for node, policies in seed.attachments.items():
        at: Path_ = ("attachments", node)
        if node not in nodes:
            guess = nearest(node, nodes) or " Do correct it"
            yield at, f'must be the id of the root, a unit or an account; got "{node}".{guess}'
        for index, policy in enumerate(policies):
            place = (*at, index)
            if policy not in types:
                yield (
                    place,
                    f'must be the id of a policy; got "{policy}".{nearest(policy, types) or " Do add the policy"}',
                )
            elif policy in policies[:index]:
                yield place, f'must be attached once; "{policy}" stands before it too. Do remove one'
            elif types[policy] not in organization.policy_types:
                rule = f"must be of a type that organization.policy_types enables; got {policy}, a {types[policy]}"
                yield place, f"{rule}. Do enable the type"


def _content_problems(policy: OrganizationPolicy) -> Iterator[str]:
    try:
        if policy.type == TAG_POLICY:
            parse_tag_policy(policy.content)
        else:
            parse_policy(policy.content, "scp")
    except PolicyError as error:
        yield from error.problems
