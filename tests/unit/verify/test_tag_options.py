"""TagOptions that may differ from what is wanted without being wrong, and what verify says of retired ones."""

import dataclasses
from typing import Any

import pytest

from harness.dictionary import Dictionary
from harness.environment import Environment
from harness.finding import Finding
from harness.state import LiveTagOption, State, Unreadable
from harness.verify import verify
from tests.unit.verify.broken_tag_options import DEV, ENVIRONMENT, changed_option, options
from tests.unit.verify.live import APPLY, TODAY, faults, loaded, right_state, tag_options

COST_CENTER = "anycompany:finance:cost-center"
PORTFOLIO = "port-qhjysuciufw5k"


def changed(section: dict[str, Any] | None, values: tuple[str, ...] | None = None) -> tuple[Dictionary, Environment]:
    """Return the shipped project with another section `tag_option`, and other values of the cost centre."""
    dictionary, environment = loaded()
    if values is not None:
        tag = dictionary.tags[COST_CENTER].model_copy(update={"values": values})
        dictionary = dictionary.model_copy(update={"tags": {**dictionary.tags, COST_CENTER: tag}})
    data = {**environment.model_dump(exclude={"tag_option"}), "tag_option": section}
    return dictionary, Environment.model_validate(data)


def found(project: tuple[Dictionary, Environment], options: tuple[LiveTagOption, ...] | Unreadable) -> list[Finding]:
    state: State = dataclasses.replace(right_state(), tag_options=options)
    return [finding for finding in verify(*project, state, APPLY, TODAY) if finding.plane == "TagOption"]


def test_an_association_elsewhere_is_nobodys_fault() -> None:
    def more(option: LiveTagOption) -> LiveTagOption:
        return dataclasses.replace(option, resources=frozenset({PORTFOLIO, "port-other"}))

    assert faults(changed_option(right_state(), more)) == []


@pytest.mark.parametrize(
    ("key", "value", "active"),
    [(ENVIRONMENT, "production", False), ("team", "ml", True), ("anycompany:operations:backup", "hourly", True)],
    ids=["inactive", "foreign-key", "key-that-is-not-offered"],
)
def test_other_tag_options_that_change_no_offer_are_nobodys_fault(key: str, value: str, *, active: bool) -> None:
    state = right_state()
    other = LiveTagOption("tag-f", key, value, active, frozenset())
    assert faults(dataclasses.replace(state, tag_options=(*options(state), other))) == []


def test_a_value_that_a_wildcard_allows_may_be_a_tag_option() -> None:
    project = changed({}, ("5045", "Sales-*"))
    held = tag_options(*project)
    assert {option.value for option in held if option.key == COST_CENTER} == {"5045"}
    sales, hr = (LiveTagOption("tag-f", COST_CENTER, value, True, frozenset()) for value in ("Sales-1", "HR-1"))  # noqa: FBT003
    assert {finding.verdict for finding in found(project, (*held, sales))} == {"pass"}
    (finding,) = (each for each in found(project, (*held, hr)) if each.verdict != "pass")
    assert (finding.subject, finding.held) == (f"{COST_CENTER}$HR-1", "active")
    command = "aws servicecatalog update-tag-option --id tag-f --no-active --region eu-central-1"
    assert finding.repair == f"Do run {command}, or add the value to tags.yaml"
    assert finding.must_hold.endswith(f"{COST_CENTER} allows 5045, Sales-*")


@pytest.mark.parametrize(
    ("active", "resources", "subjects"),
    [
        (False, set(), []),
        (False, {"port-other"}, []),
        (True, set(), ["status"]),
        (True, {PORTFOLIO}, ["status", "associations"]),
    ],
)
def test_a_retired_one_is_inactive_and_offered_nowhere_by_tagrail(
    active: bool,  # noqa: FBT001 (a case)
    resources: set[str],
    subjects: list[str],
) -> None:
    project = changed({"portfolios": [PORTFOLIO], "retired": {ENVIRONMENT: ["staging"]}})
    held = [option for option in tag_options(*project) if option.value != "staging"]
    retired = LiveTagOption("tag-r", ENVIRONMENT, "staging", active, frozenset(resources))
    failing = [finding for finding in found(project, (*held, retired)) if finding.verdict != "pass"]
    assert [finding.subject for finding in failing] == [f"{ENVIRONMENT}$staging: {part}" for part in subjects]
    assert all(finding.repair == f"Do run {APPLY}" for finding in failing)


def test_without_a_section_nothing_is_looked_at() -> None:
    assert found(changed(None), Unreadable("not allowed", "AccessDeniedException")) == []


def test_one_whose_associations_could_not_be_read_does_not_hide_the_others() -> None:
    unread = Unreadable("no", "ThrottlingException")
    state = changed_option(right_state(), lambda option: dataclasses.replace(option, resources=unread))
    (finding,) = faults(state)
    assert (finding.subject, finding.verdict, finding.repair) == (DEV, "unknown", "Do try again in a few minutes")


@pytest.mark.parametrize(
    ("code", "repair"),
    [
        ("AccessDeniedException", "Do add servicecatalog:ListTagOptions and servicecatalog:ListResourcesForTagOption"),
        ("TagOptionNotMigratedException", "Do open the TagOption library in the Service Catalog console"),
    ],
)
def test_what_could_not_be_read_is_unknown_with_the_repair_of_its_code(code: str, repair: str) -> None:
    (finding,) = found(loaded(), Unreadable("no", code))
    assert (finding.verdict, finding.where) == ("unknown", "eu-central-1")
    assert finding.repair.startswith(repair)


def test_a_status_is_wrong_whether_associations_could_be_read_or_not() -> None:
    unread = Unreadable("no", "ThrottlingException")
    state = changed_option(right_state(), lambda option: dataclasses.replace(option, active=False, resources=unread))
    found = [(finding.subject, finding.verdict) for finding in faults(state)]
    assert found == [(f"{DEV}: status", "fail"), (DEV, "unknown")]
