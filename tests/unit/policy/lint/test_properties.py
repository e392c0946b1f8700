"""Whatever stands in a policy, it is judged or refused by name."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.facts import load_facts
from harness.policy.lint import Given, UnreadablePolicyError, lint, read_policy

from .test_cases import FOLDER

POLICIES = [
    policy
    for file in sorted(FOLDER.iterdir())
    for policy in [yaml.safe_load(file.read_text(encoding="utf-8"))["wrong"]]
    if isinstance(policy, dict)
]
STRANGE = st.sampled_from(
    [None, True, 0, -1.5, "", "*", "a", "é*?", "${", "}", "${a}", "arn:", "arn:aws:s3:::", "@@assign", [], {}, [[]]]
) | st.recursive(st.none() | st.text(max_size=5), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, item in inside for found in places(item, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(value, dict):
        return {key: replaced(item, path[1:], new) if key == path[0] else item for key, item in value.items()}
    return [replaced(item, path[1:], new) if index == path[0] else item for index, item in enumerate(value)]


@pytest.mark.thorough
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_policy_is_judged_or_refused(data: Any) -> None:
    policy = data.draw(st.sampled_from(POLICIES))
    path = data.draw(st.sampled_from(places(policy)))
    text = json.dumps(replaced(policy, path, data.draw(STRANGE)))
    kind = data.draw(st.sampled_from([None, "scp", "rcp", "identity", "resource", "tag", "effective"]))
    try:
        read = read_policy("p.json", text, kind)
    except UnreadablePolicyError:
        return
    for hit in lint(Given((read, read), load_facts().limits, same_target=True)):
        assert hit.lint.why
        assert hit.lint.repair.startswith("Do ")
