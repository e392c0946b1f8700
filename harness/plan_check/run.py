"""Check inputs against requirements: read, judge, put into words, with a count of what was not judged."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from harness.errors import TagrailError
from harness.plan_check.binary_plan import is_binary_plan, show_plan
from harness.plan_check.exemptions import Exemptions
from harness.plan_check.inputs import Buffer, NotAnInputError, Source, expand, kind_of, open_input, refused
from harness.plan_check.judge import Judge
from harness.plan_check.model import Input, Passes
from harness.plan_check.requirements import Requirements
from harness.plan_check.result import CheckResult, InputCounts, UnknownMode, count_input
from harness.plan_check.wording import describe, describe_exemption

if TYPE_CHECKING:
    from harness.plan_check.cloudformation import Opened


class Reading(NamedTuple):
    """Say how inputs are read.

    `everything`: judge what does not change, too. `folder` is where binary plans were made, None for where each lies;
    `command` is the terraform or tofu that shows them. `parameters` and `stack_tags` are those of a template's stack.
    `passes` tells at once of most resources of a plan that nothing is wrong with them. `keep` gets each plan that was
    read: to free a large one takes a tenth of the time, which a process that ends soon need not spend. `asked` are the
    parameters that some template has to take.
    """

    everything: bool = False
    folder: Path | None = None
    command: str = "terraform"
    parameters: Mapping[str, str] = MappingProxyType({})
    stack_tags: Mapping[str, str] = MappingProxyType({})
    passes: Passes | None = None
    keep: Callable[[object], None] | None = None
    asked: frozenset[str] = frozenset()


def check_inputs(
    paths: Sequence[str], requirements: Requirements, reading: Reading, unknown_mode: UnknownMode
) -> CheckResult:
    """Return what is wrong with all that plans and templates will make.

    Raises: TagrailError for an input that cannot be read, or when there is none, or for parameters that none takes.
    """
    exemptions = Exemptions(requirements)
    judge = Judge(requirements, exemptions)
    counts: list[InputCounts] = []
    taken: set[str] = set()
    findings = [describe_exemption(fault) for fault in exemptions.expired()]
    for found in read_inputs(paths, reading._replace(passes=judge.passing), counts):
        judged = 0
        for resource in found.resources:
            judged += 1
            faults = judge.faults(resource)
            if faults:
                findings += describe(found, resource, faults)
        findings += found.findings
        counts.append(count_input(found, judged + found.passed))
        taken |= found.parameters
    _refuse_parameters(reading.asked, taken)
    return CheckResult("tagrail check", tuple(counts), tuple(findings), unknown_mode)


def _refuse_parameters(asked: Iterable[str], taken: set[str]) -> None:
    strange = sorted(name for name in asked if name not in taken and not name.startswith("AWS::"))
    if strange:
        from harness.spelling import nearest  # noqa: PLC0415 (loaded for this error alone)

        known = f"they take {', '.join(sorted(taken))}" if taken else "they take none"
        rule = f"must name parameters of the templates; {known}"
        raise TagrailError(f"--parameter: {rule}; got {', '.join(strange)}.{nearest(strange[0], taken)} Do correct it")


def read_inputs(paths: Sequence[str], reading: Reading, counts: list[InputCounts]) -> Iterator[Input]:
    """Yield the plans and templates that the paths name.

    A file that several paths lead to is read once. Of a folder, files that are neither are passed over and added to the
    counts; a folder with none of them, or a named file that is neither, is an error. Raises: TagrailError naming it.
    """
    sources = [(path, source) for path in dict.fromkeys(paths) for source in expand([path])]
    found = dict.fromkeys(paths, 0)
    passed: dict[str, list[NotAnInputError]] = {path: [] for path in paths}
    seen: set[Path] = set()
    templates: list[Opened] = []
    # First CDK output, whose templates are read with their stacks, and last what nobody has named.
    for path, source in sorted(sources, key=lambda one: (not one[1].is_cdk, one[1].from_folder)):
        place = source.file.resolve() if source.file else Path(source.name)
        found[path] += 1
        if place in seen:
            continue
        seen.add(place)
        try:
            made = _read(source, reading)
        except NotAnInputError as error:
            if not source.from_folder:
                raise
            passed[path].append(error)
            continue
        if isinstance(made, tuple):
            seen.update(Path(each.name).resolve() for each in made if source.is_cdk)
            yield from made
        else:
            templates.append(made)
    yield from _together(templates, reading)
    for path, errors in passed.items():
        if found[path] == len(errors):
            held = f"{len(errors)} files that are neither" if errors else "nothing that could be one"
            raise TagrailError(f"{path}: must hold plans or templates; got {held}. Do name another folder")
        if errors:
            counts.append(InputCounts(path, "terraform", 0, {"files that are neither plan nor template": len(errors)}))


def _read(source: Source, reading: Reading) -> "tuple[Input, ...] | Opened":
    """Return the inputs of a source; a template is opened only, since another may make its stack."""
    name, file = source.name, source.file
    if file and source.is_cdk:
        from harness.plan_check.cloudformation import read_cdk  # noqa: PLC0415 (loaded for CDK alone)

        return read_cdk(file, name, reading.parameters)
    if file and is_binary_plan(file):
        content: Buffer = show_plan(file, reading.folder or file.parent, reading.command)
    else:
        content = open_input(name, file)
    return (_plan(content, name, reading),) if kind_of(name, content) == "plan" else _template(content, source)


def _plan(content: Buffer, name: str, reading: Reading) -> Input:
    from harness.plan_check import terraform  # noqa: PLC0415 (loaded for plans alone)

    plan = terraform.decode_plan(content, name)
    if reading.keep:
        reading.keep(plan)
    found = terraform.read_resources(plan, name, everything=reading.everything, passes=reading.passes)
    found.findings = terraform.weakening_findings(plan, name)
    return found


def _template(content: Buffer, source: Source) -> "Opened":
    from harness.plan_check import cloudformation  # noqa: PLC0415 (loaded for templates alone)

    document = cloudformation.open_document(bytes(content), source.name)
    if not cloudformation.is_template(document):
        raise refused(source.name, cloudformation.document_kind(document))
    return cloudformation.Opened(source.name, source.file.resolve() if source.file else None, document)


def _together(opened: "Sequence[Opened]", reading: Reading) -> Iterator[Input]:
    if opened:
        from harness.plan_check.cloudformation import read_templates  # noqa: PLC0415 (as above)

        yield from read_templates(opened, reading.parameters, reading.stack_tags)
