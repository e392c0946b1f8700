"""Guardrails of any dictionary: what they deny, that packing changes nothing, and that widening denies nothing more."""

import json
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.documents.guardrail import (
    GuardedKey,
    Principals,
    Statement,
    guardrail_statements,
    render_guardrail,
    stricter_statements,
)
from harness.guardrail_actions import guarded
from harness.packing import canonical_json
from harness.policy.evaluation import Level, Policy
from harness.policy.request import Request
from harness.policy.simulation import Rules, simulate
from harness.policy.statement import parse_policy

ACCOUNT = "444444444442"
ACTIONS = ("ec2:RunInstances", "s3:CreateBucket", "elasticache:CreateReplicationGroup", "sagemaker:CreateEndpoint")
GUARDED = guarded(("database", "ec2", "s3", "sagemaker"))
NOBODY = Principals((), ())
ALLOW = '{"Statement":[{"Action":"*","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}'
EXAMPLES = settings(max_examples=60)

VALUES = st.lists(st.sampled_from(["dev", "prod", "a*", "x"]), max_size=3, unique=True).map(tuple)
KEYS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("env", "team:Owner", "Cost Center"), st.tuples(st.booleans(), VALUES))
)
TAGS = st.dictionaries(
    st.sampled_from(["env", "Env", "team:Owner", "Cost Center", "other"]), st.sampled_from(["dev", "prod", "ab", ""])
)


def keys_of(keys: Mapping[str, tuple[bool, tuple[str, ...]]]) -> list[GuardedKey]:
    return [GuardedKey(key, mandatory, tuple(sorted(values))) for key, (mandatory, values) in sorted(keys.items())]


def rules(documents: Sequence[str]) -> Rules:
    policies = tuple(
        Policy(f"p-{i}", f"p-{i}", parse_policy(text, "scp")) for i, text in enumerate([ALLOW, *documents])
    )
    return Rules((Level("service control policy", "root", policies),), ())


def packed(statements: Sequence[Statement], limit: int) -> list[str]:
    return [document.text() for document in render_guardrail(statements, "x", "root", limit).values()]


def verdict(documents: Sequence[str], action: str, tags: Mapping[str, str]) -> str:
    return simulate(Request(action, ACCOUNT, "eu-central-1", tags=tags), rules(documents)).verdict


def expected(keys: Sequence[GuardedKey], tags: Mapping[str, str], *, exact: bool) -> str:
    """Say what must come of a create, by a reading of the dictionary alone."""
    for key in keys:
        held = next((value for name, value in tags.items() if name.lower() == key.key.lower()), None)
        wrong = held is not None and not any(like(pattern, held) for pattern in key.values or ("?*",))
        spelt = not exact or key.key in tags
        if (wrong and (key.mandatory or key.values)) or (key.mandatory and (held is None or not spelt)):
            return "denied"
    return "allowed"


def like(pattern: str, value: str) -> bool:
    if pattern == "?*":
        return bool(value)
    start, star, end = pattern.partition("*")
    return value == pattern if not star else value.startswith(start) and value.endswith(end)


def one_spelling(tags: Mapping[str, str]) -> bool:
    return len({key.lower() for key in tags}) == len(tags)


@pytest.mark.thorough
@EXAMPLES
@given(KEYS, TAGS.filter(one_spelling), st.sampled_from(ACTIONS), st.sampled_from(["exact", "any case"]))
def test_a_create_is_denied_exactly_when_the_dictionary_says_so(
    keys: Mapping[str, tuple[bool, tuple[str, ...]]], tags: Mapping[str, str], action: str, spelling: str
) -> None:
    wanted = keys_of(keys)
    documents = packed(guardrail_statements(wanted, GUARDED, NOBODY, exact_spelling=spelling == "exact"), 10240)
    assert verdict(documents, action, tags) == expected(wanted, tags, exact=spelling == "exact")


@pytest.mark.thorough
@EXAMPLES
@given(KEYS, TAGS, st.sampled_from(ACTIONS), st.integers(min_value=3000, max_value=20000))
def test_packing_changes_no_verdict(
    keys: Mapping[str, tuple[bool, tuple[str, ...]]], tags: Mapping[str, str], action: str, limit: int
) -> None:
    statements = guardrail_statements(keys_of(keys), GUARDED, NOBODY, exact_spelling=False)
    whole = [canonical_json({"Version": "2012-10-17", "Statement": list(statements)})] if statements else []
    parts = packed(statements, limit)
    assert all(len(part) <= limit for part in parts)
    assert verdict(parts, action, tags) == verdict(whole, action, tags)


@pytest.mark.thorough
@EXAMPLES
@given(KEYS, TAGS, st.sampled_from(ACTIONS), st.sampled_from(["dev", "new", "b*"]))
def test_widening_a_dictionary_denies_nothing_that_passed(
    keys: Mapping[str, tuple[bool, tuple[str, ...]]], tags: Mapping[str, str], action: str, value: str
) -> None:
    wider = {key: (mandatory, (*values, value) if values else ()) for key, (mandatory, values) in keys.items()}
    optional = {key: (False, values) for key, (_, values) in wider.items()}
    narrow, wide, loose = (
        packed(guardrail_statements(keys_of(each), GUARDED, NOBODY, exact_spelling=True), 10240)
        for each in (keys, wider, optional)
    )
    if verdict(narrow, action, tags) == "allowed":
        assert verdict(wide, action, tags) == verdict(loose, action, tags) == "allowed"


def test_a_target_below_says_only_what_is_stricter() -> None:
    keys = [GuardedKey("env", mandatory=True, values=("prod",)), GuardedKey("team", mandatory=True, values=())]
    found = stricter_statements(keys, {"env": ("dev", "prod"), "team": ()}, GUARDED, NOBODY)
    assert {str(statement["Sid"])[:8] for statement in found} == {"ValueEnv"}
    assert stricter_statements(keys, {"env": ("prod",), "team": ()}, GUARDED, NOBODY) == ()


def test_who_is_exempt_is_never_denied() -> None:
    principals = Principals(("arn:*:iam::*:role/break-glass",), ("arn:*:iam::*:role/deployer",))
    statements = guardrail_statements(
        [GuardedKey("team", mandatory=True, values=())], GUARDED, principals, exact_spelling=True
    )
    documents = packed(statements, 10240)
    role = f"arn:aws:iam::{ACCOUNT}:role/"

    def by(name: str, action: str, **fields: object) -> str:
        request = Request(action, ACCOUNT, "eu-central-1", principal_arn=role + name, **fields)  # type: ignore[arg-type]
        return simulate(request, rules(documents)).verdict

    assert by("break-glass", "s3:CreateBucket") == "allowed"
    assert by("deployer", "s3:CreateBucket") == "denied"
    instance = f"arn:aws:ec2:eu-central-1:{ACCOUNT}:instance/i-1"
    change = {"tags": {"team": "b"}, "resource": instance, "resource_tags": {"team": "a"}}
    assert [by(name, "ec2:CreateTags", **change) for name in ("anybody", "deployer")] == ["denied", "allowed"]
    same = {**change, "tags": {"team": "a"}}
    assert by("anybody", "ec2:CreateTags", **same) == "allowed"
    removal = {"untagged": ("team",), "resource": instance, "resource_tags": {"team": "a"}}
    assert [by(name, "ec2:DeleteTags", **removal) for name in ("anybody", "deployer")] == ["denied", "allowed"]
    assert by("anybody", "ec2:DeleteTags", resource=instance) == "denied", "without keys it removes all"


def test_sids_are_unique_and_plain() -> None:
    keys = [GuardedKey(key, mandatory=True, values=()) for key in ("a:b", "a-b", "Ä", "x" * 128)]
    statements = guardrail_statements(keys, GUARDED, NOBODY, exact_spelling=True)
    sids = [str(statement["Sid"]) for statement in statements]
    assert len(set(sids)) == len(sids)
    assert all(sid.isalnum() and sid.isascii() for sid in sids)
    assert json.loads(packed(statements, 10240)[0])["Version"] == "2012-10-17"
