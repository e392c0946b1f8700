"""Rehearse an apply: on an emulator of its own that holds a snapshot of the real organisation, and ends afterwards."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.emulator.lease import lease
from harness.emulator.seed import load_seed
from harness.emulator.seed_model import Seed
from harness.environment import Environment
from harness.errors import InputError, TagrailError
from harness.finding import Finding
from harness.operations.folders import emulator_folder
from harness.operations.life_cycle import apply
from harness.operations.progress import say
from harness.operations.session import Session, rehearsal_name, remove_ended, work_place
from harness.operations.warm import stop_all
from harness.project import Project, load_project
from harness.rehearsal import Rehearsal, compare_seeds, unread_findings
from harness.snapshot import read_all_policies
from harness.targets.emulator import make_emulator_target
from harness.targets.preflight import preflight
from harness.verify.alerts import ALERTS
from harness.yaml_source import Source


def snapshot_file(root: Path, name: str) -> Path:
    """Return where an environment's snapshot lies unless another file is named. Raises: nothing."""
    return root / "envs" / name / "snapshot.yaml"


def rehearse(root: Path, name: str, file: Path | None) -> tuple[Rehearsal, tuple[Finding, ...]]:
    """Return what an apply of the environment changes in the organisation of a snapshot, and what verify finds then.

    Nothing but the snapshot is looked at, and nothing is sent anywhere but to an emulator of its own.
    Raises: InputError for a faulty dictionary, environment or snapshot, or one of another organisation; TagrailError,
    TerraformError as `apply` does.
    """
    project = load_project(root, [name])
    environment = project.environments[name]
    path = file or snapshot_file(root, name)
    if not path.is_file():
        raise TagrailError(f"{path}: must be a snapshot; got no file. Do run tagrail snapshot --env {name}")
    before, source = load_seed(path, _shown(path, root))
    _check_organization(before, source, name, environment)
    with open_rehearsal(project, name, path) as session:
        say(f"rehearsing {name} on an emulator of its own, {session.target.variables()['AWS_ENDPOINT_URL']}")
        findings = apply(session, lambda _: True)
        after = _after(session, before)
    if environment.subscribers.topic_arn:
        say(f"{environment.subscribers.topic_arn}: no part of a snapshot, so alerts through it are not rehearsed")
        findings = tuple(finding for finding in findings if finding.plane != ALERTS)
    return compare_seeds(before, after), (*unread_findings(before), *findings)


@contextmanager
def open_rehearsal(project: Project, name: str, seed: Path) -> Iterator[Session]:
    """Yield a session on a new emulator that holds `seed`, whatever the environment's target is.

    It also has the portfolios and products that env.yaml names, since a snapshot does not look for any.
    With the block the emulator ends, and the files of its runs go.
    Raises: TagrailError when a rehearsal of the environment runs already, or the emulator does not become ready.
    """
    root, environment = project.root, project.environments[name]
    home, payer = environment.regions.home, environment.payer_account_id
    try:
        with lease(rehearsal_name(name), emulator_folder(root), seed, _catalog_items(environment)) as running:
            target = make_emulator_target(running.url, home, access_key=payer)
            preflight(target, payer, environment.organization_id)
            try:
                yield Session(root, name, project.dictionary, environment, target, running.instance_id, rehearsal=True)
            finally:
                stop_all()
                shutil.rmtree(work_place(root, name, "emulator", running.instance_id), ignore_errors=True)
    finally:
        remove_ended(root)


def _catalog_items(environment: Environment) -> list[str]:
    """Return the options by which an emulator's server has the portfolios and products of an environment."""
    section = environment.tag_option
    ids = (*section.portfolios, *section.products) if section else ()
    return [f"--catalog-item={environment.regions.home}/{identity}" for identity in ids]


def _shown(path: Path, root: Path) -> str:
    return str(path.resolve().relative_to(root)) if path.resolve().is_relative_to(root) else str(path)


def _check_organization(seed: Seed, source: Source, name: str, environment: Environment) -> None:
    organization = (("organization", "id"), "organization_id", seed.organization.id, environment.organization_id)
    payer = (("organization", "accounts", 0, "id"), "payer_account_id", seed.payer_id, environment.payer_account_id)
    repair = f"Do run tagrail snapshot --env {name}"
    problems = [
        source.problem(at, f'must be {member} of envs/{name}/env.yaml, {must}; got "{got}". {repair}')
        for at, member, got, must in (organization, payer)
        if must != got
    ]
    if problems:
        raise InputError(problems)


def _after(session: Session, before: Seed) -> Seed:
    """Return the snapshot with the policies that are there now."""
    client = session.target.client("organizations", session.environment.regions.home)
    found = read_all_policies(client)
    if found.unread:
        reasons = "; ".join(f"{entry.part}: {entry.reason}" for entry in found.unread)
        raise TagrailError(f"policies of the emulator: must be readable; got {reasons}. Do look at its log")
    return before.model_copy(update={"policies": found.policies, "attachments": dict(found.attachments)})
