"""Render the TagOptions of an environment, equal to what modules/tag-option renders in HCL."""

from dataclasses import dataclass

from harness.dictionary import Dictionary
from harness.environment import Environment, offered_values


@dataclass(frozen=True, slots=True)
class TagOptionDocument:
    """Hold one TagOption and the ids of the portfolios and products that it must be associated with, sorted."""

    key: str
    value: str
    active: bool
    resources: tuple[str, ...]


def option_name(key: str, value: str) -> str:
    """Return a name for a key and a value, neither of which holds a `$`.

    >>> option_name("env", "dev")
    'env$dev'
    """
    return f"{key}${value}"


def render_tag_options(dictionary: Dictionary, environment: Environment) -> dict[str, TagOptionDocument]:
    """Return name -> document: an active TagOption for each value without `*`, an inactive one for each retired value.

    Nothing where the environment has no `tag_option`. Raises: nothing.
    """
    section = environment.tag_option
    if section is None:
        return {}
    resources = tuple(sorted({*section.portfolios, *section.products}))
    offered = offered_values(dictionary, environment)
    documents = [
        *(TagOptionDocument(key, value, True, resources) for key in offered for value in offered[key]),  # noqa: FBT003
        *(TagOptionDocument(key, value, False, ()) for key, values in section.retired.items() for value in values),  # noqa: FBT003
    ]
    return {option_name(each.key, each.value): each for each in documents if "*" not in each.value}


def skipped_values(dictionary: Dictionary, environment: Environment) -> dict[str, tuple[str, ...]]:
    """Return key -> values with a `*`, which no TagOption can have, of the keys that have one. Raises: nothing."""
    offered = offered_values(dictionary, environment)
    found = {key: tuple(value for value in values if "*" in value) for key, values in offered.items()}
    return {key: values for key, values in found.items() if values}
