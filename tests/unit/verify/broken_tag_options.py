"""Break one thing of Service Catalog, and say which one finding must name it."""

import dataclasses
from collections.abc import Callable

from harness.state import LiveTagOption, State, Unreadable
from tests.unit.verify.fault import fault

ENVIRONMENT = "anycompany:workload:environment"
DEV = f"{ENVIRONMENT}$dev"


def options(state: State) -> tuple[LiveTagOption, ...]:
    assert not isinstance(state.tag_options, Unreadable)
    return state.tag_options


def changed_option(state: State, change: Callable[[LiveTagOption], LiveTagOption | None]) -> State:
    """Return the state with the TagOption DEV changed, or without it."""
    found = [change(each) if f"{each.key}${each.value}" == DEV else each for each in options(state)]
    return dataclasses.replace(state, tag_options=tuple(each for each in found if each is not None))


@fault("TagOption", DEV, "no such TagOption")
def tag_option_deleted(state: State) -> State:
    return changed_option(state, lambda _: None)


@fault("TagOption", f"{DEV}: status", "inactive")
def tag_option_deactivated(state: State) -> State:
    return changed_option(state, lambda option: dataclasses.replace(option, active=False))


@fault("TagOption", f"{DEV}: associations", "none")
def tag_option_taken_from_a_portfolio(state: State) -> State:
    elsewhere = frozenset({"port-of-another-team"})
    return changed_option(state, lambda option: dataclasses.replace(option, resources=elsewhere))


@fault("TagOption", f"{ENVIRONMENT}$production", "active")
def tag_option_of_a_value_that_is_not_allowed(state: State) -> State:
    foreign = LiveTagOption("tag-f", ENVIRONMENT, "production", active=True, resources=frozenset())
    return dataclasses.replace(state, tag_options=(*options(state), foreign))
