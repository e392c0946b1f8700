"""Look at this machine and, for one environment, at its target: what is installed, found, reachable and allowed."""

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from harness.emulator.process import status
from harness.environment import Environment
from harness.errors import TagrailError
from harness.finding import Finding
from harness.localstack import status as localstack_status
from harness.operations.folders import emulator_folder, localstack_folder
from harness.operations.session import NoEmulatorError, Session, open_session
from harness.project import environment_names, load_project
from harness.targets.refusals import repair_of, said
from harness.toolchain import NotFetchedError, find_terraform
from harness.toolchain_mirror import find_provider_mirror

PLANE = "machine"
ACCESS = "access"


@dataclass(frozen=True, slots=True)
class _Call:
    """Name one call that reads something of a plane and changes nothing; `action` is what IAM calls it."""

    plane: str
    action: str
    service: str
    operation: str
    account: bool = False


_CALLS = (
    _Call("tag policy", "organizations:ListRoots", "organizations", "list_roots"),
    _Call("Config rule", "config:DescribeConfigRules", "config", "describe_config_rules"),
    _Call("TagOption", "servicecatalog:ListTagOptions", "servicecatalog", "list_tag_options"),
    _Call("cost allocation", "ce:ListCostAllocationTags", "ce", "list_cost_allocation_tags"),
    _Call("cost category", "ce:ListCostCategoryDefinitions", "ce", "list_cost_category_definitions"),
    _Call("anomaly detection", "ce:GetAnomalyMonitors", "ce", "get_anomaly_monitors"),
    _Call("budget", "budgets:ViewBudget", "budgets", "describe_budgets", account=True),
    _Call("cost export", "bcm-data-exports:ListExports", "bcm-data-exports", "list_exports"),
    _Call("cost export database", "glue:GetDatabases", "glue", "get_databases"),
    _Call("cost export workgroup", "athena:ListWorkGroups", "athena", "list_work_groups"),
    _Call("audit role", "iam:ListPolicies", "iam", "list_policies"),
    _Call("audit role StackSet", "cloudformation:ListStackSets", "cloudformation", "list_stack_sets"),
    _Call("alert channel", "sns:ListTopics", "sns", "list_topics"),
)


def diagnose(root: Path, name: str | None = None) -> tuple[Finding, ...]:
    """Return a finding for each thing that is needed; what is merely absent by choice passes and says so.

    With the name of an environment its target is asked as well: who is calling, and one call a plane.

    Raises: nothing of the machine's; an expected error becomes a finding that fails with its repair.
    """
    checks: tuple[tuple[str, str, Callable[[], str]], ...] = (
        ("Python", "3.11 or later", platform.python_version),
        ("terraform", "terraform or tofu 1.10 or later", _terraform),
        ("AWS provider", "a mirror on this machine, or the registry", _mirror),
        ("project", "a dictionary and environments without faults", lambda: _project(root)),
        ("emulators", "running or startable", lambda: _emulators(root)),
    )
    found = [_check(subject, must_hold, look) for subject, must_hold, look in checks]
    return (*found, *(_access(root, name) if name else ()))


def _check(subject: str, must_hold: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(PLANE, platform.system(), subject, "pass", look(), must_hold)
    except TagrailError as error:
        return _failed(PLANE, platform.system(), subject, error, must_hold)


def _failed(plane: str, where: str, subject: str, error: TagrailError, must_hold: str) -> Finding:
    held, _, repair = str(error).rpartition(". Do ")
    if "\n" in str(error) or not held:
        return Finding(plane, where, subject, "fail", str(error), must_hold, "Do what each line says")
    return Finding(plane, where, subject, "fail", held, must_hold, f"Do {repair}")


def _terraform() -> str:
    try:
        binary = find_terraform(fetch=False)
    except NotFetchedError as error:
        return f"none yet; {error.release.version} will be fetched from {error.release.url}"
    return f"{binary.flavour} {binary.version} at {binary.path}"


def _mirror() -> str:
    try:
        mirror = find_provider_mirror(flavour=find_terraform(fetch=False).flavour)
    except NotFetchedError:
        mirror = find_provider_mirror()
    return f"mirror at {mirror}" if mirror else "no mirror on this machine; the registry is asked"


def _project(root: Path) -> str:
    project = load_project(root)
    return f"{len(project.dictionary.tags)} tags, environments {', '.join(project.environments)}"


def _emulators(root: Path) -> str:
    folder = emulator_folder(root)
    running = [found for name in environment_names(root) if (found := status(name, folder))]
    localstack = localstack_status(localstack_folder(root))
    running += [localstack] if localstack else []
    return ", ".join(f"{found.name} at {found.url}" for found in running) or "none runs"


def _access(root: Path, name: str) -> Iterator[Finding]:
    """Yield whether the caller is the one that env.yaml names, and what each plane answers it."""
    subject, must_hold = "account and organisation", "those of env.yaml"
    try:
        session = open_session(root, name, None, start_emulator=False)
    except NoEmulatorError:
        held = f"none runs; make apply ENV={name} starts one"
        yield Finding(ACCESS, name, "emulator", "pass", held, "running or startable")
        return
    except TagrailError as error:
        yield _failed(ACCESS, name, subject, error, must_hold)
        return
    held = f"{session.environment.payer_account_id} of {session.environment.organization_id}"
    yield Finding(ACCESS, name, subject, "pass", held, must_hold)
    for call in _CALLS:
        if call.plane in _unused(session.environment):
            continue
        for region in session.regions() if call.service == "config" else session.regions()[:1]:
            yield _asked(session, call, region)


def _unused(environment: Environment) -> frozenset[str]:
    """Return the planes that env.yaml says nothing of."""
    used = {
        "TagOption": environment.tag_option,
        "cost category": environment.cost_categories,
        "anomaly detection": environment.anomaly.monitors,
        **dict.fromkeys(("cost export", "cost export database", "cost export workgroup"), environment.cost_exports),
        **dict.fromkeys(("audit role", "audit role StackSet"), environment.audit_role),
    }
    return frozenset(plane for plane, section in used.items() if not section)


def _asked(session: Session, call: _Call, region: str) -> Finding:
    arguments = {"AccountId": session.environment.payer_account_id} if call.account else {}
    subject, must_hold = f"{call.plane} in {region}", f"{call.action} allowed"
    try:
        getattr(session.target.client(call.service, region), call.operation)(**arguments)
    except (ClientError, BotoCoreError) as error:
        repair = repair_of(error, call.action)
        return Finding(ACCESS, session.name, subject, "fail", said(error), must_hold, repair)
    return Finding(ACCESS, session.name, subject, "pass", must_hold, must_hold)
