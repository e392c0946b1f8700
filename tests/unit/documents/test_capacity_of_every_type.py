"""Forty keys, enforced on every type of AWS's table: the packer keeps the limits, or says by how much it cannot."""

from harness.dictionary import Dictionary, Tag
from harness.documents import capacity_faults, render_tag_policies
from harness.documents.tag_policy import PolicyTarget
from harness.environment.model import Config, Environment, Regions, TagPolicy
from harness.facts import load_facts
from harness.policy.tag_policy_types import known_types

LIMITS = load_facts().limits
ROOT = PolicyTarget("root", "enforce", None)


def dictionary(types: tuple[str, ...], keys: int) -> Dictionary:
    tags = {
        f"team:key-{index:02}": Tag(purpose="Counting.", values=("a", "b"), enforced_for=types) for index in range(keys)
    }
    return Dictionary(version=1, tags=tags)


def environment() -> Environment:
    return Environment(
        version=1,
        name="x",
        target="aws",
        payer_account_id="111122223333",
        organization_id="o-abcdefghij",
        regions=Regions(home="eu-central-1"),
        tag_policy=TagPolicy(root="enforce"),
        config=Config(scope="organization"),
    )


def test_every_type_by_name_is_too_much_and_the_numbers_are_said() -> None:
    types = every_type()
    assert len(types) > 300
    found = dictionary(types, 40)
    documents = render_tag_policies(found, "x", (ROOT,), LIMITS)
    assert all(len(document.text()) <= LIMITS["tag_policy_document_characters"] for document in documents.values())
    (fault,) = [
        text for _, text in capacity_faults(found, environment(), load_facts()) if "tag policies at most" in text
    ]
    assert fault.startswith("must need 10 tag policies at most; 40 keys with ")
    assert f" need {len(documents)}. Do " in fault


def test_whole_services_fit() -> None:
    types = tuple(sorted({f"{name.partition(':')[0]}:ALL_SUPPORTED" for name in every_type()}))
    found = dictionary(types, 40)
    documents = render_tag_policies(found, "x", (ROOT,), LIMITS)
    assert all(len(document.text()) <= LIMITS["tag_policy_document_characters"] for document in documents.values())
    needed = [text for _, text in capacity_faults(found, environment(), load_facts()) if "tag policies at most" in text]
    assert bool(needed) == (len(documents) > LIMITS["tag_policies_per_target"])


def every_type() -> tuple[str, ...]:
    """Return every type that can be enforced, as service:type."""
    return known_types("enforced_for")
