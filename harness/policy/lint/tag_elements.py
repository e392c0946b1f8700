"""Walk through the keys and elements of a tag policy, as far as they are what AWS wants."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from harness.policy.json_text import is_text
from harness.policy.lint.model import LintedPolicy
from harness.policy.tag_policy import ASSIGN, CONTROL, ELEMENTS


class Use(NamedTuple):
    """Hold one use of an operator in an element of a policy key; `values` are its texts, one of a `tag_key`."""

    key: str
    element: str
    operator: str
    values: tuple[str, ...]
    path: str

    def place(self, index: int) -> str:
        """Return the path of one of the values."""
        return self.path if self.element == "tag_key" else f"{self.path}[{index}]"


def entries(policy: LintedPolicy) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield path, policy key and content of each key of a tag policy. Raises: nothing."""
    tags = policy.value.get("tags") if isinstance(policy.value, Mapping) else None
    for key, entry in tags.items() if isinstance(tags, Mapping) else ():
        if key != CONTROL and isinstance(entry, Mapping):
            yield f'tags["{key}"]', key, entry


def uses(policy: LintedPolicy, *elements: str) -> Iterator[Use]:
    """Yield each use of an operator in these elements, all without any named. Raises: nothing."""
    for path, key, entry in entries(policy):
        for element in elements or ELEMENTS:
            operators = entry.get(element)
            for operator, value in operators.items() if isinstance(operators, Mapping) else ():
                place = f"{path}.{element}.{operator}"
                if operator == CONTROL:
                    continue
                texts = [value] if element == "tag_key" else value
                if isinstance(texts, list) and all(is_text(text) for text in texts):
                    shown = place.removesuffix(f".{ASSIGN}") if policy.kind == "effective" else place
                    yield Use(key, element, operator, tuple(texts), shown)
