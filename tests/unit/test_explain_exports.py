"""What `tagrail explain` says of a key in exports of the bill."""

from typing import Any

import pytest

from harness.environment import Environment
from harness.explain import explain
from harness.facts import load_facts
from tests.unit.verify.live import loaded

NEEDED = ["BilledCost", "BillingCurrency"]
EXPORT = {"table": "focus-1.2"}


@pytest.mark.parametrize(
    ("key", "exports", "word", "detail"),
    [
        ("finance:owner", {"focus": EXPORT}, "exported", "exports focus have its values"),
        ("operations:backup", {"focus": EXPORT}, "AWS cannot", "this key is none"),
        ("finance:owner", {"focus": {**EXPORT, "columns": NEEDED}}, "-", "no export has a column of tags"),
        ("finance:owner", None, "-", "env.yaml has no cost_exports"),
    ],
)
def test_a_key_is_exported_where_it_is_a_cost_allocation_tag(key: str, exports: Any, word: str, detail: str) -> None:
    dictionary, environment = loaded()
    section = None if exports is None else {"bucket": {"name": "bill"}, "exports": exports}
    changed = Environment.model_validate({**environment.model_dump(), "cost_exports": section})
    name = f"anycompany:{key}"
    cell = explain(dictionary, changed, load_facts(), name)[name]["cost export"]
    assert cell.word == word
    assert detail in cell.detail
