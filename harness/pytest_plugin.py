"""Offer the live governance state as pytest fixtures, so that a team writes its own assertions beside `tagrail verify`.

    def test_prod_allows_three_stages(tagrail_effective_policy):
        policy = tagrail_effective_policy("ml-prod")
        assert policy["tags"]["anycompany:workload:environment"]["tag_value"] == ["test", "prod"]

Run with `pytest --tagrail-env local`. Imports stand in the fixtures: pytest loads this file in every project.
"""

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from harness.finding import Finding
    from harness.operations.session import Session
    from harness.state import State


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --tagrail-env, --tagrail-target and --tagrail-root. Raises: nothing."""
    group = parser.getgroup("tagrail")
    group.addoption("--tagrail-env", default="local", help="environment whose live state the fixtures read")
    group.addoption("--tagrail-target", default=None, choices=["emulator", "localstack", "aws"], help="else env.yaml's")
    group.addoption("--tagrail-root", default=None, help="folder at or below the project; else pytest's root")


@pytest.fixture(scope="session")
def tagrail_session(pytestconfig: pytest.Config) -> "Session":
    """Return the environment on its target, after preflight.

    Raises: TagrailError when the target is not reachable or not the one that env.yaml names.
    """
    from harness.operations.session import open_session  # noqa: PLC0415 (see the module's docstring)
    from harness.project_root import find_root  # noqa: PLC0415 (see the module's docstring)

    root = find_root(Path(pytestconfig.getoption("--tagrail-root") or pytestconfig.rootpath))
    name, target = pytestconfig.getoption("--tagrail-env"), pytestconfig.getoption("--tagrail-target")
    return open_session(root, name, target, start_emulator=False)


@pytest.fixture(scope="session")
def tagrail_state(tagrail_session: "Session") -> "State":
    """Return the live governance state, read once. Raises: nothing of AWS's; unreadable parts say why."""
    from harness.operations.planning import live_state  # noqa: PLC0415 (see the module's docstring)

    return live_state(tagrail_session)


@pytest.fixture(scope="session")
def tagrail_findings(tagrail_session: "Session", tagrail_state: "State") -> "tuple[Finding, ...]":
    """Return what verify finds in that state. Raises: nothing."""
    from harness.verify import verify  # noqa: PLC0415 (see the module's docstring)

    session, today = tagrail_session, datetime.datetime.now(tz=datetime.UTC).date()
    return verify(session.dictionary, session.environment, tagrail_state, session.repair(), today)


@pytest.fixture(scope="session")
def tagrail_client(tagrail_session: "Session") -> Callable[..., Any]:
    """Return a function (service, region=home) -> boto3 client of the target. Raises: nothing."""
    home = tagrail_session.environment.regions.home

    def client(service: str, region: str = home) -> Any:
        return tagrail_session.target.client(service, region)

    return client


@pytest.fixture(scope="session")
def tagrail_effective_policy(tagrail_state: "State") -> Callable[[str], Mapping[str, Any]]:
    """Return a function account name or id -> effective tag policy (operator-free; empty = none).

    The function raises TagrailError for an unknown account, and fails the test when the policy cannot be read.
    """
    from harness.state import Unreadable  # noqa: PLC0415 (see the module's docstring)

    def effective_policy(account: str) -> Mapping[str, Any]:
        organization = tagrail_state.organization
        if isinstance(organization, Unreadable):
            pytest.fail(f"organisation: {organization.reason}")
        found = tagrail_state.effective[organization.account(account).id]
        if isinstance(found, Unreadable):
            pytest.fail(f"effective policy of {account}: {found.reason}")
        return found

    return effective_policy
