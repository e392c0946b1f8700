"""Open one environment on one target: load, find the target, check who is asked, prepare the folder for terraform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from harness.build_folder import prepare, remove_stale, run_folder
from harness.dictionary import Dictionary
from harness.documents import policy_targets, target_id
from harness.emulator.process import start, status
from harness.emulator.process_state import EmulatorStatus
from harness.environment import Environment, cost_accounts
from harness.errors import TagrailError
from harness.localstack import find_url
from harness.operations.folders import STATE_FOLDER, emulator_folder, localstack_folder
from harness.operations.warm import PARALLELISM, make_ready
from harness.organization import Organization
from harness.project import environment_names, load_project
from harness.state import read_cost_tags, read_organization
from harness.targets.aws import make_aws_target
from harness.targets.emulator import make_emulator_target
from harness.targets.endpoints import reroute
from harness.targets.localstack import Payer, make_localstack_target, read_health
from harness.targets.model import Target
from harness.targets.name import TargetName
from harness.targets.preflight import preflight
from harness.targets.refusals import repair_of, said
from harness.terraform import Terraform
from harness.toolchain import find_terraform
from harness.toolchain_config import cli_variables


class NoEmulatorError(TagrailError):
    """Say that the emulator, which is the whole target, does not run, and how to start it."""


@dataclass(frozen=True, slots=True)
class Session:
    """Hold a loaded environment and a target that has passed preflight.

    `instance` names the emulator's life; `endpoints` are the services that the user sends elsewhere (name -> URL).
    `rehearsal` tells that the emulator holds a snapshot and ends with the session.
    """

    root: Path
    name: str
    dictionary: Dictionary
    environment: Environment
    target: Target
    instance: str | None
    endpoints: Mapping[str, str] = field(default_factory=dict)
    rehearsal: bool = False

    def repair(self) -> str:
        """Return the command that repairs, as the user would type it."""
        if self.rehearsal:
            return f"make rehearse ENV={self.name}"
        options = " ".join(f"--endpoint {service}={url}" for service, url in self.endpoints.items())
        command = apply_command(self.name, self.target.name, self.environment)
        return f'{command} ARGS="{options}"' if options else command

    def regions(self) -> tuple[str, ...]:
        """Return the regions of the environment, home first."""
        return (self.environment.regions.home, *self.environment.regions.further)


def apply_command(name: str, target: TargetName, environment: Environment) -> str:
    """Return the command that applies an environment to a target; the target is named where it is not the usual one."""
    override = "" if target == environment.target else f" TARGET={target}"
    return f"make apply ENV={name}{override}"


def open_session(
    root: Path,
    name: str,
    target_name: TargetName | None,
    *,
    start_emulator: bool,
    endpoints: Mapping[str, str] | None = None,
) -> Session:
    """Return a session after preflight; nothing but sts and organizations Describe calls has been sent to AWS by then.

    `endpoints` (boto3 service -> URL) send single services of a target other than AWS elsewhere.

    Raises: InputError for a faulty dictionary or environment; TagrailError when the target cannot be reached, is
    another account or organisation; NoEmulatorError when none runs and `start_emulator` is false.
    """
    project = load_project(root, [name])
    environment = project.environments[name]
    chosen = target_name or environment.target
    instance = None
    if chosen == "aws":
        if endpoints:
            rule = "--endpoint: must be used with target emulator or localstack; got aws"
            raise TagrailError(f"{rule}. Do set AWS_ENDPOINT_URL_<SERVICE>, which target aws respects")
        target = make_aws_target(environment.regions.home)
    else:
        localstack = _localstack_url(root) if chosen == "localstack" else None
        running = _emulator(root, name, environment, chosen, start_emulator=start_emulator)
        instance = running.instance_id
        target = reroute(_local_target(environment, running, localstack), endpoints or {})
    preflight(target, environment.payer_account_id, environment.organization_id)
    return Session(root, name, project.dictionary, environment, target, instance, endpoints or {})


def _localstack_url(root: Path) -> str:
    """Return the URL of a LocalStack that answers; looked for first, so that no emulator is started for nothing."""
    url = find_url(localstack_folder(root))
    read_health(url)
    return url


def _local_target(environment: Environment, emulator: EmulatorStatus, localstack: str | None) -> Target:
    home, payer = environment.regions.home, environment.payer_account_id
    if localstack is None:
        return make_emulator_target(emulator.url, home, access_key=payer)
    who = Payer(
        payer, environment.organization_id, environment.config.scope == "organization", bool(environment.cost_exports)
    )
    return make_localstack_target(localstack, emulator.url, home, who)


def _emulator(
    root: Path, name: str, environment: Environment, chosen: TargetName, *, start_emulator: bool
) -> EmulatorStatus:
    folder = emulator_folder(root)
    running = status(name, folder)
    if running is not None:
        return running
    if not start_emulator:
        # Of target emulator nothing is left with it; LocalStack may still hold what the next apply then adopts.
        kind = NoEmulatorError if chosen == "emulator" else TagrailError
        repair = f"Do run {apply_command(name, chosen, environment)}"
        raise kind(f'emulator "{name}": must run; got none. {repair}')
    if environment.emulator is None:
        raise TagrailError(f"envs/{name}/env.yaml: emulator: must be given for target {chosen}. Do add seed: FILE")
    started = start(name, folder, root / "envs" / name / environment.emulator.seed)
    remove_ended(root)
    return started


def rehearsal_name(environment: str) -> str:
    """Return the name of the emulator that an environment is rehearsed on. Raises: nothing."""
    return f"{environment}-rehearsal"


def remove_ended(root: Path) -> None:
    """Remove the build folders of emulators that run no more.

    Raises: TagrailError when one cannot be removed.
    """
    folder = emulator_folder(root)
    names = [each for name in environment_names(root) for each in (name, rehearsal_name(name))]
    live = {found.instance_id for name in names if (found := status(name, folder))}
    for target in ("emulator", "localstack"):
        remove_stale(root, target, live)


def check_names(session: Session) -> Organization:
    """Return the live organisation, once every unit and account that the environment names is found in it.

    Raises: TagrailError naming the first that is not there, or when the organisation cannot be read.
    """
    client = session.target.client("organizations", session.environment.regions.home)
    try:
        organization = read_organization(client)
    except (ClientError, BotoCoreError) as error:
        repair = repair_of(error, "organizations:Describe* and organizations:List*")
        raise TagrailError(f"organizations: must be readable; got {said(error)}. {repair}") from error
    for target in policy_targets(session.dictionary, session.environment, organization):
        target_id(target.key, organization)
    for path in session.environment.audit_role.organizational_units if session.environment.audit_role else ():
        target_id(path, organization)
    accounts = [*session.environment.config.excluded_accounts, *cost_accounts(session.environment)]
    for account in accounts:
        if not account.isdigit():  # an id may be that of an account that has left: what it cost stays in the bill
            organization.account(account)
    return organization


def read_billed(session: Session) -> Mapping[str, str]:
    """Return key -> status of the cost allocation tags that billing has seen.

    Raises: TagrailError when billing does not answer, since guessing would deactivate tags.
    """
    try:
        return read_cost_tags(session.target.client("ce", session.environment.regions.home))
    except (ClientError, BotoCoreError) as error:
        rule = "ce:ListCostAllocationTags: must be answered to the payer account"
        raise TagrailError(f"{rule}; got {said(error)}. {repair_of(error, 'ce:ListCostAllocationTags')}") from error


def open_terraform(session: Session, var_file: Path | None = None) -> Terraform:
    """Return terraform in the folder where this session runs, initialised.

    Raises: TagrailError when no terraform is found; TerraformError when init fails.
    """
    binary = find_terraform()
    folder = terraform_folder(session)
    work = work_folder(session)
    lock_file = folder / ".terraform.lock.hcl"
    variables = {**session.target.variables(), **cli_variables(work, binary, lock_file=lock_file)}
    files = (var_file,) if var_file else ()
    if session.target.name == "aws":
        terraform = Terraform(binary.path, folder, variables, files, lock_timeout_seconds=60)
        terraform.init()
        return terraform
    terraform = Terraform(binary.path, folder, variables, files, parallelism=PARALLELISM)
    make_ready(terraform, folder.parent.parent)
    return terraform


def terraform_folder(session: Session) -> Path:
    """Return the folder to run terraform in: the environment's own for AWS, else a fresh copy with local state.

    Raises: TagrailError when it cannot be written.
    """
    aliases = [region.replace("-", "_") for region in session.environment.regions.further]
    return prepare(session.root, session.name, session.target.name, instance=session.instance, aliases=aliases)


def has_state(session: Session) -> bool:
    """Tell whether terraform has kept a local state of this session, whose target is not AWS."""
    folder = run_folder(session.root, session.name, session.target.name, session.instance)
    return (folder / "terraform.tfstate").is_file()


def work_folder(session: Session) -> Path:
    """Return the folder for plans and variable files of this session; it is outside the committed tree."""
    folder = work_place(session.root, session.name, session.target.name, session.instance)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def work_place(root: Path, name: str, target: TargetName, instance: str | None = None) -> Path:
    """Return where the files of runs on an environment and target lie; those of an emulator's one life with its id."""
    return root / STATE_FOLDER / "work" / "-".join(filter(None, (name, target, instance)))
